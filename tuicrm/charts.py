"""Charts as plain lines of text, drawn by plotext: series differ by character, nothing is coloured, nothing escapes."""

from __future__ import annotations

from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from tuicrm.text import clean_line, pad, width

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

GOAL = "|"
"""What marks a goal across a bar."""
SPARE = 1e-9
"""What keeps an axis from having no length."""

# The library draws on one figure per process, so that one chart must be finished before the next begins.
_figure = Lock()


def bars(
    rows: Sequence[Sequence[float]], marks: Sequence[str], cells: int, *, goals: Sequence[float] = ()
) -> list[str]:
    """Return a line per row: a bar of its parts, one after the other, each of its own character, and where its goal is.

    Every line has `cells` cells; all share one scale, from 0 to the longest bar or goal. A goal of 0 is none.
    """
    if not rows or cells < 1:
        return [""] * len(rows)
    top = max([max(sum(row), 0.0) for row in rows] + [max(goal, 0.0) for goal in goals]) or 1.0
    parts = tuple(tuple(max(row[at], 0.0) / top for row in rows) for at in range(len(marks)))
    return list(_bars(parts, tuple(marks), cells, tuple(max(goal, 0.0) / top for goal in goals)))


@lru_cache(maxsize=64)
def _bars(
    parts: tuple[tuple[float, ...], ...], marks: tuple[str, ...], cells: int, goals: tuple[float, ...]
) -> tuple[str, ...]:
    count = len(parts[0])
    with _figure:
        plot = _cleared(cells, count)
        rows = list(range(count, 0, -1))
        _stack(plot, rows, parts, marks, "h", width=0.01, least=1 / cells)
        held = [(goal, row) for goal, row in zip(goals, rows, strict=False) if goal > 0]
        if held:
            plot.scatter([goal for goal, _ in held], [row for _, row in held], marker=GOAL)
        return _drawn(plot, cells, count, (1 / cells if cells > 1 else 0, 1), (0.5, count + 0.5))


def columns(
    series: Sequence[Sequence[float]], marks: Sequence[str], cells: int, lines: int, *, names: Sequence[str] = ()
) -> list[str]:
    """Return `lines` lines with a column per place, its series one above the other, and their names below them."""
    places = len(series[0]) if series else 0
    if not places or cells < places or lines < 1:
        return []
    height = lines - 1 if names else lines
    top = max(sum(one) for one in zip(*series, strict=True)) or 1.0
    scaled = tuple(tuple(max(value, 0.0) / top for value in one) for one in series)
    drawn = list(_columns(scaled, tuple(marks), cells, max(height, 1)))
    return [*drawn, _under(names, cells)] if names else drawn


@lru_cache(maxsize=64)
def _columns(series: tuple[tuple[float, ...], ...], marks: tuple[str, ...], cells: int, lines: int) -> tuple[str, ...]:
    places = len(series[0])
    each = cells // places
    wide = each * places
    with _figure:
        plot = _cleared(wide, lines)
        # The cells of a place stand for equal parts of it, the last one for the space before the next; edges lie a
        # quarter of a cell beyond the middle of one, where no rounding moves them to another.
        spots = [place - 0.25 / each for place in range(places)]
        _stack(plot, spots, series, marks, "v", width=max(each - 2, 0.01) / each)
        edge = 0.5 / each - 0.5 if wide > 1 else -1.0
        drawn = _drawn(plot, wide, lines, (edge, places - 1 - edge), (0, 1))
    return tuple(pad(line, cells) for line in drawn)


def curves(
    series: Sequence[Sequence[float]], marks: Sequence[str], cells: int, lines: int, *, names: Sequence[str] = ()
) -> list[str]:
    """Return `lines` lines with a curve per series, from the left edge; a shorter series ends before the right one."""
    places = max(map(len, series), default=0)
    if places < 2 or cells < 2 or lines < 2:
        return []
    height = lines - 1 if names else lines
    top = max((max(one, default=0.0) for one in series), default=0.0) or 1.0
    scaled = tuple(tuple(max(value, 0.0) / top for value in one) for one in series)
    drawn = list(_curves(scaled, tuple(marks), cells, height))
    return [*drawn, _under(names, cells)] if names else drawn


@lru_cache(maxsize=64)
def _curves(series: tuple[tuple[float, ...], ...], marks: tuple[str, ...], cells: int, lines: int) -> tuple[str, ...]:
    with _figure:
        plot = _cleared(cells, lines)
        for one, mark in reversed(list(zip(series, marks, strict=True))):  # the first lies on top
            if one:
                plot.plot(list(range(len(one))), list(one), marker=mark)
        return _drawn(plot, cells, lines, (0, max(map(len, series)) - 1), (0, 1 + SPARE))


def _stack(
    plot: ModuleType,
    at: Sequence[float],
    parts: Sequence[Sequence[float]],
    marks: Sequence[str],
    orientation: str,
    *,
    width: float,
    least: float = 0,
) -> None:
    """Draw bars over one another, the longest first, so that each shows what it adds; the empty ones leave no mark."""
    for last in range(len(parts), 0, -1):
        ends = [max(sum(values), least) for values in zip(*parts[:last], strict=True)]
        held = [(spot, end) for spot, end, own in zip(at, ends, parts[last - 1], strict=True) if own > 0]
        if held:
            spots = [spot for spot, _ in held]
            # The library takes a width as a share of the mean distance between bars.
            apart = (max(spots) - min(spots)) / (len(spots) - 1) if len(spots) > 1 else 1
            plot.bar(
                spots,
                [end for _, end in held],
                marker=marks[last - 1],
                orientation=orientation,
                width=width / apart,
            )


def _cleared(cells: int, lines: int) -> ModuleType:
    """Return the library with an empty figure of a size, without axes, frame or colours."""
    import plotext

    plotext.clear_figure()
    plotext.limit_size(False, False)
    plotext.plot_size(cells, lines)
    plotext.theme("clear")
    plotext.frame(False)
    library: ModuleType = plotext
    return library


def _drawn(
    plot: ModuleType, cells: int, lines: int, across: tuple[float, float], up: tuple[float, float]
) -> tuple[str, ...]:
    """Return exactly `lines` lines of `cells` cells of what is on the figure."""
    plot.xticks([])
    plot.yticks([])
    plot.xlim(*across)
    plot.ylim(*up)
    text: str = plot.uncolorize(plot.build())
    drawn = [pad(clean_line(line.rstrip()), cells) for line in text.split("\n")[:lines]]
    return (*drawn, *[" " * cells] * (lines - len(drawn)))


def _under(names: Sequence[str], cells: int) -> str:
    """Return one line with names spread below a chart, each where its place begins; those without room are left out."""
    line = ""
    step = max(cells // max(len(names), 1), 1)
    for at, name in enumerate(names):
        text = clean_line(name)
        begin = at * step
        if text and (not line or width(line) < begin) and begin + width(text) <= cells:
            line = pad(line, begin) + text
    return pad(line, cells)
