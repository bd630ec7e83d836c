"""The follow-ups by keys: the list by urgency, done, put off, moved by days, added in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tuicrm.crm import followups
from tuicrm.crm.edit import add, remove
from tuicrm.tui.panes.followups import Followups

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


def pane(tui: Driver) -> Followups:
    found = tui.app.main.pane
    assert isinstance(found, Followups)
    return found


def here(tui: Driver, session: Session) -> str:
    ref = pane(tui).listing.cursor
    return str((session.ws.get(*ref) or {})["subject"]) if ref else ""


def task(session: Session, subject: str) -> dict[str, Any]:
    return next(one for one in session.ws.all("followup").values() if one.get("subject") == subject)


def lines(tui: Driver) -> list[str]:
    return [" ".join(line.split()) for line in tui.text.splitlines()]


async def test_the_list_is_grouped_by_urgency_with_the_later_ones_folded(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("3")
        shown = lines(tui)
        assert "Thu 8 Oct 2026 | view 1: mine | 4 late, 6 today, 9 this week" in shown[1]
        heads = [one for one in shown if one.startswith(("LATE", "TODAY", "THIS WEEK"))]
        assert [head.rstrip(" ─") for head in heads] == ["LATE (4)", "TODAY (6)", "THIS WEEK (9)"]
        assert "> Wed 30 Sep chase budget Kim Vos ~Quint 9k" in shown
        assert "any time call Iris Chen Ikaria 120k" in shown
        assert "Kim Vos | Finance, Quint BV | +49305550662 | 11:00 there" in tui.text
        assert "~ROTTING 30 days | deal Quint EUR 9,00" in tui.text
        await tui.press("G")
        assert "LATER (21), folded" in tui.text
        assert "SNOOZED (1), folded" in tui.text
        await tui.press("minus", "j")
        assert "until Thu 22 Oct birthday card Uli Bauer" in " ".join(tui.text.split())
        await tui.press("minus")
        assert "SNOOZED (1), folded" in tui.text


async def test_what_comes_later_is_in_sight_where_nothing_comes_before(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("3", "slash", *"team meeting", "enter")
        assert "LATER (1) " in tui.text
        assert here(tui, session) == "team meeting"


async def test_groups_are_stepped_through_and_filters_and_orders_work(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("3", "full_stop")
        assert here(tui, session) == "demo prep"
        await tui.press("comma")
        assert here(tui, session) == "chase budget"
        await tui.press("o", "3", "g", "j")
        assert here(tui, session) == "send contract draft"
        await tui.press("slash", *"deal:ikaria", "enter")
        assert pane(tui).listing.model.count == 1
        await tui.press("escape", "v", "2")
        assert pane(tui).listing.model.count == 47


async def test_rescheduling_takes_two_keys_besides_the_words(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("3")
        keys = ["r", *"tue 10", "enter"]
        await tui.press(*keys[:-1])
        assert "Tue 13 Oct 10h (in 5 days)" in tui.status
        await tui.press(keys[-1])
        assert len(keys) - len("tue 10") == 2
        assert task(session, "chase budget")["due"] == "2026-10-13T10:00[UTC]"
        assert "rescheduled chase budget to Tue 13 Oct 10h: u undoes" in tui.status
        assert here(tui, session) == "call Jane Roe re SOC2"
        await tui.press("u")
        assert task(session, "chase budget")["due"] == "2026-09-30"


async def test_what_is_no_date_is_said_while_typing_and_stays_to_be_mended(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("3", "r", *"tux")
        assert "tux" in tui.status
        assert "date" in tui.status
        await tui.press("enter", "backspace", "e", "enter")
        assert task(session, "chase budget")["due"] == "2026-10-13"
        await tui.press("r", "escape", "r", "enter")
        assert task(session, "call Jane Roe re SOC2")["due"] == "2026-10-05"


async def test_done_is_written_at_once_and_the_next_step_belongs_to_it(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("3", "j", "d")
        assert task(session, "call Jane Roe re SOC2")["done_at"]
        assert "done: call Jane Roe re SOC2. Enter: no next step" in tui.status
        await tui.press(*"mail jane mon", "enter")
        after = task(session, "mail jane")
        assert after["due"] == "2026-10-12"
        assert after["deal"] == task(session, "call Jane Roe re SOC2")["deal"]
        assert "done: call Jane Roe re SOC2; next: mail jane, Mon 12 Oct: u undoes" in tui.status
        await tui.press("u")
        assert "done_at" not in task(session, "call Jane Roe re SOC2")
        assert "mail jane" not in {one["subject"] for one in session.ws.all("followup").values()}


@pytest.mark.parametrize("end", ["enter", "escape"])
async def test_the_next_step_may_stay_empty(drive: Drive, session: Session, end: str) -> None:
    before = len(session.ws.all("followup"))
    async with drive() as tui:
        await tui.press("3", "d", end)
        assert task(session, "chase budget")["done_at"]
        assert len(session.ws.all("followup")) == before
        assert here(tui, session) == "call Jane Roe re SOC2"
        await tui.press("u")
        assert here(tui, session) == "call Jane Roe re SOC2"
        assert "done_at" not in task(session, "chase budget")


async def test_a_repeating_one_comes_back_by_itself_and_says_when(drive: Drive, session: Session) -> None:
    async with drive(size=(110, 24)) as tui:
        await tui.press("3", "slash", *"team meeting", "enter", "d")
        assert "done: team meeting; again: Mon 26 Oct 2026" in tui.status
        held = [one for one in session.ws.all("followup").values() if one["subject"] == "team meeting"]
        assert sorted(one["due"][:10] for one in held if not one.get("done_at")) == ["2026-10-26"]
        await tui.press("u")
        assert len([one for one in session.ws.all("followup").values() if one["subject"] == "team meeting"]) == 1


async def test_snoozing_offers_the_usual_days(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("3", "z")
        assert "1 tomorrow, 2 Monday, 3 in a week, 4 in a month" in tui.status
        await tui.press("enter")
        assert task(session, "chase budget")["snoozed_until"] == "2026-10-09"
        await tui.press("z", "2")
        assert "Mon 12 Oct (in 4 days)" in tui.status
        await tui.press("enter")
        assert task(session, "call Jane Roe re SOC2")["snoozed_until"] == "2026-10-12"
        await tui.press("z", *"yesterday")
        assert "is past" in tui.status
        await tui.press("enter", "escape")
        assert not task(session, "send brochure").get("snoozed_until")


async def test_marked_ones_are_done_and_moved_as_one_step(drive: Drive, session: Session) -> None:
    late = ["chase budget", "call Jane Roe re SOC2", "send brochure"]
    async with drive() as tui:
        await tui.press("3", "J", "J", "r", *"fri", "enter")
        assert [task(session, name)["due"] for name in late] == ["2026-10-09"] * 3
        assert "rescheduled 3 follow-ups to Fri 9 Oct: u undoes" in tui.status
        await tui.press("u")
        assert [task(session, name)["due"] for name in late] == ["2026-09-30", "2026-10-05", "2026-10-06"]
        await tui.press("d", *"check fri", "enter")
        made = [one for one in session.ws.all("followup").values() if one["subject"] == "check"]
        assert len(made) == 3
        await tui.press("u")
        assert not [name for name in late if task(session, name).get("done_at")]


async def test_presses_in_a_row_move_days_and_undo_as_one(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("3", "j", "j", "L")
        await tui.press("L", "L", "H")
        assert task(session, "send brochure")["due"] == "2026-10-08"
        assert here(tui, session) == "send brochure"
        await tui.press("u")
        assert task(session, "send brochure")["due"] == "2026-10-06"


async def test_one_that_keys_move_into_a_folded_group_stays_under_the_cursor(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("3", "slash", *"answer legal", "enter", "L")
        assert "Mon 12 Oct 16h" in tui.text
        pane(tui).ask_again()
        await tui.settle()
        assert "LATER (1) " in tui.text
        assert here(tui, session) == "answer legal"
        await tui.press("L")
        assert task(session, "answer legal")["due"].startswith("2026-10-13T16:00")
        await tui.press("j", "r", *"today", "enter")
        assert task(session, "answer legal")["due"] == "2026-10-08"


async def test_one_about_the_record_under_the_cursor_is_added_in_one_line(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("l", "f", *"tue 10 send quote")
        assert "Tue 13 Oct 10h (in 5 days): send quote" in tui.status
        await tui.press("enter")
        made = task(session, "send quote")
        assert (made["due"], made["deal"]) == ("2026-10-13T10:00[UTC]", task(session, "chase budget")["deal"])
        assert "added follow-up: send quote, Tue 13 Oct 10h: u undoes" in tui.status
        await tui.press("3", "a", *"every 2 weeks check in", "enter")
        made = task(session, "check in")
        assert (made["repeat"], made["due"]) == ("FREQ=WEEKLY;INTERVAL=2", "2026-10-22")
        assert "deal" not in made


async def test_keys_on_a_deal_act_on_its_next_follow_up(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("l", "d", "escape")
        assert task(session, "chase budget")["done_at"]
        await tui.press("d")
        assert "nothing is planned for Quint: f adds a follow-up" in tui.status


async def test_one_added_by_a_command_appears_and_the_cursor_stays(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("3", "j", "j")
        session.commit(add(session, "followup", {"subject": ["ring the bank"], "due": ["1 oct"], "owner": ["ann"]}))
        session.commit(followups.reschedule(session, [task(session, "ring the bank")], "2026-10-01"))
        tui.app.changed()
        await tui.settle()
        assert "ring the bank" in tui.text
        assert here(tui, session) == "send brochure"


async def test_opening_one_shows_what_it_is_about(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("3", "enter")
        assert tui.app.main.pane is not None
        assert tui.app.main.pane.targets() == [("deal", task(session, "chase budget")["deal"])]
        await tui.press("escape")
        assert here(tui, session) == "chase budget"


@pytest.mark.parametrize("size", [(40, 20), (60, 24), (200, 60), (20, 6)])
async def test_it_can_be_used_at_any_size(drive: Drive, session: Session, size: tuple[int, int]) -> None:
    async with drive(size=size) as tui:
        await tui.press("3", "r", *"fri", "enter", "z", "enter", "d", "escape", "f", *"3d", "enter", "minus")
        assert task(session, "chase budget")["due"] == "2026-10-09"


async def test_where_there_is_nothing_to_do_it_says_how_to_get_some(drive: Drive, session: Session) -> None:
    session.commit(remove(session, "followup", list(session.ws.all("followup").values())))
    async with drive() as tui:
        await tui.press("3")
        assert "a adds a follow-up: tue 10 call Jane" in tui.text
        await tui.press("d")
        assert "f adds a follow-up" in tui.status
