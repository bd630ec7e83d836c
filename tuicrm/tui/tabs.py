"""The panes of the row at the top: made when they are first looked at, and kept."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from tuicrm.tui.commands import ACTIVITY, COMPANIES, CONTACTS, FOLLOWUPS, FORECAST, LEADS, PIPELINE

if TYPE_CHECKING:
    from tuicrm.tui.pane import Pane


@dataclass(frozen=True)
class Tab:
    """One place in the row of panes."""

    place: str
    key: str
    name: str
    module: str
    """Where its pane is defined, below `tuicrm.tui.panes`; imported when it is first shown."""
    pane: str
    """The name of the pane's class."""
    brief: str = ""
    """What it is called where there is little room; empty for its name."""

    def made(self) -> Pane:
        """Return a pane for it."""
        made: Pane = getattr(import_module(f"tuicrm.tui.panes.{self.module}"), self.pane)()
        return made


TABS: tuple[Tab, ...] = (
    Tab(PIPELINE, "1", "Pipeline", "pipeline", "Pipeline"),
    Tab(ACTIVITY, "2", "Activity", "activity", "Activity"),
    Tab(FOLLOWUPS, "3", "Follow-ups", "followups", "Followups"),
    Tab(FORECAST, "4", "Forecast", "forecast", "Forecast"),
    Tab(CONTACTS, "5", "Contacts", "people", "Contacts", "Cont."),
    Tab(COMPANIES, "6", "Companies", "people", "Companies", "Comp."),
    Tab(LEADS, "7", "Leads", "leads", "Leads"),
)


ON_USE = frozenset({LEADS})
"""Panes that are named only once the team has something for them to show."""


def tab_of(place: str) -> Tab:
    """Return the tab of a place."""
    return next(one for one in TABS if one.place == place)
