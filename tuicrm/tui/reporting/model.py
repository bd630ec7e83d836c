"""A report as the pane shows it: its tables, and the rows that the cursor can be on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from tuicrm.crm.report.dashboard import first_rows
from tuicrm.crm.report.registry import LINES, report_named

if TYPE_CHECKING:
    from tuicrm.crm.report.declared import Ask, Report, Result, Row
    from tuicrm.crm.session import Session

DASHBOARD = "dashboard"


class Spot(NamedTuple):
    """Where the cursor can be: a row of a part, or the part as a whole."""

    part: int
    row: Row | None


@dataclass(frozen=True)
class Page:
    """What the pane shows."""

    found: Result
    parts: tuple[Result, ...]
    """Its tables; of the dashboard the five reports."""
    spots: tuple[Spot, ...]

    @property
    def many(self) -> bool:
        """Whether it is the dashboard, a few lines of each of several reports."""
        return self.found.report == DASHBOARD


def page(session: Session, ask: Ask, name: str) -> Page:
    """Return what a report answers; kept until the workspace or the day changes. Raises what reports raise."""
    choices = " ".join(f"{key}={value}" for key, value in sorted(ask.choices.items()))
    key = f"report {name} {session.today} {session.zone} {ask.owner}|{ask.period}|{ask.where}|{choices}"
    kept: Page = session.remember(key, lambda: _page(session, ask, name))
    return kept


def _page(session: Session, ask: Ask, name: str) -> Page:
    from tuicrm.crm.report.tabulate import compute

    found = compute(session, ask, _report(session, name))
    if found.report == DASHBOARD:
        spots = [
            Spot(at, row)
            for at, part in enumerate(found.sections)
            for row in (None, *(() if _is_line(part) else first_rows(part)))
        ]
        return Page(found, found.sections, tuple(spots))
    parts = (found, *found.sections)
    return Page(found, parts, tuple(Spot(at, row) for at, part in enumerate(parts) for row in (*part.rows, part.total)))


def _report(session: Session, name: str) -> Report:
    """Return a report of the program's or the team's own; NotFound where the team has it no longer."""
    if name in LINES:
        return report_named(name)
    from tuicrm.crm.report import own
    from tuicrm.crm.report.ownrun import declared

    return declared(session, own.find(session, name))


def _is_line(part: Result) -> bool:
    """Tell whether the dashboard has a part in one line: a figure by month."""
    return part.report == "trends"
