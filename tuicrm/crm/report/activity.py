"""`activity`: calls, e-mails, meetings and notes, against their targets."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any

from tuicrm.crm.report.declared import COUNT, GOAL, NUMBER, PERCENT, Case, Column, Report
from tuicrm.crm.report.figures import percent
from tuicrm.crm.report.registry import LINES
from tuicrm.crm.report.targets import SETTING, parse_targets
from tuicrm.crm.shapes import word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.periods import Period
    from tuicrm.crm.report.declared import Values
    from tuicrm.crm.report.facts import Facts

AIMED = ("", "owner", "rep", "team", "territory", "region", "manager", "kind", "type")
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
    """Return the target of each active user for each kind of activity; none where targets cannot be told for groups."""
    by = facts.ask.by.strip().lower()
    wanted = parse_targets(facts.session.setting(SETTING))
    if not wanted or facts.ask.where.strip() or not (by in AIMED or by.startswith("owner.")):
        return []
    first = span.first.toordinal()
    weeks = max(min(span.end.toordinal(), facts.today + 1) - first, 0) / WEEK
    users = [key for key, one in facts.session.ws.all("user").items() if one.get("active") is not False]
    return [
        Case({"id": "", "type": kind}, first, user, {}, "", GOAL, more=(kind, count * weeks))
        for user in users
        if facts.holds(user)
        for kind, count in wanted.items()
    ]


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
    target = sum(count for _, count in goals) if goals else None
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
    f"setting {SETTING} (call 20, meeting 5) asks so much of each active user in a week; targets are told by kind, "
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
