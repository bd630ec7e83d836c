"""The changes that settle conflicts: keeping what stands, bringing back what gave way, or writing something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.losers import Edit, edits
from tuicrm.crm.plan import Plan
from tuicrm.errors import Invalid, NotFound
from tuicrm.records.registry import KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.conflicts import Conflict
    from tuicrm.crm.session import Session
    from tuicrm.store.changes import Change

Record = dict[str, Any]


def settle(session: Session, ids: Sequence[str], keep: str, *, typed: bool = False) -> Plan:
    """Return the plan that settles the conflicts with these ids in one step; see `conflicts.resolve`."""
    from tuicrm.crm.conflicts import shown

    chosen = _chosen(session, ids)
    changes: list[Change] = []
    said: dict[str, None] = {}
    kept: list[str] = []
    for edit in chosen:
        conflict = shown(session, edit)
        which = "typed" if typed else _which(conflict, keep)
        made = _written(session, edit, conflict, which, keep)
        changes += [*made.changes, *_marks(session, edit)]
        said.update(dict.fromkeys(made.said))
        text = _as_written(session, edit, made, keep) if which == "typed" else ""
        kept.append(f"{conflict.title}: {_kept(conflict, which, text)}")
    note = kept[0] if len(kept) == 1 else f"settled {len(kept)} conflicts"
    return Plan(tuple(changes), note, ids=tuple(one.first.id for one in chosen), said=tuple(said))


def _chosen(session: Session, ids: Sequence[str]) -> list[Edit]:
    by_id = {loser.id: edit for edit in edits(session) for loser in edit.losers}
    found: dict[str, Edit] = {}
    for one in ids:
        edit = by_id.get(one)
        if edit is None:
            raise NotFound(f"there is no conflict {one}", hint="tuicrm conflict list shows those that are open.")
        if edit.resolved:
            raise Invalid(f"the conflict {one} is settled already", hint="Edit the record, or undo what settled it.")
        found[edit.first.id] = edit
    return list(found.values())


def _which(conflict: Conflict, keep: str) -> str:
    """Return `current`, `lost`, or `typed` for a value of its own."""
    word = keep.strip().casefold()
    if word in ("current", "lost"):
        return word
    if word not in ("mine", "theirs"):
        return "typed"
    lost, stands = conflict.is_mine, conflict.is_current_mine
    if lost is True and stands is True:
        raise Invalid(
            f"both values of {conflict.label} of {conflict.title} are yours",
            hint="say --keep current or --keep lost",
        )
    if lost is not True and stands is not True:
        raise Invalid(
            f"neither value of {conflict.label} of {conflict.title} is known to be yours",
            hint="say --keep current or --keep lost",
        )
    return "lost" if (lost is True) == (word == "mine") else "current"


def _as_written(session: Session, edit: Edit, made: Plan, typed: str) -> str:
    """Return a typed value as it is shown once the plan is carried out."""
    from tuicrm.crm.conflictwords import field_shown, leading
    from tuicrm.store.changes import Write

    first = edit.first
    for change in made.changes:
        if isinstance(change, Write) and (change.kind, change.id) == (first.kind, first.record) and first.kind in KINDS:
            after = {**(session.ws.stored.get(first.kind, first.record) or {}), **change.fields}
            return field_shown(session, session.kind(first.kind), leading(edit)[0], after)
    return typed.strip()


def _kept(conflict: Conflict, which: str, typed: str) -> str:
    if conflict.is_deletion:
        return "deleted after all" if which == "lost" else "kept, and not deleted"
    return f"{conflict.label} is {typed if which == 'typed' else getattr(conflict, which) or 'as it was'}"


def _written(session: Session, edit: Edit, conflict: Conflict, which: str, keep: str) -> Plan:
    """Return what is written to the record itself."""
    if which == "current":
        return Plan((), "")
    record = _live(session, edit, conflict, which)
    if record is None:
        return Plan((), "")
    if conflict.is_deletion:
        return _delete(session, edit, conflict, record, which)
    return _typed(session, edit, conflict, record, keep) if which == "typed" else _lost(session, edit, record)


def _live(session: Session, edit: Edit, conflict: Conflict, which: str) -> Record | None:
    """Return the record that is to be written; None where it is deleted, as the lost edit wanted it."""
    first = edit.first
    record = session.ws.stored.get(first.kind, first.record)
    if record is not None:
        return record
    if conflict.is_deletion and which == "lost":
        return None
    if first.record in session.ws.stored.dead(first.kind):
        raise Invalid(
            f"{conflict.title} is in the trash, so nothing can be written to it",
            hint=f"Restore it first: tuicrm {first.kind} restore {first.record}",
        )
    raise NotFound(f"the {first.kind} {first.record} is not there")


def _delete(session: Session, edit: Edit, conflict: Conflict, record: Record, which: str) -> Plan:
    if which == "typed":
        raise Invalid(f"{conflict.title} was deleted by one and edited by another: keep current, or keep lost")
    from tuicrm.crm.edit import remove

    return remove(session, edit.first.kind, [record])


def _typed(session: Session, edit: Edit, conflict: Conflict, record: Record, text: str) -> Plan:
    """Return the edit that writes a typed value, read and checked as `edit` does."""
    from tuicrm.crm.edit import edit as edit_records
    from tuicrm.store.changes import Write
    from tuicrm.store.leaves import key_of

    first = edit.first
    if "/" in first.path:
        raise Invalid(f"{conflict.label} of {conflict.title} is no single value: keep current, or keep lost")
    name = key_of(first.path)
    if first.kind not in KINDS or name not in session.kind(first.kind).by_name:
        return Plan((Write(first.kind, first.record, {name: _alike(text.strip(), record.get(name))}),), "")
    shown = {"currency": "value", "pipeline": "stage"}.get(name, name) if first.kind == "deal" else name
    return edit_records(session, first.kind, [record], {shown: [text]})


def _alike(text: str, before: object) -> object:
    """Return a text as what it replaces: a number where that was one, a yes or no; None for nothing."""
    if isinstance(before, int):
        from contextlib import suppress
        from json import loads

        with suppress(ValueError, RecursionError):
            found = loads(text)
            if type(found) is type(before):
                return found
    return text or None


def _lost(session: Session, edit: Edit, record: Record) -> Plan:
    """Return what brings the lost edit back, with what follows from it; Invalid where it breaks a rule of today."""
    from tuicrm.crm.conflicts import with_lost
    from tuicrm.store.changes import Patch
    from tuicrm.store.leaves import key_of, top

    kind = edit.first.kind
    leaves = edit.leaves
    after = with_lost(edit, record) or record
    if kind in KINDS:
        from tuicrm.crm.checks import check

        check(session, session.kind(kind), record, after, {key_of(top(path)) for path in leaves})
    changes: list[Change] = [Patch(kind, edit.first.record, leaves)]
    if kind == "deal":
        from tuicrm.crm.track import entries
        from tuicrm.store.changes import Write

        follows = _closing(session, record, after, leaves)
        if follows:
            changes.append(Write(kind, edit.first.record, follows))
        changed = {path: after.get(path) for path in leaves if "/" not in path}
        changes += entries(session, record, {**changed, **follows})
    return Plan(tuple(changes), "")


def _closing(session: Session, before: Record, after: Record, leaves: dict[str, Any]) -> dict[str, Any]:
    """Return what a deal's return to a stage means for the day and the reason of its closing."""
    from tuicrm.crm.along import Along
    from tuicrm.crm.gates import MissingFields, enter

    if "stage" not in leaves and "pipeline" not in leaves:
        return {}
    moved = {name: after.get(name) for name in ("pipeline", "stage")}
    try:
        full = enter(session, {**after, **{name: before.get(name) for name in moved}}, moved, Along(past=True))
    except MissingFields:
        # The stage was entered before, when its gate was open; what somebody else has emptied since is theirs to say.
        return {}
    follows = {name: value for name, value in full.items() if name not in moved and name not in leaves}
    # The day of a closing that was noted by whoever closed the deal is better than today's.
    if follows.get("closed_on") and after.get("closed_on"):
        del follows["closed_on"]
    return {name: value for name, value in follows.items() if after.get(name) != value}


def _marks(session: Session, edit: Edit) -> list[Change]:
    from tuicrm.records.values import instant_text
    from tuicrm.store.changes import Write

    fields = {"resolved": instant_text(session.now), "resolved_by": session.user}
    return [Write("conflict", one.id, fields) for one in edit.losers if not one.resolved]
