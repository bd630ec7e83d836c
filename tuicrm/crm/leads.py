"""Leads on their way: which ones wait for a decision, in which order, and what a decision writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.edit import said_of, unique
from tuicrm.crm.plan import Plan
from tuicrm.crm.shapes import word
from tuicrm.crm.statuses import by_key, find, first_of, status_of
from tuicrm.errors import Invalid
from tuicrm.records.status import OPEN, UNQUALIFIED, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tuicrm.crm.session import Session
    from tuicrm.store.changes import Change

Record = dict[str, Any]
ORDERS = (("score", "score"), ("age", "oldest"), ("newest", "newest"), ("name", "name"), ("status", "status"))
"""How the triage list may be ordered: by what, and what that is called."""
SPAM = "spam"
"""The reason for which a lead stays off the list, however often it writes."""


def used(session: Session) -> bool:
    """Tell whether the team has leads at all: without any, nothing is said of them."""
    return bool(session.ws.all("lead"))


def converted(lead: Record) -> bool:
    """Tell whether a lead became a customer."""
    return bool(lead.get("converted_at"))


def snoozed(session: Session, lead: Record) -> bool:
    """Tell whether somebody said "not now", and the day has not come."""
    from tuicrm.crm.nexts import snoozed as out_of_sight

    return bool(lead.get("snoozed_until")) and out_of_sight(session, lead)


def state_test(session: Session, state: str) -> Callable[[Record], bool]:
    """Return the test of `is:open` and the like for leads."""
    if state == "converted":
        return converted
    if state == "snoozed":
        return lambda lead: snoozed(session, lead)
    meaning = {key: one.meaning for key, one in by_key(session).items()}
    if state != OPEN:
        return lambda lead: meaning.get(word(lead.get("status")), OPEN) == state
    return lambda lead: not lead.get("converted_at") and meaning.get(word(lead.get("status"))) != UNQUALIFIED


def triage(session: Session, where: str = "", order: str = "score") -> list[Record]:
    """Return the leads that wait for a decision: the most promising first, of equals the one that waits longest.

    What is snoozed stays out, unless the query names a state itself.
    """
    from tuicrm.crm.query import compile_query, names_states

    held = list(session.ws.all("lead").values())
    if not (names_states(session, "lead", where) or _asks_for_snoozed(where)):
        awaits = state_test(session, OPEN)
        held = [one for one in held if awaits(one) and not snoozed(session, one)]
    if where.strip():
        held = list(filter(compile_query(session, "lead", where), held))
    return _ordered(session, held, order)


def _asks_for_snoozed(where: str) -> bool:
    from tuicrm.crm.query import parse
    from tuicrm.crm.query.tree import terms

    return any(one.name.lower() == "is" and one.value.strip().lower() == "snoozed" for one in terms(parse(where)))


def _ordered(session: Session, held: list[Record], order: str) -> list[Record]:
    from tuicrm.crm.listing import ordered, sort_keys

    keys = {"score": "-score", "name": "name", "newest": "-id", "status": "status"}.get(order, "id")
    return ordered(held, sort_keys(session, "lead", keys))


def disqualify_reasons(session: Session) -> list[str]:
    """Return the reasons that are offered."""
    return [one.strip() for one in session.setting("disqualify_reasons").split(",") if one.strip()]


def disqualify(session: Session, leads: Sequence[Record], reason: str = "") -> Plan:
    """Return the plan that takes leads off the list for good, with the reason; a word of the list may be shortened."""
    from tuicrm.crm.parsing import refuse_unstorable
    from tuicrm.folding import fold

    refuse_unstorable(reason, "reason")
    wanted = " ".join(reason.split())
    begins = [one for one in disqualify_reasons(session) if wanted and fold(one).startswith(fold(wanted))]
    said = begins[0] if len(begins) == 1 else wanted
    status = first_of(session, UNQUALIFIED)
    fields = {"status": status.key, "reason": said or None, "snoozed_until": None}
    left = _waiting(session, leads)
    plan = _set(session, leads, fields, "disqualified", f": {said}" if said else "")
    return Plan(plan.changes, plan.note, ids=plan.ids, said=(*plan.said, *left))


def _waiting(session: Session, leads: Sequence[Record]) -> tuple[str, ...]:
    """Return a sentence about what is still planned with leads."""
    from tuicrm.crm.nexts import nexts

    count = sum(len(nexts(session).all_of("lead", one["id"])) for one in leads)
    return (
        (f"{count} follow-up{'s' if count > 1 else ''} about {'it' if len(leads) == 1 else 'them'} still to do",)
        if count
        else ()
    )


def set_status(session: Session, leads: Sequence[Record], text: str) -> Plan:
    """Return the plan that gives leads another status; one that is open takes a conversion or a reason back."""
    status: Status = find(session, text)
    fields: dict[str, Any] = {"status": status.key}
    if status.meaning != UNQUALIFIED:
        fields["reason"] = None
    plan = _set(session, leads, fields, "changed", f" to {status.name}")
    said = (f"{status.name}: {status.criteria}",) if status.criteria else ()
    return Plan(plan.changes, plan.note, ids=plan.ids, said=(*plan.said, *said))


def reopen(session: Session, leads: Sequence[Record]) -> Plan:
    """Return the plan that puts leads back on the list, also those that were put off; what one became stays."""
    from tuicrm.store.changes import Write

    made: dict[str, Change] = {}
    for one in unique(leads):
        if converted(one) or status_of(session, one).meaning != OPEN:
            made[one["id"]] = Write("lead", one["id"], _opened(session))
        elif snoozed(session, one):
            made[one["id"]] = Write("lead", one["id"], {"snoozed_until": None})
    back = [one for one in unique(leads) if one["id"] in made]
    note = said_of("reopened" if back else "nothing to change in", session, session.kind("lead"), back or unique(leads))
    return Plan(tuple(made.values()), note, ids=tuple(one["id"] for one in unique(leads)))


def _opened(session: Session) -> dict[str, Any]:
    """Return what a lead holds that starts again."""
    return {"status": first_of(session, OPEN).key, "reason": None, "converted_at": None, "snoozed_until": None}


def asks_again(session: Session, lead: Record) -> tuple[list[Change], str]:
    """Return what puts a lead that writes again back on the list, and a sentence; spam stays where it is."""
    from tuicrm.folding import fold
    from tuicrm.store.changes import Write

    reason = word(lead.get("reason"))
    if status_of(session, lead).meaning == UNQUALIFIED and fold(reason.strip()) != SPAM:
        said = f"it is back on the list: it was disqualified{f' ({reason})' if reason else ''}, and asks again"
        return [Write("lead", lead["id"], _opened(session))], said
    if snoozed(session, lead):
        return [Write("lead", lead["id"], {"snoozed_until": None})], "it was put off, and is back on the list"
    return [], ""


def snooze(session: Session, leads: Sequence[Record], until: str) -> Plan:
    """Return the plan for "not now": leads come back on a day, with a follow-up then where none is planned."""
    from tuicrm.crm.followups import snooze as snooze_followups
    from tuicrm.crm.nexts import due_day, nexts
    from tuicrm.crm.parsing import Typing, parse_value
    from tuicrm.store.changes import Write
    from tuicrm.when import Moment

    ctx = Typing(session)
    field = session.kind("lead").by_name["snoozed_until"]
    moment = parse_value(field, until, ctx)
    when = Moment.parse(str(moment)) if moment else None
    if when is None or when.instant(session.zone) <= session.now:
        raise Invalid(f"snoozed_until: {until!r} is not to come" if until.strip() else "say until when", field="until")
    made: list[Change] = []
    for lead in unique(leads):
        made.append(Write("lead", lead["id"], {"snoozed_until": str(when)}))
        planned = nexts(session).all_of("lead", lead["id"])
        sooner = [one for one in planned if 0 < due_day(session, one) < when.date.toordinal()]
        if sooner:
            made.extend(snooze_followups(session, sooner, until).changes)
        elif not planned:
            made.append(_look_again(session, lead, str(when)))
    note = f"{said_of('not now:', session, session.kind('lead'), unique(leads))}, {_said(session, when)}"
    return Plan(tuple(made), note, ids=tuple(one["id"] for one in unique(leads)), said=ctx.notes)


def _look_again(session: Session, lead: Record, due: str) -> Change:
    from tuicrm.crm.lookup import title
    from tuicrm.store.changes import Write

    subject = f"look again: {title(session, 'lead', lead)}"
    owner = word(lead.get("owner")) or session.me
    fields = {"subject": subject, "due": due, "lead": lead["id"], **({"owner": owner} if owner else {})}
    return Write("followup", session.ws.new_id(), fields)


def _said(session: Session, when: Any) -> str:
    from tuicrm.crm.todo import said_moment

    return f"until {said_moment(session, when)}"


def _set(session: Session, leads: Sequence[Record], fields: dict[str, Any], verb: str, tail: str) -> Plan:
    from tuicrm.crm.edit import same
    from tuicrm.store.changes import Write

    held = unique(leads)
    differing = [one for one in held if any(not same(one.get(name), value) for name, value in fields.items())]
    note = said_of(verb, session, session.kind("lead"), differing) + tail
    if not differing:
        note = said_of("nothing to change in", session, session.kind("lead"), held)
    made = tuple(Write("lead", one["id"], fields) for one in differing)
    return Plan(made, note, ids=tuple(one["id"] for one in held))
