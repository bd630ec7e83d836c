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
    """Return a line of `size` cells, cut or filled with the look of its last span."""
    segments: list[Segment] = []
    left = size
    last = "text"
    for text, last in line:
        piece = truncate(clean_line(text), left)
        if piece:
            segments.append(Segment(piece, style(last)))
            left -= width(piece)
        if left <= 0:
            break
    if left > 0:
        segments.append(Segment(" " * left, style(last if line and last == "cursor" else "text")))
    return Strip(segments).adjust_cell_length(size, style("text"))
