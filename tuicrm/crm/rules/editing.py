"""Rules made and changed from words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.plan import Plan
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.session import Session

Record = dict[str, Any]


def add(
    session: Session, name: str, *, when: str, condition: str, do: Sequence[str], of: str = "", active: bool = True
) -> Plan:
    """Return the plan that adds a rule; Invalid names what in it cannot be understood."""
    from tuicrm.store.changes import Write

    trigger = _trigger(session, when, of)
    kind = session.kind(trigger["of"])
    fields: dict[str, Any] = {
        "name": name.strip(),
        "active": active,
        **{key: value for key, value in trigger.items() if value is not None},
        "condition": condition.strip(),
        "actions": _actions(session, do, kind.name, {}),
        "owner": session.me,
    }
    record = {"id": session.ws.new_id(), **{key: value for key, value in fields.items() if value != ""}}
    _check(session, None, record, fields)
    wanted = {key: value for key, value in record.items() if key != "id"}
    return Plan((Write("rule", record["id"], wanted),), f"added rule {fields['name']}", ids=(record["id"],))


def edit(
    session: Session,
    record: Record,
    *,
    name: str | None = None,
    when: str | None = None,
    condition: str | None = None,
    do: Sequence[str] = (),
    also: Sequence[str] = (),
    without: Sequence[int] = (),
    active: bool | None = None,
) -> Plan:
    """Return the plan that changes a rule: `do` replaces what it does, `also` adds, `without` takes away by number."""
    from tuicrm.store.changes import Write

    fields: dict[str, Any] = {}
    if name is not None:
        fields["name"] = name.strip()
    if when is not None:
        fields.update(_trigger(session, when, str(record.get("of", ""))))
    if condition is not None:
        fields["condition"] = condition.strip() or None
    if active is not None:
        fields["active"] = active
    if do or also or without:
        kept = {} if do else _without(record, without)
        fields["actions"] = _actions(session, [*do, *also], str(fields.get("of") or record.get("of")), kept)
    after = {key: value for key, value in {**record, **fields}.items() if value is not None}
    _check(session, record, after, fields)
    turned = {True: "turned on", False: "turned off"}[bool(active)] if list(fields) == ["active"] else "edited"
    note = f"{turned} rule {after.get('name', '')}"
    return Plan((Write("rule", record["id"], fields),), note, ids=(record["id"],))


def change_action(session: Session, record: Record, key: str, text: str) -> Plan:
    """Return the plan that puts one thing that a rule does into other words, takes it away (no text), or adds one."""
    from tuicrm.crm.rules.doing import read_do
    from tuicrm.crm.shapes import table
    from tuicrm.store.changes import Write

    if not text.strip() and not key:
        raise Invalid("actions: say what the rule does", field="actions")
    held = table(record.get("actions"))
    kept = {one: action for one, action in held.items() if one != key}
    if key in held and text.strip():
        kind = session.kind(str(record.get("of")))
        kept[key] = {**read_do(session, text, kind), "order": held[key].get("order", "")}
    elif text.strip():
        kept = _actions(session, [text], str(record.get("of")), kept)
    fields = {"actions": kept}
    _check(session, record, {**record, **fields}, fields)
    return Plan((Write("rule", record["id"], fields),), f"edited rule {record.get('name', '')}", ids=(record["id"],))


def _trigger(session: Session, when: str, of: str) -> dict[str, Any]:
    from tuicrm.crm.parsing import refuse_unstorable
    from tuicrm.crm.rules.words import read_when

    refuse_unstorable(when, "when")
    return read_when(session, when, of)


def _without(record: Record, numbers: Sequence[int]) -> dict[str, Any]:
    """Return the stored actions that are left."""
    from tuicrm.crm.rules.model import actions_of
    from tuicrm.crm.shapes import table

    known = [one.key for one in actions_of(record.get("actions"))]
    for number in numbers:
        if not 1 <= number <= len(known):
            raise Invalid(f"actions: there is no action {number}; the rule does {len(known)} things", field="actions")
    gone = {known[number - 1] for number in numbers}
    return {key: one for key, one in table(record.get("actions")).items() if key not in gone}


def _actions(session: Session, do: Sequence[str], of: str, kept: dict[str, Any]) -> dict[str, Any]:
    from tuicrm.crm.ordering import between
    from tuicrm.crm.rules.doing import read_do

    made = dict(kept)
    last = max((str(one.get("order", "")) for one in kept.values() if isinstance(one, dict)), default="")
    for text in do:
        last = between(last, "")
        made[session.ws.new_id()] = {**read_do(session, text, session.kind(of)), "order": last}
    return made


def _check(session: Session, before: Record | None, after: Record, fields: dict[str, Any]) -> None:
    from tuicrm.crm.checks import check
    from tuicrm.crm.parsing import refuse_unstorable

    for key in ("name", "condition"):
        refuse_unstorable(str(after.get(key, "")), key)
    check(session, session.kind("rule"), before, after, fields)
