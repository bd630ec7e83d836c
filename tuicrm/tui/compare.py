"""Two values side by side, or below each other where there is no room: from the first line on that differs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tuicrm.tui.safe import cells, fit, short
from tuicrm.tui.wrap import wrapped

if TYPE_CHECKING:
    from tuicrm.tui.safe import Line

BESIDE_FROM = 56
"""Cells from which on there is room for two columns."""
BETWEEN = " │ "
LONG = 12
"""Characters of a shared beginning from which on it is left out of a row."""


@dataclass(frozen=True)
class Side:
    """One of the two values."""

    key: str
    """The key that takes it; empty for none."""
    heading: str
    value: str
    who: str
    """Who wrote it, and when."""


def compared(left: Side, right: Side, width: int, height: int, *, beside: bool = True) -> list[Line]:
    """Return exactly so many lines of `width` cells."""
    if height < 1 or width < 1:
        return []
    if beside and width >= BESIDE_FROM:
        room = (width - len(BETWEEN) - 2) // 2
        values = _differing(_values(left.value, room), _values(right.value, room), height - 1)
        columns = [_column(one, held, room, height) for one, held in zip((left, right), values, strict=True)]
        return [(*_filled(one, room + 1), (BETWEEN, "rule"), *other) for one, other in zip(*columns, strict=True)]
    upper = height // 2
    values = _differing(_values(left.value, width - 1), _values(right.value, width - 1), upper - 1)
    first, second = (upper, height - upper) if height > 1 else (1, 0)
    return [*_column(left, values[0], width - 1, first), *_column(right, values[1], width - 1, second)]


def apart(one: str, other: str) -> tuple[str, str]:
    """Return two texts without a long beginning that they share: in a row there is room for what differs only."""
    pairs = enumerate(zip(one, other, strict=False))
    same = next((at for at, (left, right) in pairs if left != right), min(len(one), len(other)))
    cut = one.rfind(" ", 0, same) + 1
    return (one, other) if cut < LONG else (f"… {one[cut:]}", f"… {other[cut:]}")


def _column(side: Side, value: list[str], room: int, height: int) -> list[Line]:
    """Return one side in so many lines: its heading, the value as far as it fits, who wrote it."""
    # Where there is but one line, what it is counts for more than who wrote it.
    beside = side.who if height > 1 else " ".join(value)
    words = f"{side.heading}{f'  {beside}' if beside else ''}"
    key = f"{side.key} " if side.key else ""
    made: list[Line] = [((f" {key}", "key"), (short(words, max(0, room - cells(key))), "head"))]
    left = max(0, height - 1)
    if len(value) > left > 0:
        value = [*value[: left - 1], f"… {len(value) - left + 1} more lines"]
    made += [((f" {one}", "text"),) for one in value[:left]]
    return [*made, *([()] * (height - len(made)))][:height]


def _filled(line: Line, size: int) -> Line:
    left = size - sum(cells(text) for text, _ in line)
    return (*line, (" " * left, "text")) if left > 0 else line


def _values(text: str, room: int) -> list[str]:
    """Return a value in lines that fit."""
    made = [part for one in text.split("\n") for part in wrapped(((one, "text"),), max(1, room))]
    return [fit("".join(piece for piece, _ in line), max(1, room)).rstrip() for line in made]


def _differing(one: list[str], other: list[str], room: int) -> tuple[list[str], list[str]]:
    """Return both, where one is too long without the lines at their beginning that are the same."""
    if max(len(one), len(other)) <= room:
        return one, other
    same = 0
    while same < min(len(one), len(other)) - 1 and one[same] == other[same]:
        same += 1
    if same < 2:
        return one, other
    words = f"… {same} lines alike"
    return [words, *one[same:]], [words, *other[same:]]
