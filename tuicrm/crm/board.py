"""The pipeline board: the open deals of one pipeline, a column per stage, with what each is worth and needs next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tuicrm.crm import derive
from tuicrm.crm.cards import Card, Deck
from tuicrm.errors import Invalid
from tuicrm.money import short

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from tuicrm.crm.session import Session
    from tuicrm.crm.stages import StageInfo

Record = dict[str, Any]

ORDERS = ("next", "value", "age", "close", "name")
ELSEWHERE = "?"
"""The key of the column for deals whose stage the pipeline does not have, so that no deal drops out of sight."""


@dataclass(frozen=True, slots=True)
class Column:
    """The open deals of one stage."""

    key: str
    name: str
    kind: str
    count: int
    total_text: str
    """The sum in the board's currency, short; `61k+` where deals in other currencies are not in it."""
    weighted_text: str
    cards: list[Card]
    totals: dict[str, Decimal]
    """The exact sums by currency."""
    weighted: dict[str, Decimal]
    """The exact weighted sums by currency."""


@dataclass(frozen=True, slots=True)
class Board:
    """One pipeline at one moment; its numbers are those of its columns added up."""

    pipeline_id: str
    pipeline_name: str
    columns: list[Column]
    open_count: int
    """How many deals it shows; they are open unless the query names states."""
    total_text: str
    weighted_text: str
    order: str
    where: str
    currency: str
    """What the sums are in: the base currency, or the only one that the deals have."""
    totals: dict[str, Decimal]
    weighted: dict[str, Decimal]


def build_board(session: Session, *, pipeline: str = "", where: str = "", order: str = "next") -> Board:
    """Build the board of a pipeline (the default one where empty) from the open deals that a query fits.

    A query that names states, such as `is:won`, shows closed deals as well, in the columns of their stages.
    Orders: `next` (late, then nothing planned, then by the day of what is next), `value` (highest first), `age`
    (oldest first), `close` (soonest first), `name`. Sums are in one currency and never mixed: what is in others is
    left out and marked by a plus. Raises NotFound, Ambiguous or Invalid for what is asked.
    """
    from tuicrm.crm.stages import default, stages

    if order not in ORDERS:
        raise Invalid(f"a board has no order {order!r}; use {', '.join(ORDERS)}", field="order")
    if pipeline:
        from tuicrm.crm.lookup import find

        record = find(session, "pipeline", pipeline)
    else:
        record = default(session)
    by_stage = _by_stage(session, record["id"], where)
    known = stages(record)
    steps: list[tuple[str, str, StageInfo | None]] = [(one.key, one.name, one) for one in known if one.kind == "open"]
    closed = [(one.key, one.name, one) for one in known if one.kind != "open" and by_stage.get(one.key)]
    if closed and not any(by_stage.get(key) for key, _, _ in steps):
        steps = []
    steps += closed
    if by_stage.get(ELSEWHERE):
        steps.append((ELSEWHERE, "No stage", None))
    currency = _currency(session, (deal for held in by_stage.values() for deal in held))
    deck = Deck(session, currency, order)
    columns = [
        column_of(key, name, deck.cards(by_stage.get(key, []), stage), currency, stage.kind if stage else "open")
        for key, name, stage in steps
    ]
    totals = _added(column.totals for column in columns)
    weighted = _added(column.weighted for column in columns)
    return Board(
        pipeline_id=record["id"],
        pipeline_name=str(record.get("name", "")),
        columns=columns,
        open_count=sum(column.count for column in columns),
        total_text=_sum_text(totals, currency),
        weighted_text=_sum_text(weighted, currency),
        order=order,
        where=where,
        currency=currency,
        totals=totals,
        weighted=weighted,
    )


def _by_stage(session: Session, pipeline: str, where: str) -> dict[str, list[Record]]:
    """Return the deals of a pipeline that a query fits, by the key of their stage: open ones unless it names states."""
    from tuicrm.crm.query import compile_query, names_states

    closed = bool(where.strip()) and names_states(session, "deal", where)
    facts = derive.deals(session)
    found: dict[str, list[Record]] = {}
    for deal in session.ws.all("deal").values():
        if facts.pipeline(deal) != pipeline:
            continue
        stage = facts.stage(deal)
        if stage is None:
            found.setdefault(ELSEWHERE, []).append(deal)
        elif closed or stage.kind == "open":
            found.setdefault(stage.key, []).append(deal)
    if not where.strip():
        return found
    fits = compile_query(session, "deal", where)
    return {key: list(filter(fits, held)) for key, held in found.items()}


def _currency(session: Session, deals: Iterable[Record]) -> str:
    held = {str(deal.get("currency") or session.currency) for deal in deals if deal.get("value")}
    return held.pop() if len(held) == 1 else session.currency


def column_of(key: str, name: str, cards: list[Card], currency: str, kind: str = "open") -> Column:
    """Return the column of a stage with these cards: how many there are, and what they add up to."""
    totals: dict[str, Decimal] = {}
    weighted: dict[str, Decimal] = {}
    for card in cards:
        if card.value is not None and card.weighted is not None:
            held = card.currency
            totals[held] = totals[held] + card.value if held in totals else card.value
            weighted[held] = weighted[held] + card.weighted if held in weighted else card.weighted
    return Column(
        key=key,
        name=name,
        kind=kind,
        count=len(cards),
        total_text=_sum_text(totals, currency),
        weighted_text=_sum_text(weighted, currency),
        cards=cards,
        totals=totals,
        weighted=weighted,
    )


def swapped(column: Column, cards: list[Card], gone: Sequence[Card], come: Sequence[Card], currency: str) -> Column:
    """Return the column with other cards, those that went and came told: sums follow without adding all up again."""
    totals, weighted = dict(column.totals), dict(column.weighted)
    for sign, part in ((-1, gone), (1, come)):
        for card in part:
            if card.value is not None and card.weighted is not None:
                held = card.currency
                totals[held] = totals.get(held, 0) + sign * card.value
                weighted[held] = weighted.get(held, 0) + sign * card.weighted
    return replace(
        column,
        cards=cards,
        count=len(cards),
        totals=totals,
        weighted=weighted,
        total_text=_sum_text(totals, currency),
        weighted_text=_sum_text(weighted, currency),
    )


def with_columns(board: Board, columns: list[Column]) -> Board:
    """Return the board with other columns, its numbers those of the columns added up."""
    totals = _added(column.totals for column in columns)
    weighted = _added(column.weighted for column in columns)
    return replace(
        board,
        columns=columns,
        open_count=sum(column.count for column in columns),
        totals=totals,
        weighted=weighted,
        total_text=_sum_text(totals, board.currency),
        weighted_text=_sum_text(weighted, board.currency),
    )


def _added(parts: Iterable[dict[str, Decimal]]) -> dict[str, Decimal]:
    from decimal import Decimal

    found: dict[str, Decimal] = {}
    for part in parts:
        for currency, amount in part.items():
            found[currency] = found.get(currency, Decimal(0)) + amount
    return found


def _sum_text(sums: dict[str, Decimal], currency: str) -> str:
    from decimal import Decimal

    others = any(amount for held, amount in sums.items() if held != currency)
    return short(sums.get(currency, Decimal(0))) + ("+" if others else "")
