"""What follows from stored records and is never stored itself: status, weighted value, age, rotting, what is next."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tuicrm.crm.shapes import table
from tuicrm.crm.touches import at_ms, id_ms, touches

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import tzinfo
    from decimal import Decimal

    from tuicrm.crm.session import Session
    from tuicrm.crm.stages import StageInfo
    from tuicrm.crm.touches import Touches

Record = dict[str, Any]

HEAVY = frozenset({"stage_days", "rotting", "last_activity_at", "next_due"})
"""Computed fields of deals that need the log or the follow-ups read."""
ON_REQUEST = HEAVY | {"completeness", "needs"}
"""Computed fields that lists show only where they are asked for."""

_DAY_MS = 86_400_000
_EPOCH = 719_163
"""The ordinal of 1970-01-01."""
_WIDEST = 30
"""Digits before the point, or zeros after it, beyond which a stored amount is taken for damage."""


class Deals:
    """What follows for deals, at one revision of the workspace and on one day."""

    def __init__(self, session: Session) -> None:
        from tuicrm.crm.stages import default, stages, successor
        from tuicrm.errors import NotFound

        self._session = session
        self._days = Days(zone_of(session))
        self._today = session.today.toordinal()
        held = session.ws.all("pipeline")
        try:
            self._default = str(default(session)["id"])
        except NotFound:
            self._default = ""
        self._stages = {(key, stage.key): stage for key, one in held.items() for stage in stages(one)}
        for key, one in held.items():
            # Deals that a teammate moved into a stage while it was removed here.
            for gone in table(one.get("gone")):
                stage = self._stages.get((key, successor(one, gone)))
                if stage is not None:
                    self._stages[key, gone] = stage
        self._pipelines = frozenset(held)
        self.ways = hash((self._default, tuple((key, one.kind, one.probability) for key, one in self._stages.items())))
        """A number that stays the same as long as the stages, their kinds and their probabilities do."""
        self._log: Touches | None = None

    def pipeline(self, deal: Record) -> str:
        """Return the id of the pipeline that a deal counts in: its own, or the default one where that is gone."""
        own = deal.get("pipeline")
        return own if own.__class__ is str and own in self._pipelines else self._default

    def stage(self, deal: Record) -> StageInfo | None:
        """Return the stage that a deal is in; None where its pipeline has no such stage."""
        key = deal.get("stage")
        return self.stage_named(self.pipeline(deal), key) if key.__class__ is str else None

    def stage_named(self, pipeline: str, key: str) -> StageInfo | None:
        """Return a stage of a pipeline by its key; None where there is none."""
        return self._stages.get((pipeline, key))

    def standing(self, deal: Record) -> str:
        """Return the key of the stage that a deal is in; what it says itself where its pipeline has no such stage."""
        stage = self.stage(deal)
        return stage.key if stage is not None else str(deal.get("stage"))

    def status(self, deal: Record) -> str:
        """Return `open`, `won` or `lost`; a deal in a stage that nobody knows is open, so that it stays in sight."""
        stage = self.stage(deal)
        return stage.kind if stage is not None else "open"

    def probability(self, deal: Record) -> int:
        """Return the chance of winning in percent: the deal's own, else its stage's."""
        return chance(deal, self.stage(deal))

    def weighted(self, deal: Record) -> Decimal | None:
        """Return value times probability, in the deal's currency and exact; None without a value."""
        value = amount(deal.get("value"))
        return None if value is None else (value * self.probability(deal)).scaleb(-2)

    def opened(self, deal: Record) -> int:
        """Return the day (an ordinal) on which a deal was opened: what it says, else the day in its id."""
        return day_ordinal(deal.get("opened_on")) or self.day_of(id_ms(deal["id"]))

    def age_days(self, deal: Record) -> int:
        """Return the days since the deal was opened; for a closed one, until it was closed."""
        end = self._today
        if deal.get("closed_on") and self.status(deal) != "open":
            end = day_ordinal(deal["closed_on"]) or end
        return max(end - self.opened(deal), 0)

    def stage_days(self, deal: Record) -> int:
        """Return the days since the deal entered its stage: its last change of stage, else its closing or opening."""
        entered = self._touches().staged(deal["id"])
        since = self.day_of(entered) if entered else day_ordinal(deal.get("closed_on")) or self.opened(deal)
        return max(self._today - since, 0)

    def last_activity(self, deal: Record) -> int:
        """Return when a call, e-mail, meeting or note was last logged, in milliseconds since 1970; 0 for never."""
        return self._touches().talked(deal["id"])

    def rotting(self, deal: Record) -> bool:
        """Tell whether an open deal had no activity and no change of stage for longer than its stage allows."""
        stage = self.stage(deal)
        if stage is None or stage.kind != "open" or stage.rotting_days <= 0:
            return False
        return self.untouched_days(deal) > stage.rotting_days

    def untouched_days(self, deal: Record) -> int:
        """Return the days since the deal was opened, talked about or moved, whichever was last."""
        log = self._touches()
        last = max(log.talked(deal["id"]), log.staged(deal["id"]))
        opened = self.opened(deal)
        return max(self._today - (max(self.day_of(last), opened) if last else opened), 0)

    def day_of(self, ms: int) -> int:
        """Return the day (an ordinal) of a moment in the session's zone."""
        return self._days.of(ms)

    def _touches(self) -> Touches:
        if self._log is None:
            self._log = touches(self._session)
        return self._log


def deals(session: Session) -> Deals:
    """Return what follows for deals as things stand; one object per revision and day."""
    found: Deals = session.remember(f"deals {session.today} {session.zone}", lambda: Deals(session))
    return found


