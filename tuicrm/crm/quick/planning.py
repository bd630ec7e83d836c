"""From an understood line to the one step that stores it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tuicrm.crm.parsing import Typing
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from tuicrm.crm.plan import Plan
    from tuicrm.crm.quick.model import Understood
    from tuicrm.crm.session import Session
    from tuicrm.store.changes import Change

Typed = dict[str, list[str]]

NOT_FIELDS = ("next", "closes")
NAMED = {"followup": "subject", "activity": "subject", "deal": "name", "contact": "name", "company": "name"}


def typed(one: Understood, made: dict[tuple[str, str], str] | None = None) -> Typed:
    """Return fields and texts; `made` has the ids of the records that are created along."""
    found: Typed = {}
    if one.subject:
        found[NAMED[one.kind]] = [one.subject]
    if one.type and one.kind == "activity":
        found["type"] = [one.type]
    for slot in one.slots:
        if slot.name in NOT_FIELDS:
            continue
        for name, text in slot.chosen.typed:
            text = text or (made or {}).get(slot.chosen.makes, "")
            if text and text not in found.setdefault(name, []):
                found[name].append(text)
    return {name: texts for name, texts in found.items() if texts}


def plan(session: Session, one: Understood) -> Plan:
    """Return the step: records that the line names and nobody has come first, then the record itself."""
    if not one.kind:
        raise Invalid("nothing is typed yet", hint="try: call jane tomorrow 10am re acme renewal")
    ctx = Typing(session)
    made: dict[tuple[str, str], str] = {}
    changes: list[Change] = []
    for what in _order(one):
        step = _along(session, one, what, made, ctx)
        made[what] = step.ids[0]
        changes += step.changes
        ctx.expect(what[0], step.ids[0], step.ids[0])
    step = _logged(session, one, typed(one, made), ctx) if one.kind == "activity" else _added(session, one, made, ctx)
    said = tuple(f"creates {kind} {name}" for kind, name in made)
    return replace(step, changes=(*changes, *step.changes), note=_note(one, step), said=(*said, *step.said))


def _order(one: Understood) -> list[tuple[str, str]]:
    """Return what is created along, companies first: a contact that is created belongs to the one that is."""
    makes = [slot.chosen.makes for slot in one.slots if slot.chosen.makes[0]]
    return sorted(dict.fromkeys(makes), key=lambda what: what[0] != "company")


def _along(
    session: Session, one: Understood, what: tuple[str, str], made: dict[tuple[str, str], str], ctx: Typing
) -> Plan:
    from tuicrm.crm.edit import add

    kind, name = what
    given: Typed = {"name": [name]}
    company = typed(one, made).get("company")
    if kind == "contact" and company:
        given["company"] = company
    return add(session, kind, given, ctx=ctx)


def _added(session: Session, one: Understood, made: dict[tuple[str, str], str], ctx: Typing) -> Plan:
    from tuicrm.crm.edit import add

    return add(session, one.kind, typed(one, made), ctx=ctx)


def _logged(session: Session, one: Understood, given: Typed, ctx: Typing) -> Plan:
    from tuicrm.crm.activities import log

    following, closes = one.slot("next"), one.slot("closes")
    return log(
        session,
        one.type or "note",
        one.subject,
        contacts=given.get("contacts", ()),
        next_step=dict(following.chosen.typed).get("next", "") if following else "",
        followup=closes.chosen.key if closes else "",
        more={name: texts for name, texts in given.items() if name not in ("type", "subject", "contacts")},
        ctx=ctx,
    )


def _note(one: Understood, step: Plan) -> str:
    if one.kind != "activity":
        return step.note
    who = one.slot("contacts")
    name = who.chosen.makes[1] if who else ""
    return f"logged {one.type} with {name}" if name else step.note
