"""The statuses of leads as the team has them: the usual ones, changed and added to by records that merge by field."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tuicrm.crm.plan import Plan
from tuicrm.crm.shapes import word
from tuicrm.errors import Ambiguous, Invalid, NotFound
from tuicrm.records.status import MEANINGS, OPEN, QUALIFIED, UNQUALIFIED, USUAL, Status, StatusChoice

if TYPE_CHECKING:
    from tuicrm.crm.session import Session
    from tuicrm.records.field import Kind
    from tuicrm.store.changes import Change

Record = dict[str, Any]
KIND = "lead_status"
_USUAL = {one.key: one for one in USUAL}


def statuses(session: Session) -> list[Status]:
    """Return the statuses that leads may have, in their order."""
    found: list[Status] = session.remember("lead statuses", lambda: _statuses(session))
    return found


def _statuses(session: Session) -> list[Status]:
    held: dict[str, Status] = dict(_USUAL)
    for record in session.ws.all(KIND).values():
        key = word(record.get("key"))
        if record.get("retired") is True:
            held.pop(key, None)
        elif key:
            held[key] = _read(record, held.get(key))
    return sorted(held.values(), key=lambda one: (MEANINGS.index(one.meaning), one.order, one.key))


def _read(record: Record, before: Status | None) -> Status:
    key, meaning = word(record.get("key")), word(record.get("meaning"))
    usual = before or Status(key, key, OPEN, "")
    return Status(
        key,
        word(record.get("name")).strip() or usual.name,
        meaning if meaning in MEANINGS else usual.meaning,
        word(record.get("criteria")) or usual.criteria,
        word(record.get("order")) or usual.order,
    )


def by_key(session: Session) -> dict[str, Status]:
    """Return the statuses by what leads hold."""
    found: dict[str, Status] = session.remember(
        "lead statuses by key", lambda: {one.key: one for one in statuses(session)}
    )
    return found


def status_of(session: Session, lead: Record) -> Status:
    """Return the status of a lead; a word that no status has, as files bring it, is an open one of that name."""
    key = word(lead.get("status")) or statuses(session)[0].key
    return by_key(session).get(key) or Status(key, key, OPEN, "")


def first_of(session: Session, meaning: str) -> Status:
    """Return the first status of a meaning, or raise Invalid where the team has none."""
    for one in statuses(session):
        if one.meaning == meaning:
            return one
    raise Invalid(f"there is no lead status that means {meaning}", hint=f"add one: tuicrm lead status add {meaning}")


def find(session: Session, text: str) -> Status:
    """Return the status that a text names: by key or name, else by how it begins."""
    from tuicrm.folding import fold, nearest

    held, wanted = statuses(session), fold(text.strip())
    found = [one for one in held if wanted and wanted in (one.key, fold(one.name))]
    found = found or [one for one in held if wanted and fold(one.name).startswith(wanted)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(one.name for one in held)
    if found:
        raise Ambiguous(f"{text!r} fits several statuses", candidates=[(one.key, one.name) for one in found])
    near = nearest(text, [one.name for one in held])
    raise NotFound(f"there is no lead status {text.strip()!r}; {f'did you mean {near}?' if near else f'use {names}'}")


def with_statuses(session: Session, kind: Kind) -> Kind:
    """Return the kind with the team's statuses to choose from."""
    of_type = StatusChoice(statuses(session))
    fields = tuple(
        replace(one, type=of_type, default=_first_name(session)) if one.name == "status" else one for one in kind.fields
    )
    return replace(kind, fields=fields)


def _first_name(session: Session) -> str:
    return statuses(session)[0].key


def add(
    session: Session, name: str, *, criteria: str = "", meaning: str = OPEN, before: str = "", after: str = ""
) -> Plan:
    """Return the plan that adds a status, at the end of its meaning or beside another."""
    from tuicrm.folding import slug

    called = _free_name(session, name)
    taken = {*by_key(session), *_USUAL}
    stem = slug(called).replace("-", "_") or "status"
    key, number = stem, 1
    while key in taken:
        number += 1
        key = f"{stem}_{number}"
    order = _place(session, meaning, before, after, "")
    fields = {"name": called, "meaning": meaning, "criteria": criteria.strip(), "order": order, "retired": None}
    return Plan(_write(session, key, fields), f"added lead status {called}", ids=(_id(session, key),))


