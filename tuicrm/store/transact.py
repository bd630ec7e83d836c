"""What a set of changes amounts to: which leaves get which versions, what the journal and the undo log will say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.errors import Invalid, NotFound
from tuicrm.store.adopting import adopt, later_leaves
from tuicrm.store.birth import born
from tuicrm.store.changes import Adopt, Outdated, Patch, Purge, Remove, Revive, UndoStep, Write
from tuicrm.store.join import apply, bury, diff, is_dead, purge, revive, rivals
from tuicrm.store.journal import Entry
from tuicrm.store.leaves import ABSENT, flatten, same, stamps, top, versions
from tuicrm.store.tombstone import ALIVE, DELETION, tombstone
from tuicrm.store.ulid import is_ulid, rank

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from tuicrm.store.changes import Change
    from tuicrm.store.leaves import Record
    from tuicrm.store.ulid import Clock

    Groups = Callable[[str], tuple[tuple[str, ...], ...]]
    Key = tuple[str, str]
    Find = Callable[[str, str], Record | None]


class Draft:
    """A transaction in the making: each change is worked out against the state that the earlier ones left."""

    def __init__(self, current: Find, last_seen: Find, clock: Clock, groups: Groups, by: str) -> None:
        self.tx = clock.new()
        self.records: dict[Key, Record] = {}
        self.entries: list[Entry] = []
        self._steps: dict[Key, UndoStep] = {}
        self._current = current
        self._last_seen = last_seen
        self._clock = clock
        self._groups = groups
        self._by = by

    @property
    def changed(self) -> tuple[Key, ...]:
        return tuple(self.records)

    @property
    def steps(self) -> tuple[UndoStep, ...]:
        return tuple(self._steps.values())

    def add(self, change: Change) -> None:
        """Work out one change; nothing is noted when it makes no difference."""
        record = self.find(change.kind, change.id)
        if isinstance(change, Write):
            self._write(change, record)
            return
        if isinstance(change, Adopt):
            self._adopt(change, record)
            return
        if record is None:
            raise NotFound(f"There is no {change.kind} {change.id}.")
        if isinstance(change, Patch):
            present = flatten(record)
            leaves = {p: v for p, v in change.leaves.items() if not same(present.get(p, ABSENT), v)}
            self._edit(change.kind, record, leaves)
        elif isinstance(change, Remove):
            self._remove(change, record)
        elif isinstance(change, Revive):
            self._revive(change, record)
        elif isinstance(change, Purge):
            erased = purge(record)
            if erased != record:
                self._note(change.kind, erased, {"id": change.id, "_del": erased["_del"]}, {})
                step = self._steps.get((change.kind, change.id))
                if step is not None:
                    self._steps[change.kind, change.id] = step._replace(leaves=_unerased(erased, step.leaves))

    def find(self, kind: str, id_: str) -> Record | None:
        """A record as this transaction leaves it so far."""
        return self.records.get((kind, id_)) or self._current(kind, id_)

    def _write(self, change: Write, record: Record | None) -> None:
        for name in change.fields:
            if name[:1] == "_" or (name == "id" and change.fields[name] != change.id):
                raise Invalid(f"{name} is not a field that can be written.", field=name)
        if record is not None:
            self._edit(change.kind, record, diff(record, change.fields))
            return
        lost = self._last_seen(change.kind, change.id)
        if lost is not None:
            self._write_missing(change, lost)
            return
        if not rank(change.id):
            raise Invalid(f"The id {change.id} lies after the year 2200; nothing can be stored under it.", field="id")
        made = born(change.id, change.fields)
        self._note(change.kind, made, made, None)
        self._steps[change.kind, change.id] = UndoStep(change.kind, change.id, True, False, False, {})

    def _write_missing(self, change: Write, lost: Record) -> None:
        """Edit a record whose line is away: as one made afresh, the edit would lose to what may come back."""
        leaves = diff(lost, change.fields)
        if leaves:
            version = self._version(rivals(lost, leaves))
            edited = apply({"id": change.id}, {path: (value, version) for path, value in leaves.items()})
            self._note(change.kind, edited, edited, _replaced(lost, versions(lost), leaves))

    def _edit(self, kind: str, record: Record, leaves: Mapping[str, Any]) -> None:
        if not leaves:
            return
        old, present = versions(record), flatten(record)
        written = self._with_groups(kind, dict(leaves), present)
        version = self._version(rivals(record, written))
        stamped = {path: (value, version) for path, value in written.items()}
        changed = apply(record, stamped)
        delta = apply({"id": record["id"]}, stamped)
        self._note(kind, changed, delta, _replaced(record, old, written))
        self._remember(
            kind,
            record,
            changed,
            {path: (present.get(path, ABSENT), old.get(path, ""), value, version) for path, value in written.items()},
        )

    def _with_groups(self, kind: str, leaves: dict[str, Any], present: Mapping[str, Any]) -> dict[str, Any]:
        """The leaves, and all others of every group that they touch, so that a merge never mixes two writes."""
        tops = {top(path) for path in leaves}
        for group in self._groups(kind):
            if not tops.isdisjoint(group):
                for path, value in present.items():
                    if top(path) in group and not any(_covers(new, path) for new in leaves):
                        leaves[path] = value
                for field in group:
                    # Absence is restamped too: a value that somebody else gives this field belongs to their write.
                    if not any(top(path) == field for path in leaves):
                        leaves[field] = ABSENT
        return leaves

    def _remove(self, change: Remove, record: Record) -> None:
        if is_dead(record):
            return
        # Above an earlier deletion too, so that the record names whoever deleted it last.
        above = [record["id"], *stamps(record).values(), (tombstone(record) or {}).get("v", "")]
        buried = bury(record, self._by, self._version(above))
        self._note(change.kind, buried, {"id": change.id, "_del": buried["_del"]}, {})
        self._remember(change.kind, record, buried, {})

    def _revive(self, change: Revive, record: Record) -> None:
        if not is_dead(record):
            return
        if (tombstone(record) or {}).get("purged"):
            raise Invalid(f"The {change.kind} {change.id} was erased for good and cannot be restored.")
        version = self._version(rivals(record, [ALIVE]))
        revived = revive(record, version)
        delta = revive({"id": change.id}, version)
        self._note(change.kind, revived, delta, _replaced(record, versions(record), (ALIVE,)))
        self._remember(change.kind, record, revived, {})

    def _adopt(self, change: Adopt, record: Record | None) -> None:
        if record is None:
            taken = dict(change.record)
            self._note(change.kind, taken, taken, None)
            if change.remembered and not is_dead(taken):
                leaves = later_leaves(taken)
                self._steps[change.kind, change.id] = UndoStep(change.kind, change.id, True, False, False, leaves)
            return
        adopted = adopt(record, change.record)
        if adopted is not None:
            self._note(change.kind, adopted.record, dict(change.record), adopted.replaced)
            if change.remembered:
                self._remember(change.kind, record, adopted.record, adopted.leaves)

    def _version(self, above: Sequence[str]) -> str:
        """The transaction's own version where it outranks all of these, so that its writes can be told together."""
        return self.tx if self.tx > max(map(rank, above), default="") else self._clock.after(*above)

    def _note(self, kind: str, record: Record, delta: Record, replaced: Mapping[str, str] | None) -> None:
        self.entries.append(Entry(kind, delta, replaced))
        self.records[kind, record["id"]] = record

    def _remember(
        self, kind: str, before: Record, after: Record, leaves: Mapping[str, tuple[Any, str, Any, str]]
    ) -> None:
        """Fold one change into the record's undo step: first old values, last values."""
        key = kind, before["id"]
        was_dead, now_dead = is_dead(before), is_dead(after)
        step = self._steps.get(key)
        merged = dict(leaves)
        if step is not None:
            was_dead = step.revived or (was_dead and not step.removed)
            for path, (old, version, _, _) in step.leaves.items():
                new = merged.get(path, step.leaves[path])
                merged[path] = (old, version, new[2], new[3])
        if now_dead:
            merged = _unerased(after, merged)
        self._steps[key] = UndoStep(
            kind, key[1], step is not None and step.born, now_dead and not was_dead, was_dead and not now_dead, merged
        )


