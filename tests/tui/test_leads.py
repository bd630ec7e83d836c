"""The triage of leads, by keys: one after the other, and back with `u`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tuicrm.crm import activities, scoring
from tuicrm.crm.edit import add
from tuicrm.crm.touchpoints import Touch, touch

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


@pytest.fixture
def queue(session: Session) -> Session:
    """Four leads: one from a fair, which counts more, and three from the web."""
    for name, firm, source in (
        ("Web One", "Firm One", "web"),
        ("Web Two", "Firm Two", "web"),
        ("Web Three", "Firm Three", "web"),
        ("Fair Lady", "Acme", "fair"),
    ):
        typed = {"name": [name], "company_name": [firm], "source": [source], "tag": ["hot"]}
        session.commit(add(session, "lead", typed))
    session.commit(scoring.add(session, "source:fair", "25", "Met at a fair"))
    return session


def names(tui: Driver) -> list[str]:
    """Return the leads on the screen, in their order; the one under the cursor with `>`."""
    rows = [line for line in tui.text.splitlines() if "Web " in line[:40] or "Fair Lady" in line[:40]]
    shown = ("Web One", "Web Two", "Web Three", "Fair Lady")
    return [f"{'>' if row[0] == '>' else ''}{next(one for one in shown if one in row)}" for row in rows if row[0] != " "
            or row.startswith("   ")]  # fmt: skip


def lead(session: Session, name: str) -> dict[str, Any]:
    return next(one for one in session.ws.all("lead").values() if one["name"] == name)


async def test_a_team_without_leads_sees_nothing_of_them(drive: Drive) -> None:
    async with drive() as tui:
        await tui.counted()
        assert "Leads" not in tui.text
        await tui.press("7")
        assert "no leads yet" in tui.text
        assert "[1 Pipeline]" in tui.text
        await tui.press("3", "e", "ctrl+n")
        assert "lead" not in tui.text.lower().replace("leader", "")


async def test_a_leads_page_names_the_keys_that_decide_and_converting_says_what_has_to_hold(
    drive: Drive, queue: Session
) -> None:
    async with drive() as tui:
        await tui.press("7", "enter")
        last = tui.text.rstrip().splitlines()[-1]
        assert all(one in last for one in ("w convert", "x disqualify", "z not now", "c call", "s status"))
        await tui.press("w")
        assert "qualified: They have a need" in " ".join(tui.text.replace("│", " ").split())


async def test_a_lead_that_is_a_customer_already_is_told_while_it_is_typed(drive: Drive, queue: Session) -> None:
    address = next(iter(next(one for one in queue.ws.all("contact").values() if one.get("emails"))["emails"]))
    async with drive() as tui:
        await tui.press("7", "a", *"Somebody", "tab", "tab", *address, "tab")
        assert "! ctrl+t opens one with the same e-mail" in tui.text


async def test_what_a_lead_wrote_stands_below_the_list(drive: Drive, queue: Session) -> None:
    key = lead(queue, "Fair Lady")["id"]
    for text in ("First words", "Please call\nsoon [b]now[/b]"):
        queue.commit(touch(queue, "lead", lead(queue, "Fair Lady"), Touch("form", "Web form", body=text)))
    queue.commit(activities.log(queue, "email", "Our own words", lead=key))
    async with drive() as tui:
        await tui.press("7")
        assert "new: Nobody has talked to them yet. | wrote: Please call soon [b]now" in tui.text
        assert "Our own words" not in tui.text


async def test_a_touch_is_noted_of_all_that_are_marked(drive: Drive, queue: Session) -> None:
    async with drive() as tui:
        await tui.press("7", "J", "P", *"touch", "enter", *"event Spring fair")
        assert "event touch of 2" in tui.text
        await tui.press("enter")
        held = [one for one in queue.ws.all("activity").values() if one.get("touch") == "event"]
        assert [one["subject"] for one in held] == ["Spring fair"] * 2
        await tui.press("u")
        assert not [one for one in queue.ws.all("activity").values() if one.get("touch") == "event"]


async def test_every_pane_keeps_a_name_beside_the_leads(drive: Drive, queue: Session) -> None:
    async with drive() as tui:
        await tui.counted()
        await tui.until(lambda: "7 Leads" in tui.text)
        assert "3 Follow-ups !" in tui.text
        assert "6 Comp" in tui.text.splitlines()[0]
        await tui.press("6")
        assert "[6 Companies]" in tui.text.splitlines()[0]


async def test_the_pane_shows_the_best_first_with_what_its_status_asks_for(drive: Drive, queue: Session) -> None:
    async with drive() as tui:
        await tui.until(lambda: "7 Leads" in tui.text)
        await tui.press("7")
        assert "[7 Leads]" in tui.text
        assert names(tui) == [">Fair Lady", "Web One", "Web Two", "Web Three"]
        assert "score 25: +25 Met at a fair" in tui.text
        assert "new: Nobody has talked to them yet." in tui.text


async def test_one_keys_through_them(drive: Drive, queue: Session) -> None:
    async with drive() as tui:
        await tui.press("7", "w")
        assert "Acme GmbH" in tui.text
        assert "(same name)" in tui.text
        await tui.press("1")
        assert lead(queue, "Fair Lady")["status"] == "qualified"
        assert names(tui) == [">Web One", "Web Two", "Web Three"]
        await tui.press("x", "2")
        assert lead(queue, "Web One")["reason"] == "no budget"
        assert names(tui) == [">Web Two", "Web Three"]
        await tui.press("z", "3", "enter")
        assert lead(queue, "Web Two")["snoozed_until"] == "2026-10-15"
        assert names(tui) == [">Web Three"]
        await tui.press("s", "2")
        assert "Somebody is in touch" in tui.text
        await tui.press("enter")
        assert lead(queue, "Web Three")["status"] == "working"
        await tui.press("c", *"hello", "enter")
        (call,) = [one for one in queue.ws.all("activity").values() if one.get("lead")]
        assert call["lead"] == lead(queue, "Web Three")["id"]
        await tui.press("u", "u", "u", "u", "u")
        assert names(tui) == ["Fair Lady", "Web One", "Web Two", ">Web Three"]
        assert all("converted_at" not in one for one in queue.ws.all("lead").values())


async def test_another_status_goes_on_to_the_next(drive: Drive, queue: Session) -> None:
    async with drive() as tui:
        await tui.press("7", "s", "2", "enter", "s", "2", "enter")
        assert names(tui) == ["Fair Lady", "Web One", ">Web Two", "Web Three"]
        assert [one["status"] for one in queue.ws.all("lead").values()].count("working") == 2


async def test_marked_leads_are_decided_about_together(drive: Drive, queue: Session) -> None:
    async with drive() as tui:
        await tui.press("7", "J", "w")
        assert names(tui) == [">Web Two", "Web Three"]
        assert "converted 2 leads" in tui.text
        await tui.press("u")
        assert len(names(tui)) == 4
        await tui.press("asterisk", "x", "1")
        assert "No lead waits for a decision" in tui.text or "Nothing in the view" in tui.text
        assert {one["reason"] for one in queue.ws.all("lead").values()} == {"wrong person"}


async def test_the_deal_is_filled_in_before_it_is_made(drive: Drive, queue: Session) -> None:
    async with drive() as tui:
        await tui.press("7", "w", "2", "tab", *"12k", "enter")
        deal = queue.ws.all("deal")[lead(queue, "Fair Lady")["deal"]]
        assert (deal["name"], deal["value"], deal["tags"]) == ("Acme GmbH", "12000.00", ["hot"])


async def test_a_namesake_is_chosen_or_made_anew(drive: Drive, queue: Session) -> None:
    queue.commit(add(queue, "contact", {"name": ["Lady Fair"]}))
    async with drive() as tui:
        await tui.press("7", "w")
        assert "may be Fair Lady" in tui.text
        await tui.press("2", "3")
        found = lead(queue, "Fair Lady")
        assert queue.ws.all("contact")[found["contact"]]["name"] == "Fair Lady"
        assert "deal" not in found


async def test_another_company_is_found_by_typing(drive: Drive, queue: Session) -> None:
    async with drive() as tui:
        await tui.press("7", "w", "4", *"quint", "enter", "1")
        found = lead(queue, "Fair Lady")
        assert queue.ws.all("company")[found["company"]]["name"] == "Quint BV"


async def test_the_page_of_a_lead_tells_its_criteria_its_score_and_what_it_became(drive: Drive, queue: Session) -> None:
    async with drive() as tui:
        await tui.press("7", "enter")
        assert "Nobody has talked to them" in tui.text
        assert "+25 Met at a fair" in tui.text
        await tui.press("w", "1")
        assert "converted" in tui.text
        assert "became" in tui.text
        assert "DEALS" in tui.text


@pytest.mark.parametrize("size", [(80, 24), (40, 24), (40, 12)])
async def test_it_fits_small_screens(drive: Drive, queue: Session, size: tuple[int, int]) -> None:
    async with drive(size=size) as tui:
        await tui.press("7")
        assert "Fair Lady" in tui.text
        await tui.press("s")
        assert "working" in tui.text
        await tui.press("2", "enter", "w")
        assert "with a deal" in tui.text
        assert all(len(line) <= size[0] for line in tui.text.splitlines())


async def test_what_the_first_stage_asks_for_is_asked_for(drive: Drive, queue: Session) -> None:
    from tuicrm.crm.pipelines import edit_stage

    (pipeline,) = queue.ws.all("pipeline").values()
    queue.commit(edit_stage(queue, pipeline, "Lead", requires=["value"]))
    async with drive() as tui:
        await tui.press("7", "w", "1")
        assert "converted_at" not in lead(queue, "Fair Lady")
        await tui.press("tab", *"7k", "enter")
        assert queue.ws.all("deal")[lead(queue, "Fair Lady")["deal"]]["value"] == "7000.00"
