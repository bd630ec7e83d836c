"""`velocity`: what the pipeline brings in a day."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tuicrm.crm.report.declared import COUNT, DATES, DAYS, MONEY, OPEN, PERCENT, WON, Column, Report
from tuicrm.crm.report.figures import mean, percent, total
from tuicrm.crm.report.registry import LINES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.periods import Period
    from tuicrm.crm.report.declared import Case, Values
    from tuicrm.crm.report.facts import Facts


def gather(facts: Facts, span: Period) -> list[Case]:
    """Return the deals closed in a span, and those that were open at its end."""
    return [*facts.closed(span), *facts.open_at(facts.last_day(span))]


def measure(facts: Facts, cases: Sequence[Case], span: Period) -> Values:
    """Return the four figures of sales velocity, and what they make."""
    won = [case for case in cases if case.outcome == WON]
    closed = sum(case.outcome != OPEN for case in cases)
    days = [case.day - case.start for case in won if case.start]
    still, value, cycle = len(cases) - closed, total(won), mean(days)
    return {
        "open": still,
        "rate": percent(len(won), closed),
        "mean": value / len(won) if won else None,
        "cycle": cycle,
        "velocity": Decimal(still) * value * len(days) / (closed * sum(days)) if cycle else None,
    }


REPORT = Report(
    name="velocity",
    help=LINES["velocity"],
    counts="Deals closed in the period, and those open at its end, at most today.",
    columns=(
        Column("open", COUNT, "Open deals at the end of the period."),
        Column("rate", PERCENT, "Win rate of the period.", "won ÷ (won + lost)", head="win rate"),
        Column("mean", MONEY, "Mean value of a deal won in the period.", "Σ value ÷ won", head="mean won"),
        Column(
            "cycle",
            DAYS,
            "Mean days from opening to winning.",
            "mean(closed − opened) of won deals whose opening is known",
        ),
        Column(
            "velocity",
            MONEY,
            "Sales velocity: what the open deals bring in a day, if they go as the closed ones went. Figures of "
            "groups do not add up to that of the whole.",
            "open × win rate × mean won ÷ cycle",
            "the usual sales velocity equation, as in HubSpot's and Salesforce's guides",
            head="a day",
        ),
    ),
    lead="velocity",
    gather=gather,
    measure=measure,
    without=DATES,
    period="last 90 days",
    hint="No deal is open and none was closed in this period: tuicrm deal add NAME --value 12k adds one.",
    example="--by team",
)
