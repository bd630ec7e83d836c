"""The dashboard and the reports by keys: what they show, the records behind a row, periods, views, any size."""

from __future__ import annotations

import re
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest

from tuicrm.crm.report.declared import Ask
from tuicrm.crm.report.registry import LINES, report_named
from tuicrm.crm.report.render import rows
from tuicrm.crm.report.tabulate import compute
from tuicrm.text import width
from tuicrm.tui.panes.behind import BehindLog, BehindOthers
from tuicrm.tui.panes.deals import Deals
from tuicrm.tui.panes.forecast import Forecast
from tuicrm.tui.panes.pipeline import Pipeline
from tuicrm.tui.panes.record import RecordPane
from tuicrm.tui.panes.reports import Reports

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]

SIZES = [(30, 10), (40, 12), (40, 24), (60, 20), (80, 24), (120, 40), (200, 60)]


def line(driver: Driver, words: str) -> str:
    return next((one for one in driver.text.splitlines() if words in one), "")


def pane(driver: Driver) -> Reports:
    found = driver.app.main.pane
    assert isinstance(found, Reports)
    return found


async def test_five_reports_on_one_screen(drive: Drive) -> None:
    async with drive() as driver:
        await driver.press("4", "v", "3")
        text = driver.text
        assert " Dashboard | Q4 2026, EUR | view 2: team | change against Q3 2026" in text
        assert line(driver, "QUOTA").startswith(">QUOTA  attained 0.0% (-19.2 pt), won 0")
        assert " PIPELINE  value 1.19M (+15k), deals 50, weighted 547k" in text
        assert re.search(r"   Lead +#+ +79k\n(.*\n){4}   Verbal +#+ +40k\n", text)
        assert " TRENDS  winloss win rate 53.3% (-46.7 pt)\n   May 0.0%  Jun 50.0%  Jul 66.7%" in text
        assert re.search(r" ACTIVITY  all 52 \(-16\), call 28.* STALE  value 147k, open 50", text)
        assert re.search(r"   Ann Lee  #+ 45      Ann Lee  #+ 130k", text)
        assert "attained 0.0% (-19.2 pt)" in driver.text.splitlines()[-4]


async def test_a_full_dashboard_still_fits(drive: Drive) -> None:
    async with drive() as driver:
        await driver.press("4", "v", "3", "comma")
        assert "Dashboard | Q3 2026, EUR | view 2: team | change against Q2 2026" in driver.text
        assert line(driver, "   Bob Ray ").rstrip().endswith("26.7%")
        await driver.press("G")
        assert line(driver, "> Eva Koch")
        assert ">" not in line(driver, "QUOTA")
        assert line(driver, " QUOTA")


async def test_from_a_section_to_its_report_to_the_deals_and_back(drive: Drive) -> None:
    async with drive() as driver:
        await driver.press("4", "v", "3", "j", "enter")
        assert "Pipeline | as of 8 Oct 2026, EUR | view 2: team | change against 30 Sep 2026" in driver.text
        assert line(driver, "> Lead").split() == [">", "Lead", "11", "79k", "7.9k", "12.5", "12.5", "-137k"]
        await driver.press("G")
        assert line(driver, "> all").split()[2:4] == ["50", "1.19M"]
        await driver.press("g", "j", "enter")
        assert isinstance(driver.app.main.pane, Deals)
        assert " Pipeline > Qualified | 9 deals" in driver.text
        await driver.press("v")
        assert "Esc goes back to Pipeline" in driver.status
        await driver.press("enter")
        assert isinstance(driver.app.main.pane, RecordPane)
        await driver.press("escape", "escape")
        assert line(driver, "> Qualified")
        await driver.press("escape")
        assert line(driver, ">PIPELINE")
        await driver.press("escape")
        assert isinstance(driver.app.main.pane, Forecast)


async def test_from_a_row_of_the_dashboard_to_what_is_behind(drive: Drive) -> None:
    async with drive() as driver:
        await driver.press("4", "v", "3", *"jjjjjjjjj", "enter")
        assert isinstance(driver.app.main.pane, Reports)
        assert "Activity | Q4 2026" in driver.text
        await driver.press("enter")
        assert isinstance(driver.app.main.pane, BehindLog)
        assert " Activity > Ann Lee | 45 activities" in driver.text
        await driver.press("slash", *"type:meeting", "enter")
        assert " Activity > Ann Lee | 7 activities | filter: type:meeting" in driver.text
        await driver.press("escape", "enter")
        assert isinstance(driver.app.main.pane, RecordPane)


