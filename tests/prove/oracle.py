"""What must be true of a history once it is quiet, worked out from what each person typed and saw, not from git.

Every value that somebody typed has to be in its place, or to have been overwritten by somebody who saw it, or to be in
the ledger. A record may be in the trash only if somebody who deleted it saw all that it holds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from tuicrm.store.join import is_dead
from tuicrm.store.leaves import ABSENT, MEMBER, flatten, versions, weight
from tuicrm.store.tombstone import ALIVE
from tuicrm.store.ulid import rank

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Record = dict[str, Any]
Key = tuple[str, str]
Leaf = tuple[str, str, str]
"""Kind, id and path."""
LEDGER = "conflict"
DELETION = "_del"


class Typed(NamedTuple):
    """A value that somebody wrote; `version` is empty for an edit in a file, which tuicrm gives one later."""

    version: str
    value: bytes


@dataclass
class Verdict:
    """What became of all that was typed."""

    typed: int = 0
    in_place: int = 0
    seen_overwritten: int = 0
    """Overwritten by somebody who saw the value."""
    gave_way: int = 0
    """Overwritten by somebody who had not seen it: to be found in the ledger alone."""
    deletions: int = 0
    ledger: int = 0
    dead: int = 0
    missing: list[str] = field(default_factory=list)
    """Values that nobody overwrote knowingly, and that are nowhere."""
    dead_unseen: list[str] = field(default_factory=list)
    """Records in the trash although they hold a value that nobody who deleted them had seen."""
    outvoted: int = 0
    """Records in the trash that lost an unseen edit to a value that the deleter had seen: it is in the ledger."""
    unexplained: list[str] = field(default_factory=list)
    """Entries of the ledger that nobody ever typed."""


class Oracle:
    """Watches the writes of one history and judges its end."""

    def __init__(self) -> None:
        self._typed: dict[Leaf, list[Typed]] = {}
        self._covered: dict[Leaf, set[Typed]] = {}
        self._burials: dict[Key, dict[str, dict[str, tuple[str, bytes]]]] = {}
        self._revived: set[tuple[Key, str]] = set()
        self._purged: set[Key] = set()

    def watch(self, kind: str, before: Record | None, after: Record) -> None:
        """Take in what one write through tuicrm did to a record, and what its author saw just before."""
        key = (kind, str(after["id"]))
        old, new = _shown(before), _shown(after)
        for path, (version, value) in new.items():
            was = old.get(path)
            if was is not None and was[0] == version:
                continue
            self._typed.setdefault((*key, path), []).append(Typed(version, value))
            if was is not None:
                self._covered.setdefault((*key, path), set()).add(Typed(*was))
        was_dead, now_dead = before is not None and is_dead(before), is_dead(after)
        if was_dead and not now_dead:
            self._revived.add((key, _burial(before)))
        if now_dead and _burial(after) != _burial(before):
            self._burials.setdefault(key, {})[_burial(after)] = new
        if now_dead and after["_del"].get("purged"):
            self._purged.add(key)

    def watch_file(self, kind: str, before: Record, after: Record) -> None:
        """Take in an edit of a line in its file, which leaves the versions alone."""
        key = (kind, str(after["id"]))
        old, new = flatten(before), flatten(after)
        stamps = versions(before)
        for path in {**old, **new}:
            was, now = old.get(path, ABSENT), new.get(path, ABSENT)
            if weight(was) != weight(now):
                self._typed.setdefault((*key, path), []).append(Typed("", weight(now)))
                self._covered.setdefault((*key, path), set()).add(Typed(stamps.get(path, ""), weight(was)))
        if is_dead(before):
            self._revived.add((key, _burial(before)))

    def judge(self, content: Mapping[str, Mapping[str, Record]]) -> Verdict:
        """Compare all that was watched with what every clone holds in the end."""
        told = Verdict()
        ledger = _Ledger(content.get(LEDGER, {}).values())
        told.ledger = ledger.size
        for leaf, writes in self._typed.items():
            kind, id_, path = leaf
            # Who looked at an entry of the ledger is not itself kept in the ledger.
            if path == ALIVE or kind == LEDGER or (kind, id_) in self._purged:
                continue
            final = _shown(content.get(kind, {}).get(id_)).get(path, ("", weight(ABSENT)))
            for one in writes:
                told.typed += 1
                self._judge(told, leaf, one, writes, final[1], ledger)
        self._judge_deletions(told, content, ledger)
        self._judge_ledger(told, ledger)
        return told

    def _judge(self, told: Verdict, leaf: Leaf, one: Typed, writes: list[Typed], final: bytes, ledger: _Ledger) -> None:
        covered = self._covered.get(leaf, set())
        if one.value == final:
            told.in_place += 1
        elif _in(one, covered) or _lifted(one, covered, writes):
            told.seen_overwritten += 1
        elif ledger.has(leaf, one) or _lifted(one, ledger.entries.get(leaf, set()), writes):
            told.gave_way += 1
        elif any(one.value == other.value and other.version > one.version for other in writes):
            # The same value under a higher version: whatever became of that one is looked at by itself.
            told.in_place += 1
        else:
            shown = "/".join(leaf)
            told.missing.append(f"{shown} = {one.value[:60].decode('utf-8', 'replace')!r} @ {one.version or 'by hand'}")

    def _judge_deletions(self, told: Verdict, content: Mapping[str, Mapping[str, Record]], ledger: _Ledger) -> None:
        for (kind, id_), burials in self._burials.items():
            record = content.get(kind, {}).get(id_)
            if record is None or (kind, id_) in self._purged:
                continue
            told.deletions += len(burials)
            if is_dead(record):
                self._judge_death(told, kind, record, burials)
                continue
            latest = max(burials)
            knowingly = any(revived == (kind, id_) and burial >= latest for revived, burial in self._revived)
            if not knowingly and not ledger.has((kind, id_, DELETION), Typed(latest, b"")):
                told.missing.append(f"{kind}/{id_} deleted @ {latest}")

    def _judge_death(
        self, told: Verdict, kind: str, record: Record, burials: Mapping[str, Mapping[str, tuple[str, bytes]]]
    ) -> None:
        told.dead += 1
        id_ = str(record["id"])
        for path, (version, value) in _shown(record).items():
            seen = [held[path] for held in burials.values() if path in held]
            if version > rank(id_) and not any(version == one[0] or value == one[1] for one in seen):
                told.dead_unseen.append(f"{kind}/{id_}/{path} @ {version}")
        known = {(path, *shown) for held in burials.values() for path, shown in held.items()}
        covered = {
            (path, *one) for (k, i, path), some in self._covered.items() if (k, i) == (kind, id_) for one in some
        }
        unseen = [
            one
            for (k, i, path), writes in self._typed.items()
            if (k, i) == (kind, id_) and path != ALIVE
            for one in writes
            if one.version and (path, *one) not in known and (path, *one) not in covered
        ]
        told.outvoted += bool(unseen)

    def _judge_ledger(self, told: Verdict, ledger: _Ledger) -> None:
        for leaf, entries in ledger.entries.items():
            if leaf[:2] in self._purged:
                continue
            if leaf[2] == DELETION:
                known = {Typed(version, b"") for version in self._burials.get((leaf[0], leaf[1]), {})}
                entries = {Typed(one.version, b"") for one in entries}
            else:
                known = {Typed("", one.value) for one in self._typed.get(leaf, [])}
                entries = {Typed("", one.value) for one in entries}
            told.unexplained += [f"{'/'.join(leaf)} = {one.value[:60]!r} @ {one.version}" for one in entries - known]


def _in(one: Typed, among: set[Typed]) -> bool:
    """Whether a value is there: under its version, and by itself where it was written in a file."""
    return one in among or (not one.version and any(one.value == other.value for other in among))


def _lifted(one: Typed, among: set[Typed], writes: list[Typed]) -> bool:
    """Whether a value is there under a higher version that nobody wrote: sync gave it that, above one typed by hand."""
    written = {other.version for other in writes}
    return any(
        other.value == one.value and other.version > one.version and other.version not in written for other in among
    )


class _Ledger:
    """The entries of the ledger by what they are about."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.entries: dict[Leaf, set[Typed]] = {}
        self.size = 0
        for record in records:
            leaf = (str(record.get("of")), str(record.get("record")), str(record.get("field")))
            self.entries.setdefault(leaf, set()).add(Typed(str(record.get("version")), _told(record)))
            self.size += 1

    def has(self, leaf: Leaf, one: Typed) -> bool:
        """Whether a value is in it; a deletion by its version alone."""
        held = self.entries.get(leaf, set())
        if leaf[2] == DELETION:
            return any(one.version == other.version for other in held)
        return _in(one, held)


def _told(record: Record) -> bytes:
    form, text = record.get("form", ""), str(record.get("value", ""))
    if form == "absent":
        return weight(ABSENT)
    if form == "member":
        return weight(MEMBER)
    return weight(orjson.loads(text)) if form == "json" else weight(text)


def _shown(record: Record | None) -> dict[str, tuple[str, bytes]]:
    """Path to version and value of all that a record holds, what is known to be cleared included."""
    if record is None:
        return {}
    values = flatten(record)
    return {path: (version, weight(values.get(path, ABSENT))) for path, version in versions(record).items()}


def _burial(record: Record | None) -> str:
    """The version of a record's tombstone."""
    tomb = record.get("_del") if record is not None else None
    return str(tomb.get("v", "")) if isinstance(tomb, dict) else ""
