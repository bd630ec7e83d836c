"""The lower parts of the forecast: stages and risks, the funnel, and what people did; each fits a given size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm import charts
from tuicrm.crm import forecasttable as table
from tuicrm.crm.periods import NAMES
from tuicrm.money import short as money
from tuicrm.tui.outlook.place import ACTIVITY, FUNNEL, STAGES, people, stage_rows
from tuicrm.tui.safe import cells, fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.efforts import Counts, Efforts
    from tuicrm.crm.funnel import Funnel
    from tuicrm.tui.outlook.model import Outlook
    from tuicrm.tui.outlook.place import Place
    from tuicrm.tui.safe import Line, Span

KINDS = (("call", "c", "calls"), ("email", "m", "mails"), ("meeting", "M", "meetings"), ("note", "n", "notes"))
CHART_LINES = (4, 10)
"""How many lines the chart of the activity takes at least and at most, the names of the weeks included."""


def window(lines: Sequence[Line], height: int, at: int) -> list[Line]:
    """Return the lines around a place that fit; a last line says how many more there are below."""
    if len(lines) <= height:
        return list(lines)
    if height < 1:
        return []
    top = min(max(0, at - height + 2), len(lines) - height)
    held = list(lines[top : top + height])
    below = len(lines) - top - height
    if below > 0 and height > 1:
        held[-1] = ((f"  +{below + 1} more", "muted"),)
    return held


def stage_lines(model: Outlook, place: Place, size: int, height: int) -> list[Line]:
    """Return what the chosen month is made of: a line per stage, and what may go wrong."""
    found, bar = model.found, place.bar(model)
    own = place.area == STAGES
    wide = max(size - 25 if size >= 32 else size - 16, 8)
    head: Line = (
        (fit(f" {table.name_of(found, bar)}: stages", wide + 2), "head" if own else "title"),
        ("deals".rjust(6), "muted"),
        ("value".rjust(8), "muted"),
        ("expected".rjust(9) if size >= 32 else "", "muted"),
    )
    lines: list[Line] = []
    for at, (name, part, risk) in enumerate(stage_rows(model, bar)):
        here = own and at == place.at.get(STAGES, 0)
        look = "cursor" if here else "late" if risk else "text"
        hoped = money(part.expected_in(found.currency)) if size >= 32 else ""
        lines.append(
            (
                (f"{'>' if here else '!' if risk else ' '} {fit(name, wide)}", look),
                (f"{part.count:,}".rjust(6), "text"),
                (table.sum_text(part, found.currency).rjust(8), "text"),
                (hoped.rjust(9) if size >= 32 else "", "text"),
            )
        )
    if not lines:
        lines = [(("  no deals", "muted"),)]
    return [head, *window(lines, height - 1, place.at.get(STAGES, 0))]


def funnel_lines(model: Outlook, place: Place, size: int, height: int) -> list[Line]:
    """Return a line per stage: how many deals entered it, a bar, and the share of the stage before."""
    own = place.area == FUNNEL
    way = model.funnel
    if way is None:
        return [((" Funnel", "title"),), (("  no pipeline", "muted"),)]
    head: Line = (
        (f" Funnel, last {way.days} days", "head" if own else "title"),
        ("  % of the one before" if size >= 44 else "", "muted"),
    )
    if not any(step.count for step in way.steps):
        return [head, (("  no deal entered a stage", "muted"),)]
    wide = min(max(cells(step.name) for step in way.steps), 14, max(size // 3, 6))
    room = max(size - wide - 16, 1)
    drawn = charts.bars([(step.count,) for step in way.steps], "#", room)
    lines: list[Line] = []
    for at, step in enumerate(way.steps):
        here = own and at == place.at.get(FUNNEL, 0)
        lines.append(
            (
                (f"{'>' if here else ' '} {fit(step.name, wide)}", "cursor" if here else "text"),
                (f"{step.count:,}".rjust(6) + " ", "text"),
                (drawn[at], "head"),
                _share(way, at),
            )
        )
    if way.weakest and len(lines) < height - 1:
        weak = f"  weakest: {way.steps[way.weakest - 1].name} > {way.steps[way.weakest].name}"
        lines.append(((weak, "today"),))
    return [head, *window(lines, height - 1, place.at.get(FUNNEL, 0))]


def _share(way: Funnel, at: int) -> Span:
    """Return the share of the step before; the weakest one is marked."""
    share = way.share(at)
    if share is None:
        return (" " * 6, "text")
    weak = bool(at) and at == way.weakest
    return (f"{'!' if weak else ''}{share}%".rjust(6), "today" if weak else "text")


def activity_lines(model: Outlook, place: Place, size: int, height: int) -> list[Line]:
    """Return what was logged: totals, a chart by week where there is room, and who did it."""
    own = place.area == ACTIVITY
    done = model.efforts
    head: Line = ((f" Activity, last {len(done.weeks)} weeks", "head" if own else "title"),)
    if not any(done.total.values()):
        return [head, (("  nothing logged: c m M n in any pane", "muted"),)]
    wide = max(size - 2 - 4 * 7 - 1, 8)
    at = place.at.get(ACTIVITY, 0) if own else -1
    rows = [
        _people_line(name, counts, wide, size, here=spot == at) for spot, (name, counts) in enumerate(people(model))
    ]
    least, most = CHART_LINES
    room = min(height - 2 - min(len(rows), 4), most)
    chart = _week_lines(done, size, room) if room >= least else []
    titles = _people_line("", done.total, wide, size, titles=True)
    return [head, *chart, titles, *window(rows, height - 2 - len(chart), max(at, 0))]


def _week_lines(done: Efforts, size: int, lines: int) -> list[Line]:
    """Return a chart with a column per week, made of the keys that log each kind."""
    names = [f"{day.day} {NAMES[day.month - 1]}" for day, _ in done.weeks]
    series = [[float(counts[kind]) for _, counts in done.weeks] for kind, _, _ in KINDS]
    drawn = charts.columns(series, [mark for _, mark, _ in KINDS], max(size - 2, 1), lines, names=names)
    return [((f"  {line}", "muted" if at == len(drawn) - 1 else "text"),) for at, line in enumerate(drawn)]


def _people_line(name: str, counts: Counts, wide: int, size: int, *, titles: bool = False, here: bool = False) -> Line:
    """Return a name and how much of each kind it did; as titles, what the columns are."""
    look = "muted" if titles else "text"
    spans: list[Span] = [
        ("> " if here else "  ", "key" if here else "text"),
        (fit(name, wide), "cursor" if here else look),
    ]
    for kind, mark, many in KINDS:
        title, room = (mark, 6) if size < 40 else (f"{mark} {many}"[:6], 7)
        spans.append(((title if titles else f"{counts[kind]:,}").rjust(room), look))
    return tuple(spans)
