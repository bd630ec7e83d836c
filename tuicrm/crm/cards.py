"""Cards of the board: what a rep needs to know of one deal at a glance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuicrm.crm import derive, nexts
from tuicrm.crm.lookup import names, title
from tuicrm.crm.touches import touches
from tuicrm.money import short

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from tuicrm.crm.session import Session
    from tuicrm.crm.stages import StageInfo

Record = dict[str, Any]

_NEXT_RANKS = {"late": 0, "none": 1, "today": 2, "later": 3}
_FAR = 1 << 30


@dataclass(slots=True)
class Card:
    """One open deal on the board."""

    id: str
    title: str
    company: str
    value: Decimal | None
    currency: str
    shown_currency: str
    """What is written behind the value: the currency where it is not the board's, else empty."""
    weighted: Decimal | None
    next: str
    """`late`, `today`, `later` or `none`."""
    next_text: str
    """`late 3d`, `today`, `in 2d`, `no date` or `none`."""
    next_subject: str
    """What the follow-up says; without one, what the deal's own field says that has to happen."""
    rotting: bool
    age_days: int
    stage_days: int
    owner_name: str
    expected_close: str
    """A date, or empty."""
    sort_key: Any

    @property
    def value_text(self) -> str:
        """The value in short, with the currency where it is not the board's; empty without a value."""
        if self.value is None:
            return ""
        return f"{short(self.value)} {self.shown_currency}".rstrip()


class Deck:
    """Makes the cards of one board; what they share is looked up once."""

    def __init__(self, session: Session, currency: str, order: str) -> None:
        self._session = session
        self._facts = derive.deals(session)
        self._log = touches(session)
        self._todo = nexts.nexts(session)
        self._companies = names(session, "company")
        self._users = names(session, "user")
        self._today = session.today.toordinal()
        self._base = session.currency
        self._currency = currency
        self._order = order
        self._relative: dict[int, str] = {}

    def cards(self, deals: Iterable[Record], stage: StageInfo | None) -> list[Card]:
        """Return the cards of the deals of one stage in the board's order; equal ones by id."""
        found = [self.card(deal, stage) for deal in deals]
        found.sort(key=lambda card: (card.sort_key, card.id))
        return found

    def card(self, deal: Record, stage: StageInfo | None) -> Card:
        """Return the card of one open deal."""
        day_of, today, key = self._facts.day_of, self._today, deal["id"]
        opened = self._facts.opened(deal)
        staged, talked = self._log.staged(key), self._log.talked(key)
        entered = day_of(staged) if staged else opened
        touched = max(entered, day_of(talked)) if talked else entered
        value = derive.amount(deal.get("value"))
        name, company, owner = deal.get("name"), deal.get("company"), deal.get("owner")
        close, currency, step = deal.get("expected_close"), deal.get("currency"), deal.get("next_step")
        currency = currency if currency.__class__ is str and currency else self._base
        card = Card(
            id=key,
            title=name if name.__class__ is str and name.strip() else title(self._session, "deal", deal),
            company=self._companies[company] if company.__class__ is str and company else "",
            value=value,
            currency=currency,
            shown_currency="" if currency == self._currency else currency,
            weighted=None if value is None else (value * derive.chance(deal, stage)).scaleb(-2),
            next="none",
            next_text="none",
            next_subject=step if step.__class__ is str else "",
            rotting=stage is not None and 0 < stage.rotting_days < today - touched,
            age_days=max(today - opened, 0),
            stage_days=max(today - entered, 0),
            owner_name=self._users[owner] if owner.__class__ is str and owner else "",
            expected_close=close if close.__class__ is str else "",
            sort_key=None,
        )
        card.sort_key = self._sort_key(card, self._plan(card))
        return card

    def _plan(self, card: Card) -> int:
        """Fill in what is next, and return the day on which it is due (0 without a date)."""
        followup = self._todo.of("deal", card.id)
        if followup is None:
            return 0
        card.next_subject = str(followup.get("subject", ""))
        due = nexts.due_day(self._session, followup)
        if not due:
            card.next, card.next_text = "later", "no date"
            return 0
        card.next = "late" if due < self._today else "today" if due == self._today else "later"
        text = self._relative.get(due)
        if text is None:
            from datetime import date

            from tuicrm.when import relative

            text = self._relative[due] = relative(date.fromordinal(due), self._session.reading)
        card.next_text = text
        return due

    def _sort_key(self, card: Card, due: int) -> Any:
        if self._order == "next":
            return (_NEXT_RANKS[card.next], due or _FAR)
        if self._order == "value":
            return (card.value is None, 0 if card.value is None else -card.value)
        if self._order == "age":
            return -card.age_days
        if self._order == "close":
            return card.expected_close or "9999"
        from tuicrm.folding import fold

        return fold(card.title)
