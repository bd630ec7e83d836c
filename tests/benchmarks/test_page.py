"""`make bench` in small: what areas find is kept, goes on the page as it was found, and is not measured twice."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from tests.benchmarks import load, page, results, run
from tests.benchmarks.measure import Note, at_least, at_most, environment
from tests.benchmarks.programs.ours import Ours
from tests.benchmarks.programs.stock import Stock
from tests.benchmarks.promises import SECTIONS
from tests.benchmarks.results import Found
from tests.benchmarks.samples import Sample, fit
from tests.benchmarks.slowest import Profile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep and write everything in a folder of the test; return where the page is written."""
    monkeypatch.setattr(results.RESULTS, "place", tmp_path / "kept")
    monkeypatch.setattr(run, "PAGE", tmp_path / "page.md")
    monkeypatch.setattr(run, "commit", lambda: "abc")
    monkeypatch.setattr(run, "compile_all", lambda: None)
    monkeypatch.setattr(run, "BY_NAME", ("million",))
    return tmp_path / "page.md"


def areas(monkeypatch: pytest.MonkeyPatch, **figures: Callable[[Path], Iterator[object]]) -> None:
    """Let these be all areas that there are."""
    monkeypatch.setattr(run, "AREAS", tuple(figures))
    for name, inner in figures.items():
        module = ModuleType(name)
        module.figures = inner  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, f"tests.benchmarks.{name}", module)


