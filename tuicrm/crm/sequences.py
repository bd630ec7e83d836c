"""Sequences: making and changing them, starting and stopping them with people, and going on to the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm import enrolments as enrolled
from tuicrm.crm.parsing import Typing
from tuicrm.crm.plan import Plan
from tuicrm.crm.shapes import word
from tuicrm.errors import Invalid, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from tuicrm.crm.due import Due
    from tuicrm.crm.session import Session
    from tuicrm.crm.steps import Step
    from tuicrm.store.changes import Change

Record = dict[str, Any]
PEOPLE = ("contact", "lead")
_DAY_MS = 86_400_000


def add(session: Session, name: str, texts: Sequence[str], typed: Mapping[str, Sequence[str]] | None = None) -> Plan:
    """Return the plan that adds a sequence with its steps, typed as in `3 call Any questions?`."""
    from dataclasses import replace

    from tuicrm.crm.edit import add as add_record
    from tuicrm.crm.steps import entries
    from tuicrm.store.changes import Write

    if not texts:
        raise Invalid("step: a sequence needs steps, as in --step '0 call Say hello'", field="step")
    plan = add_record(session, "sequence", {"name": [name], **(typed or {})})
    (made,) = plan.changes
    assert isinstance(made, Write)
    full = Write(made.kind, made.id, {**made.fields, "steps": entries(session, texts, {})})
    return replace(plan, changes=(full,))


def edit_steps(session: Session, sequence: Record, added: Sequence[str], dropped: Sequence[str]) -> Plan:
    """Return the plan that adds steps to a sequence and takes steps, by their numbers, out of it."""
    from tuicrm.crm.shapes import table
    from tuicrm.crm.steps import entries, numbered
    from tuicrm.store.changes import Remove, Write

    gone = {numbered(sequence, one).key for one in dropped}
    kept = {key: one for key, one in table(sequence.get("steps")).items() if key not in gone}
    made: list[Change] = [Write("sequence", sequence["id"], {"steps": entries(session, added, kept)})]
    for one in enrolled.running(session):
        if one.get("sequence") == sequence["id"]:
            lost = {enrolled.step_id(one["id"], key) for key in gone}
            made.extend(Remove("followup", key) for key in undone(session, one) if key in lost)
    return Plan(tuple(made), f"edited {sequence.get('name')}: steps", ids=(sequence["id"],))


def retype_step(session: Session, sequence: Record, key: str, text: str) -> Plan:
    """Return the plan that says a step in other words; it stays the same step for whoever is at it."""
    from tuicrm.crm.shapes import table
    from tuicrm.crm.steps import entries, parse
    from tuicrm.store.changes import Write

    held = table(sequence.get("steps"))
    if key not in held:
        raise NotFound("the step is no longer there")
    wanted = {**held, key: {**parse(session, text), "order": word(held[key].get("order"))}}
    change = Write("sequence", sequence["id"], {"steps": entries(session, [], wanted)})
    return Plan((change,), f"edited {sequence.get('name')}: steps", ids=(sequence["id"],))


def start(session: Session, sequence: Record, kind: str, record: Record) -> Plan:
    """Return the plan that puts a lead or a contact into a sequence; its first step becomes a follow-up.

    The ids follow from the day and the two, so that two clones that do the same do it once.
    """
    from tuicrm.crm.lookup import title
    from tuicrm.store.changes import Write
    from tuicrm.store.ulid import alike

    if kind not in PEOPLE:
        raise Invalid(f"a sequence is started with a lead or a contact, not with a {session.kind(kind).one}")
    name, who = word(sequence.get("name")), title(session, kind, record)
    fields: Record = {"sequence": sequence["id"], kind: record["id"], "started_at": _now(session)}
    if session.me:
        fields["owner"] = session.me
    held = enrolled.person(session, fields)
    if held is not None and held[1].get("do_not_contact") is True:
        raise Invalid(f"{who} asked not to be contacted")
    _refuse_twice(session, sequence, fields)
    day = int(session.now.timestamp() * 1000) // _DAY_MS * _DAY_MS
    key = alike(day, "enrolment", sequence["id"], record["id"], enrolled.times(session, sequence["id"], record["id"]))
    ctx = Typing(session)
    enrolment = {"id": key, **fields}
    first = enrolled.after(session, enrolment, None)
    if first is None:
        raise Invalid(f"{name} has no step in which there is something to do")
    made = _step(session, enrolment, first, _due(session, session.today, first.day), ctx)
    plan = (Write("enrolment", key, fields), *made)
    return Plan(plan, f"started {name} with {who}", ids=(key,), said=ctx.notes)


def start_all(session: Session, key: str, people: Sequence[tuple[str, str]]) -> Plan:
    """Return the plan that starts a sequence with each of some people, as one step; who cannot be in it is told."""
    from tuicrm.errors import TuicrmError

    sequence = session.ws.get("sequence", key)
    if sequence is None:
        raise NotFound("the sequence is no longer there")
    plans: list[Plan] = []
    problems: list[TuicrmError] = []
    for kind, one in people:
        record = session.ws.get(kind, one)
        if record is not None:
            try:
                plans.append(start(session, sequence, kind, record))
            except TuicrmError as problem:
                problems.append(problem)
    if not plans and problems:
        raise problems[0]
    return _together(sequence, plans, [str(one) for one in problems])


def start_each(session: Session, sequence: Record, people: Sequence[tuple[str, Record]]) -> Plan:
    """Return the plan that starts a sequence with all of some people, as one step; raises where one cannot be in it."""
    once = {record["id"]: (kind, record) for kind, record in people}
    return _together(sequence, [start(session, sequence, kind, record) for kind, record in once.values()], [])


def _together(sequence: Record, plans: Sequence[Plan], told: Sequence[str]) -> Plan:
    changes = tuple(change for plan in plans for change in plan.changes)
    many = f"started {sequence.get('name')} with {len(plans)} people"
    said = (*told, *(line for plan in plans for line in plan.said))
    ids = tuple(one for plan in plans for one in plan.ids)
    return Plan(changes, plans[0].note if len(plans) == 1 else many, ids=ids, said=said)


def _refuse_twice(session: Session, sequence: Record, fields: Record) -> None:
    for one in enrolled.of_people(session, enrolled.keys(session, fields)):
        if one.get("sequence") == sequence["id"]:
            at = enrolled.place(session, one)
            _, who = enrolled.called(session, one)
            raise Invalid(f"{who} is in {sequence.get('name')} already, at step {at.number} of {at.of}")


def _now(session: Session) -> str:
    from datetime import UTC

    # To the millisecond, as ids are: what was logged a moment before must not count as an answer.
    return session.now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _in_days(day: date, days: int) -> date:
    from datetime import timedelta

    return day + timedelta(days=days)


def _due(session: Session, day: date, days: int) -> date:
    """Return the day of a step: the one that is so many days later, or the first day of work after it."""
    from tuicrm.crm.answering import workday

    return workday(session, _in_days(day, days)) if days > 0 else day


def _step(session: Session, enrolment: Record, step: Step, due: date, ctx: Typing) -> list[Change]:
    """Return the changes that make a step a follow-up; none where it is one already."""
    from tuicrm.crm.edit import born
    from tuicrm.crm.lookup import name_of
    from tuicrm.store.changes import Revive, Write
    from tuicrm.when import say_date

    key = enrolled.step_id(enrolment["id"], step.key)
    if session.ws.get("followup", key) is not None:
        return []
    name = name_of(session, "sequence", enrolment["sequence"])
    steps = enrolled.numbers(session, enrolment)
    subject = f"{step.said} ({name} {steps[step.key]}/{len(steps)})"
    typed = {"subject": [subject], "due": [due.isoformat()]}
    typed.update({field: [value] for field in ("lead", "owner") if (value := word(enrolment.get(field)))})
    held = enrolled.person(session, enrolment)
    if held is not None and held[0] == "contact":
        typed["contacts"] = [held[1]["id"]]
        if company := word(held[1].get("company")):
            typed["company"] = [company]
    record = born(session, session.kind("followup"), typed, Typing(session), record_id=key)
    fields = {name: value for name, value in record.items() if name != "id"}
    ctx.note(f"next: {subject}, {say_date(due)}")
    if key in session.ws.dead("followup"):
        return [Revive("followup", key), Write("followup", key, {**fields, "done_at": None, "snoozed_until": None})]
    return [Write("followup", key, fields)]


def advance(session: Session, followup: Record, ctx: Typing) -> list[Change]:
    """Return what comes of a follow-up that is being done, where it is a step: the next one, or the end."""
    found = enrolled.of_followup(session, str(followup["id"]))
    if found is None:
        return []
    from tuicrm.crm.stopping import reasons

    enrolment, step = found
    why = reasons(session, [enrolment]).get(enrolment["id"])
    if why:
        return ending(session, enrolment, why, ctx, but={str(followup["id"])})
    return _onwards(session, enrolment, step, session.today, ctx, enrolled.after(session, enrolment, step))


def _onwards(
    session: Session, enrolment: Record, step: Step | None, done: date, ctx: Typing, following: Step | None
) -> list[Change]:
    """Return the next step, as many days after the last was done as lie between them, or the end."""
    passed = step.day if step else 0
    if following is not None:
        return _step(session, enrolment, following, _due(session, done, following.day - passed), ctx)
    if session.today < _in_days(done, enrolled.last_day(session, enrolment) - passed):
        return []
    return ending(session, enrolment, "all steps were taken", ctx)


def ending(
    session: Session, enrolment: Record, why: str, ctx: Typing, *, but: Iterable[str] = (), stopped: bool = True
) -> list[Change]:
    """Return the changes that end somebody's sequence: what was still to be done of it goes."""
    from tuicrm.records.values import instant_text
    from tuicrm.store.changes import Remove, Write

    name, who = enrolled.called(session, enrolment)
    if stopped:
        ctx.note(f"{name} ended for {who}: {why}")
    made: list[Change] = [Write("enrolment", enrolment["id"], {"ended_at": instant_text(session.now), "reason": why})]
    return [*made, *(Remove("followup", key) for key in undone(session, enrolment) if key not in but)]