def check_id(id_: str) -> None:
    """Refuse what cannot be the id of any record."""
    if not is_ulid(id_):
        raise Invalid(f"{id_!r} is not an id; ids are ULIDs (26 capital letters and digits).", field="id")


def check_expected(draft: Draft, expect: Mapping[tuple[str, str, str], str]) -> None:
    """Refuse when a leaf is no longer at the version that the caller saw."""
    known: dict[Key, Mapping[str, str]] = {}
    for (kind, id_, path), version in expect.items():
        held = known.get((kind, id_))
        if held is None:
            record = draft.find(kind, id_)
            held = known[kind, id_] = {} if record is None else versions(record)
        if held.get(path, "") != version:
            raise Outdated(f"The {top(path)} of {kind} {id_} was changed by someone else meanwhile.", field=top(path))


def work_out(
    changes: Sequence[Change],
    current: Find,
    last_seen: Find,
    clock: Clock,
    groups: Groups,
    by: str,
    expect: Mapping[tuple[str, str, str], str] | None,
) -> Draft:
    """The draft of a whole transaction; `last_seen` knows records that were there, and are missing at the moment."""
    draft = Draft(current, last_seen, clock, groups, by)
    if expect:
        check_expected(draft, expect)
    for change in changes:
        draft.add(change)
    return draft


def _replaced(record: Record, known: Mapping[str, str], leaves: Iterable[str]) -> dict[str, str]:
    """Path to the version that an edit writes over; of a record that its editor saw deleted, the deletion's as well."""
    over = {path: known.get(path, "") for path in leaves}
    if is_dead(record):
        over[DELETION] = rank((tombstone(record) or {}).get("v"))
    return over


def _unerased(record: Record, leaves: Mapping[str, tuple[Any, str, Any, str]]) -> dict[str, tuple[Any, str, Any, str]]:
    """What was written to a record in the trash, but for what went for good as it got there: no undo speaks of that."""
    if not (tombstone(record) or {}).get("purged"):
        return dict(leaves)
    held = versions(record)
    return {path: leaf for path, leaf in leaves.items() if held.get(path, "") == leaf[3]}


def _covers(new: str, path: str) -> bool:
    return path == new or path.startswith(new + "/") or new.startswith(path + "/")
