"""Ways of saying what deals will bring: by their stage, by their category, by how the team's own deals went."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from tuicrm.crm import derive
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tuicrm.crm.periods import Period
    from tuicrm.crm.scopes import Scope
    from tuicrm.crm.session import Session

Record = dict[str, Any]

COMMITTED = 80
"""The probability in percent from which an open deal without a forecast category counts as committed."""
LIKELY = 50
"""The probability in percent from which it counts as best case."""
CATEGORIES = ("commit", "best_case", "pipeline", "omitted")


class Ask(NamedTuple):
    """What a forecast is made for."""

    session: Session
    period: Period
    spans: Sequence[Period]
    """The months that are shown, one after the other; those of the period come first."""
    scope: Scope
    where: str = ""


class Range(NamedTuple):
    """Where the outcome of a period should lie, won so far included."""

    low: Decimal
    middle: Decimal
    high: Decimal
    """With eight chances in ten it lies between `low` and `high`, and as often above the middle as below it."""

    chance: int | None
    """The chance to reach the quota in percent; None without one."""


class Method(Protocol):
    """What a forecast asks of a method; all amounts are in the base currency."""

    name: str
    says: str
    """In a few words, how it works."""
    why: str
    """Why it was chosen, where nobody asked for it."""
    rough: bool
    """Whether so little is known that the range says more than the sum."""

    def expected(self, deal: Record, value: Decimal | None) -> Decimal | None:
        """Return what an open deal should bring in the period, given its value; None where nothing can be said."""

    def more(self, at: int, placed: Decimal) -> Decimal:
        """Return what a month should bring beyond the open deals placed in it, of which `placed` is expected."""

    def range(self, won: Decimal, quota: Decimal | None) -> Range | None:
        """Return where the outcome of the period should lie, given what is won; None where the method cannot say."""


class Weighted:
    """Every deal counts with its value times its probability."""

    name = "weighted"
    says = "value times probability"
    rough = False

    def __init__(self, ask: Ask, why: str = "") -> None:
        self.why = why
        self._facts = derive.deals(ask.session)

    def expected(self, deal: Record, value: Decimal | None) -> Decimal | None:
        """Return value times probability."""
        return None if value is None else (value * self._facts.probability(deal)).scaleb(-2)

    def more(self, at: int, placed: Decimal) -> Decimal:
        """Return nothing: only deals that are there count."""
        return Decimal(0)

    def range(self, won: Decimal, quota: Decimal | None) -> Range | None:
        """Return None: a probability typed in says nothing about how far it is off."""
        return None


class Categories(Weighted):
    """Committed deals count in full, all others not at all."""

    name = "categories"
    says = "won and committed deals, in full"

    def expected(self, deal: Record, value: Decimal | None) -> Decimal | None:
        """Return the value of a committed deal, and nothing of another one."""
        if value is None:
            return None
        return value if category_of(deal, self._facts.probability(deal)) == "commit" else Decimal(0)


def category_of(deal: Record, probability: int) -> str:
    """Return a deal's forecast category: its own, else the one that its probability (in percent) stands for."""
    own = deal.get("category")
    if own in CATEGORIES:
        return str(own)
    return "commit" if probability >= COMMITTED else "best_case" if probability >= LIKELY else "pipeline"


def _history(ask: Ask, why: str = "") -> Method:
    from tuicrm.crm.foresight.method import History

    return History(ask, why)


def _simulation(ask: Ask, why: str = "") -> Method:
    from tuicrm.crm.foresight.method import Simulation

    return Simulation(ask, why)


METHODS: dict[str, Callable[[Ask, str], Method]] = {
    "history": _history,
    "simulation": _simulation,
    "weighted": Weighted,
    "categories": Categories,
}
ENOUGH = 6
"""Deals that must have been closed before the team's own history says more than probabilities that were typed in."""
PLENTY = 30
"""Closed deals from which that history is no longer called little."""


def method_for(ask: Ask, name: str = "") -> Method:
    """Return a method, the best that the data supports where no name is given; Invalid names those there are."""
    if not name:
        return _best(ask)
    make = METHODS.get(name)
    if make is None:
        raise Invalid(f"there is no forecast method {name!r}; use {', '.join(METHODS)}", field="method")
    return make(ask, "")


def _best(ask: Ask) -> Method:
    """Return history where enough deals were closed, whoever they belonged to; else weighted."""
    facts, today = derive.deals(ask.session), ask.session.today.toordinal()
    kinds = [
        facts.status(one)
        for one in ask.session.ws.all("deal").values()
        if derive.day_ordinal(one.get("closed_on")) <= today
    ]
    closed, won = sum(one != "open" for one in kinds), kinds.count("won")
    if closed >= ENOUGH and won:
        much = "" if closed >= PLENTY else "little history: "
        return _history(ask, f"{much}{closed:,} deals were closed, {won:,} of them won")
    count = "no deal was" if not closed else f"only {closed:,} {'deal was' if closed == 1 else 'deals were'}"
    return Weighted(ask, f"{count} closed; history counts from {ENOUGH} on, one of them won")
