"""What each command and key costs, counted and not timed, beside what it cost when this table was written.

Where something costs more and that is meant, `python -m tests.benchmarks.guard` prints the table anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.benchmarks import guard

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.skipif(bool(guard.lacking()), reason=guard.lacking() or "it can be counted")

WAS = {
    "contact list": (109, 56, 506, 408, 6_043, 7_676, 79),
    "search": (109, 65, 1_563, 672, 1_646, 8_504, 94),
    "board": (109, 65, 1_479, 656, 1_617, 8_233, 81),
    "contact add": (120, 56, 671, 456, 814, 7_584, 79),
    "deal move": (112, 56, 1_009, 510, 1_890, 7_876, 77),
    "sync": (137, 63, 1_581, 1_039, 339_467, 9_442, 86),
}
MORE = dict(zip(guard.COUNTS, (1.1, 1.25, 1.1, 1.2, 1.3, 1.2, 1.2), strict=True))
"""How much more than in the table each may be: what other versions of Python and of the libraries differ by."""
BYTES_OF_KEYS = {
    "start": 51_815,
    "six cursor keys": 3_933,
    "a card moved": 3_482,
    "undo": 3_562,
    "palette": 27_412,
    "palette closed": 19_779,
    "idle": 0,
}
MORE_BYTES = 1.25


def grown(what: str, was: dict[str, int], now: dict[str, int]) -> list[str]:
    """Return a sentence for each number that is above what it may be."""
    return [
        f"{what}: {name} grew from {was[name]:,} to {now[name]:,}, at most {most:,} are allowed"
        for name in was
        if now[name] > (most := int(was[name] * MORE.get(name, MORE_BYTES)))
    ]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a sample workspace that nobody writes to."""
    return guard.sample(tmp_path_factory.mktemp("guard"))


def held(what: str, was: dict[str, int], count: Callable[[Path], dict[str, int]], place: Path) -> None:
    """Count at most twice: at first, modules may have to be compiled, or a busy machine paints in smaller steps."""
    for attempt in ("first", "second"):
        (place / attempt).mkdir()
        found = grown(what, was, count(place / attempt))
        if not found:
            return
    pytest.fail("\n".join(found))


@pytest.mark.parametrize("command", WAS)
def test_a_command_costs_what_it_did(command: str, workspace: Path, tmp_path: Path) -> None:
    was = dict(zip(guard.COUNTS, WAS[command], strict=True))
    held(command, was, lambda place: guard.of_command(guard.COMMANDS[command], workspace, place), tmp_path)


def test_a_key_sends_what_it_did(workspace: Path, tmp_path: Path) -> None:
    held("bytes to the terminal", BYTES_OF_KEYS, lambda place: guard.of_keys(workspace, place), tmp_path)


def test_what_grew_is_told_with_both_numbers() -> None:
    (told,) = grown("contact list", {"modules": 100, "peak KB": 10}, {"modules": 111, "peak KB": 10})
    assert told == "contact list: modules grew from 100 to 111, at most 110 are allowed"
    assert grown("idle", {"idle": 0}, {"idle": 1})
