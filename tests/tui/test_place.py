"""Where the cursor is, and the board after a move: pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tuicrm.crm.board import ORDERS, build_board
from tuicrm.crm.deals import move, win
from tuicrm.crm.derive import deals
from tuicrm.tui.lanes import GROUPS, Heading
from tuicrm.tui.patch import moved
from tuicrm.tui.place import Place

if TYPE_CHECKING:
    from decimal import Decimal

    from tuicrm.crm.board import Board
    from tuicrm.crm.cards import Card
    from tuicrm.crm.session import Session

STEPS = st.one_of(
    st.tuples(st.just("down"), st.integers(-40, 40)),
    st.tuples(st.just("across"), st.integers(-2, 2)),
    st.tuples(st.just("fit"), st.integers(1, 12)),
    st.tuples(st.just("group"), st.integers(0, len(GROUPS))),
    st.tuples(st.just("fold"), st.just(0)),
    st.tuples(st.just("mark"), st.integers(0, 1)),
    st.tuples(st.just("swap"), st.integers(0, 4)),
)
WHERE = ("", "value>20k", "orbis", "nobody-at-all", "owner:me")


def take(place: Place, step: tuple[str, int], boards: list[Board]) -> None:
    """Do one step."""
    what, number = step
    if what == "down":
        place.down(number)
    elif what == "across":
        place.across(number)
    elif what == "fit":
        place.fit(number)
    elif what == "group":
        place.regroup(GROUPS[number][0] if number < len(GROUPS) else "")
    elif what == "fold":
        place.fold()
    elif what == "mark":
        place.mark_all() if number else place.mark()
    else:
        place.swap(boards[number])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, max_size=30))
def test_the_cursor_is_always_on_something_in_sight(session: Session, steps: list[tuple[str, int]]) -> None:
    boards = [build_board(session, where=where) for where in WHERE]
    place = Place()
    place.swap(boards[0])
    for step in steps:
        take(place, step, boards)
        board = place.board
        assert board is not None
        assert len(place.lanes) == len(place.rows) == len(place.tops) == len(board.columns)
        for stage, lane in enumerate(place.lanes):
            row, top = place.rows[stage], place.tops[stage]
            assert 0 <= row <= max(0, len(lane) - 1)
            assert 0 <= top <= row < top + place.page or not lane
            if lane and isinstance(lane[row], Heading):
                assert lane[row].folded  # type: ignore[union-attr]
            cards = sum(one.count if isinstance(one, Heading) and one.folded else bool(one.id) for one in lane)
            assert cards == board.columns[stage].count
        if board.open_count and step[0] == "swap":
            assert place.lanes[place.stage] or place._stays
        assert place.marked() == place.marks
        assert place.marks <= {card.id for column in board.columns for card in column.cards}


@pytest.mark.parametrize("order", ORDERS)
def test_the_board_after_a_move_is_the_one_that_is_built_again(session: Session, order: str) -> None:
    board = build_board(session, order=order)
    picked = [column.cards[-1].id for column in board.columns]
    held = [session.ws.all("deal")[one] for one in picked]
    session.commit(move(session, held, "demo"))

    def weigh(card: Card) -> Decimal | None:
        return deals(session).weighted(session.ws.all("deal")[card.id])

    assert facts(moved(board, picked, "demo", weigh)) == facts(build_board(session, order=order))


@pytest.mark.parametrize("near", [(1, 0), (0, 3), (-1, -1), (9, 99)])
def test_a_deal_that_is_won_leaves_the_board(session: Session, near: tuple[int, int]) -> None:
    board = build_board(session)
    gone = board.columns[1].cards[0]
    session.commit(win(session, [session.ws.all("deal")[gone.id]]))
    after = moved(board, [gone.id], "-", lambda card: card.weighted, near)
    assert facts(after) == facts(build_board(session))
    assert moved(after, [gone.id], "-", lambda card: card.weighted, near) is after


def facts(board: Board) -> list[object]:
    """Return what a move changes."""
    columns = [
        (one.key, [card.id for card in one.cards], one.count, one.total_text, one.weighted_text)
        for one in board.columns
    ]
    return [columns, board.open_count, board.total_text, board.weighted_text]
