"""Long lines in several: broken at blanks, cleaned, and indented under what they go on with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.text import clean_line, truncate, width
from tuicrm.tui.safe import cells

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tuicrm.tui.safe import Line, Span

LEAST_HANG = 2
SKIPPED = " \u200c\u200d\ufe0e\ufe0f"
"""What spells nothing at the start of a line; joiners and selectors would be shown as symbols there."""


def wrapped(line: Line, size: int) -> list[Line]:
    """Return a line as lines of at most `size` cells, with the whole of its text."""
    if size < 1 or sum(cells(text) for text, _ in line) <= size:
        return [line]
    spans = [(clean_line(text), look) for text, look in line]
    hang = _hang(spans, size)
    made: list[Line] = []
    for start, end in _cuts("".join(text for text, _ in spans), size, size - hang):
        part = _part(spans, start, end)
        if made and part:
            part[0] = (" " * hang + part[0][0], part[0][1])
        made.append(tuple(part))
    return made


def _hang(spans: Sequence[Span], size: int) -> int:
    """Return where a line goes on: under what follows its first span (a time, a name), else under its own start."""
    text = spans[1][0] if len(spans) > 1 else spans[0][0]
    blanks = len(text) - len(text.lstrip(" "))
    found = blanks + (width(spans[0][0]) if len(spans) > 1 else 0)
    return found if found <= size // 3 else min(LEAST_HANG, size // 3)


def _part(spans: Sequence[Span], start: int, end: int) -> list[Span]:
    """Return the spans of the characters from `start` to `end`."""
    found: list[Span] = []
    for text, look in spans:
        piece = text[max(0, start) : max(0, end)]
        if piece:
            found.append((piece, look))
        start, end = start - len(text), end - len(text)
    return found


def _cuts(text: str, first: int, rest: int) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each line; only as much as could matter is looked at, as a text may be very long."""
    start, room = 0, first
    while start < len(text):
        head = text[start : start + 8 * room + 64]
        if start + len(head) == len(text) and width(head) <= room:
            yield start, len(text)
            return
        end = _blank(text, start, start + _fitting(head, room), rest)
        yield start, end
        start, room = end, rest
        while start < len(text) and text[start] in SKIPPED:
            start += 1


def _fitting(text: str, room: int) -> int:
    """Return how many characters of a text fit, at least one."""
    # Longer than the room in any case, so that `truncate` always ends in its ellipsis.
    return max(1, len(truncate(f"{text}{' ' * 3}", room + 1)) - 1)


def _blank(text: str, start: int, end: int, rest: int) -> int:
    """Return the last blank before `end`, unless a word there is too long for any line."""
    if end >= len(text) or text[end] == " ":
        return min(end, len(text))
    blank = text.rfind(" ", start, end)
    if blank < 0 or not text[start:blank].strip(" "):
        return end
    following = text[blank + 1 : blank + 8 * rest + 64].partition(" ")[0]
    return end if width(following) > rest else blank
