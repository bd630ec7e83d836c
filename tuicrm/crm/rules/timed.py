"""What time sets off: follow-ups that are late, records that nobody talks about, dates that are reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.rules.engine import MOST_TOLD, Engine
from tuicrm.crm.rules.events import BIRTH, Event
from tuicrm.crm.shapes import word
from tuicrm.crm.touches import id_ms
from tuicrm.errors import Invalid, TuicrmError
from tuicrm.records.kinds.rule import CREATED, DATE, IDLE, OVERDUE, STAGE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuicrm.crm.due import Due
    from tuicrm.crm.rules.model import Rule
    from tuicrm.crm.session import Session

Record = dict[str, Any]
MOST = 500
"""Records above which a rule that is run at once waits for somebody's yes."""
_DAY_MS = 86_400_000
_EPOCH = 719_163


def due(session: Session) -> Iterator[Due]:
    """Yield what the rules that wait for time have to do now, a step for each rule."""
    from tuicrm.crm.due import Due
    from tuicrm.crm.rules.book import book
    from tuicrm.crm.rules.commands import is_allowed

    for rule in book(session).timed:
        foreign = [one.text for one in rule.actions if one.do == "command" and not is_allowed(session, one.text)]
        if foreign:
            # Left to the machine where it is allowed: running the rest here would keep it from running there.
            said = f"{rule.name}: its command is not allowed on this machine; tuicrm rule allow shows it"
            yield Due(waits=said, minor=True)
            continue
        try:
            found = step(session, rule)
        except TuicrmError as problem:
            found = Due(waits=f"{rule.name}: {problem}")
        if found.plan is not None or found.waits:
            yield found


def step(session: Session, rule: Rule, *, anyway: bool = False, whole: bool = False) -> Due:
    """Return what one rule has to do now; more than `MOST` records wait for a yes, unless `anyway`.

    `whole` tells of every record, not of the first ones alone.
    """
    from tuicrm.crm.due import Due

    engine = Engine(session)
    for event in events(session, rule):
        engine.fire(rule, event)
    count = sum(1 for one in engine.runs if one.did)
    if not count:
        return Due()
    if count > MOST and not anyway:
        said = f"{rule.name} would run on {count:,} records at once, so it waits"
        return Due(waits=f'{said}: tuicrm rule run "{rule.name}" --yes does it', records=count)
    engine.work()
    return Due(
        _plan(session, engine, rule, count),
        engine.told(count if whole else MOST_TOLD),
        errands=tuple(engine.errands),
        records=count,
    )


def _plan(session: Session, engine: Engine, rule: Rule, count: int) -> Any:
    from tuicrm.crm.lookup import title
    from tuicrm.crm.plan import Plan

    kind = session.kind(rule.of)
    one = engine.runs[0]
    about = title(session, one.kind, one.record) if count == 1 else f"{count:,} {kind.many}"
    changes = (*engine.changes, *engine.entries())
    ids = tuple(dict.fromkeys(str(run.record["id"]) for run in engine.runs if run.rule.id == rule.id and run.did))
    return Plan(changes, f"rule {rule.name} ran on {about}", ids=ids, settled=True)


def events(session: Session, rule: Rule) -> Iterator[Event]:
    """Yield what sets a rule off as things stand: what is due, or for what happens once, what is there already."""
    from tuicrm.crm.listing import select

    made = {OVERDUE: _late, IDLE: _idle, DATE: _reached, CREATED: _there, STAGE: _in_stage}.get(rule.trigger)
    if made is None:
        raise Invalid(
            f"{rule.name} runs at the moment at which {rule.field} is changed, so nothing is left for later",
            hint=f'tuicrm rule test "{rule.name}" shows what it would have done.',
        )
    yield from made(session, rule, select(session, rule.of, where=rule.condition))


def _late(session: Session, rule: Rule, held: list[Record]) -> Iterator[Event]:
    """Late follow-ups, but for those that such a rule made itself: they would breed."""
    from tuicrm.crm.nexts import due_day, lateness, snoozed
    from tuicrm.crm.rules.model import rules
    from tuicrm.crm.rules.runs import runs

    done = runs(session)
    bred = {key for one in rules(session) if one.trigger == OVERDUE for key in done.made(one)}
    for one in held:
        if lateness(session, one) == "late" and not snoozed(session, one) and one["id"] not in bred:
            ms = (due_day(session, one) + 1 - _EPOCH) * _DAY_MS
            yield Event(OVERDUE, "followup", one["id"], "", word(one.get("due")), ms)


def _idle(session: Session, rule: Rule, held: list[Record]) -> Iterator[Event]:
    """Records that nobody talked about, and nobody moved, for the rule's days."""
    now = int(session.now.timestamp() * 1000)
    for one in held:
        last = last_ms(session, rule.of, one)
        at = last + rule.days * _DAY_MS
        if at <= now:
            yield Event(IDLE, rule.of, one["id"], "", str(last), at)


def last_ms(session: Session, kind: str, record: Record) -> int:
    """Return when a record was last talked about, moved or made, in milliseconds since 1970."""
    from tuicrm.crm.talks import talks
    from tuicrm.crm.touches import touches

    key = str(record["id"])
    moved = touches(session).staged(key) if kind == "deal" else 0
    return max(talks(session).when([key]), moved, id_ms(key))


def _reached(session: Session, rule: Rule, held: list[Record]) -> Iterator[Event]:
    """Records whose date, or the day so far from it, has come since the rule was made."""
    from tuicrm.crm.derive import day_ordinal
    from tuicrm.crm.query.compare import reader

    field = session.kind(rule.of).by_name.get(rule.field)
    if field is None:
        return
    today, born = session.today.toordinal(), id_ms(rule.id) // _DAY_MS + _EPOCH
    read = reader(session, rule.of, field)
    for one in held:
        value = read(one)
        day = day_ordinal(value)
        if day and born <= day + rule.days <= today:
            at = (day + rule.days - _EPOCH) * _DAY_MS
            yield Event(DATE, rule.of, one["id"], rule.field, str(value)[:10], at)


def _there(session: Session, rule: Rule, held: list[Record]) -> Iterator[Event]:
    for one in held:
        yield Event(CREATED, rule.of, one["id"], "", BIRTH, id_ms(one["id"]))


def _in_stage(session: Session, rule: Rule, held: list[Record]) -> Iterator[Event]:
    from tuicrm.crm.rules.runs import runs

    entered = {
        word(one.get("deal")): one["id"]
        for one in session.ws.all("activity").values()
        if one.get("field") == "stage" and one.get("type") == "change"
    }
    ran = {word(one.get("before")): id_ms(one["id"]) for one in runs(session).by_rule.get(rule.id, ())}
    for one in held:
        told = entered.get(one["id"], "")
        if one.get("stage") == rule.stage and ran.get(f"deal/{one['id']}", -1) < id_ms(told or one["id"]):
            yield Event(STAGE, "deal", one["id"], rule.stage, told or BIRTH, id_ms(told or one["id"]))
