"""`dashboard`: the five that matter on one screen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tuicrm.crm.report.declared import Ask, Report
from tuicrm.crm.report.registry import LINES, report_named

if TYPE_CHECKING:
    from tuicrm.crm.report.declared import Result, Row
    from tuicrm.crm.session import Session

PARTS = (("quota", "owner"), ("pipeline", "stage"), ("trends", "month"), ("activity", "owner"), ("stale", "owner"))
"""The reports that are on it, and what their rows are."""
TREND = "last 6 months"
MOST, MOST_OF = 3, {"pipeline": 6}
"""How many rows of a report it shows."""
SHORT_MONTH = 3
"""Characters of a month's name."""


def first_rows(part: Result) -> list[Row]:
    """Return the rows of a report that it shows: the first ones that have any of the leading figure."""
    from tuicrm.crm.report.render import size

    held = [row for row in part.rows if size(row.values.get(part.lead))]
    return held[: MOST_OF.get(part.report, MOST)]


def _compute(session: Session, ask: Ask) -> Result:
    """Return five reports as sections, with the rows and the total of the first one as its own."""
    from tuicrm.crm.report.facts import Facts
    from tuicrm.crm.report.grouping import group_named
    from tuicrm.crm.report.tabulate import compute, result

    made = []
    for name, by in PARTS:
        asked = replace(ask, by=by, choices={}, period=TREND if name == "trends" else ask.period)
        made.append(compute(session, asked, report_named(name)))
    quota = report_named("quota")
    found = result(Facts(session, ask, quota), REPORT, group_named(session, quota, ""), made[0].rows, made[0].total)
    empty = not any(one.total.ids for one in made)
    return replace(found, sections=tuple(made), notes=(REPORT.hint,) if empty else ())


_QUOTA = report_named("quota")

REPORT = Report(
    name="dashboard",
    help=LINES["dashboard"],
    counts="The reports quota, pipeline, trends of the win rate over the last 6 months, activity and stale, each as "
    "it is by itself, in a few lines; its rows and its total are those of quota.",
    columns=_QUOTA.columns,
    lead=_QUOTA.lead,
    gather=_QUOTA.gather,
    measure=_QUOTA.measure,
    within=("owner",),
    hint="Nothing here yet: tuicrm deal add NAME --value 12k adds a deal, tuicrm import FILE --as deals brings many.",
    example="--team north",
    compute=_compute,
)
