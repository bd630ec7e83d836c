"""The facts of a workspace for forecasting: of each deal, what was known when.

Stage, value and expected close of past days come from the log, never from today's record. An imported deal brings no
such log, so that of its past only the opening and the closing are known; else those that are open today would look
different from those that were closed before they were imported, and give the future away.
"""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.crm import derive
from tuicrm.crm.foresight.facts import LOST, NEVER, OPEN, WON, Episode, Facts, Run
from tuicrm.crm.rates import MissingRate
from tuicrm.crm.shapes import table
from tuicrm.crm.touches import id_ms
from tuicrm.store.ulid import rank

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Mapping, Sequence
    from decimal import Decimal

    from tuicrm.crm.session import Session
    from tuicrm.crm.stays import Stay
    from tuicrm.crm.tracks import Step

Record = dict[str, Any]
FIELDS = ("stage", "value", "expected_close")
"""Of what the log holds, the fields that count."""
QUARTER_HOUR = 900_000
"""Milliseconds. An id made in passing hits a whole quarter of an hour once in 900,000 times; an imported day does."""
OUTCOMES = {"won": WON, "lost": LOST}


class Known(NamedTuple):
    """What a field held from a day on."""

    day: int
    text: str


class Gathered(NamedTuple):
    """The episodes of all live deals."""

    episodes: tuple[Episode, ...]
    deals: tuple[str, ...]
    """The id of each deal, by its number."""
    today: int
    fiscal: int
    missing: Mapping[int, MissingRate]
    """By a deal's number, why an amount of it could not be converted; it is NaN."""

    def facts(
        self,
        owned: Collection[str] | None = None,
        *,
        earliest: int | None = None,
        last: int = NEVER,
        amounts: bool = True,
    ) -> Facts:
        """Return the facts up to a day (today where absent) of all deals, or of those with an id among `owned`.

        `earliest` is the first day that they will be looked at from. Raises MissingRate where an amount could not be
        converted, unless `amounts` says that none is needed.
        """
        held = self.episodes
        if owned is not None:
            held = tuple(one for one in held if self.deals[one.deal] in owned)
        for one in held if amounts and self.missing else ():
            if one.deal in self.missing:
                raise self.missing[one.deal]
        return Facts(held, min(last, self.today), earliest=earliest, fiscal=self.fiscal)


def gather(session: Session) -> Gathered:
    """Return what is known of all live deals, amounts in base currency; only deals that changed are looked at again."""
    found: Gathered = session.remember(f"foresight {session.today} {session.zone}", lambda: _gathered(session))
    return found


def _gathered(session: Session) -> Gathered:
    from tuicrm.crm.rates import rates

    given = (session.today, session.zone, session.year_start, derive.deals(session).ways, rates(session).given)
    held: _Gathering | None = session.kept.get("foresight")
    if held is None or held.given != given:
        held = session.kept["foresight"] = _Gathering(session, given)
    return held.all(session)


class _Held(NamedTuple):
    """What the episodes of a deal were made from; records and steps are replaced, never changed in place."""

    deal: Record
    stays: Sequence[Stay]
    steps: tuple[Sequence[Step], ...]
    episodes: list[Episode]