async def test_records_of_other_kinds_are_listed_too(drive: Drive) -> None:
    async with drive() as driver:
        await driver.press("4")
        driver.app.open_report("retention")
        await driver.settle()
        await driver.press("G", "enter")
        assert isinstance(driver.app.main.pane, BehindOthers)
        assert " Retention > all | 8 companies" in driver.text
        await driver.press("slash", *"zzzz", "enter")
        assert "Nothing fits the filter" in driver.text
        await driver.press("escape", "enter")
        assert isinstance(driver.app.main.pane, RecordPane)


async def test_a_row_with_nothing_behind_it(drive: Drive) -> None:
    async with drive() as driver:
        await driver.press("4", "v", "3", "enter", "enter")
        assert "no records behind this" in driver.status


@pytest.mark.parametrize("name", LINES)
async def test_every_report_shows_what_the_command_shows(drive: Drive, session: Session, name: str) -> None:
    async with drive((160, 60)) as driver:
        await driver.press("4")
        driver.app.open_report(name)
        await driver.settle()
        found = compute(session, Ask(), report_named(name))
        shown = [" ".join(one.split()) for one in driver.text.splitlines()]
        for part in (found, *found.sections) if name != "dashboard" else ():
            for cells in rows(part):
                wanted = " ".join(" ".join(cells).split())
                assert any(wanted in one for one in shown), wanted
        assert f" {name.capitalize()} | " in driver.text


@pytest.mark.parametrize("name", LINES)
async def test_every_report_is_in_the_palette(drive: Drive, name: str) -> None:
    async with drive() as driver:
        await driver.press("P", *name, *(("space", *"report") if name != "dashboard" else ()), "enter")
        assert driver.text.splitlines()[1].startswith(f" {name.capitalize()} | ")
        await driver.press("escape")
        assert isinstance(driver.app.main.pane, Pipeline)


async def test_reports_of_the_team_are_offered(drive: Drive, session: Session) -> None:
    from tuicrm.crm.report.own import add

    session.commit(add(session, "[/red] \x1b[2J won", of="deal", measure="sum:value", where="is:won"))
    async with drive() as driver:
        await driver.press("4", "v", "3", "v", "G", "k", "k", "enter")
        assert "[/red] ␛[2j won | " in driver.text
        assert line(driver, "> ").split()[1:3] == ["Ann", "Lee"]
        held = next(iter(session.ws.all("report").values()))
        from tuicrm.crm.edit import remove

        with driver.app.desk.lock:
            session.commit(remove(session, "report", [held]))
        driver.app.changed()
        await driver.settle()
        assert "There is no" in driver.text
        await driver.press("v", "3")
        assert "Dashboard | Q4 2026" in driver.text


async def test_periods_and_views(drive: Drive) -> None:
    async with drive() as driver:
        await driver.press("4", "v", "3", "v", "8", "comma")
        assert "Winloss | 12 Apr 2026 - 10 Jul 2026, EUR | view 2: team" in driver.text
        await driver.press("v", "5", *"2026-Q3", "enter", "v", "1")
        assert "Winloss | Q3 2026, EUR | view 1: mine" in driver.text
        await driver.press("v", "4", *"south", "enter")
        assert "Winloss | Q3 2026, EUR | team south" in driver.text
        await driver.press("full_stop")
        assert "Winloss | Q4 2026, EUR | team south" in driver.text
        await driver.press("v")
        assert line(driver, "* report: winloss")
        await driver.press("7")
        assert "Funnel | 11 Jul 2026 - 8 Oct 2026, EUR | team south" in driver.text


async def test_the_period_of_the_dashboard_goes_along(drive: Drive) -> None:
    async with drive() as driver:
        await driver.press("4", "v", "3", "comma", "v", "1", "enter")
        assert "Quota | Q3 2026, EUR | view 1: mine" in driver.text


async def test_a_filter_and_back(drive: Drive) -> None:
    async with drive() as driver:
        await driver.press("4", "v", "3", "j", "enter")
        whole = line(driver, "  all")
        await driver.press("slash", *"value>50k", "enter")
        assert "view 2: team | filter: value>50k" in driver.text
        assert "filtered. Esc clears" in driver.status
        assert line(driver, "  all") != whole
        await driver.press("escape")
        assert line(driver, "  all") == whole


