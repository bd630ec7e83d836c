"""The forecast pane by keys: months, areas, periods, views, the deals behind a figure, filter, copying, any size."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING, Any

import pytest
from textual.geometry import Region

from tuicrm.text import width
from tuicrm.tui.commands import DEALS, FORECAST, commands_in
from tuicrm.tui.panes.deals import Deals
from tuicrm.tui.panes.forecast import Forecast
from tuicrm.tui.panes.record import RecordPane

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


def pane(driver: Driver) -> Forecast:
    found = driver.app.main.stack[0]
    assert isinstance(found, Forecast)
    return found


def line(driver: Driver, words: str) -> str:
    return next((one for one in driver.text.splitlines() if words in one), "")


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> Event:
    """Return what figures wait for while it is not set."""
    from tuicrm.crm.forecast import forecast

    gate = Event()
    gate.set()

    def waiting(*args: Any, **more: Any) -> Any:
        assert gate.wait(60)
        return forecast(*args, **more)

    monkeypatch.setattr("tuicrm.tui.outlook.model.forecast", waiting)
    return gate


@pytest.mark.parametrize(("place", "owner"), [(FORECAST, Forecast), (DEALS, Deals)])
def test_every_command_has_its_action(place: str, owner: type) -> None:
    for one in commands_in(place):
        assert callable(getattr(owner, f"action_{one.action}")), one.id


async def test_the_first_look(drive: Drive) -> None:
    async with drive() as driver:
        await driver.press("4")
        text = driver.text
        assert "Q4 2026, EUR | view 1: mine | method: history, little history" in text
        assert "Won so far 0   8 times in 10: 180k-360k   Expected 270k   Quota 550k" in text
        assert " Chance of quota under 1%. Short by 280k: 8 deals, if won, would close it" in text
        assert line(driver, "> Oct 2026").endswith("53k   183k  29%   short 130k")
        assert line(driver, "> Oct 2026").count(":") == 4
        assert "little history: 16 deals were closed, 9 of them won" in driver.status
        assert "Oct 2026: stages" in text
        assert "Funnel, last 90 days" in text
        assert len(text.splitlines()) == 24


async def test_the_cursor_chooses_the_month(drive: Drive) -> None:
    async with drive() as driver:
        await driver.press("4", "j")
        assert "Nov 2026: stages" in driver.text
        assert line(driver, "> Nov 2026").rstrip().endswith("short 79k")
        await driver.press("G")
        assert "Jan 2027 +: stages" in driver.text
        await driver.press("k")
        assert "Q4 2026: stages" in driver.text
        await driver.press("g", "k")
        assert "Oct 2026: stages" in driver.text


async def test_the_deals_behind_a_month_and_back(drive: Drive) -> None:
    async with drive() as driver:
        await driver.press("4", "enter")
        assert "Forecast > Oct 2026 | 3 deals" in driver.text
        assert "Committed (2)" in driver.text
        await driver.press("j", "enter")
        assert isinstance(driver.app.main.pane, RecordPane)
        await driver.press("escape")
        assert "Forecast > Oct 2026" in driver.text
        await driver.press("escape")
        assert "Oct 2026: stages" in driver.text


async def test_what_would_close_the_gap_comes_first(drive: Drive) -> None:
    async with drive() as driver:
        await driver.press("4", "j", "j", "j", "enter")
        assert "Forecast > Q4 2026" in driver.text
        assert "Would close the gap (8)" in driver.text
        shown = driver.text.splitlines()
        gap = next(at for at, one in enumerate(shown) if "Would close" in one)
        assert ["Ikaria" in shown[gap + 1], "Greenway" in shown[gap + 2]] == [True, True]


async def test_areas_and_the_deals_behind_a_stage(drive: Drive) -> None:
    async with drive() as driver:
        await driver.press("4", "tab")
        assert line(driver, "> Verbal")
        await driver.press("j", "enter")
        assert "Forecast > Oct 2026: Negotiation | 1 deal |" in driver.text
        await driver.press("escape", "tab")
        assert line(driver, "> Lead")
        await driver.press("G", "enter")
        assert "Entered Won in the last 90 days" in driver.text
        await driver.press("escape", "tab")
        assert "Activity, last 13 weeks" in driver.text
        await driver.press("enter")
        assert "no deals behind this" in driver.status
        await driver.press("escape")
        assert line(driver, "> Oct 2026")
        await driver.press("shift+tab")
        assert pane(driver).place.area == "activity"


async def test_periods(drive: Drive) -> None:
    async with drive() as driver:
        await driver.press("4", "full_stop")
        assert "Q1 2027, EUR" in driver.text
        assert line(driver, "> Jan 2027")
        await driver.press("comma", "comma")
        assert "Q3 2026, EUR" in driver.text
        assert "Jul 2026" in driver.text
        await driver.press("v", "5")
        await driver.press(*"this", "space", *"month", "enter")
        assert "Oct 2026, EUR" in driver.text


async def test_views_and_charts(drive: Drive) -> None:
    async with drive() as driver:
        await driver.press("4", "v", "2")
        assert "view 2: team" in driver.text
        await driver.press("v", "G", "enter")
        assert "EUR | team south" in driver.text
        await driver.press("v", "4", *"bob", "enter")
        assert "EUR | Bob Ray" in driver.text
        await driver.press("v", "4", *"nobody", "enter")
        assert "nobody" in driver.status
        await driver.press("v", "6")
        assert "even pace" in driver.text
        await driver.press("v")
        assert line(driver, "* somebody or a team … (Bob Ray)")
        await driver.press("6")
        assert "other open" in driver.text


async def test_a_filter_and_back(drive: Drive) -> None:
    async with drive() as driver:
        await driver.press("4")
        whole = line(driver, "Won so far")
        await driver.press("slash", *"value>50k", "enter")
        assert "filter: value>50k" in driver.text
        assert line(driver, "Won so far") != whole
        await driver.press("escape")
        assert line(driver, "Won so far") == whole


async def test_copying_the_figures(drive: Drive) -> None:
    async with drive() as driver:
        await driver.press("4", "y")
        assert "Copied the figures of Q4 2026" in driver.status
        head, *rows = driver.app.clipboard.splitlines()
        assert head == "month,won,commit,weighted,more,expected,quota,gap"
        assert [row.split(",")[0] for row in rows] == ["2026-10", "2026-11", "2026-12", "2027-01"]
        assert rows[0].split(",")[2:6] == ["40000.00", "33867.14", "19173.16", "53040.30"]


async def test_a_change_elsewhere_is_seen(drive: Drive, session: Session) -> None:
    async with drive() as driver:
        await driver.press("4")
        before = line(driver, "Won so far")
        await driver.press("1", "w", "4")
        assert line(driver, "Won so far") != before


@pytest.mark.parametrize("size", [(30, 10), (40, 12), (40, 24), (60, 20), (80, 24), (120, 40), (200, 60)])
async def test_every_size(drive: Drive, size: tuple[int, int]) -> None:
    async with drive(size) as driver:
        await driver.press("4", "j", "tab", "j", "tab", "j", "tab")
        assert max(width(one) for one in driver.text.splitlines()) <= size[0]
        await driver.press("tab")
        assert "> Nov" in driver.text
        await driver.press("v", "6")
        await driver.pilot.resize_terminal(80, 24)
        await driver.settle()
        assert "> Nov 2026" in driver.text
        if size[0] >= 110:
            await driver.pilot.resize_terminal(*size)
            await driver.settle()
            assert "Activity, last 13 weeks" in driver.text
            assert "Funnel, last 90 days" in driver.text


async def test_narrow_terminals_reach_everything(drive: Drive) -> None:
    async with drive((40, 14)) as driver:
        await driver.press("4")
        seen = driver.text
        for _ in range(3):
            await driver.press("tab", "G")
            seen += driver.text
        for words in ("Oct 2026", "Negotiation", "Funnel", "> Won", "Activity", "Ann Lee"):
            assert words in seen


async def test_hostile_names(drive: Drive, session: Session) -> None:
    from tuicrm.crm.edit import add, edit

    session.commit(
        edit(session, "user", [session.ws.all("user")[session.me]], {"name": ["[/red]\x1b[2J"], "team": ["[/"]})
    )
    session.commit(
        add(session, "deal", {"name": ["[/\x1b]0;x\x07"], "value": ["1"], "close": ["2026-10-30"], "owner": ["ann"]})
    )
    async with drive((120, 40)) as driver:
        await driver.press("4", "v", "G")
        assert "[/" in driver.text
        assert "\x1b" not in driver.text
        await driver.press("escape", "tab", "tab", "tab")
        assert "\x1b" not in driver.text


async def test_an_empty_workspace_says_what_to_do(drive: Drive, session: Session) -> None:
    from tuicrm.crm.edit import remove

    session.commit(remove(session, "deal", list(session.ws.all("deal").values())))
    async with drive() as driver:
        await driver.press("4", "j", "tab", "enter", "full_stop")
        assert "No deals to forecast yet" in driver.text
        assert "user quota" in driver.text


async def test_a_cursor_key_works_nothing_out(drive: Drive, monkeypatch: pytest.MonkeyPatch) -> None:
    async with drive((120, 40)) as driver:
        await driver.press("4")

        def never(*_: object, **__: object) -> None:
            raise AssertionError("data was asked for")

        monkeypatch.setattr(pane(driver), "ask_again", never)
        for name in ("forecast", "funnel", "efforts", "outlook"):
            monkeypatch.setattr(f"tuicrm.tui.outlook.model.{name}", never)
        await driver.press("j", "j", "k", "G", "g", "tab", "tab", "j", "k")
        assert "Funnel" in driver.text


async def test_the_line_about_a_month_repaints_no_blanks(drive: Drive, monkeypatch: pytest.MonkeyPatch) -> None:
    async with drive((120, 40)) as tui:
        await tui.press("4", "g")
        painted: list[Region] = []
        monkeypatch.setattr(tui.app.main.bottom, "refresh", lambda *regions, **_: painted.extend(regions))
        await tui.press("j")
        assert (
            line(tui, " Nov 2026 | ").strip()
            == "Nov 2026 | 18 deals | won 0 | open 642k, 258k of it expected | more -154k"
        )
        await tui.press("j", "j", "j")
        assert painted
        assert max(one.width for one in painted) < 100


async def test_where_there_is_room_the_parts_add_up_to_what_is_expected(drive: Drive) -> None:
    async with drive((120, 40)) as driver:
        await driver.press("4")
        heads, row = line(driver, "# won").split()[-7:], line(driver, "> Oct 2026").split()[-8:]
        assert heads == ["won", "open", "more", "expected", "quota", "%", "gap"]
        assert row == ["0", "34k", "19k", "53k", "183k", "29%", "short", "130k"]


async def test_methods(drive: Drive) -> None:
    async with drive() as driver:
        await driver.press("4")
        await driver.press("v")
        assert line(driver, "* method: history")
        await driver.press("9")
        assert "view 1: mine | method: weighted" in driver.text
        assert "Won so far 0   Expected 484k   Commit 40k   Quota 550k" in driver.text
        assert "Short by 66k: 2 deals, if won, would close it; Enter on Q4 2026" in driver.text
        assert "weighted: value times probability" in driver.status
        assert line(driver, "> Oct 2026").endswith("short 116k")
        await driver.press("v", "8")
        assert "method: simulation, little history" in driver.text
        assert "Expected 266k" in driver.text
        await driver.press("v", "8", "v", "j", *"jjjjjjj")
        assert line(driver, "* method: simulation")
        await driver.press("j", "enter")
        assert "Expected 40k" in driver.text
        assert "method: categories" in driver.text


async def test_the_method_stays_with_the_view(drive: Drive) -> None:
    async with drive() as driver:
        await driver.press("4", "v", "9", "full_stop")
        assert "Q1 2027, EUR | view 1: mine | method: weighted" in driver.text
        await driver.press("v", "2", "1", "4")
        assert "Q1 2027, EUR | view 2: team | method: weighted" in driver.text
        await driver.press("v", "G", "k", "k", "enter")
        assert "method: history" in driver.text
        assert "little history: 16 deals were closed" in driver.status
        await driver.press("v")
        assert not line(driver, "the best that")


async def test_a_filter_makes_history_speak_of_open_deals_only(drive: Drive) -> None:
    async with drive() as driver:
        await driver.press("4", "slash", *"value>50k", "enter")
        assert "8 times in 10: 0-273k" in driver.text
        assert "Expected 143k" in driver.text
        assert "Chance of quota" not in driver.text
        assert "filtered. Esc clears; history of open deals only" in driver.status
        await driver.press("v", "9")
        assert driver.status.split("  ")[0] == " filtered. Esc clears"


async def test_keys_of_other_panes_wait_for_no_figures(drive: Drive, session: Session, slowly: Event) -> None:
    async with drive() as driver:
        slowly.clear()
        await driver.pilot.press("4")
        await driver.until(lambda: "reading the deals" in driver.text)
        await driver.pilot.press("1", "L")
        assert "Qualified" in driver.status
        await driver.pilot.press("4")
        await driver.until(lambda: "reading the deals" in driver.text)
        slowly.set()
        await driver.settle()
        assert "Won so far" in driver.text


async def test_another_period_is_answered_at_once(drive: Drive, slowly: Event) -> None:
    async with drive() as driver:
        slowly.clear()
        await driver.pilot.press("4", "full_stop")
        assert "Forecast | working out Q1 2027 …" in driver.text
        await driver.pilot.press("full_stop")
        assert "Forecast | working out Q2 2027 …" in driver.text
        slowly.set()
        await driver.settle()
        assert "Q2 2027, EUR | view 1: mine" in driver.text
        slowly.clear()
        await driver.pilot.press("comma")
        assert "Q2 2027, EUR | working out Q1 2027 … | view 1: mine" in driver.text
        assert "Apr 2027" in driver.text
        await driver.pilot.press("j")
        assert line(driver, "> May 2027")
        slowly.set()
        await driver.settle()
        assert "working out" not in driver.text
        assert line(driver, "> Jan 2027")


async def test_nothing_is_worked_out_while_nobody_looks(
    drive: Drive, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tuicrm.crm.forecast import forecast

    made: list[Any] = []

    def counting(*args: Any, **more: Any) -> Any:
        made.append(args)
        return forecast(*args, **more)

    monkeypatch.setattr("tuicrm.tui.outlook.model.forecast", counting)
    async with drive() as driver:
        await driver.press("4")
        first = len(made)
        assert first
        await driver.press("1", "L", "L", "w")
        assert len(made) == first
        await driver.press("4")
        assert len(made) == first + 1
        await driver.press("5", "e", *"x", "enter", "4", "full_stop", "comma")
        assert [args[1].key for args in made[first + 1 :]] == ["2027-Q1"]


async def test_a_change_meanwhile_is_worked_in_afterwards(drive: Drive, session: Session, slowly: Event) -> None:
    from tuicrm.crm.edit import add

    typed = {"name": ["Found"], "value": ["40k"], "close": ["2026-10-07"], "stage": ["won"], "owner": ["ann"]}
    async with drive() as driver:
        slowly.clear()
        await driver.pilot.press("4")
        await driver.pilot.pause()
        with driver.app.desk.lock:
            session.commit(add(session, "deal", typed))
        driver.app.changed()
        slowly.set()
        await driver.settle()
        assert "Won so far 40k" in driver.text


async def test_a_missing_rate_is_named_with_the_way_out(drive: Drive, session: Session) -> None:
    from tuicrm.crm.edit import add
    from tuicrm.crm.ratebook import set_rate

    typed = {"name": ["Abroad"], "value": ["USD 100k"], "close": ["2026-10-30"], "owner": ["ann"]}
    async with drive() as driver:
        await driver.press("4")
        before = line(driver, "Won so far")
        with driver.app.desk.lock:
            session.commit(add(session, "deal", typed))
        pane(driver).changed()
        await driver.settle()
        assert "There is no rate from USD to EUR for 2026-10-08" in driver.text
        assert "tuicrm config rate USD RATE --from 2026-10-08" in driver.text
        assert "Won so far" not in driver.text
        await driver.press("j", "tab", "enter", "y", "G")
        await driver.press("slash", *"value>1m", "enter")
        assert "No deal fits the filter" in driver.text
        await driver.press("escape", "full_stop")
        assert "Q1 2027" in driver.text
        await driver.press("comma")
        assert "There is no rate from USD to EUR" in driver.text
        with driver.app.desk.lock:
            session.commit(set_rate(session, "USD", "0.5", "2026-10-01"))
        pane(driver).changed()
        await driver.settle()
        assert line(driver, "Won so far") not in ("", before)


@pytest.mark.parametrize("size", [(30, 10), (80, 24), (200, 60)])
async def test_a_missing_rate_at_the_first_look(drive: Drive, session: Session, size: tuple[int, int]) -> None:
    from tuicrm.crm.config import set_value

    session.commit(set_value(session, "currency", "USD"))
    async with drive(size) as driver:
        await driver.press("4", "j", "v", "6")
        shown = " ".join(driver.text.split())
        assert "There is no rate from EUR to USD for 2026-" in shown
        assert "tuicrm config rate EUR RATE --from 2026-" in shown
        assert max(width(one) for one in driver.text.splitlines()) <= size[0]


async def test_the_fiscal_year(drive: Drive, session: Session) -> None:
    from tuicrm.crm.config import set_value

    session.commit(set_value(session, "fiscal_year_start", "april"))
    async with drive() as driver:
        await driver.press("4")
        assert "Q3 FY2027, EUR" in driver.text
        assert "Quota 550k" in driver.text
        await driver.press("full_stop", "full_stop")
        assert "Q1 FY2028, EUR" in driver.text
        assert line(driver, "> Apr 2027")


async def test_a_single_deal(drive: Drive, session: Session) -> None:
    from tuicrm.crm.edit import remove

    others = [one for one in session.ws.all("deal").values() if one["name"] != "Acme renewal"]
    session.commit(remove(session, "deal", others))
    async with drive() as driver:
        await driver.press("4", "v", "2")
        assert "view 2: team | method: weighted" in driver.text
        assert "no deal was closed; history counts from 6 on, one of them won" in driver.status
        await driver.press("G", "tab", "j", "tab", "tab", "v", "8")
        assert "8 times in 10" in driver.text
        await driver.press("v", "3", "j", "j", "enter")
        assert "Pipeline > Demo | 1 deal" in driver.text
        assert line(driver, "Acme renewal")
