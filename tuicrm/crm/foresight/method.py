"""The forecast by the team's own history, for a period: what is expected of each deal and month, and how surely."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from tuicrm.crm.foresight.blend import Blend, Trials
from tuicrm.crm.foresight.gathering import gather
from tuicrm.crm.foresight.landmark import Landmarks
from tuicrm.crm.foresight.model import Hazards, Model
from tuicrm.crm.foresight.spread import spread

if TYPE_CHECKING:
    from tuicrm.crm.foresight.facts import Floats
    from tuicrm.crm.foresight.gathering import Gathered
    from tuicrm.crm.foresight.spread import Spread
    from tuicrm.crm.methods import Ask, Range
    from tuicrm.crm.periods import Period
    from tuicrm.crm.session import Session

Record = dict[str, Any]
CENT = Decimal("0.01")
OPEN_ONLY = Blend(1.0, 1.0, 1.0, (), 0.0)
"""What to make of the two views where a filter chooses deals: it cannot choose deals that are not made yet."""


class History:
    """The chances of the open deals, the deals to come and the run rate, weighed by what each view got right before.

    Chances are learnt from all deals of the team; deals to come and the run rate from those of the scope.
    """

    name = "history"
    says = "as the team's own deals went"

    def __init__(self, ask: Ask, why: str = "") -> None:
        from tuicrm.crm.methods import PLENTY

        held = gather(ask.session)
        self._today = held.today
        self._filtered = bool(ask.where.strip())
        self.rough = sum(one.outcome > 0 for one in held.episodes) < PLENTY
        self._first, self._last = self._bounds(ask.period)
        self._spans = [self._bounds(span) for span in ask.spans]
        self._marks = sorted({mark for pair in self._spans for mark in pair} - {0})
        self._horizon = self._last or (self._marks[-1] if self._marks else 1)
        self._hazards, self._landmarks = _learnt(ask.session, self._horizon)
        self._model = _model(ask, held, self._hazards)
        self._views: dict[int, float] = {0: 0.0}
        self._chances: dict[int, Floats] = {0: np.zeros(len(self._model.open.episode))}
        self._laters: dict[int, float] = {0: 0.0}
        self._blend = OPEN_ONLY
        if self._marks:
            self._look_ahead()
        self._place = {held.deals[deal]: at for at, deal in enumerate(self._model.deals())}
        self._futures: Spread | None = None
        self.why = why + self._record() if why else ""

    def _bounds(self, period: Period) -> tuple[int, int]:
        """Return from which, and up to which number of days after today a period has days that are still to come."""
        first, last = (max(day.toordinal() - 1 - self._today, 0) for day in (period.first, period.end))
        return first, last

    def _look_ahead(self) -> None:
        model, marks = self._model, self._marks
        chances = model.judged(marks, self._landmarks.factors(model.origin))
        pipeline = chances @ model.open.value
        if self._filtered:
            laters, views = np.zeros(len(marks)), pipeline
        else:
            laters = model.later(marks)
            self._blend = Trials(model.facts, self._hazards, self._landmarks, self._horizon).blend(model.origin)
            views = self._blend.of(pipeline + laters * model.mean, model.run_rate(marks))
        for at, mark in enumerate(marks):
            self._chances[mark], self._laters[mark] = chances[at], float(laters[at])
            self._views[mark] = float(views[at])

    def _record(self) -> str:
        """Return how far the method was off before; empty where it could not be tried."""
        off = self._blend.errors
        if not off:
            return ""
        mean = float(np.abs(np.exp(-np.array(off)) - 1).mean())
        return f"; on {len(off)} earlier days it was {mean:.0%} off"

    def expected(self, deal: Record, value: Decimal | None) -> Decimal | None:
        """Return a deal's chance to be won in the period times its value, or times what stands in for one."""
        at = self._place.get(deal["id"])
        if at is None:
            return None if value is None else Decimal(0)
        chance = float(self._chances[self._last][at] - self._chances[self._first][at])
        worth = Decimal(repr(float(self._model.open.value[at]))) if value is None else value
        return (worth * Decimal(repr(chance))).quantize(CENT)

    def more(self, at: int, placed: Decimal) -> Decimal:
        """Return what the days of a month that are to come should bring, beyond what is expected of its deals."""
        first, last = self._spans[at]
        return _exact((self._views[last] - self._views[first]) * self._scale()) - placed

    def range(self, won: Decimal, quota: Decimal | None) -> Range | None:
        """Return where the period should end."""
        from tuicrm.crm.methods import Range

        futures = self._drawn()
        low, middle, high = (won + _exact(futures.at(share)) for share in (0.1, 0.5, 0.9))
        chance = None if quota is None else round(100 * futures.reaching(float(quota - won)))
        return Range(low, middle, high, chance)

    def _scale(self) -> float:
        return 1.0

    def _drawn(self) -> Spread:
        if self._futures is None:
            first, last = self._first, self._last
            self._futures = spread(
                self._model,
                self._blend,
                self._chances[last] - self._chances[first],
                self._laters[last] - self._laters[first],
                self._views[last] - self._views[first],
            )
        return self._futures


class Simulation(History):
    """The middle of the possible futures: half of them bring more, half less."""

    name = "simulation"
    says = "the middle of many possible futures"

    def _scale(self) -> float:
        mean = self._views[self._last] - self._views[self._first]
        return self._drawn().at(0.5) / mean if mean > 0 else 1.0


def _learnt(session: Session, horizon: int) -> tuple[Hazards, Landmarks]:
    """Return what the deals of the whole team tell, for forecasts so many days ahead."""

    def make() -> tuple[Hazards, Landmarks]:
        facts = gather(session).facts(amounts=False)
        hazards = Hazards(facts)
        return hazards, Landmarks(facts, hazards, horizon)

    found: tuple[Hazards, Landmarks] = session.remember(f"learnt {session.today} {session.zone} {horizon}", make)
    return found


def _model(ask: Ask, held: Gathered, hazards: Hazards) -> Model:
    """Return the model of the deals asked for; nothing is expected of those that their category leaves out."""
    from tuicrm.crm.forecast import deals_in

    own = None
    if ask.scope.owners is not None or ask.where.strip():
        own = {deal["id"] for deal in deals_in(ask.session, ask.scope, ask.where)}
    omitted = {key for key, one in ask.session.ws.all("deal").items() if one.get("category") == "omitted"}
    numbers = {at for at, key in enumerate(held.deals) if key in omitted}
    return Model(held.facts(own), hazards, held.today, leave_out=numbers)


def _exact(value: float) -> Decimal:
    return Decimal(repr(value)).quantize(CENT)
