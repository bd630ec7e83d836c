"""The pipeline board's model."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tuicrm.crm.board import ELSEWHERE, ORDERS, Board, build_board
from tuicrm.crm.listing import select
from tuicrm.errors import Ambiguous, Invalid, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.cards import Card
    from tuicrm.crm.session import Session

    Put = Callable[..., str]


def titles(board: Board, stage: str) -> list[str]:
    return [card.title for column in board.columns if column.key == stage for card in column.cards]


def cards(board: Board) -> dict[str, Card]:
    return {card.title: card for column in board.columns for card in column.cards}


def test_a_board_has_the_open_stages_in_order_and_no_closed_deals(session: Session, put: Put) -> None:
    put("deal", name="open", stage="demo")
    put("deal", name="won", stage="won")
    put("deal", name="lost", stage="lost")
    board = build_board(session)
    names = [column.name for column in board.columns]
    assert names == ["Lead", "Qualified", "Demo", "Proposal", "Negotiation", "Verbal"]
    assert titles(board, "demo") == ["open"]
    assert (board.open_count, board.pipeline_name, board.currency) == (1, "Sales", "EUR")


def test_a_card_says_what_a_rep_needs(session: Session, put: Put) -> None:
    acme = put("company", name="Acme GmbH")
    key = put(
        *("deal",),
        **{"name": "Acme renewal", "company": acme, "stage": "demo", "value": "12000.00", "currency": "EUR"},
        **{"owner": session.me, "expected_close": "2026-10-30", "days_ago": 34},
    )
    put("followup", subject="call Jane", due="2026-10-05", deal=key)
    put("activity", type="change", field="stage", deal=key, days_ago=6)
    card = cards(build_board(session))["Acme renewal"]
    assert (card.id, card.company, card.owner_name, card.expected_close) == (key, "Acme GmbH", "Ann Lee", "2026-10-30")
    assert (card.value, card.value_text, card.weighted) == (Decimal(12000), "12k", Decimal(3600))
    assert (card.next, card.next_text, card.next_subject) == ("late", "late 3d", "call Jane")
    assert (card.age_days, card.stage_days, card.rotting) == (34, 6, False)


@pytest.mark.parametrize(
    ("due", "state", "text"),
    [
        ("2026-10-07", "late", "late 1d"),
        ("2026-10-08", "today", "today"),
        ("2026-10-08T08:00[Europe/Berlin]", "today", "today"),
        ("2026-10-10", "later", "in 2d"),
        ("", "later", "no date"),
    ],
)
def test_what_is_next_in_words(session: Session, put: Put, due: str, state: str, text: str) -> None:
    put("followup", subject="call", deal=put("deal", name="x", stage="demo"), **({"due": due} if due else {}))
    card = cards(build_board(session))["x"]
    assert (card.next, card.next_text) == (state, text)


def test_a_deal_without_a_follow_up_says_so(session: Session, put: Put) -> None:
    put("deal", name="x", stage="demo")
    card = cards(build_board(session))["x"]
    assert (card.next, card.next_text, card.next_subject, card.value_text) == ("none", "none", "", "")


def test_the_orders(session: Session, put: Put) -> None:
    for name, value, days, close, due in (
        ("late2", "5.00", 3, "2026-12-01", "2026-10-06"),
        ("Later", "400.00", 9, "2026-10-09", "2026-10-20"),
        ("none", None, 50, None, None),
        ("today", "30.00", 4, "2026-11-01", "2026-10-08"),
        ("late9", "30.00", 5, "2026-10-30", "2026-09-29"),
    ):
        fields = {"value": value, "currency": "EUR", "expected_close": close}
        held = {name: one for name, one in fields.items() if one is not None}
        key = put("deal", name=name, stage="demo", days_ago=days, **held)
        if due:
            put("followup", subject="x", deal=key, due=due)
    shown = {order: titles(build_board(session, order=order), "demo") for order in ORDERS}
    assert shown == {
        "next": ["late9", "late2", "none", "today", "Later"],
        "value": ["Later", "late9", "today", "late2", "none"],
        "age": ["none", "Later", "late9", "today", "late2"],
        "close": ["Later", "late9", "today", "late2", "none"],
        "name": ["late2", "late9", "Later", "none", "today"],
    }


def test_currencies_are_never_added_up(session: Session, put: Put) -> None:
    put("deal", name="a", stage="demo", value="60000.00", currency="EUR")
    put("deal", name="b", stage="demo", value="1000.00", currency="EUR")
    put("deal", name="c", stage="demo", value="5000.00", currency="USD")
    put("deal", name="d", stage="lead", value="7000.00", currency="USD")
    board = build_board(session)
    demo = next(column for column in board.columns if column.key == "demo")
    lead = next(column for column in board.columns if column.key == "lead")
    assert (demo.total_text, demo.weighted_text, lead.total_text) == ("61k+", "18k+", "0+")
    assert demo.totals == {"EUR": Decimal(61000), "USD": Decimal(5000)}
    assert (board.currency, board.total_text) == ("EUR", "61k+")
    assert {card.value_text for card in demo.cards} == {"60k", "1k", "5k USD"}


def test_a_board_of_one_other_currency_is_in_that_one(session: Session, put: Put) -> None:
    put("deal", name="a", stage="demo", value="5000.00", currency="USD")
    put("deal", name="b", stage="lead")
    board = build_board(session)
    assert (board.currency, board.total_text, cards(board)["a"].value_text) == ("USD", "5k", "5k")


def test_a_deal_in_a_stage_that_is_gone_stays_in_sight(session: Session, put: Put) -> None:
    put("deal", name="stray", stage="gone")
    put("deal", name="bare")
    put("deal", name="lost pipeline", stage="demo", pipeline="01KV3B3SE0YSC5XMTFWMX0AAAA")
    board = build_board(session)
    assert sorted(titles(board, ELSEWHERE)) == ["bare", "stray"]
    assert titles(board, "demo") == ["lost pipeline"]
    assert board.open_count == 3


def test_other_pipelines_have_boards_of_their_own(session: Session, put: Put) -> None:
    stages = {"due": {"name": "Due", "kind": "open", "order": "a"}, "done": {"kind": "won", "order": "b"}}
    renewals = put("pipeline", name="Renewals", stages=stages, days_ago=-1)
    put("deal", name="new", stage="demo")
    put("deal", name="again", stage="due", pipeline=renewals)
    board = build_board(session, pipeline="renew")
    assert [column.name for column in board.columns] == ["Due"]
    assert titles(board, "due") == ["again"]
    assert list(cards(build_board(session))) == ["new"]
    with pytest.raises(NotFound):
        build_board(session, pipeline="zzz")
    put("pipeline", name="Renewals south", stages=stages, days_ago=-2)
    with pytest.raises(Ambiguous):
        build_board(session, pipeline="renewal")


def test_a_query_filters_the_cards_and_an_order_must_exist(session: Session, put: Put) -> None:
    put("deal", name="mine", stage="demo", owner=session.me)
    put("deal", name="other", stage="demo")
    board = build_board(session, where="owner:me")
    assert (list(cards(board)), board.where) == (["mine"], "owner:me")
    with pytest.raises(Invalid, match="no field"):
        build_board(session, where="ownr:me")
    with pytest.raises(Invalid, match="order"):
        build_board(session, order="luck")


def test_damaged_deals_get_a_card_all_the_same(session: Session, put: Put) -> None:
    put("deal", name=7, stage="demo", value="NaN", currency=["EUR"], owner=3, company=["x"], tags="hot")
    put("deal", name=["x"], stage={"a": 1}, expected_close=5, opened_on="never", probability="high")
    for order in ORDERS:
        assert build_board(session, order=order).open_count == 2


@pytest.mark.parametrize("seed", range(3))
def test_the_parts_add_up_to_the_whole_and_agree_with_the_list(session: Session, put: Put, seed: int) -> None:
    pick = random.Random(seed)
    for place in range(40):
        put(
            *("deal",),
            **{"name": f"d{place}", "stage": pick.choice(["lead", "demo", "verbal", "won", "lost", "gone"])},
            **{"value": f"{pick.randrange(10**6)}.{pick.randrange(100):02d}", "currency": pick.choice(["EUR", "USD"])},
            **{"probability": pick.randrange(101)} if pick.random() < 0.5 else {},
        )
    board = build_board(session)
    listed = select(session, "deal")
    assert board.open_count == len(listed) == sum(len(column.cards) for column in board.columns)
    for currency in ("EUR", "USD"):
        held = sum(Decimal(one["value"]) for one in listed if one["currency"] == currency)
        assert board.totals[currency] == held == sum(column.totals.get(currency, 0) for column in board.columns)
        weighted = [card.weighted or 0 for card in cards(board).values() if card.currency == currency]
        assert board.weighted[currency] == sum(weighted)


def test_a_board_follows_what_changes(session: Session, put: Put) -> None:
    from tuicrm.store.changes import Write

    key = put("deal", name="x", stage="demo")
    assert titles(build_board(session), "demo") == ["x"]
    session.ws.commit([Write("deal", key, {"stage": "lead", "name": "y"})], by="ann", note="")
    assert titles(build_board(session), "lead") == ["y"]
    put("followup", subject="call", due="2026-10-08", deal=key)
    assert cards(build_board(session))["y"].next == "today"
