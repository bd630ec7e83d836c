"""What happened to a record: calls and mails, changes of its deals, follow-ups done, in one line each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from tuicrm.crm import derive
from tuicrm.crm.chronicle import became, concerning
from tuicrm.crm.lookup import name_of, title
from tuicrm.crm.shapes import table, word, words
from tuicrm.crm.touches import at_ms, id_ms, text_ms
from tuicrm.records.kinds.activity import CHANGE, RULE, TOUCH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuicrm.crm.session import Session

Record = dict[str, Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened."""

    at: datetime
    """An aware time, in UTC."""
    by: str
    """The name of who did it; empty where nobody knows."""
    text: str
    kind: str
    """The kind of the record that tells of it."""
    id: str
    field: str = ""
    """The field that was changed, where that is all that happened; what was there before, and what came."""
    before: str = ""
    after: str = ""
    commit: str = ""
    """The commit that brought it; empty where it is not known, or where none has it yet."""


def history(session: Session, kind: str, key: str) -> list[Event]:
    """Return what happened to a record, newest first; to a company, with all that concerns its people and deals."""
    kind = session.kind(kind).name
    record = session.ws.stored.any(kind, key)
    if record is None:
        return []
    concerns = concerning(session, kind, key)
    found = [*_own(session, kind, record), *_merges(session, kind, key)]
    found += [_of_activity(session, one, kind) for one in session.ws.all("activity").values() if concerns(one)]
    found += [
        _of_followup(session, one)
        for one in session.ws.all("followup").values()
        if one.get("done_at") and one["id"] != key and concerns(one)
    ]
    if kind == "deal":
        found += _closing(session, record, found)
    return sorted(found, key=lambda event: (event.at, event.id), reverse=True)


def _own(session: Session, kind: str, record: Record) -> Iterator[Event]:
    """Yield what the record itself says: when it was made, opened, done."""
    key = record["id"]
    yield Event(moment(id_ms(key)), "", "added", kind, key)
    opened = _noon(session, record.get("opened_on"))
    if opened is not None and kind == "deal":
        yield Event(opened, "", "opened", kind, key)
    if kind == "lead" and (converted := word(record.get("converted_at"))):
        yield Event(moment(text_ms(converted)), "", f"converted: {became(session, record)}", kind, key)
    if kind == "followup" and record.get("done_at"):
        yield _of_followup(session, record)


def _merges(session: Session, kind: str, key: str) -> Iterator[Event]:
    """Yield what was merged into the record, and what was edited there without anybody having decided about it."""
    if not session.ws.forwards(kind):
        return
    from tuicrm.crm.forwarded import gone_into, unseen_fields

    for one in gone_into(session, kind, key):
        name, gone = title(session, kind, one.record), one.record["id"]
        late = unseen_fields(session, one)
        more = f"; edited there since: {', '.join(late)} (tuicrm {kind} merge {key} {gone} takes it in)" if late else ""
        yield Event(moment(id_ms(one.version)), one.by, f"{name} was merged into this {kind}{more}", kind, gone)


def _closing(session: Session, deal: Record, known: list[Event]) -> list[Event]:
    """Return the closing of a deal whose log does not tell of it: one that came from another system."""
    stage = derive.deals(session).stage(deal)
    closed = _noon(session, deal.get("closed_on"))
    if stage is None or stage.kind == "open" or closed is None:
        return []
    if any(event.kind == "activity" and event.text.startswith("stage: ") for event in known):
        return []
    reason = deal.get("lost_reason")
    text = f"{stage.name}: {reason}" if isinstance(reason, str) and reason else stage.name
    return [Event(closed, "", text, "deal", deal["id"])]


def _of_activity(session: Session, one: Record, seen_from: str) -> Event:
    text = change_text(session, one) if one.get("type") == CHANGE else activity_text(session, one)
    deal = one.get("deal")
    if seen_from != "deal" and isinstance(deal, str) and (called := name_of(session, "deal", deal)):
        text = f"{called}: {text}"
    return Event(moment(at_ms(one)), _by(session, one), text, "activity", one["id"])


def _of_followup(session: Session, one: Record) -> Event:
    done = one.get("done_at")
    return Event(
        moment(text_ms(done) if isinstance(done, str) else 0),
        _by(session, one),
        f"done: {title(session, 'followup', one)}",
        "followup",
        one["id"],
    )


def activity_text(session: Session, activity: Record) -> str:
    """Return an activity in one line: `call with Jane Roe: wants the report (12 min, reached)`."""
    if activity.get("type") == RULE:
        return f"rule {activity.get('subject', '')}"
    people = ", ".join(filter(None, (name_of(session, "contact", one) for one in words(activity.get("contacts")))))
    people = people or name_of(session, "lead", word(activity.get("lead")))
    sort = word(activity.get("type"))
    if sort == TOUCH and (touch := word(activity.get("touch"))):
        sort = f"{touch} touch"
    head = sort + (f" with {people}" if people else "")
    subject = activity.get("subject")
    duration, outcome = activity.get("duration"), activity.get("outcome")
    facts = [f"{duration} min" if isinstance(duration, int) and duration else "", str(outcome or "").replace("_", " ")]
    tail = ", ".join(filter(None, facts))
    return head + (f": {subject}" if subject else "") + (f" ({tail})" if tail else "")


def change_text(session: Session, entry: Record) -> str:
    """Return an automatic entry in one line: `stage: Qualified > Demo`."""
    field = str(entry.get("field", ""))
    before, after = (_said(session, entry, field, entry.get(side)) for side in ("before", "after"))
    known = session.kind("deal").by_name.get(field)
    head = known.title if known is not None else field
    why = f" ({reason})" if isinstance(reason := entry.get("reason"), str) and reason else ""
    if not after:
        return f"{head}: cleared, was {before}{why}" if before else f"{head}: cleared{why}"
    return f"{head}: {before} > {after}{why}" if before else f"{head}: {after}{why}"


def _said(session: Session, entry: Record, field: str, value: Any) -> str:
    """Return one side of a change as people say it: names instead of keys, money with its currency in front."""
    text = value if isinstance(value, str) else ""
    if not text:
        return ""
    if field == "owner":
        return name_of(session, "user", text) or text
    if field == "stage":
        from tuicrm.crm.stages import of_deal, stages

        deal = session.ws.get("deal", str(entry.get("deal", ""))) or {}
        if not (deal or session.ws.all("pipeline")):
            return text
        pipeline = of_deal(session, deal)
        gone = table(pipeline.get("gone")).get(text, {})
        return next((stage.name for stage in stages(pipeline) if stage.key == text), word(gone.get("name")) or text)
    if field == "value":
        from tuicrm.money import Money, show

        number, _, currency = text.partition(" ")
        amount = derive.amount(number)
        return show(Money(amount, currency)).strip() if amount is not None else text
    return text


def _by(session: Session, record: Record) -> str:
    owner = record.get("owner")
    return name_of(session, "user", owner) if isinstance(owner, str) else ""


def moment(ms: int) -> datetime:
    """Return the aware time of milliseconds since 1970."""
    return _EPOCH + timedelta(milliseconds=ms)


def _noon(session: Session, day: object) -> datetime | None:
    """Return the noon of a stored date in the session's zone, as UTC; None where there is no date."""
    ordinal = derive.day_ordinal(day)
    if not ordinal:
        return None
    return datetime.combine(date.fromordinal(ordinal), time(12), derive.zone_of(session)).astimezone(UTC)
