"""The upper part of the forecast: how the period stands, and a line per month with its bar and figures."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from tuicrm import charts
from tuicrm.crm import forecasttable as table
from tuicrm.crm.forecastbars import MARKS, goals, legend, lengths
from tuicrm.money import short as money
from tuicrm.tui.outlook.place import MONTHS
from tuicrm.tui.safe import cells, fit, short
from tuicrm.tui.wrap import wrapped

if TYPE_CHECKING:
    from tuicrm.crm.forecast import Bar, Forecast
    from tuicrm.tui.outlook.model import Outlook
    from tuicrm.tui.outlook.place import Place
    from tuicrm.tui.safe import Line, Span

BARS, CURVE = "bars", "curve"
CURVE_LEGEND = "# won  . expected  - even pace"
INKS = {"#": "good", "=": "head", ".": "muted", ":": "muted", "|": "key", "-": "key"}
PARTS = 110
"""From this width on, there is a column for each of the parts that what is expected is the sum of."""
Figure = tuple[str, int]
"""The title and the width of a column of figures."""


def top_lines(model: Outlook, size: int) -> list[Line]:
    """Return the figures of the whole period, and how it stands against its quota."""
    lines: list[list[Span]] = [[]]
    left = size
    for name, text in table.summary(model.found):
        needed = cells(f" {name} {text}  ")
        if needed > left and lines[-1]:
            lines.append([])
            left = size
        left -= needed
        lines[-1] += [(f" {name} ", "muted"), (text, "title"), ("  ", "text")]
    return [*map(tuple, lines), *_verdict(model.found, size)]


def _verdict(found: Forecast, size: int) -> list[Line]:
    """Return the chance of the quota and how the period stands against it; what to press, where no line more."""
    gap = found.total.gap(found.currency)
    look = "muted" if gap is None else "today" if gap > 0 else "good"
    text = f" {table.chance_text(found)}{table.verdict(found)}"
    if gap is None and not found.where:
        return wrapped(((f"{text}: tuicrm user quota NAME 100k --period {found.period.key}", look),), size - 1)
    plain = wrapped(((text, look),), size - 1)
    keyed = wrapped(((f"{text}; Enter on {found.period.title}", look),), size - 1)
    return keyed if found.closers and len(keyed) == len(plain) else plain


def month_lines(model: Outlook, place: Place, size: int, chart: str) -> list[Line]:
    """Return the heading and a line per bar: its name, its chart, its figures."""
    found = model.found
    figures = _figures(found, size)
    wide = 10
    room = size - 2 - wide - 1 - sum(cells_of for _, cells_of in figures)
    drawn = _curve(model, max(room, 1)) if chart == CURVE else _bars(model, max(room, 1))
    left = size - sum(one for _, one in figures)
    signs = CURVE_LEGEND if chart == CURVE else legend(found, left - 2)
    head = [(fit(f"  {signs}", left), "muted")]
    head += [(title.rjust(one), "muted") for title, one in figures]
    lines: list[Line] = [tuple(head)]
    for at, bar in enumerate(model.bars):
        here = at == place.at.get(MONTHS, 0)
        whole = bar is found.total
        plain = "title" if whole else "text"
        look = "cursor" if here and place.area == MONTHS else plain
        name = (f"{'>' if here else ' '} {fit(table.name_of(found, bar), wide)}", look)
        lines.append(
            (
                name,
                (" ", "text"),
                *inked(drawn[at]),
                *_cells(found, bar, figures),
            )
        )
    return lines


def _bars(model: Outlook, room: int) -> list[str]:
    found = model.found
    drawn = charts.bars(lengths(found), MARKS, room, goals=goals(found))
    inside = sum(not bar.ahead for bar in found.months)
    # The whole period has no bar of its own: it would make those of the months too short to compare.
    return [*drawn[:inside], " " * room, *drawn[inside:]]


def _curve(model: Outlook, room: int) -> list[str]:
    count = len(model.bars)
    return curve_lines(model, room, count) or [" " * room] * count


def curve_lines(model: Outlook, room: int, lines: int) -> list[str]:
    """Return the curve of the period in so many lines; none where there is no room for it."""
    curve = model.curve
    names = curve.names if lines > 3 else ()
    return charts.curves([curve.won, curve.pace, curve.expected], ("#", "-", "."), room, lines, names=names)


def inked(text: str) -> list[Span]:
    """Return a line of a chart with a look for each of its characters."""
    if any(one.isalnum() for one in text):
        return [(text, "muted")]
    return [("".join(run), look) for look, run in groupby(text, key=lambda one: INKS.get(one, "text"))]


def _figures(found: Forecast, size: int) -> list[Figure]:
    """Return the columns of figures that a width has room for; those of quotas only where there is one."""
    quotas = any(bar.quota.get(found.currency) is not None for bar in (*found.months, found.total))
    if size < 44:
        return [("expect", 7), ("%", 5)] if quotas else [("expect", 7)]
    held: list[Figure] = [("expected", 9)]
    if size >= PARTS:
        held = [("won", 7), ("open", 7), ("more", 7), *held]
    elif size >= 100 or not quotas:
        held = [("won", 7), ("commit", 8), *held] if size >= 60 else held
    if quotas:
        held += [("quota", 7), ("%", 5)]
        held += [("gap", 13)] if size >= 72 else []
    return held


def _cells(found: Forecast, bar: Bar, figures: list[Figure]) -> list[Span]:
    code = found.currency
    quota = bar.quota.get(code)
    gap = bar.gap(code)
    expected = money(bar.expected(code))
    texts = {
        "won": (table.sum_text(bar.won, code), "text"),
        "commit": (money(bar.committed(code)), "text"),
        "open": (money(bar.open.expected_in(code)), "text"),
        "more": (money(bar.more) if bar.more else "", "text"),
        "expected": (expected, "title"),
        "expect": (expected, "title"),
        "quota": (money(quota) if quota is not None else "", "text"),
        "%": (table.percent(bar.expected(code), quota), "text"),
        "gap": (table.gap_text(gap), "today" if gap is not None and gap > 0 else "good"),
    }
    return [(_right(texts[name][0], size), texts[name][1]) for name, size in figures]


def _right(text: str, size: int) -> str:
    text = short(text, size - 1)
    return " " * (size - cells(text)) + text