async def test_copying_the_figures(drive: Drive) -> None:
    async with drive() as driver:
        await driver.press("4", "v", "3", "j", "enter", "y")
        assert "Copied the figures of pipeline" in driver.status
        head, first, *_ = driver.app.clipboard.splitlines()
        assert head.split(",")[:4] == ["stage", "label", "count", "value"]
        assert first.split(",")[1:4] == ["Lead", "11", "79000.00"]


async def test_a_change_elsewhere_is_seen(drive: Drive, session: Session) -> None:
    async with drive() as driver:
        await driver.press("4", "v", "3", "j", "j")
        with driver.app.desk.lock:
            from tuicrm.crm.edit import add

            session.commit(add(session, "deal", {"name": ["Big"], "value": ["1m"], "owner": ["ann"]}))
        driver.app.changed()
        await driver.settle()
        assert line(driver, "> Lead").rstrip().endswith("1.08M")


async def test_keys_wait_for_no_report(drive: Drive, monkeypatch: pytest.MonkeyPatch) -> None:
    from tuicrm.tui.reporting import model

    gate, plain = Event(), model._page

    def waiting(*args: Any) -> Any:
        assert gate.wait(60)
        return plain(*args)

    monkeypatch.setattr(model, "_page", waiting)
    async with drive() as driver:
        driver.app.open_report("dashboard")
        await driver.until(lambda: "reading …" in driver.text)
        await driver.pilot.press("comma")
        assert "Dashboard | working out Q3 2026 …" in driver.text
        await driver.pilot.press("escape", "L")
        assert isinstance(driver.app.main.pane, Pipeline)
        assert "Qualified" in driver.status
        gate.set()
        await driver.settle()


async def test_a_missing_rate_is_named_with_the_way_out(drive: Drive, session: Session) -> None:
    from tuicrm.crm.edit import add
    from tuicrm.crm.ratebook import set_rate

    typed = {"name": ["Abroad"], "value": ["USD 100k"], "close": ["2026-10-30"], "owner": ["ann"]}
    session.commit(add(session, "deal", typed))
    async with drive() as driver:
        driver.app.open_report("pipeline")
        await driver.settle()
        assert "here is no rate from USD to EUR for 2026-10-08" in driver.text
        assert "tuicrm config rate USD RATE --from 2026-10-08" in driver.text
        await driver.press("j", "enter", "y", "G", "full_stop", "comma")
        with driver.app.desk.lock:
            session.commit(set_rate(session, "USD", "0.5", "2026-09-01"))
        driver.app.changed()
        await driver.settle()
        assert line(driver, "  all").split()[1:3] == ["51", "1.24M"]


async def test_an_empty_workspace_says_what_to_do(drive: Drive, session: Session) -> None:
    from tuicrm.crm.edit import remove

    for kind in ("activity", "deal"):
        session.commit(remove(session, kind, list(session.ws.all(kind).values())))
    async with drive() as driver:
        driver.app.open_report("dashboard")
        await driver.settle()
        assert "tuicrm deal add NAME --value 12k" in driver.text
        for name in LINES:
            driver.app.open_report(name)
            await driver.settle()
            await driver.press("j", "enter", "comma")
            assert driver.app.main.pane is not None


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["dashboard", "cycle", "winloss", "activity"])
async def test_every_size(drive: Drive, size: tuple[int, int], name: str) -> None:
    async with drive(size) as driver:
        driver.app.open_report(name)
        await driver.settle()
        for key in ("j", "G", "k", "g", "pagedown", "pageup", "G"):
            await driver.press(key)
            assert max(width(one) for one in driver.text.splitlines()) <= size[0]
            assert re.search(r"^ ?>", driver.text, re.MULTILINE) or re.search(r"  > ", driver.text)


async def test_the_names_of_the_columns_stay_in_sight(drive: Drive) -> None:
    async with drive((80, 14)) as driver:
        driver.app.open_report("cycle")
        await driver.settle()
        for _ in range(10):
            await driver.press("j")
        assert line(driver, "> all")
        assert line(driver, "  stage  ")
        await driver.press("g")
        assert line(driver, "  status  ")


async def test_a_cursor_key_works_nothing_out(drive: Drive, monkeypatch: pytest.MonkeyPatch) -> None:
    async with drive() as driver:
        await driver.press("4", "v", "3")

        def never(*_: object) -> None:
            raise AssertionError("data was asked for")

        monkeypatch.setattr(pane(driver), "ask_again", never)
        await driver.press("j", "j", "k", "G", "g")
        assert line(driver, ">QUOTA")
