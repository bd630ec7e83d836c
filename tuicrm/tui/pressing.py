"""What a click on the bars does: a pane's name goes there, a key hint does what its key does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.tui.safe import cells

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tuicrm.tui.commands import Command
    from tuicrm.tui.safe import Line


def span_at(line: Line, x: int) -> int:
    """Return which span of a line is at a cell; -1 behind the last."""
    end = 0
    for at, (text, _) in enumerate(line):
        end += cells(text)
        if x < end:
            return at
    return -1


def tab_at(line: Line, x: int, places: Sequence[str]) -> str:
    """Return which of the places in the row of panes has its name at a cell; empty where none has."""
    at = span_at(line, x) - 1  # the first span is the margin
    return places[at] if 0 <= at < len(places) else ""


def key_at(line: Line, x: int, place: str, keys_of: Callable[[Command], tuple[str, ...]]) -> str:
    """Return the key whose hint is at a cell of the line of hints in a place; empty where there is none."""
    from tuicrm.tui.commands import ANYWHERE, commands_in, shown

    at = span_at(line, x)
    if at < 1:
        return ""
    # After the margin, keys and what they do take turns.
    text = line[at - (at + 1) % 2][0]
    held = (key for one in (*commands_in(place), *commands_in(ANYWHERE)) for key in keys_of(one))
    return next((key for key in held if shown(key) == text), "")
