"""The changes that take transactions back, refused where somebody has changed the same things since."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tuicrm.crm.session import Session
    from tuicrm.store.changes import Change, UndoEntry, UndoStep

ALIVE = "_alive"
"""The leaf that restoring writes: it says that a record is there, nothing about what is in it."""


@dataclass
class Merged:
    """What several transactions did to one record, as if they had been one."""

    kind: str
    id: str
    was_there: bool
    """Whether the record was live before them."""
    is_there: bool
    """Whether it was live after them."""
    since: str
    """The version above which whatever was written came after the record had appeared."""
    leaves: dict[str, tuple[Any, str, Any, str]] = field(default_factory=dict)
    """Path to (old value, old version, new value, new version)."""

    @property
    def unchanged(self) -> list[str]:
        """The leaves that were written, but hold what they held."""
        return [path for path, (old, _, new, _) in self.leaves.items() if _same(old, new)]

    @property
    def shows(self) -> bool:
        """Whether anything is different after them."""
        changed = set(self.leaves) - {*self.unchanged, ALIVE}
        return self.was_there != self.is_there or (self.is_there and bool(changed))


def _same(old: Any, new: Any) -> bool:
    return old is new or (type(old) is type(new) and bool(old == new))


def merge(entries: Sequence[UndoEntry]) -> list[Merged]:
    """Return what entries, oldest first, did to each record together."""
    found: dict[tuple[str, str], Merged] = {}
    for entry in entries:
        for step in entry.steps:
            one = found.get((step.kind, step.id))
            if one is None:
                there = not (step.born or step.revived)
                since = entry.tx if step.revived else step.id
                one = found[step.kind, step.id] = Merged(step.kind, step.id, there, there, since)
            _go_on(one, step)
    return list(found.values())


def _go_on(one: Merged, step: UndoStep) -> None:
    if step.born or step.revived:
        one.is_there = True
    if step.removed:
        one.is_there = False
    for path, leaf in step.leaves.items():
        first = one.leaves.get(path, leaf)
        one.leaves[path] = (first[0], first[1], leaf[2], leaf[3])


def reversed_changes(
    session: Session,
    merged: Sequence[Merged],
    same: Mapping[tuple[str, str, str, str], str],
    log: Sequence[UndoEntry],
    how: str,
) -> tuple[list[Change], dict[tuple[str, str, str], str]]:
    """Return the changes that take `merged` back, and the versions that they rely on; raises Invalid."""
    from tuicrm.store.changes import Patch, Remove, Revive

    changes: list[Change] = []
    expect: dict[tuple[str, str, str], str] = {}
    for one in reversed(merged):
        _refuse_if_touched(session, one, same, log, how, expect)
        if one.is_there and not one.was_there:
            changes.append(Remove(one.kind, one.id))
            continue
        if one.was_there and not one.is_there:
            changes.append(Revive(one.kind, one.id))
        leaves = {path: leaf[0] for path, leaf in one.leaves.items() if path != ALIVE}
        if leaves and one.was_there:
            changes.append(Patch(one.kind, one.id, leaves))
    return changes, expect


def _refuse_if_touched(
    session: Session,
    one: Merged,
    same: Mapping[tuple[str, str, str, str], str],
    log: Sequence[UndoEntry],
    how: str,
    expect: dict[tuple[str, str, str], str],
) -> None:
    """Raise Invalid where a leaf, or the record's being there, is no longer as these transactions left it."""
    from tuicrm.store.leaves import versions

    live = session.ws.stored.get(one.kind, one.id)
    if (live is not None) != one.is_there:
        raise _touched(session, one, "", log, how)
    record = live if live is not None else session.ws.stored.any(one.kind, one.id)
    if record is None:
        return
    current = versions(record)
    for path, leaf in one.leaves.items():
        if path != ALIVE:
            version = current.get(path, "")
            if _origin(one, path, version, same) != _origin(one, path, leaf[3], same):
                raise _touched(session, one, path, log, how)
            expect[one.kind, one.id, path] = version
    if one.is_there and not one.was_there:
        # What was written after the record appeared would go with it.
        for path in set(current) - {*one.leaves, ALIVE}:
            if _origin(one, path, current[path], same) > one.since:
                raise _touched(session, one, path, log, how)
            expect[one.kind, one.id, path] = current[path]


def _origin(one: Merged, path: str, version: str, same: Mapping[tuple[str, str, str, str], str]) -> str:
    """Return the version that first held what this one brought back."""
    seen = {version}
    while (one.kind, one.id, path, version) in same:
        version = same[one.kind, one.id, path, version]
        if version in seen:
            break
        seen.add(version)
    return version


def _touched(session: Session, one: Merged, path: str, log: Sequence[UndoEntry], how: str) -> Invalid:
    """Return the error that says what was changed since, by whom and when as far as this machine knows."""
    from tuicrm.crm.lookup import title

    record = session.ws.stored.any(one.kind, one.id) or {"id": one.id}
    name = title(session, one.kind, record)
    who, at = _culprit(session, one, path, log)
    when = f" on {at}" if at else ""
    if not path:
        what = f"{name} was {'removed' if one.is_there else 'restored'} since"
    else:
        part = path.split("/")[0]
        what = f"{part.replace('_', ' ')} of {name} was changed since"
    return Invalid(f"{what} by {who}{when}, so the step cannot be {how}", field=path.split("/")[0])


def _culprit(session: Session, one: Merged, path: str, log: Sequence[UndoEntry]) -> tuple[str, str]:
    """Return who made the latest change known here to a leaf (or to the record), and when."""
    from tuicrm.store.leaves import versions
    from tuicrm.store.ulid import ms_of, rank

    record = session.ws.stored.any(one.kind, one.id) or {"id": one.id}
    version = versions(record).get(path, "") if path else ""
    for entry in reversed(log):
        for step in entry.steps:
            if (step.kind, step.id) != (one.kind, one.id):
                continue
            if path in step.leaves and step.leaves[path][3] == version:
                return entry.by, _shown(session, entry.at_ms)
            if not path and (step.removed or step.revived):
                return entry.by, _shown(session, entry.at_ms)
    grave = record.get("_del")
    if not path and isinstance(grave, dict) and rank(grave.get("v")):
        return str(grave.get("by") or "somebody else"), _shown(session, ms_of(grave["v"]))
    return "somebody else", _shown(session, ms_of(version)) if rank(version) else ""


def _shown(session: Session, ms: int) -> str:
    """Return an instant as `Thu 8 Oct 2026 11:00`, in the session's zone."""
    from datetime import UTC, datetime

    from tuicrm.when import say_instant

    return say_instant(datetime.fromtimestamp(ms / 1000, UTC), session.reading.zone)