def undone(session: Session, enrolment: Record) -> list[str]:
    """Return the ids of the follow-ups of somebody's sequence that are still to be done."""
    ids = enrolled.step_ids(session, enrolment)
    return [key for key in ids if (one := session.ws.get("followup", key)) is not None and not one.get("done_at")]


def stop(session: Session, sequence: Record | None, kind: str, record: Record) -> Plan:
    """Return the plan that takes somebody out of a sequence, or out of all that they are in; NotFound for none."""
    from tuicrm.crm.lookup import name_of, title

    found = enrolled.of_people(session, [record["id"]])
    found = [one for one in found if sequence is None or one.get("sequence") == sequence["id"]]
    who = title(session, kind, record)
    if not found:
        raise NotFound(f"{who} is not in {word(sequence.get('name'))}" if sequence else f"{who} is in no sequence")
    ctx = Typing(session)
    why = f"stopped by {name_of(session, 'user', session.me) or session.user}"
    made = [change for one in found for change in ending(session, one, why, ctx, stopped=False)]
    names = ", ".join(enrolled.called(session, one)[0] for one in found)
    return Plan(tuple(made), f"stopped {names} with {who}", ids=tuple(one["id"] for one in found), said=ctx.notes)


def remove(session: Session, sequences: Sequence[Record]) -> Plan:
    """Return the plan that removes sequences, and ends them for whoever is in one."""
    from dataclasses import replace

    from tuicrm.crm.edit import remove as remove_records

    plan = remove_records(session, "sequence", sequences)
    ctx = Typing(session)
    going = [one for one in enrolled.running(session) if one.get("sequence") in plan.ids]
    made = [change for one in going for change in ending(session, one, "the sequence was removed", ctx)]
    return replace(plan, changes=(*plan.changes, *made), said=ctx.notes)


