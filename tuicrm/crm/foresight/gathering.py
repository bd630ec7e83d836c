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
from tuicrm.crm.shapes import table
from tuicrm.crm.touches import id_ms
from tuicrm.store.ulid import rank

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tuicrm.crm.rates import Rates
    from tuicrm.crm.session import Session
    from tuicrm.crm.stays import Stay
    from tuicrm.crm.tracks import Step, Tracks

Record = dict[str, Any]
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

    def facts(self, owned: Collection[str] | None = None, *, earliest: int | None = None, last: int = NEVER) -> Facts:
        """Return the facts up to a day (today where absent) of all deals, or of those with an id among `owned`.

        `earliest` is the first day that they will be looked at from.
        """
        held = self.episodes
        if owned is not None:
            held = tuple(one for one in held if self.deals[one.deal] in owned)
        return Facts(held, min(last, self.today), earliest=earliest, fiscal=self.fiscal)


def gather(session: Session) -> Gathered:
    """Return what is known of all live deals, amounts in base currency; raises MissingRate."""
    found: Gathered = session.remember(f"foresight {session.today} {session.zone}", lambda: _Gathering(session).all())
    return found


class _Gathering:
    """One pass over the deals."""

    def __init__(self, session: Session) -> None:
        from tuicrm.crm.rates import rates
        from tuicrm.crm.stays import stays
        from tuicrm.crm.tracks import tracks

        self._session = session
        self._deals = session.ws.all("deal")
        self._stays = stays(session)
        self._log: Tracks = tracks(session)
        self._facts = derive.deals(session)
        self._rates: Rates = rates(session)
        self._today = session.today.toordinal()
        self._stages: dict[tuple[str, str], int] = {}
        self._products: dict[str, int] = {"": 0}

    def all(self) -> Gathered:
        """Return the episodes."""
        episodes: list[Episode] = []
        for number, (key, deal) in enumerate(self._deals.items()):
            episodes += self._episodes(number, deal, self._stays[key])
        fiscal = self._session.year_start
        return Gathered(tuple(episodes), tuple(self._deals), self._today, fiscal)

    def _episodes(self, number: int, deal: Record, stays: Sequence[Stay]) -> list[Episode]:
        key = deal["id"]
        closes = self._known(deal, "expected_close", self._log.of(key, "expected_close"))
        values = self._known(deal, "value", self._log.of(key, "value"))
        steps = self._log.of(key, "stage")
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
        every = (moves, closes, values)
        days = {first} | {one.day for held in every for one in held if first < one.day < last}
        if self._facts.status(deal) == "open" and last == self._today:
            days |= {last for held in every for one in held if one.day == last and one.day > first}
        pipeline = self._facts.pipeline(deal)
        return [
            Run(
                day,
                self._stages.setdefault((pipeline, _at(moves, day)), len(self._stages)),
                derive.day_ordinal(_at(closes, day)),
                self._money(_at(values, day), day),
                self._chance(pipeline, _at(moves, day) or start),
            )
            for day in sorted(days)
        ]

    def _chance(self, pipeline: str, stage: str) -> float:
        held = self._facts.stage_named(pipeline, stage)
        return nan if held is None else held.probability / 100

    def _money(self, text: str, day: int) -> float:
        number, _, currency = text.partition(" ")
        value = derive.amount(number)
        if value is None:
            return nan
        return float(self._rates.to_base(value, currency or self._session.currency, day))

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
            currency = str(deal.get("currency") or self._session.currency)
            total += float(self._rates.to_base(price * count, currency, self._facts.opened(deal)))
        return (total if total > 0 else nan), product


def _is_imported(deal: Record) -> bool:
    return id_ms(deal["id"]) % QUARTER_HOUR == 0


def _at(known: Sequence[Known], day: int) -> str:
    """Return what a field held at the end of a day."""
    text = ""
    for one in known:
        if one.day > day:
            break
        text = one.text
    return text
