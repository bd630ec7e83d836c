"""What a command costs to start: which modules it loads, and how long it takes beside an empty program."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Shell

HEAVY = ("textual", "tinydb", "plotext", "rich", "numpy")


def loaded(words: list[str]) -> set[str]:
    """The modules that a command has loaded when it is done."""
    code = (
        "import sys, os\n"
        "from tuicrm.__main__ import main\n"
        f"code = main({words!r})\n"
        "sys.stdout.flush()\n"
        "sys.stderr.write('\\n' + ' '.join(sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize("word", ["--version", "--help"])
def test_the_first_answers_need_no_library(bare: Shell, word: str) -> None:
    modules = loaded([word])
    assert not modules & {*HEAVY, "click", "orjson", "dataclasses"}
    assert "tuicrm.__main__" in modules


@pytest.mark.parametrize(
    "words",
    [
        ["deal", "list"],
        ["contact", "list", "--json"],
        ["contact", "show", "jane@acme.example"],
        ["board"],
        ["contact", "add", "--help"],
        ["contact", "add", "Max Lund"],
        ["deal", "move", "Acme renewal", "demo"],
    ],
)
def test_no_command_loads_what_it_does_not_use(stocked: Shell, words: list[str]) -> None:
    assert not loaded(words) & set(HEAVY)


def test_help_of_the_top_builds_no_command(bare: Shell) -> None:
    modules = loaded(["--help"])
    assert not {name for name in modules if name.startswith("tuicrm.") and "cli.table" not in name} - {
        "tuicrm.__main__",
        "tuicrm.cli",
    }


@pytest.mark.parametrize("word", ["--version", "--help"])
def test_the_first_answers_are_quick(bare: Shell, word: str) -> None:
    """At most five times an empty program, both measured in turn."""

    def spent(*words: str) -> float:
        start = time.perf_counter()
        subprocess.run([sys.executable, *words], capture_output=True, check=True, timeout=60)
        return time.perf_counter() - start

    pairs = [(spent("-c", "pass"), spent("-m", "tuicrm", word)) for _ in range(7)]
    assert min(mine for _, mine in pairs) <= 5 * min(empty for empty, _ in pairs)
