"""`activity`: calls, e-mails, meetings and notes, against their targets."""

from __future__ import annotations

from bisect import bisect_left
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tuicrm.crm.report.declared import COUNT, GOAL, NUMBER, PERCENT, Case, Column, Report
from tuicrm.crm.report.figures import percent
from tuicrm.crm.report.registry import LINES
from tuicrm.crm.report.targets import SETTING, parse_targets
from tuicrm.crm.shapes import word
from tuicrm.folding import fold
from tuicrm.records.kinds.activity import LOGGED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.periods import Period
    from tuicrm.crm.report.declared import Values
    from tuicrm.crm.report.facts import Facts

AIMED = (
    *("", "owner", "rep", "team", "territory", "region", "manager", "kind", "type"),
    *("month", "quarter", "year"),
)
"""The groups that targets can be told for, beside `owner.` and any field of users."""
WEEK = 7


def gather(facts: Facts, span: Period) -> list[Case]:
    """Return what was logged in a span, and the targets of the days of it that are over."""
    days, talks = facts.talks
    deals = facts.session.ws.all("deal")
    fitting = {deal["id"] for deal in facts.deals} if facts.ask.where.strip() else None
    found = []
    for at in range(bisect_left(days, span.first.toordinal()), bisect_left(days, span.end.toordinal())):
        day, one = talks[at]
        owner, deal = word(one.get("owner")), word(one.get("deal"))
        if facts.holds(owner) and (fitting is None or deal in fitting):
            found.append(Case(one, day, owner, deals.get(deal, {}), more=word(one.get("type"))))
    return found + _goals(facts, span)


def _goals(facts: Facts, span: Period) -> list[Case]:
    """Return the targets of active users for the days of each month that are over, by kind of activity.

    None where targets cannot be told for groups. Where the question is about teams, the target of a team that has one
    stands in place of its members'.
    """
    from tuicrm.crm.targets import asked, asked_teams, targets

    by = facts.ask.by.strip().lower()
    session = facts.session
    weekly = parse_targets(session.setting(SETTING))
    own = targets(session)
    if not (weekly or own) or facts.ask.where.strip() or not (by in AIMED or by.startswith("owner.")):
        return []
    users = [key for key, one in session.ws.all("user").items() if one.get("active") is not False and facts.holds(key)]
    teams = asked_teams(session, facts.ask)
    found = []

    def goal(user: str, month: Period, kind: str, count: Fraction) -> None:
        case = Case({"id": "", "type": kind}, month.first.toordinal(), user, {}, "", GOAL, more=(kind, count))
        found.append(case)

    for month in span.months():
        days = min(month.end.toordinal(), facts.today + 1) - month.first.toordinal()
        for kind in LOGGED if days > 0 else ():
            left = dict.fromkeys(users)
            for name, members in teams.items():
                present = [key for key in members if key in left]
                count = asked(own, fold(name), kind, month, days) if present else None
                if count is not None:
                    goal(present[0], month, kind, count)
                    for key in present:
                        del left[key]
            for key in left:
                of_user = asked(own, key, kind, month, days)
                if of_user is not None or kind in weekly:
                    goal(key, month, kind, Fraction(weekly.get(kind, 0) * days, WEEK) if of_user is None else of_user)
    return found


def measure(facts: Facts, cases: Sequence[Case], span: Period) -> Values:
    """Return counts by kind, and how far they reach the targets."""
    counts: dict[str, int] = {"call": 0, "email": 0, "meeting": 0, "note": 0}
    minutes, goals = 0, []
    for case in cases:
        if case.outcome == GOAL:
            goals.append(case.more)
        else:
            counts[case.more] += 1
            minutes += _minutes(case.record.get("duration"))
    target = float(sum(count for _, count in goals)) if goals else None
    aimed = {kind for kind, _ in goals}
    return {
        "count": sum(counts.values()),
        **counts,
        "minutes": minutes,
        "target": target,
        "attainment": percent(sum(counts[kind] for kind in aimed), target) if target else None,
    }


def _minutes(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


REPORT = Report(
    name="activity",
    help=LINES["activity"],
    counts="What was logged, by the day it happened and by who did it; the program's own entries do not count. The "
    f"setting {SETTING} (call 20, meeting 5) asks so much of each active user in a week, unless `tuicrm target set` "
    "says what is asked of somebody, or of a team, in a period; targets are told by kind, by month, quarter and year, "
    "and by what people have in common. A --where is about the deals that activities belong to.",
    columns=(
        Column("count", COUNT, "Calls, e-mails, meetings and notes together.", head="all"),
        Column("call", COUNT, "Calls."),
        Column("email", COUNT, "E-mails."),
        Column("meeting", COUNT, "Meetings."),
        Column("note", COUNT, "Notes."),
        Column("minutes", COUNT, "Minutes, as far as they were noted."),
        Column(
            "target", NUMBER, "What is asked until today, of the kinds that have a target.", "Σ target × days gone ÷ 7"
        ),
        Column("attainment", PERCENT, "Of the kinds that have a target.", "done ÷ target", head="reached"),
    ),
    lead="count",
    gather=gather,
    measure=measure,
    also=("kind", "outcome", "type"),
    kind="activity",
    period="this quarter",
    hint="Nothing was logged in this period: tuicrm log call TEXT --with WHO logs a call.",
    example="--by kind --period 'this week'",
)