def edit(
    session: Session,
    text: str,
    *,
    criteria: str | None = None,
    meaning: str | None = None,
    before: str = "",
    after: str = "",
) -> Plan:
    """Return the plan that changes a status; its key stays, so that leads keep theirs."""
    one = find(session, text)
    fields: dict[str, Any] = {}
    if criteria is not None:
        fields["criteria"] = criteria.strip()
    if meaning is not None and meaning != one.meaning:
        _refuse_last(session, one)
        fields["meaning"] = meaning
    if before or after:
        fields["order"] = _place(session, meaning or one.meaning, before, after, one.key)
    return Plan(_write(session, one.key, fields), f"changed lead status {one.name}", ids=(_id(session, one.key),))


def rename(session: Session, text: str, name: str) -> Plan:
    """Return the plan that gives a status another name; leads hold its key, and so have it at once."""
    one = find(session, text)
    called = _free_name(session, name, but=one.key)
    note = f"renamed lead status {one.name} to {called}"
    return Plan(_write(session, one.key, {"name": called}), note, ids=(_id(session, one.key),))


def remove(session: Session, text: str, to: str = "") -> Plan:
    """Return the plan that takes a status away and gives its leads the status `to`; Invalid where that is not said."""
    from tuicrm.store.changes import Write

    one = find(session, text)
    _refuse_last(session, one)
    inside = [lead for lead in session.ws.all("lead").values() if lead.get("status") == one.key]
    if inside and not to:
        raise Invalid(
            f"{len(inside)} {'lead is' if len(inside) == 1 else 'leads are'} {one.name}",
            hint="say which status they get: --to STATUS",
            field="to",
        )
    target = find(session, to) if to else None
    if target is not None and target.key == one.key:
        raise Invalid(f"the leads cannot stay {one.name}, which is being removed", field="to")
    moved: list[Change] = [Write("lead", lead["id"], {"status": target.key}) for lead in inside if target]
    note = f"removed lead status {one.name}" + (
        f", {len(inside)} {'lead is' if len(inside) == 1 else 'leads are'} {target.name} now"
        if moved and target
        else ""
    )
    return Plan((*moved, *_write(session, one.key, {"retired": True})), note, ids=(_id(session, one.key),))


def _id(session: Session, key: str) -> str:
    """Return the id of the record of a status: the same on every clone, so that two who write it edit one record."""
    from tuicrm.store.ulid import alike

    held = [id_ for id_, one in session.ws.all(KIND).items() if one.get("key") == key]
    return held[-1] if held else alike(0, KIND, key)


def _write(session: Session, key: str, fields: dict[str, Any]) -> tuple[Change, ...]:
    from tuicrm.store.changes import Write

    if not fields:
        return ()
    id_ = _id(session, key)
    return (Write(KIND, id_, {"key": key, **fields}),)


def _free_name(session: Session, name: str, but: str = "") -> str:
    from tuicrm.crm.parsing import refuse_unstorable
    from tuicrm.folding import fold

    refuse_unstorable(name, "name")
    called = " ".join(name.split())
    if not called:
        raise Invalid("name: a status needs one", field="name")
    for one in statuses(session):
        if one.key != but and fold(called) in (fold(one.name), one.key):
            raise Invalid(f"name: there is a lead status {one.name} already", field="name")
    return called


def _refuse_last(session: Session, one: Status) -> None:
    if one.meaning in (OPEN, QUALIFIED, UNQUALIFIED) and [
        each.key for each in statuses(session) if each.meaning == one.meaning
    ] == [one.key]:
        raise Invalid(f"{one.name} is the only status that means {one.meaning}, and leads need one")


def _place(session: Session, meaning: str, before: str, after: str, own: str) -> str:
    """Return the order of a status that goes before or after another, or after the last of its meaning."""
    from tuicrm.crm.ordering import between

    beside = find(session, before or after) if before or after else None
    if beside is not None and beside.meaning != meaning:
        raise Invalid(f"{beside.name} means {beside.meaning}, and statuses stand by what they mean")
    held = [one for one in statuses(session) if one.meaning == meaning and one.key != own]
    spot = len(held)
    if beside is not None and beside in held:
        spot = held.index(beside) + (0 if before else 1)
    low = held[spot - 1].order if spot > 0 else ""
    return between(low, held[spot].order if spot < len(held) else "")
