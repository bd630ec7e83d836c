"""`quota`: what was won against the quota, and whether that is fast enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.crm.report.declared import COUNT, GOAL, MONEY, PERCENT, TIMES, WON, Case, Column, Report
from tuicrm.crm.report.figures import percent, total
from tuicrm.crm.report.registry import LINES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from tuicrm.crm.periods import Period
    from tuicrm.crm.report.declared import Values
    from tuicrm.crm.report.facts import Facts


def gather(facts: Facts, span: Period) -> list[Case]:
    """Return the deals won in a span, and the quotas of its whole months; filtered deals have no quotas."""
    won = [case for case in facts.closed(span) if case.outcome == WON]
    return won if facts.ask.where.strip() else [*won, *_quotas(facts, span)]


def _quotas(facts: Facts, span: Period) -> list[Case]:
    """Return each user's quota for each whole month, in base currency at the rate of the span's first day.

    Where the question is about teams, the quota of a team that has one stands in place of its members'.
    """
    from tuicrm.crm.quotas import user_quota
    from tuicrm.crm.targets import asked_teams, team_quota

    session = facts.session
    months = [month for month in span.months() if month.whole_months == 1]
    users = {key: one for key, one in session.ws.all("user").items() if facts.holds(key)}
    teams = asked_teams(session, facts.ask)
    found = []

    def goal(key: str, month: Period, sums: Mapping[str, Decimal]) -> None:
        for currency, amount in sums.items():
            value = facts.worth(str(amount), currency, span.first.toordinal())
            found.append(Case(users[key], month.first.toordinal(), key, {}, "", GOAL, value))

    for month in months:
        left = dict(users)
        for name, members in teams.items():
            present = [key for key in members if key in users]
            if present and (of_team := team_quota(session, name, month)):
                goal(present[0], month, of_team)
                for key in present:
                    del left[key]
        for key, user in left.items():
            goal(key, month, user_quota(session, user, month))
    return found


def measure(facts: Facts, cases: Sequence[Case], span: Period) -> Values:
    """Return what was won, the quota, and how far along both are."""
    won = [case for case in cases if case.outcome == WON]
    goals = [case for case in cases if case.outcome == GOAL]
    value, quota = total(won), total(goals) if goals else None
    attained = percent(value, quota) if quota else None
    gone = gone_share(facts, span)
    return {
        "won": len(won),
        "value": value,
        "quota": quota,
        "attainment": attained,
        "pace": attained / 100 / gone if attained is not None and gone else None,
        "gap": quota - value if quota is not None else None,
    }


def gone_share(facts: Facts, span: Period) -> float:
    """Return which share of a span is over, today included."""
    first, end = span.first.toordinal(), span.end.toordinal()
    return max(min(facts.today + 1, end) - first, 0) / (end - first)


REPORT = Report(
    name="quota",
    help=LINES["quota"],
    counts="Deals won in the period, by whose they were on the day they were closed, against the quotas of the whole "
    "months in it. A --where leaves quotas out, since they are for all of a person's deals.",
    columns=(
        Column("won", COUNT, "Deals won."),
        Column("value", MONEY, "What they are worth.", "Σ value", head="won value"),
        Column(
            "quota",
            MONEY,
            "The quotas of the months: a month's own, else its share of the quarter's, else of the year's. Where the "
            "question is about a team, its own quota where it has one.",
            "Σ quota",
        ),
        Column("attainment", PERCENT, "How much of the quota is won.", "won value ÷ quota", head="attained"),
        Column(
            "pace",
            TIMES,
            "Attainment for the time that has gone: 1 reaches the quota if the rest of the period goes the same way.",
            "attainment ÷ share of the period's days that are over, today included",
        ),
        Column("gap", MONEY, "What is missing; below zero: what is over.", "quota − won value"),
    ),
    lead="attainment",
    gather=gather,
    measure=measure,
    within=("owner", "rep", "team", "territory", "region", "manager", "month", "quarter", "year"),
    hint="Nothing was won in this period and nobody has a quota: tuicrm user quota WHO 450k --period 2026-Q4 sets one.",
    example="--by team --period 2026-Q4",
)
