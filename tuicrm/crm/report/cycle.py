"""`cycle`: how long deals take to close, and how long they stay in each stage, open ones not forgotten."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from tuicrm.crm.report.declared import COUNT, DATES, DAYS, LOST, OPEN, WON, Case, Column, Report, Row
from tuicrm.crm.report.figures import KAPLAN_MEIER, QUARTILES, kaplan_meier_median, left_out, mean, middle, quartile
from tuicrm.crm.report.registry import LINES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.periods import Period
    from tuicrm.crm.report.declared import Ask, Result, Values
    from tuicrm.crm.report.facts import Facts
    from tuicrm.crm.session import Session

Record = dict[str, Any]
LEFT = "left"
"""The outcome of a stay that ended."""


def gather(facts: Facts, span: Period) -> list[Case]:
    """Return the deals closed in a span, and those that were open at its end: all that could have closed in it."""
    return [case for case in facts.closed(span) if case.start] + facts.open_at(facts.last_day(span))


def measure(facts: Facts, cases: Sequence[Case], span: Period) -> Values:
    """Return the spread of the days until closing."""
    return _spread(cases, span, (WON, LOST))


def _spread(cases: Sequence[Case], span: Period, ends: Sequence[str]) -> Values:
    """Return the spread of the days of those cases that ended in one of some ways; the others are censored."""
    days = sorted(case.day - case.start for case in cases if case.outcome in ends)
    first = span.first.toordinal()
    looks = ((max(first - one.start, 0), one.day - one.start, one.outcome in ends) for one in cases)
    return {
        "count": len(days),
        "mean": mean(days),
        "q1": quartile(days, 1),
        "median": middle(days),
        "q3": quartile(days, 3),
        "km_median": kaplan_meier_median(looks),
    }


def _compute(session: Session, ask: Ask) -> Result:
    """Return the days until winning and losing, then those in each stage; by something else, until closing."""
    from tuicrm.crm.report.facts import Facts
    from tuicrm.crm.report.grouping import group_named
    from tuicrm.crm.report.tabulate import tabulate

    facts, group = Facts(session, ask, REPORT), group_named(session, REPORT, ask.by)
    if group.name == "stage":
        return tabulate(facts, STAGES, group)
    found = tabulate(facts, REPORT, group, notes=_notes(facts))
    if group.name != "status":
        return found
    stages = replace(tabulate(facts, STAGES, group_named(session, STAGES, "")), notes=())
    return replace(found, rows=_outcomes(facts), sections=(stages,))


def _notes(facts: Facts) -> tuple[str, ...]:
    missing = sum(not case.start for case in facts.closed(facts.period))
    return (
        (f"{left_out(missing)}: closed before the day of the opening, so that nobody knows for how long.",)
        if missing
        else ()
    )


def _outcomes(facts: Facts) -> tuple[Row, ...]:
    """Return a row for winning and one for losing: each of them ends what the other, and being open, censors."""
    now = gather(facts, facts.period)
    then = gather(facts, facts.before) if facts.compared else []
    rows = []
    for outcome in (WON, LOST):
        previous = _spread(then, facts.before, (outcome,)) if facts.compared else None
        ids = tuple(case.record["id"] for case in now if case.outcome == outcome)
        rows.append(Row(outcome, outcome, _spread(now, facts.period, (outcome,)), previous, ids))
    return tuple(rows)


def _stays(facts: Facts, span: Period) -> list[Case]:
    """Return the stays in open stages that ended in a span or were going on at its end."""
    first, last = span.first.toordinal(), facts.last_day(span)
    found = []
    for deal in filter(partial(_is_dated, facts), facts.deals):
        for stay in facts.stays[deal["id"]]:
            over = stay.end is not None and stay.end <= last
            day = stay.end if over and stay.end is not None else last
            if stay.kind != OPEN or day < first or stay.first > day:
                continue
            owner = facts.owner_at(deal, day)
            if facts.holds(owner):
                found.append(Case(deal, day, owner, deal, stay.stage, LEFT if over else OPEN, None, stay.first))
    return found


def _is_dated(facts: Facts, deal: Record) -> bool:
    """Tell whether a deal was open on some days: not one that says it was closed before it was opened."""
    return facts.derived.status(deal) == OPEN or facts.derived.opened(deal) <= facts.closing_day(deal)


def _stage_spread(facts: Facts, cases: Sequence[Case], span: Period) -> Values:
    return _spread(cases, span, (LEFT,))


def _columns(count: Column, what: str) -> tuple[Column, ...]:
    """Return the columns of a spread of days."""
    return (
        count,
        Column("mean", DAYS, f"Mean {what}.", "Σ days ÷ count"),
        Column("q1", DAYS, f"First quartile of the {what}.", "25 % are below", QUARTILES),
        Column("median", DAYS, f"Median {what}.", "50 % are below"),
        Column("q3", DAYS, f"Third quartile of the {what}.", "75 % are below", QUARTILES),
        Column(
            "km_median",
            DAYS,
            "The median that also counts what is not over: what is still open has only shown that it takes longer, "
            "so that the plain median is too short. Of winning, a lost deal counts until it was lost. Empty where "
            "fewer than half are seen to end.",
            "smallest t with Π (1 − ended at t ÷ at risk at t) ≤ ½",
            KAPLAN_MEIER,
            head="with open",
        ),
    )


STAGES = Report(
    name="stages",
    help="How long deals stay in each open stage.",
    counts="Stays in open stages that ended in the period, and those that went on at its end, by the log of moves. A "
    "deal that comes back to a stage has two stays there.",
    columns=_columns(Column("count", COUNT, "Stays that ended.", head="stays"), "days in the stage"),
    lead="median",
    gather=_stays,
    measure=_stage_spread,
    by="stage",
    without=DATES,
    period="last 90 days",
    behind=lambda case: case.outcome == LEFT,
)
REPORT = Report(
    name="cycle",
    help=LINES["cycle"],
    counts="Deals closed in the period, from the day they were opened to the day they were closed; for the median "
    "with open deals also those that were open at its end. With --by stage it is the days in each stage.",
    columns=_columns(Column("count", COUNT, "Closed deals.", head="deals"), "days from opening to closing"),
    lead="median",
    gather=gather,
    measure=measure,
    by="status",
    without=DATES,
    period="last 90 days",
    behind=lambda case: case.outcome != OPEN,
    hint="No deal was closed in this period, and none is open: tuicrm deal add NAME --value 12k adds one.",
    example="--by team --period 2026",
    compute=_compute,
    sections=(STAGES,),
)
