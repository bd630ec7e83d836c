"""Where deals have been, told by the log, by closing days, and by what the log does not know."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from tuicrm.crm.stays import Stay, stays
from tuicrm.store.changes import Write

if TYPE_CHECKING:
    from tuicrm.crm.session import Session

TODAY = date(2026, 10, 8).toordinal()
DAY_MS = 86_400_000
NOON = 1_791_460_800_000
"""2026-10-08 12:00 UTC."""


def put(session: Session, deal: dict[str, Any], *moves: tuple[int, str, str]) -> tuple[Stay, ...]:
    """Store a deal, and moves as (days ago, before, after); return its stays."""
    key = session.ws.new_id()
    entries = [
        Write(
            "activity",
            session.ws.new_id(NOON - ago * DAY_MS),
            {"type": "change", "deal": key, "field": "stage", "before": before, "after": after},
        )
        for ago, before, after in moves
    ]
    session.ws.commit([Write("deal", key, deal), *entries], by="ann", note="")
    return stays(session)[key]


def ago(days: int) -> str:
    return date.fromordinal(TODAY - days).isoformat()


def test_a_deal_that_never_moved_is_where_it_is(session: Session) -> None:
    assert put(session, {"stage": "demo", "opened_on": ago(30)}) == (Stay("demo", "open", TODAY - 30, None),)


def test_moves_follow_one_another(session: Session) -> None:
    deal = {"stage": "won", "opened_on": ago(30), "closed_on": ago(2)}
    found = put(session, deal, (20, "lead", "demo"), (1, "demo", "won"))
    assert found == (
        Stay("lead", "open", TODAY - 30, TODAY - 20),
        Stay("demo", "open", TODAY - 20, TODAY - 2),
        Stay("won", "won", TODAY - 2, None),
    )


def test_a_closed_deal_without_a_log_was_open_somewhere(session: Session) -> None:
    deal = {"stage": "lost", "opened_on": ago(30), "closed_on": ago(10)}
    assert put(session, deal) == (Stay("", "open", TODAY - 30, TODAY - 10), Stay("lost", "lost", TODAY - 10, None))


def test_one_that_was_taken_up_again_is_open_since(session: Session) -> None:
    deal = {"stage": "demo", "opened_on": ago(30)}
    found = put(session, deal, (20, "demo", "lost"), (5, "lost", "demo"))
    assert [(one.stage, one.kind, one.first - TODAY) for one in found] == [
        ("demo", "open", -30),
        ("lost", "lost", -20),
        ("demo", "open", -5),
    ]


def test_a_move_that_the_log_does_not_tell_happened_when_it_was_written(session: Session) -> None:
    found = put(session, {"stage": "proposal", "opened_on": ago(30)}, (20, "lead", "demo"))
    assert found[-1] == Stay("proposal", "open", TODAY, None)
    assert found[-2] == Stay("demo", "open", TODAY - 20, TODAY)


def test_days_that_contradict_one_another_never_run_backwards(session: Session) -> None:
    found = put(session, {"stage": "won", "opened_on": ago(3), "closed_on": ago(9)}, (1, "lead", "won"))
    assert found == (Stay("lead", "open", TODAY - 9, TODAY - 9), Stay("won", "won", TODAY - 9, None))
