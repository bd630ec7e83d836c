"""`winloss`: how many of the closed deals were won, and why the others were lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.crm.report.declared import COUNT, LOST, MONEY, PERCENT, WON, Column, Report
from tuicrm.crm.report.figures import percent, total
from tuicrm.crm.report.registry import LINES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.periods import Period
    from tuicrm.crm.report.declared import Ask, Case, Result, Values
    from tuicrm.crm.report.facts import Facts
    from tuicrm.crm.session import Session


def gather(facts: Facts, span: Period) -> list[Case]:
    """Return the deals closed in a span."""
    return facts.closed(span)


def measure(facts: Facts, cases: Sequence[Case], span: Period) -> Values:
    """Return counts, values and rates of closed deals."""
    won = [case for case in cases if case.outcome == WON]
    lost = [case for case in cases if case.outcome == LOST]
    won_value, lost_value = total(won), total(lost)
    return {
        "won": len(won),
        "lost": len(lost),
        "rate": percent(len(won), len(cases)),
        "won_value": won_value,
        "lost_value": lost_value,
        "value_rate": percent(won_value, won_value + lost_value),
    }


def _compute(session: Session, ask: Ask) -> Result:
    """Return win and loss by groups, and the reasons of the losses in a table of their own."""
    from dataclasses import replace

    from tuicrm.crm.report.facts import Facts
    from tuicrm.crm.report.grouping import group_named
    from tuicrm.crm.report.tabulate import tabulate

    facts = Facts(session, ask, REPORT)
    found = tabulate(facts, REPORT, group_named(session, REPORT, ask.by))
    reasons = tabulate(facts, REASONS, group_named(session, REASONS, ""))
    return replace(found, sections=(replace(reasons, notes=()),))


def _lost(facts: Facts, span: Period) -> list[Case]:
    return [case for case in facts.closed(span) if case.outcome == LOST]


def _reasons(facts: Facts, cases: Sequence[Case], span: Period) -> Values:
    everyone = sum(case.outcome == LOST for case in facts.closed(span))
    return {"lost": len(cases), "share": percent(len(cases), everyone), "lost_value": total(cases)}


_WON = Column("won", COUNT, "Deals won: they are in a won stage, and were closed in the period.")
_LOST = Column("lost", COUNT, "Deals lost: they are in a lost stage, and were closed in the period.")
_LOST_VALUE = Column("lost_value", MONEY, "What the lost deals would have been worth.", "Σ value", head="lost value")

REASONS = Report(
    name="reasons",
    help="Why deals were lost.",
    counts="Lost deals of the period, by the reason that was noted.",
    columns=(
        _LOST,
        Column("share", PERCENT, "Share of all deals lost in the period.", "lost ÷ all lost"),
        _LOST_VALUE,
    ),
    lead="lost",
    gather=_lost,
    measure=_reasons,
    by="lost_reason",
    period="last 90 days",
)

REPORT = Report(
    name="winloss",
    help=LINES["winloss"],
    counts="Deals closed in the period, by the day they were closed on. A deal that was lost and won later counts "
    "once, as what it is now. Whose it was on its closing day counts, by the log of changes of owner.",
    columns=(
        _WON,
        _LOST,
        Column(
            "rate",
            PERCENT,
            "Win rate: the share of the closed deals that were won. Open deals are not in it.",
            "won ÷ (won + lost)",
            head="win rate",
        ),
        Column("won_value", MONEY, "What the won deals are worth.", "Σ value", head="won value"),
        _LOST_VALUE,
        Column(
            "value_rate",
            PERCENT,
            "Win rate by value: large deals count for more.",
            "won value ÷ (won value + lost value)",
            head="by value",
        ),
    ),
    lead="rate",
    gather=gather,
    measure=measure,
    period="last 90 days",
    hint="No deal was closed in this period: tuicrm deal win REF or tuicrm deal lose REF closes one, --period chooses "
    "another period.",
    example="--by source --period 2026-Q3",
    compute=_compute,
    sections=(REASONS,),
)
