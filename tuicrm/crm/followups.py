"""Follow-ups: done, put off, set for another day; and the one that comes after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.edit import said_of, unique
from tuicrm.crm.parsing import Typing, named, refuse_unstorable
from tuicrm.crm.plan import Plan
from tuicrm.crm.shapes import word, words
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tuicrm.crm.session import Session
    from tuicrm.store.changes import Change
    from tuicrm.when import Moment

Record = dict[str, Any]
CARRIED = ("contacts", "company", "deal", "lead", "owner")
"""What a follow-up takes over from what it follows."""
MANY = 500
"""Occurrences that are passed over one by one; a rule neglected for longer starts again from today."""


def done(session: Session, records: Sequence[Record], next_text: str = "", *, group: str = "") -> Plan:
    """Return the plan that marks follow-ups as done; a repeating one comes back, `next_text` makes another.

    One that was done already is left as it is, and said so.
    """
    ctx = Typing(session)
    made: list[Change] = []
    records = unique(records)
    closed = [one for one in records if not _done_already(session, one, ctx)]
    for record in closed:
        made.extend(close(session, record, ctx))
    if next_text.strip():
        for record in closed or records[:1]:
            made.extend(following(session, next_text, record, ctx))
    note = said_of("done:", session, session.kind("followup"), closed or records)
    if not made and ctx.notes:
        note = ctx.notes[-1]
    return Plan(tuple(made), note, ids=tuple(one["id"] for one in records), said=ctx.notes, group=group)


def _done_already(session: Session, record: Record, ctx: Typing) -> bool:
    if not record.get("done_at"):
        return False
    ctx.note(f"{record.get('subject', record['id'])} was done already, on {_on(session, str(record['done_at']))}")
    return True


def _on(session: Session, instant: str) -> str:
    from datetime import datetime

    from tuicrm.when import say_date

    try:
        at = datetime.fromisoformat(instant)
    except ValueError:
        return instant
    return say_date(at.astimezone(session.reading.now.tzinfo).date())


def close(session: Session, record: Record, ctx: Typing, *, onwards: bool = True) -> list[Change]:
    """Return the changes that mark one follow-up as done and, if it repeats, make the one after it.

    Where it is a step of a sequence the next step comes as well, but for `onwards`.
    """
    from tuicrm.records.values import instant_text
    from tuicrm.store.changes import Write

    if record.get("done_at"):
        return []
    made: list[Change] = [
        Write("followup", record["id"], {"done_at": instant_text(session.now), "snoozed_until": None})
    ]
    again = _again(session, record, ctx)
    if onwards and session.ws.all("enrolment"):
        from tuicrm.crm.sequences import advance

        made.extend(advance(session, record, ctx))
    return [*made, again] if again is not None else made


def _again(session: Session, record: Record, ctx: Typing) -> Change | None:
    """Return the follow-up that comes after a repeating one: the same, at its wall time, on its next day."""
    from tuicrm.store.changes import Write
    from tuicrm.when import understood

    rule = record.get("repeat")
    if not rule:
        return None
    try:
        due, rule = _next_due(session, str(rule), word(record.get("due")) or session.today.isoformat())
    except Invalid as problem:
        ctx.note(f"it does not come back: {problem}")
        return None
    kept = {name: value for name, value in record.items() if name != "id" and not name.startswith("_")}
    for name in ("done_at", "snoozed_until", "external_id", "source_created_at"):
        kept.pop(name, None)
    ctx.note(f"again: {understood(due, session.reading)}")
    return Write("followup", session.ws.new_id(), {**kept, "due": str(due), "repeat": rule})


def _next_due(session: Session, rule: str, due: str) -> tuple[Moment, str]:
    """Return the first occurrence after the due date that is still to come, and the rule tied to its day."""
    from dataclasses import replace

    from tuicrm.when import Moment, anchor_repeat, next_occurrence

    moment = Moment.parse(due)
    tied = anchor_repeat(rule, moment)
    for _ in range(MANY):
        moment = next_occurrence(tied, moment, session.reading)
        if moment.date > session.today:
            return moment, tied
    return next_occurrence(tied, replace(moment, date=session.today), session.reading), tied


def following(session: Session, text: str, after: Record, ctx: Typing, *, subject: str = "") -> list[Change]:
    """Return the changes that add the follow-up that `text` asks for ("call in 3 days"), about the same people.

    It is called `subject` where the text is no more than a date.
    """
    from tuicrm.crm.edit import born
    from tuicrm.store.changes import Write

    refuse_unstorable(text, "next")
    called, due, repeat = _understood(text, ctx, subject)
    typed: dict[str, list[str]] = {"subject": [called]}
    for name in CARRIED:
        value = words(after.get(name))
        if value:
            typed[name] = value
    record = born(session, session.kind("followup"), typed, ctx)
    record.update(due=due, repeat=repeat)
    fields = {name: value for name, value in record.items() if name != "id" and value}
    return [Write("followup", record["id"], fields)]


def _understood(text: str, ctx: Typing, called: str) -> tuple[str, str, str]:
    """Return the subject, the stored due date and the repeat rule of a follow-up in one line."""
    from tuicrm.crm.oneline import read_line

    line = read_line(text, ctx.reading, called)
    ctx.note(f"next: {line.said(ctx.reading)}")
    return line.subject, str(line.due or ""), line.repeat


def add(session: Session, text: str, after: Sequence[Record], *, group: str = "") -> Plan:
    """Return the plan that adds what a line asks for about each of some records, or about nobody where none are given.

    Of a record its contacts, company, deal and owner are taken over; without an owner it becomes the acting user's.
    """
    from tuicrm.crm.oneline import read_line

    ctx = Typing(session)
    made = [change for one in after or ({},) for change in following(session, text, one, ctx)]
    line = read_line(text, ctx.reading)
    due = f", {_day(session, line.due)}" if line.due else ", without a date"
    many = f"{len(made)} follow-ups" if len(made) > 1 else "follow-up"
    note = f"added {many}: {line.subject}{due}"
    return Plan(tuple(made), note, ids=tuple(one.id for one in made), said=ctx.notes, group=group)


def snooze(session: Session, records: Sequence[Record], until: str) -> Plan:
    """Return the plan that takes follow-ups out of sight until a day or a time to come."""
    ctx = Typing(session)
    moment = _moment(until, "snoozed_until", ctx)
    if not _to_come(session, moment):
        raise Invalid(f"snoozed_until: {until!r} is past", field="snoozed_until")
    return _set(session, records, {"snoozed_until": str(moment)}, "snoozed", ctx, f"until {_day(session, moment)}")


def reschedule(session: Session, records: Sequence[Record], when: str) -> Plan:
    """Return the plan that sets follow-ups for another day or time, and shows them again if they were snoozed."""
    ctx = Typing(session)
    moment = _moment(when, "due", ctx)
    if moment.date < session.today:
        ctx.note("that is past: it is late at once")
    fields = {"due": str(moment), "snoozed_until": None}
    return _set(session, records, fields, "rescheduled", ctx, f"to {_day(session, moment)}")


def shift_days(session: Session, records: Sequence[Record], days: int, *, group: str = "") -> Plan:
    """Return the plan that moves follow-ups by days at the same wall time; one without a date counts from today."""
    from dataclasses import replace
    from datetime import timedelta

    from tuicrm.when import Moment
    from tuicrm.when.moment import checked

    ctx = Typing(session)
    plans: list[Change] = []
    reached: dict[str, None] = {}
    for record in records:
        due = Moment.parse(word(record.get("due")) or session.today.isoformat())
        moved = checked(replace(due, date=due.date + timedelta(days=days)))
        plans.extend(_set(session, [record], {"due": str(moved)}, "", ctx, "").changes)
        reached[_day(session, moved)] = None
    where = f" to {next(iter(reached))}" if len(reached) == 1 else ""
    note = said_of("rescheduled", session, session.kind("followup"), records) + where
    return Plan(tuple(plans), note, ids=tuple(one["id"] for one in records), said=ctx.notes, group=group)


def _moment(text: str, name: str, ctx: Typing) -> Moment:
    from tuicrm.when import note_on_order, parse_moment, understood

    refuse_unstorable(text, name)
    try:
        moment = parse_moment(text, ctx.reading)
    except Invalid as problem:
        raise named(problem, name) from None
    ctx.note(note_on_order(text, ctx.reading) or understood(moment, ctx.reading))
    return moment


def _to_come(session: Session, moment: Moment) -> bool:
    now: datetime = session.now
    return moment.date > session.today or (moment.time is not None and moment.instant(session.zone) > now)


def _day(session: Session, moment: Moment) -> str:
    """Return a day or time as short as it is clear: `Tue 13 Oct 10h`."""
    from tuicrm.crm.todo import said_day
    from tuicrm.crm.worklist import when

    return said_day(session, *when(session, {"due": str(moment)}))


def _set(
    session: Session, records: Sequence[Record], fields: dict[str, Any], verb: str, ctx: Typing, where: str
) -> Plan:
    from tuicrm.store.changes import Write

    records = unique(records)
    still = [one for one in records if not _done_already(session, one, ctx)]
    differing = [one for one in still if any(one.get(name) != value for name, value in fields.items())]
    made = tuple(Write("followup", one["id"], fields) for one in differing)
    note = f"{said_of(verb, session, session.kind('followup'), still or records)} {where}".rstrip()
    if not still and ctx.notes:
        note = ctx.notes[-1]
    return Plan(made, note, ids=tuple(one["id"] for one in records), said=ctx.notes)