def chance(deal: Record, stage: StageInfo | None) -> int:
    """Return a deal's chance of winning in percent, given its stage."""
    own = deal.get("probability")
    if isinstance(own, int) and own.__class__ is int and 0 <= own <= 100:
        return own
    return stage.probability if stage is not None else 0


def amount(value: object) -> Decimal | None:
    """Return a stored amount as a number; None for an absent one and for what is no decimal number."""
    return _amount(str(value)) if value.__class__ is str else None


# The value of one deal is compared with those of hundreds of rules.
@lru_cache(maxsize=4096)
def _amount(text: str) -> Decimal | None:
    from decimal import Decimal, InvalidOperation

    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found.adjusted()) <= _WIDEST else None


def zone_of(session: Session) -> tzinfo:
    """Return the zone of the session's wall times."""
    return session.reading.now.tzinfo or UTC


class Days:
    """The calendar days of moments in one zone; clocks are looked at once for each day."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._offsets: dict[int, int | None] = {}

    def of(self, ms: int) -> int:
        """Return the day (an ordinal) of a moment, given in milliseconds since 1970."""
        day = ms // _DAY_MS
        if day not in self._offsets:
            begin, end = self._offset(day * _DAY_MS), self._offset((day + 1) * _DAY_MS)
            self._offsets[day] = begin if begin == end else None
        offset = self._offsets[day]
        if offset is None:  # a day on which the clocks change
            offset = self._offset(ms)
        return (ms + offset) // _DAY_MS + _EPOCH

    def _offset(self, ms: int) -> int:
        ahead = datetime.fromtimestamp(ms // 1000, self._zone).utcoffset() or timedelta()
        return int(ahead.total_seconds() * 1000)


def day_ordinal(text: object) -> int:
    """Return a stored date as an ordinal; 0 for what is none. Of a wall time, the date in its own zone counts."""
    return _ordinal(str(text)[:10]) if text.__class__ is str else 0


@lru_cache(maxsize=8192)
def _ordinal(text: str) -> int:
    try:
        return date.fromisoformat(text).toordinal()
    except ValueError:
        return 0


def wall_ms(session: Session, stored: str) -> int:
    """Return when a stored day or wall time begins, in milliseconds since 1970; 0 for what is neither."""
    from tuicrm.errors import Invalid
    from tuicrm.when import Moment

    try:
        return int(Moment.parse(stored).instant(session.zone).timestamp() * 1000)
    except Invalid:
        return 0


def instant_of(ms: int) -> str:
    """Return a moment, given in milliseconds since 1970, as records hold it."""
    day, second = divmod(ms // 1000, 86_400)
    return f"{_date_text(day)}T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"


@lru_cache(maxsize=4096)
def _date_text(day: int) -> str:
    return date.fromordinal(day + _EPOCH).isoformat()


def born_at(record_id: str) -> str:
    """Return the moment that an id carries, as records hold it."""
    return _born(record_id[:10])


@lru_cache(maxsize=4096)
def _born(time: str) -> str:
    """Return the moment that the first ten characters of an id stand for; both times of most records, so kept."""
    return instant_of(id_ms(time))


def updated_ms(record: Mapping[str, Any]) -> int:
    """Return when a record last changed: the highest of its versions, or its id."""
    versions = record.get("_v")
    if not versions:
        return id_ms(record["id"])
    from tuicrm.store.ulid import rank

    try:
        last = max(versions.values())
    except TypeError:
        last = ""
    # What is no version counts for nothing, however high it sorts.
    return id_ms(max(record["id"], rank(last) or max(map(rank, versions.values()))))


def computed(session: Session, kind: str, name: str) -> Callable[[Record], Any] | None:
    """Return what reads a derived field in the stored form of its type; None for a field that is simply stored."""
    if name == "created_at":
        return lambda record: _born(record["id"][:10])
    if name == "updated_at":
        return lambda record: instant_of(updated_ms(record)) if record.get("_v") else _born(record["id"][:10])
    if name == "completeness":
        from tuicrm.crm.completeness import completeness

        return completeness(session, kind)
    if kind == "deal" and name == "needs":
        from tuicrm.crm.needs import needs_text

        return lambda deal: needs_text(session, deal) or None
    if kind == "activity" and name == "at":
        return lambda record: instant_of(at_ms(record))
    if kind == "answer" and name == "used":
        from tuicrm.crm.answers import used

        return used
    if kind == "quote":
        from tuicrm.crm.quotes import standing

        return standing.computed(session, name)
    if kind == "lead" and name == "score":
        from tuicrm.crm.scoring import reader

        return reader(session)
    return _of_deals(session, name) if kind == "deal" else None


def _of_deals(session: Session, name: str) -> Callable[[Record], Any] | None:
    from tuicrm.crm.lookup import product_of
    from tuicrm.crm.nexts import nexts
    from tuicrm.money import amount_text

    if name == "product":
        return lambda deal: product_of(deal) or None
    if name not in ("status", "weighted", "age_days", *HEAVY):
        return None
    facts = deals(session)
    if name == "weighted":

        def weighted(deal: Record) -> str | None:
            found = facts.weighted(deal)
            return None if found is None else amount_text(found, str(deal.get("currency", "")))

        return weighted
    if name == "last_activity_at":
        return lambda deal: instant_of(facts.last_activity(deal)) if facts.last_activity(deal) else None
    if name == "next_due":
        todo = nexts(session)
        return lambda deal: (todo.of("deal", deal["id"]) or {}).get("due")
    found: Callable[[Record], Any] = getattr(facts, name)
    return found
