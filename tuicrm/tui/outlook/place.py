"""Where the cursor of the forecast pane is, and which deals lie behind it: pure, so that a key is a small step."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tuicrm.crm.forecasttable import name_of, risks

if TYPE_CHECKING:
    from tuicrm.crm.efforts import Counts
    from tuicrm.crm.forecast import Bar
    from tuicrm.crm.forecastparts import Part
    from tuicrm.tui.outlook.model import Outlook

MONTHS, STAGES, FUNNEL, ACTIVITY = AREAS = ("months", "stages", "funnel", "activity")

Group = tuple[str, tuple[str, ...]]
"""A heading and the deals below it."""


@dataclass
class Place:
    """The area that has the cursor, and the row of the cursor in each."""

    area: str = MONTHS
    at: dict[str, int] = field(default_factory=dict)

    def turn(self, by: int) -> None:
        """Go to another area."""
        self.area = AREAS[(AREAS.index(self.area) + by) % len(AREAS)]

    def land(self, model: Outlook, *, fresh: bool) -> None:
        """Stay on rows that there are; on the present month where the period is another one."""
        if fresh:
            self.at = {MONTHS: model.here}
        for area in AREAS:
            self.at[area] = min(max(self.at.get(area, 0), 0), max(len(rows(model, self, area)) - 1, 0))

    def move(self, model: Outlook, by: int) -> bool:
        """Move the cursor within its area; False where it cannot."""
        last = max(len(rows(model, self, self.area)) - 1, 0)
        wanted = min(max(self.at.get(self.area, 0) + by, 0), last)
        moved = wanted != self.at.get(self.area, 0)
        self.at[self.area] = wanted
        if moved and self.area == MONTHS:
            self.at[STAGES] = 0
        return moved

    def bar(self, model: Outlook) -> Bar:
        """Return the bar that the cursor of the months is on."""
        return model.bars[min(self.at.get(MONTHS, 0), len(model.bars) - 1)]


def rows(model: Outlook, place: Place, area: str) -> list[str]:
    """Return the names of the rows of an area."""
    if area == MONTHS:
        return [name_of(model.found, bar) for bar in model.bars]
    if area == STAGES:
        return [name for name, _, _ in stage_rows(model, place.bar(model))]
    if area == FUNNEL:
        return [step.name for step in model.funnel.steps] if model.funnel is not None else []
    return [name for name, _ in people(model)]


def people(model: Outlook) -> list[tuple[str, Counts]]:
    """Return who did how much of each kind; all together first, where there are several."""
    done = model.efforts
    held = [(name or "nobody", counts) for name, counts in done.people]
    return [("in all", done.total), *held] if len(held) > 1 else held


def stage_rows(model: Outlook, bar: Bar) -> list[tuple[str, Part, bool]]:
    """Return the rows about one bar: what is won, the stages, and what may go wrong, which is marked so."""
    held = [("Won", bar.won, False)] if bar.won.count else []
    held += [(name, part, False) for name, part in bar.stages]
    return held + [(name, part, True) for name, part in risks(model.found, bar)]


def behind(model: Outlook, place: Place) -> tuple[str, list[Group]]:
    """Return what the row under the cursor is called, and the deals behind it in groups that have any."""
    title, groups = _behind(model, place)
    return title, [(name, ids) for name, ids in groups if ids]


def _behind(model: Outlook, place: Place) -> tuple[str, list[Group]]:
    at, bar = place.at.get(place.area, 0), place.bar(model)
    title = name_of(model.found, bar)
    if place.area == MONTHS:
        return title, _of_bar(model, bar)
    if place.area == STAGES:
        found = stage_rows(model, bar)
        if at < len(found):
            return f"{title}: {found[at][0]}", [("Deals", found[at][1].ids)]
    if place.area == FUNNEL and model.funnel is not None and at < len(model.funnel.steps):
        step = model.funnel.steps[at]
        return f"Entered {step.name} in the last {model.funnel.days} days", [("Deals", step.ids)]
    return "Activity" if place.area == ACTIVITY else title, []


def _of_bar(model: Outlook, bar: Bar) -> list[Group]:
    """Return the deals of a bar; of the whole period, those that would close the gap come first."""
    found = model.found
    closers = found.closers if bar is found.total else ()
    apart = set(closers)
    groups = [
        ("Would close the gap", closers),
        ("Committed", tuple(key for key in bar.commit.ids if key not in apart)),
        ("Open", tuple(key for key in bar.rest.ids if key not in apart)),
        ("Won", bar.won.ids),
    ]
    if bar is found.total:
        groups += [("Should have closed before", found.before.ids), ("No expected close", found.undated.ids)]
    return groups