def hear(session: Session, entry: Record, closed: str, ctx: Typing) -> list[Change]:
    """Return what an entry that is being logged ends: an answer and a meeting end the sequences of their people.

    `closed` is the follow-up that the same step marks as done.
    """
    from tuicrm.crm.stopping import heard, start_ms
    from tuicrm.crm.touches import at_ms

    why = heard(entry)
    people = enrolled.of_people(session, enrolled.of_entry(entry)) if why else []
    ended = [one for one in people if start_ms(one) <= at_ms(entry)]
    return [change for one in ended for change in ending(session, one, why, ctx, but={closed})]


def due(session: Session) -> Iterator[Due]:
    """Yield what time and others' changes made of the sequences: ends, steps that are missing, steps too many."""
    from tuicrm.crm.due import Due
    from tuicrm.crm.stopping import reasons

    going = enrolled.running(session)
    ctx = Typing(session)
    why = {**reasons(session, going), **_twice(session, going)} if going else {}
    made: list[Change] = []
    for one in going:
        if one["id"] in why:
            made.extend(ending(session, one, why[one["id"]], ctx))
        else:
            made.extend(_caught_up(session, one, ctx))
    made.extend(_left_over(session))
    if made:
        ids = tuple(dict.fromkeys(one.id for one in made if one.kind == "enrolment"))
        notes = ctx.notes or ("removed steps of a sequence that has ended",)
        note = notes[0] if len(notes) == 1 else f"went on with sequences: {len(notes)} steps"
        yield Due(Plan(tuple(made), note, ids=ids, said=notes), told=notes, records=len(ids))


def _twice(session: Session, going: Sequence[Record]) -> dict[str, str]:
    """Return those who were put into one sequence on two clones: the first of the two goes on."""
    seen: set[tuple[str, str]] = set()
    found = {}
    for one in going:
        held = enrolled.person(session, one)
        pair = (word(one.get("sequence")), held[1]["id"] if held else one["id"])
        if pair in seen:
            found[one["id"]] = "it was started twice"
        seen.add(pair)
    return found


def _caught_up(session: Session, enrolment: Record, ctx: Typing) -> list[Change]:
    """Return the next step of somebody whose last one was done or removed without it."""
    from datetime import datetime

    at = enrolled.place(session, enrolment)
    if at.waiting:
        return []
    said = word((at.followup or {}).get("done_at")) or word(enrolment.get("started_at"))
    try:
        done = datetime.fromisoformat(said).astimezone(session.reading.now.tzinfo).date()
    except (ValueError, OverflowError):
        done = session.today
    return _onwards(
        session, enrolment, at.step, done, ctx, enrolled.after(session, enrolment, at.step, passing_removed=True)
    )


def _left_over(session: Session) -> list[Change]:
    """Return the removals of steps that one clone made while another ended the sequence."""
    from tuicrm.store.changes import Remove

    over = (one for one in session.ws.all("enrolment").values() if one.get("ended_at"))
    return [Remove("followup", key) for one in over for key in undone(session, one)]
