"""What may know what, seen at run time: the static contracts cannot see a deferred import."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("textual", "rich", "tinydb", "plotext", "click")


def loaded_by(statement: str) -> set[str]:
    """Return which of the heavy packages a statement loads in a fresh process."""
    script = f"{statement}\nimport sys\nprint(*(name for name in {HEAVY!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("import tuicrm", set()),
        ("import tuicrm.__main__", set()),
        ("import tuicrm.records.registry", set()),
        ("import tuicrm.store.workspace", set()),
        ("import tuicrm.store.tables", {"tinydb"}),
        ("import tuicrm.crm.edit, tuicrm.crm.listing, tuicrm.crm.board, tuicrm.crm.undo", set()),
        ("import tuicrm.exchange.importing", set()),
        ("import tuicrm.cli.run, tuicrm.cli.noun, tuicrm.cli.deal", {"click"}),
        ("import tuicrm.crm.forecast, tuicrm.crm.funnel, tuicrm.crm.efforts, tuicrm.charts", set()),
        ("import tuicrm.charts; tuicrm.charts.bars([(1, 2)], '#.', 30)", {"plotext"}),
        ("import tuicrm.tui", set()),
    ],
)
def test_a_layer_loads_only_its_own(statement: str, expected: set[str]) -> None:
    assert loaded_by(statement) == expected


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_the_quick_answers_load_nothing(option: str) -> None:
    quiet = "import contextlib, io, tuicrm.__main__ as m\nwith contextlib.redirect_stdout(io.StringIO()):"
    assert loaded_by(f"{quiet} m.main([{option!r}])") == set()
