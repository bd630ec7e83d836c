"""The forecast pane as lines: its parts beside one another where there is room, else one below the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.tui.outlook.blocks import activity_lines, funnel_lines, stage_lines
from tuicrm.tui.outlook.months import BARS, CURVE, CURVE_LEGEND, curve_lines, inked, month_lines, top_lines
from tuicrm.tui.outlook.place import ACTIVITY, FUNNEL, MONTHS, STAGES
from tuicrm.tui.safe import cells, fit, short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.tui.outlook.model import Outlook
    from tuicrm.tui.outlook.place import Place
    from tuicrm.tui.safe import Line, Span

THREE = 110
"""From this width on, stages, funnel and activity stand side by side."""
TWO = 76
"""From this width on, two of them do."""
BELOW = 8
"""Lines that the lower part needs at least."""
CURVE_LINES = 22
LEAST_CURVE = 6


def page(
    model: Outlook, place: Place, size: tuple[int, int], chart: str = BARS, *, one_column: bool = False
) -> list[Line]:
    """Return exactly as many lines as fit the size (width, height); the area of the cursor is in sight."""
    width, height = size
    upper = [*top_lines(model, width), (), *month_lines(model, place, width, chart)]
    if width >= TWO and not one_column:
        left = height - len(upper) - 1
        lower = _beside(model, place, width, max(left, BELOW))
        curve = _curve_part(model, width, left - len(lower)) if chart != CURVE else []
        lines = [*upper, (), *curve, *lower]
        seen = (0, len(upper)) if place.area == MONTHS else (len(lines) - len(lower), len(lines))
    else:
        lines, seen = _stacked(model, place, width, upper)
    return _around(lines, height, seen)


def _curve_part(model: Outlook, width: int, room: int) -> list[Line]:
    """Return the curve of the period where there are lines to spare."""
    lines = min(room - 2, CURVE_LINES)
    if lines < LEAST_CURVE:
        return []
    drawn = curve_lines(model, width - 4, lines)
    head: Line = ((f" {model.found.period.title}, added up", "title"), (f"   {CURVE_LEGEND}", "muted"))
    return [head, *((("  ", "text"), *inked(line)) for line in drawn), ()]


def _beside(model: Outlook, place: Place, width: int, height: int) -> list[Line]:
    """Return two or three blocks side by side."""
    if width >= THREE:
        first, second = max(width * 3 // 10, 40), max(width * 3 // 10, 36)
        parts = [
            (stage_lines(model, place, first, height), first + 2),
            (funnel_lines(model, place, second, height), second + 2),
            (activity_lines(model, place, width - first - second - 4, height), width - first - second - 4),
        ]
    else:
        first = width * 21 // 40
        other = activity_lines if place.area == ACTIVITY else funnel_lines
        parts = [
            (stage_lines(model, place, first, height), first + 2),
            (other(model, place, width - first - 2, height), width - first - 2),
        ]
    tall = max(len(lines) for lines, _ in parts)
    return [_joined([(lines[at] if at < len(lines) else (), size) for lines, size in parts]) for at in range(tall)]


def _joined(parts: Sequence[tuple[Line, int]]) -> Line:
    """Return lines side by side, each filled or cut to its size."""
    spans: list[Span] = []
    for line, size in parts:
        left = size
        for text, look in line:
            piece = short(text, left)
            spans.append((piece, look))
            left -= cells(piece)
        spans.append((fit("", left), "text"))
    return tuple(spans)


def _stacked(model: Outlook, place: Place, width: int, upper: list[Line]) -> tuple[list[Line], tuple[int, int]]:
    """Return all blocks one below the other, and the lines that the area of the cursor takes."""
    lines, seen = list(upper), (0, len(upper))
    for area, block in ((STAGES, stage_lines), (FUNNEL, funnel_lines), (ACTIVITY, activity_lines)):
        made = block(model, place, width, 100)
        lines += [(), *made]
        if area == place.area:
            seen = (len(lines) - len(made), len(lines))
    return lines, seen


def _around(lines: list[Line], height: int, seen: tuple[int, int]) -> list[Line]:
    """Return the lines that fit: those of the cursor's area as far as possible, the line of its cursor in any case."""
    first, last = seen
    if len(lines) > height:
        cursor = next((at for at in range(first, last) if any(look == "cursor" for _, look in lines[at])), first)
        top = min(max(last - height, 0), first)
        top = min(max(top, cursor - height + 1), cursor, len(lines) - height)
        lines = lines[top : top + height]
    return [*lines, *[()] * (height - len(lines))]
