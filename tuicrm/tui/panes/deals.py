"""The deals behind a figure of the forecast or of a report: a list above it, from which Esc comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from tuicrm.tui.bindings import bindings_for
from tuicrm.tui.commands import DEALS
from tuicrm.tui.listing import Column, Group, ListModel
from tuicrm.tui.panes.behind import Behind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.binding import BindingType

    from tuicrm.tui.pane import Ref
    from tuicrm.tui.safe import Line, Span
    from tuicrm.tui.viewing import View

Record = dict[str, Any]

NEXT_LOOKS = {"late": "late", "today": "today"}
SIGNS = {"late": "!", "today": "=", "later": ".", "none": "?"}

COLUMNS = (
    Column("name", "deal"),
    Column("company", "company", drop=4),
    Column("stage", "stage", 12, drop=2),
    Column("value", "value", 8, right=True),
    Column("weighted", "weighted", 8, right=True, drop=3),
    Column("close", "close", 11, drop=1),
    Column("next", "next", 9, drop=5),
    Column("owner", "owner", 12, drop=6),
)


class Deals(Behind):
    """Groups of deals, each in one order; keys act on them as on the board."""

    PLACE = DEALS
    OF = "deal"
    ADDS = "deal"
    ORDERS = (("given", "as they matter"), ("value", "value"), ("close", "expected close"), ("name", "name"))
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(DEALS)

    def build(self, view: View) -> ListModel:
        """Return the deals that there still are and that the filter fits."""
        fits: Callable[[Record], bool] = bool
        if view.filter.strip():
            from tuicrm.crm.query import compile_query

            fits = compile_query(self.desk.session, "deal", view.filter)
        groups = []
        for name, ids in self.groups:
            held = [deal for deal in map(self.desk.session.ws.all("deal").get, ids) if deal is not None and fits(deal)]
            held.sort(key=_key(view.order))
            if held:
                title = f"{name} ({len(held):,})" if len(self.groups) > 1 else ""
                groups.append(Group(name, title, [("deal", deal["id"]) for deal in held]))
        return ListModel(groups, COLUMNS)

    def row(self, ref: Ref) -> Sequence[Span]:
        """Return the cells of a deal."""
        from tuicrm.crm import derive
        from tuicrm.crm.cards import Deck
        from tuicrm.money import short

        session = self.desk.session
        deal = session.ws.get(*ref)
        if deal is None:
            return [("", "text")] * len(COLUMNS)
        stage = derive.deals(session).stage(deal)
        is_open = stage is None or stage.kind == "open"
        card = Deck(session, session.currency, "name").card(deal, stage)
        day = card.expected_close if is_open else str(deal.get("closed_on", ""))
        late = is_open and bool(day) and day < session.today.isoformat()
        return [
            (f"~{card.title}" if card.rotting else card.title, "rotting" if card.rotting else "text"),
            (card.company if card.company != card.title else "", "muted"),
            (stage.name if stage is not None else "", "text"),
            (card.value_text or "-", "text"),
            (short(card.weighted) if is_open and card.weighted is not None else "", "text"),
            (f"!{day}" if late else day, "late" if late else "text"),
            (SIGNS[card.next] + card.next_text if is_open else "", NEXT_LOOKS.get(card.next, "text")),
            (card.owner_name, "muted"),
        ]

    def about_lines(self, ref: Ref) -> list[Line]:
        """Return the two lines about a deal, as on the board."""
        from tuicrm.crm import derive
        from tuicrm.crm.amounts import worth
        from tuicrm.crm.cards import Deck

        session = self.desk.session
        deal = session.ws.get(*ref)
        if deal is None:
            return [(), ()]
        stage = derive.deals(session).stage(deal)
        card = Deck(session, session.currency, "name").card(deal, stage)
        facts = [card.company, worth(card.currency, card.value) or "no value", f"{card.age_days} days old"]
        facts += [card.owner_name]
        first: Line = ((f" {card.title}", "title"), ("".join(f" | {one}" for one in facts if one), "muted"))
        if stage is not None and stage.kind != "open":
            return [first, ((f"  {stage.name} on {deal.get('closed_on', '?')}", "text"),)]
        words = "no next step" if card.next == "none" else f"{card.next_text}: {card.next_subject}"
        return [first, ((f"  {SIGNS[card.next]}{words}", NEXT_LOOKS.get(card.next, "text")),)]


def _key(order: str) -> Callable[[Record], tuple[Any, ...]]:
    """Return what sorts the deals of a group; those without a value or a date come last."""
    from tuicrm.crm.derive import amount
    from tuicrm.folding import fold

    if order == "value":
        return lambda deal: (-(amount(deal.get("value")) or 0), deal["id"])
    if order == "close":
        return lambda deal: (str(deal.get("closed_on") or deal.get("expected_close") or "9999"), deal["id"])
    if order == "name":
        return lambda deal: (fold(str(deal.get("name", ""))), deal["id"])
    return lambda deal: ()
