"""The sample workspace: believable, complete, and the same for the same moment."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from tuicrm.crm import undo
from tuicrm.crm.board import build_board
from tuicrm.crm.demo import sample
from tuicrm.crm.query import compile_query
from tuicrm.errors import NotFound
from tuicrm.store.ulid import ms_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.session import Session


@pytest.fixture
def filled(session: Session) -> Session:
    for plan in sample(session):
        session.commit(plan)
    return session


def test_the_board_shows_every_state_of_a_deal(filled: Session) -> None:
    board = build_board(filled, where="owner:me")
    cards = [card for column in board.columns for card in column.cards]
    assert [column.name for column in board.columns] == [
        "Lead", "Qualified", "Demo", "Proposal", "Negotiation", "Verbal",
    ]  # fmt: skip
    assert len(cards) == 42
    assert all(column.cards for column in board.columns)
    assert Counter(card.next for card in cards) == {"late": 3, "today": 6, "later": 28, "none": 5}
    assert {card.title for card in cards if card.rotting} == {"Hansa", "Quint", "Marlow", "Monta"}
    assert {"Ελλάδα Πλοία", "پارس‌نگار", "Çınar", "Bakı Neft", "Acme renewal", "Nordwind"} <= {
        card.title for card in cards
    }


def test_nothing_has_happened_in_the_future(filled: Session) -> None:
    now = filled.now.timestamp() * 1000
    for kind in ("company", "contact", "deal", "activity", "followup"):
        assert filled.ws.all(kind)
        assert all(ms_of(key) <= now for key in filled.ws.all(kind))


def test_the_log_agrees_with_the_deals(filled: Session) -> None:
    for deal in filled.ws.all("deal").values():
        log = [one for one in filled.ws.all("activity").values() if one["deal"] == deal["id"]]
        moves = sorted((one for one in log if one.get("field") == "stage"), key=lambda one: str(one["id"]))
        assert all(first["after"] == then["before"] for first, then in pairwise(moves))
        assert not moves or moves[-1]["after"] == deal["stage"]
        assert all(one["id"] >= deal["id"] for one in log)


def test_everything_named_exists_and_is_valid(filled: Session) -> None:
    for name in ("company", "contact", "deal", "activity", "followup", "product", "view", "user"):
        kind = filled.kind(name)
        for record in filled.ws.all(name).values():
            for field in kind.writable:
                value = record.get(field.name)
                assert value is None or not field.type.check(value), (name, field.name, value)
                if value is not None and field.type.refers and field.type.refers != "stage":
                    for one in value if isinstance(value, list) else [value]:
                        assert filled.ws.get(field.type.refers, one), (name, field.name, one)
    for view in filled.ws.all("view").values():
        compile_query(filled, view["of"], view["where"])


def test_it_is_the_same_for_the_same_moment(fresh: Callable[[], Session]) -> None:
    made = []
    for _ in range(2):
        session = fresh()
        team = {session.me, str(session.ws.new_id()), *session.ws.all("pipeline"), *session.ws.all("user")}
        changes = [change for plan in sample(session) for change in plan.changes if change.id not in team]
        made.append([(one.kind, one.id, _without(dict(one.fields), team)) for one in changes])  # type: ignore[union-attr]
        session.ws.close()
    assert made[0] == made[1]


def _without(fields: dict[str, object], ids: set[str]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value not in [*ids]}


def test_it_is_not_a_step_to_undo(filled: Session) -> None:
    filled.commit(undo.undo(filled))
    with pytest.raises(NotFound):
        undo.undo(filled)
    assert len(filled.ws.all("deal")) > 60


@pytest.mark.slow
def test_the_large_one_has_ten_thousand_deals_more(session: Session) -> None:
    for plan in sample(session, "large"):
        session.commit(plan)
    assert len(session.ws.all("deal")) == 10_066
    assert build_board(session).open_count > 3_000