class _Gathering:
    """What was made of deals so far, under circumstances that stay the same: the day, the stages, the rates."""

    def __init__(self, session: Session, given: tuple[Hashable, ...]) -> None:
        self.given = given
        self._currency = session.currency
        self._year_start = session.year_start
        self._today = session.today.toordinal()
        self._held: dict[str, _Held] = {}
        self._numbers: dict[str, int] = {}
        self._stages: dict[tuple[str, str], int] = {}
        self._plain: dict[str, float] = {"": nan}
        """Amounts in the base currency by their text."""
        self._missing: dict[int, MissingRate] = {}
        self._number = 0
        """The deal that is looked at."""
        self._products: dict[str, int] = {"": 0}

    def all(self, session: Session) -> Gathered:
        """Return the episodes of the deals as they are now."""
        from tuicrm.crm.rates import rates
        from tuicrm.crm.stays import stays
        from tuicrm.crm.tracks import tracks

        self._facts, self._rates = derive.deals(session), rates(session)
        every, log = stays(session), tracks(session)
        episodes: list[Episode] = []
        for key, deal in session.ws.all("deal").items():
            steps = tuple(log.of(key, field) for field in FIELDS)
            held = self._held.get(key)
            if held is None or held.deal is not deal or held.stays is not every[key] or _differ(held.steps, steps):
                number = self._numbers.setdefault(key, len(self._numbers))
                self._missing.pop(number, None)
                held = self._held[key] = _Held(deal, every[key], steps, self._episodes(number, deal, every[key], steps))
            episodes += held.episodes
        return Gathered(tuple(episodes), tuple(self._numbers), self._today, self._year_start, self._missing)

    def _episodes(
        self, number: int, deal: Record, stays: Sequence[Stay], log: tuple[Sequence[Step], ...]
    ) -> list[Episode]:
        self._number = number
        steps = log[0]
        values, closes = self._known(deal, "value", log[1]), self._known(deal, "expected_close", log[2])
        moves = [Known(self._facts.day_of(step.ms), step.after) for step in steps]
        start = "" if not steps and _is_imported(deal) else stays[0].stage
        listed, product = self._listed(deal)
        found: list[Episode] = []
        begun: int | None = None
        for stay in stays:
            if stay.kind == "open":
                begun = stay.first if begun is None else begun
            elif begun is not None:
                won = self._won(deal, values, stay) if stay.kind == "won" else 0.0
                runs = self._runs(deal, begun, stay.first, moves, closes, values, start)
                outcome = OUTCOMES[stay.kind]
                found.append(Episode(number, begun, stay.first, outcome, won, listed, product, runs))
                begun = None
        if begun is not None and begun <= self._today:
            runs = self._runs(deal, begun, self._today, moves, closes, values, start)
            found.append(Episode(number, begun, NEVER, OPEN, 0.0, listed, product, runs))
        return found

    def _known(self, deal: Record, field: str, steps: Sequence[Step]) -> list[Known]:
        """Return what a field held, oldest first; what nobody knows is an empty text."""
        from tuicrm.crm.track import shown

        now = shown(deal, field)
        found = [Known(0, steps[0].before)] if steps else []
        found += [Known(self._facts.day_of(step.ms), step.after) for step in steps]
        if not found:
            return [Known(0, ""), Known(self._today, now)] if _is_imported(deal) else [Known(0, now)]
        if found[-1].text != now:
            written = self._facts.day_of(id_ms(rank((deal.get("_v") or {}).get(field, deal["id"]))))
            found.append(Known(max(written, found[-1].day), now))
        return found

    def _runs(
        self,
        deal: Record,
        first: int,
        last: int,
        moves: list[Known],
        closes: list[Known],
        values: list[Known],
        start: str,
    ) -> list[Run]:
        """Return what was known of a deal between two days; what changed on the last one, its closing, is left out.

        `start` is the stage in which it began. A stage tells of the chances only once a move is on record: until then
        the deals that came with their stage and those that came without would differ.
        """
        is_open = last == self._today and self._facts.status(deal) == "open"
        until = last + 1 if is_open else last
        days = {first}
        for held in (moves, closes, values):
            days.update(one.day for one in held if first < one.day < until)
        pipeline = self._facts.pipeline(deal)
        found = []
        for day in sorted(days):
            stage = _at(moves, day)
            way = (pipeline, stage)
            number = self._stages.get(way)
            if number is None:
                number = self._stages[way] = len(self._stages)
            close, value = derive.day_ordinal(_at(closes, day)), self._money(_at(values, day), day)
            found.append(Run(day, number, close, value, self._chance(pipeline, stage or start)))
        return found

    def _money(self, text: str, day: int) -> float:
        found = self._plain.get(text)
        if found is not None:
            return found
        number, _, currency = text.partition(" ")
        value = derive.amount(number)
        if value is None:
            return nan
        found = self._in_base(value, currency, day)
        if currency in ("", self._currency):
            self._plain[text] = found
        return found

    def _in_base(self, value: Decimal, currency: str, day: int) -> float:
        try:
            return float(self._rates.to_base(value, currency or self._currency, day))
        except MissingRate as error:
            self._missing.setdefault(self._number, error)
            return nan

    def _chance(self, pipeline: str, stage: str) -> float:
        held = self._facts.stage_named(pipeline, stage)
        return nan if held is None else held.probability / 100

    def _won(self, deal: Record, values: list[Known], stay: Stay) -> float:
        """Return what a deal brought: its value, or what that was at a closing that was taken back since."""
        from tuicrm.crm.track import shown

        text = shown(deal, "value") if stay.end is None else _at(values, stay.first)
        return self._money(text, stay.first) if text else 0.0

    def _listed(self, deal: Record) -> tuple[float, int]:
        """Return the list price that the line items took over when they were made, and a number for the product."""
        from tuicrm.crm.lookup import product_of

        product = self._products.setdefault(product_of(deal), len(self._products))
        total = 0.0
        for item in table(deal.get("items")).values():
            price = derive.amount(item.get("price"))
            count = derive.amount(item.get("quantity", "1"))
            if price is None or count is None:
                return nan, product
            total += self._in_base(price * count, str(deal.get("currency") or ""), self._facts.opened(deal))
        return (total if total > 0 else nan), product


def _differ(one: tuple[Sequence[Step], ...], other: tuple[Sequence[Step], ...]) -> bool:
    return any(mine is not yours for mine, yours in zip(one, other, strict=True))


def _is_imported(deal: Record) -> bool:
    return id_ms(deal["id"]) % QUARTER_HOUR == 0


def _at(known: Sequence[Known], day: int) -> str:
    """Return what a field held at the end of a day."""
    for one in reversed(known):
        if one.day <= day:
            return one.text
    return ""