def test_a_run_that_was_ended_goes_on_and_the_page_says_what_is_short(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []

    def quick(folder: Path) -> Iterator[object]:
        ran.append("quick")
        yield at_most("tuicrm --version / python -c pass", "20 ms", "10 ms", 2.0, 5)
        yield at_least("khard list / contact list --json, 5,000", "1 s", "3 s", 3.0, 10)

    def ended(folder: Path) -> Iterator[object]:
        ran.append("ended")
        yield Note("load", "todoman is not installed and was left out.")
        if ran.count("ended") == 1:
            raise RuntimeError("the disk is gone")
        yield at_most("moved too far", "2 s", "1 s", 2.0, 3)

    areas(monkeypatch, quick=quick, ended=ended)
    assert run.main([]) == 1
    text = target.read_text(encoding="utf-8")
    assert "2 figures have a bound; 1 keep it, 1 fall short of it." in text
    assert "| tuicrm --version / python -c pass | 20 ms | 10 ms | 2.00 | <= 5 x | yes |" in text
    assert "| khard list / contact list --json, 5,000 | 1 s | 3 s | 3.00 | >= 10 x | **short of** |" in text
    assert "`ended` did not come to its end: the disk is gone" in text
    assert "`million` was not run" in text
    assert "* moving a card at most 3 x (**not measured**)" in text
    assert run.main([]) == 1
    assert ran == ["quick", "ended", "ended"]
    text = target.read_text(encoding="utf-8")
    assert "did not come to its end" not in text
    assert "## Also measured" in text
    assert "3 figures have a bound; 2 keep it" in text
    assert "all at commit abc on " in text
    assert run.main(["nonsense"]) == 2


def test_the_page_can_be_made_of_the_latest_runs(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    areas(monkeypatch, first=lambda folder: iter(()), second=lambda folder: iter(()))
    assert run.main(["first"]) == 0
    monkeypatch.setattr(run, "commit", lambda: "def")
    assert run.main(["second"]) == 0
    assert "`first` was not run" in target.read_text(encoding="utf-8")
    assert run.main(["--page"]) == 0
    text = target.read_text(encoding="utf-8")
    assert "`first` was measured at commit abc" in text
    assert "`second` was measured at commit def" in text


def test_what_was_measured_on_changed_files_is_no_commit_s(
    target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "commit", lambda: "abc-dirty")
    monkeypatch.setattr(run, "DRAFT", tmp_path / "draft.md")
    areas(monkeypatch, quick=lambda folder: iter([at_most("x", "1 s", "1 s", 1.0, 2)]))
    assert run.main([]) == 0
    assert not target.exists()
    assert "| x | 1 s | 1 s | 1.00 | <= 2 x | yes |" in (tmp_path / "draft.md").read_text(encoding="utf-8")
    assert results.read("abc-dirty", "quick") is None


def test_the_same_is_done_by_two_programs_and_told_side_by_side(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "ROUNDS", 1)
    monkeypatch.setattr(load, "ACTIONS", ("import", "list", "search"))
    found = Found()
    for kind in (Ours, Stock):
        home = tmp_path / kind.name.replace(" ", "-")
        home.mkdir()
        for one in load.measured(kind(home / "own", environment(home, TUICRM_USER="me"), 20), {}):
            found.add(one)
    told = {(one.program, one.action): one for one in found.samples}
    assert len(told) == 6
    assert all(one.seconds and one.memory > 5_000 for one in told.values())
    assert all(told[name, "import"].disk > 1_000 for name in ("tuicrm", "stock TinyDB"))
    results.RESULTS.place, place = tmp_path / "kept", results.RESULTS.place
    found.commit = "abc"
    results.write("load", found)
    assert results.read("abc", "load") == found
    results.RESULTS.place = place
    text = page.write({"load": found})
    assert "| **search** | 20 |" in text
    assert "| stock TinyDB | " in text


def test_an_action_that_would_take_too_long_is_left_out_with_the_reason(tmp_path: Path) -> None:
    slow = {("stock TinyDB", "list"): (10, load.LIMIT)}
    told = list(load.measured(Stock(tmp_path / "own", environment(tmp_path), 100), slow))
    assert all(one.seconds is None and one.remark == "more than 20 s expected" for one in told)


def test_growth_is_fitted_and_few_points_are_said() -> None:
    grown = fit([(1_000, 2.0), (10_000, 20.0), (100_000, 200.0)])
    assert grown is not None
    assert grown.exponent == pytest.approx(1)
    assert grown.each == pytest.approx(0.002)
    assert grown.points == 3
    assert fit([(1_000, 2.0)]) is None
    samples = [Sample("tuicrm", "list", size, size / 1000, 9_000) for size in (1_000, 10_000)]
    text = page.write({"load": Found(samples=samples, busy=9.0)})
    assert "| tuicrm: list | 1,000 to 10,000: 2 (few points) | 1.00 | 0.00 | 1000.0 µs |" in text
    assert "**The machine had other work**" in text


def test_a_profile_says_who_looked_at_it() -> None:
    one = Profile("nothing that exists", 10, 1.0, 0.5, 500, [("store/a.py b", 0.5)], [("cli/run.py run", 1.0)])
    text = page.write({"slowest": Found(profiles=[one])})
    assert "| `store/a.py b` | 50% | | `cli/run.py run` | 100% |" in text
    assert "Nobody has looked at this profile yet." in text


@pytest.mark.parametrize(
    "name",
    [
        *(
            "tuicrm --help / python -c pass",
            "contact add / task add, 5,000",
            "  peak memory",
            "  update at 100,000 / at 1,000",
        ),
        *(
            "importing 100,000 contacts / csv and orjson",
            "  its peak memory / the records loaded",
            "triage, 8 rules / x",
        ),
        *(
            "TUI, 10,000 deals: first paint",
            "TUI, 300 deals: letter in the palette",
            "TUI, 300 deals: opening the palette",
        ),
        *(
            "TUI, 300 deals: bytes per moved card",
            "TUI, 10,000 deals: moving a card",
            "TUI, 10,000 beside 300: mark, x",
        ),
        *(
            "forecast / open and read",
            "forecast error (WAPE), 30 days, weekly",
            "backtest of 8 origins / open and read",
        ),
        *("  outcomes in their 80 % range, 30 days, month ends", "outcomes in their 80 % range, 1,024 origins"),
    ],
)
def test_a_figure_is_shown_under_the_one_number_that_it_is_about(name: str) -> None:
    text = page.write({"some": Found(figures=[at_most(name, "1 s", "2 s", 0.5, 3)])})
    assert text.count(f"| {name.strip()} | 1 s | 2 s |") == 1
    assert "## Also measured" not in text


def test_every_number_that_was_set_names_a_figure_and_each_only_once() -> None:
    patterns = [pattern for section in SECTIONS.values() for one in section for pattern in one.figures]
    assert all(one.figures for section in SECTIONS.values() for one in section)
    assert len(set(patterns)) == len(patterns)
