"""What a rule would have done in the past days: found in the log and in the records, with nothing written or run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.crm.rules.engine import Engine
from tuicrm.crm.rules.events import BIRTH, Event
from tuicrm.crm.shapes import word, words
from tuicrm.crm.touches import at_ms, id_ms, text_ms
from tuicrm.records.kinds.activity import AUTOMATIC, CHANGE, TRACKED
from tuicrm.records.kinds.rule import CHANGED, CREATED, DATE, IDLE, OVERDUE, STAGE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuicrm.crm.rules.model import Rule
    from tuicrm.crm.session import Session

Record = dict[str, Any]
_DAY_MS = 86_400_000
_EPOCH = 719_163


class Would(NamedTuple):
    """One run that would have been."""

    ms: int
    kind: str
    id: str
    title: str
    did: str


@dataclass(frozen=True)
class Replay:
    """The runs, oldest first, and what cannot be known of the past."""

    runs: list[Would]
    unknown: tuple[str, ...]


def replay(session: Session, rule: Rule, days: int) -> Replay:
    """Return what a rule would have done in the last `days` days."""
    end = int(session.now.timestamp() * 1000)
    begin = end - days * _DAY_MS
    found = {CREATED: _created, CHANGED: _changed, STAGE: _stages, OVERDUE: _late, IDLE: _idle, DATE: _dates}
    events = [one for one in found[rule.trigger](session, rule) if begin <= one.ms <= end]
    engine, runs = Engine(session), []
    for event in sorted(events, key=lambda one: (one.ms, one.id)):
        engine.again(datetime.fromtimestamp(event.ms / 1000, UTC))
        if rule.of == "deal" and (held := session.ws.get("deal", event.id)) is not None:
            engine.suppose("deal", _as_it_was(session, held, event.ms))
        if engine.fire(rule, event) and engine.runs[-1].did:
            runs.append(_would(session, engine, event))
    return Replay(runs, tuple(_unknown(session, rule)))


def _would(session: Session, engine: Engine, event: Event) -> Would:
    from tuicrm.crm.lookup import title

    run = engine.runs[-1]
    return Would(event.ms, event.kind, event.id, title(session, event.kind, run.record), "; ".join(run.did))


def _as_it_was(session: Session, deal: Record, ms: int) -> Record:
    """Return a deal with its stage, value, close date and owner as the log knows them of a moment."""
    from tuicrm.crm.tracks import tracks

    then = dict(deal)
    for name in TRACKED:
        later = [step for step in tracks(session).of(deal["id"], name) if step.ms > ms]
        if later:
            value, _, currency = later[0].before.partition(" ")
            then[name] = value or None
            if name == "value" and currency:
                then["currency"] = currency
    return {name: value for name, value in then.items() if value is not None}


def _created(session: Session, rule: Rule) -> Iterator[Event]:
    for key in session.ws.all(rule.of):
        yield _event(rule, key, BIRTH, id_ms(key))


def _event(rule: Rule, key: str, instance: str, ms: int) -> Event:
    return Event(rule.trigger, rule.of, key, rule.stage or rule.field, instance, ms, fresh=True)


def _changed(session: Session, rule: Rule) -> Iterator[Event]:
    if rule.of == "deal" and rule.field in TRACKED:
        for one in session.ws.all("activity").values():
            if one.get("type") == CHANGE and one.get("field") == rule.field and isinstance(one.get("deal"), str):
                yield _event(rule, one["deal"], one["id"], at_ms(one))
        return
    for key, record in session.ws.all(rule.of).items():
        last = _last_version(record, rule.field)
        if last > key:
            yield _event(rule, key, last, id_ms(last))


def _last_version(record: Record, field: str) -> str:
    from tuicrm.store.leaves import stamps, top
    from tuicrm.store.ulid import rank

    return max((rank(version) for path, version in stamps(record).items() if top(path) == field), default="")


def _stages(session: Session, rule: Rule) -> Iterator[Event]:
    from tuicrm.crm.tracks import tracks

    for key, deal in session.ws.all("deal").items():
        steps = tracks(session).of(key, "stage")
        first = steps[0].before if steps else word(deal.get("stage"))
        if first == rule.stage:
            yield _event(rule, key, BIRTH, id_ms(key))
        for step in steps:
            if step.after == rule.stage:
                yield _event(rule, key, str(step.ms), step.ms)


def _late(session: Session, rule: Rule) -> Iterator[Event]:
    from tuicrm.crm.nexts import due_day

    for key, one in session.ws.all("followup").items():
        day = due_day(session, one)
        ms = (day + 1 - _EPOCH) * _DAY_MS
        done = text_ms(word(one.get("done_at"))) if one.get("done_at") else 0
        if day and id_ms(key) < ms and (not done or done > ms):
            yield _event(rule, key, word(one.get("due")), ms)


def _idle(session: Session, rule: Rule) -> Iterator[Event]:
    """The moments at which a record had been left alone for the rule's days, until somebody came back to it."""
    touched: dict[str, list[int]] = {}
    for one in session.ws.all("activity").values():
        moved = rule.of == "deal" and one.get("type") == CHANGE and one.get("field") == "stage"
        if moved or one.get("type") not in AUTOMATIC:
            keys = words(one.get("contacts")) if rule.of == "contact" else [word(one.get(rule.of))]
            for key in keys:
                touched.setdefault(key, []).append(at_ms(one))
    for key, record in session.ws.all(rule.of).items():
        times = sorted([id_ms(key), *touched.get(key, ())])
        closed = _closed_ms(session, rule.of, record)
        for place, last in enumerate(times):
            ms = last + rule.days * _DAY_MS
            if (place + 1 == len(times) or times[place + 1] > ms) and not 0 < closed <= ms:
                yield _event(rule, key, str(last), ms)


def _closed_ms(session: Session, kind: str, record: Record) -> int:
    from tuicrm.crm.derive import day_ordinal

    day = day_ordinal(record.get("closed_on")) if kind == "deal" else 0
    return (day - _EPOCH) * _DAY_MS if day else 0


def _dates(session: Session, rule: Rule) -> Iterator[Event]:
    from tuicrm.crm.derive import day_ordinal
    from tuicrm.crm.query.compare import reader

    field = session.kind(rule.of).by_name.get(rule.field)
    if field is None:
        return
    read = reader(session, rule.of, field)
    for key, record in session.ws.all(rule.of).items():
        day = day_ordinal(read(record))
        ms = (day + rule.days - _EPOCH) * _DAY_MS
        if day and id_ms(key) < ms and not 0 < _closed_ms(session, rule.of, record) <= ms:
            yield _event(rule, key, str(day), ms)


def _unknown(session: Session, rule: Rule) -> Iterator[str]:
    """Yield what cannot be known, a sentence each."""
    if rule.trigger == CHANGED and not (rule.of == "deal" and rule.field in TRACKED):
        yield f"of {rule.field} only the last change of each record is known: earlier ones are not shown"
    if rule.trigger == OVERDUE:
        yield "follow-ups that were put off count from the day that they are due now"
    if rule.trigger == DATE and not (rule.of == "deal" and rule.field in TRACKED):
        yield f"{rule.field} is taken as it is now: what it was before is not kept"
    if rule.condition.strip():
        if rule.of == "deal":
            yield "the query is asked of stage, value, close date and owner as they were, of all else as it is now"
        else:
            yield "the query is asked of what the records hold now: what they held before is not kept"
    yield "records that are in the trash are left out"
