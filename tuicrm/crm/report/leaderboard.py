"""`leaderboard`: who won how much."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.crm.report.declared import COUNT, LOST, MONEY, PERCENT, WON, Column, Report
from tuicrm.crm.report.figures import percent, total
from tuicrm.crm.report.registry import LINES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.periods import Period
    from tuicrm.crm.report.declared import Case, Values
    from tuicrm.crm.report.facts import Facts


def gather(facts: Facts, span: Period) -> list[Case]:
    """Return the deals closed in a span."""
    return facts.closed(span)


def measure(facts: Facts, cases: Sequence[Case], span: Period) -> Values:
    """Return what was won, and with how many deals."""
    won = [case for case in cases if case.outcome == WON]
    value, valued = total(won), sum(case.value is not None for case in won)
    return {
        "value": value,
        "won": len(won),
        "lost": sum(case.outcome == LOST for case in cases),
        "rate": percent(len(won), len(cases)),
        "mean": value / valued if valued else None,
        "largest": max((case.value for case in won if case.value is not None), default=None),
    }


REPORT = Report(
    name="leaderboard",
    help=LINES["leaderboard"],
    counts="Deals closed in the period, by the day they were closed on and by whose they were on that day.",
    columns=(
        Column("value", MONEY, "What the won deals are worth.", "Σ value of won deals", head="won value"),
        Column("won", COUNT, "Deals won."),
        Column("lost", COUNT, "Deals lost."),
        Column("rate", PERCENT, "Win rate.", "won ÷ (won + lost)", head="win rate"),
        Column(
            "mean", MONEY, "Mean value of a won deal, of those that have a value.", "won value ÷ won deals with a value"
        ),
        Column("largest", MONEY, "The largest won deal.", "max value"),
    ),
    lead="value",
    gather=gather,
    measure=measure,
    hint="No deal was closed in this period: tuicrm deal win REF closes one, --period chooses another period.",
    example="--by team --period 2026",
)
