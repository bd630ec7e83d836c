"""The only ways for text into widgets: cleaned, literal, never read as markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.strip import Strip

from tuicrm.text import clean, clean_line, pad, truncate, width

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.style import Style
    from rich.text import Text
    from textual.content import Content

Span = tuple[str, str]
"""Text and the name of its look."""
Line = tuple[Span, ...]


def literal(text: str) -> Content:
    """Return text for Static, Label, Option and the like: shown as it is, `[/` and all."""
    from textual.content import Content

    return Content(clean(text))


def cell(text: str) -> Text:
    """Return text for a table or a tree."""
    from rich.text import Text

    return Text(clean_line(text))


def letters(text: str) -> Text:
    """Return text that is being edited: each character is one character, so that the cursor stands where it is."""
    from rich.text import Text

    from tuicrm.text import letters as shown

    return Text(shown(text), no_wrap=True, overflow="ignore", end="")


def fit(text: str, cells: int) -> str:
    """Return cleaned text in exactly so many cells."""
    return pad(clean_line(text), cells)


def short(text: str, cells: int) -> str:
    """Return cleaned text in at most so many cells."""
    return truncate(clean_line(text), cells)


def cells(text: str) -> int:
    """Return how many cells the text takes once cleaned."""
    return width(clean_line(text))


def strip(line: Sequence[Span], size: int, style: Callable[[str], Style]) -> Strip:
    """Return a line of `size` cells, cut or filled with blanks; neighbours of one look are sent as one run."""
    runs: list[list[str]] = []
    left = size
    for text, look in line:
        piece = truncate(clean_line(text), left)
        if not piece:
            continue
        left -= width(piece)
        if runs and runs[-1][1] == look:
            runs[-1][0] += piece
        else:
            runs.append([piece, look])
        if left <= 0:
            break
    if left > 0:
        if runs and runs[-1][1] != "cursor":
            runs[-1][0] += " " * left
        else:
            runs.append([" " * left, "text"])
    return Strip([Segment(text, style(look)) for text, look in runs]).adjust_cell_length(size, style("text"))
