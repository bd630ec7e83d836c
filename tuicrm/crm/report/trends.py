"""`trends`: any figure of any report by month."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tuicrm.crm.report.declared import DATES, NUMBER, Ask, Choice, Column, Report, Row
from tuicrm.crm.report.registry import LINES, report_named
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from tuicrm.crm.periods import Period
    from tuicrm.crm.report.declared import Result, Value
    from tuicrm.crm.report.facts import Facts
    from tuicrm.crm.report.groups import ByTime
    from tuicrm.crm.session import Session

LEFT_OUT = ("dashboard", "trends", "stale")
"""Reports that have no figures of their own, or none of the past."""
DEFAULT = "winloss.rate"


def measured(text: str) -> tuple[Report, Column]:
    """Return the report and the column that `winloss.rate` names; raises Invalid naming the nearest."""
    name, _, column = text.strip().lower().replace("-", "_").partition(".")
    known = [one for one in LINES if one not in LEFT_OUT]
    if name in known:
        report = report_named(name)
        found = next((one for one in report.columns if one.name == (column or report.lead)), None)
        if found is not None:
            return report, found
        names = ", ".join(f"{name}.{one.name}" for one in report.columns)
        raise Invalid(f"measure: the report {name} has no figure {column!r}; use {names}", field="measure")
    from tuicrm.folding import nearest

    near = nearest(name, known)
    guess = f"did you mean {near}?" if near else f"use one such as {DEFAULT}, of {', '.join(known)}"
    raise Invalid(f"measure: there is no report {name!r} with a trend; {guess}", field="measure")


def _compute(session: Session, ask: Ask) -> Result:
    """Return one figure of one report for each of the months."""
    from tuicrm.crm.report.facts import Facts
    from tuicrm.crm.report.grouping import group_named
    from tuicrm.crm.report.groups import ByTime
    from tuicrm.crm.report.tabulate import WHOLE, behind, result

    report, column = measured(ask.choices.get("measure", "") or DEFAULT)
    group = group_named(session, REPORT, ask.by)
    assert isinstance(group, ByTime)
    facts = Facts(session, ask, replace(report, period=REPORT.period))
    shown = _whole_groups(facts, group)
    here = replace(REPORT, columns=(replace(column, head=f"{report.name} {column.title.lower()}"),), lead=column.name)
    rows = []
    for key in group.within(shown, date.fromordinal(facts.today)):
        cases = report.gather(facts, group.period(key))
        previous = (
            {column.name: _figure(facts, report, column, group.period(group.before(key)))} if ask.compare else None
        )
        values = {column.name: _figure(facts, report, column, group.period(key))}
        rows.append(Row(key, group.label(key), values, previous, behind(report, cases)))
    whole = report.gather(facts, shown)
    then = shown.moved(-1)
    then_cases = report.gather(facts, then)
    past = {column.name: _figure(facts, report, column, then)} if ask.compare else None
    all_of = Row("", WHOLE, {column.name: _figure(facts, report, column, shown)}, past, behind(report, whole))
    notes = [f"{column.name}: {column.means}", *([] if whole or then_cases else [report.hint])]
    found = result(facts, here, group, rows, all_of, notes)
    return replace(found, period=shown, before=then if ask.compare else None, kind=report.kind)


def _whole_groups(facts: Facts, group: ByTime) -> Period:
    """Return the whole groups from the first that begins in the period to the one in which it ends."""
    first = group.period(group.of(facts.period.first))
    last = group.period(group.of(facts.period.end - timedelta(days=1)))
    late = first.first < facts.period.first and first.end < facts.period.end
    return replace(facts.period, first=first.end if late else first.first, end=last.end)


def _figure(facts: Facts, report: Report, column: Column, span: Period) -> Value:
    return report.measure(facts, report.gather(facts, span), span)[column.name]


REPORT = Report(
    name="trends",
    help=LINES["trends"],
    counts="The figure of the report that --measure names, for the whole months from the first that begins in the "
    "period on, each compared with the month before it.",
    columns=(Column("measure", NUMBER, "What --measure names; it has that name and that type."),),
    lead="measure",
    gather=lambda facts, span: (),
    measure=lambda facts, cases, span: {"measure": None},
    by="month",
    within=DATES[1:],
    period="last 12 months",
    choices=(Choice("measure", "A report and its figure, with a dot between.", DEFAULT, "REPORT.FIGURE"),),
    example="--measure winloss.rate --plot",
    compute=_compute,
)
