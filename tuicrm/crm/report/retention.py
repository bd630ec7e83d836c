"""`retention`: customers gained, kept and lost, and how many buy again."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from tuicrm.crm.periods import Period
from tuicrm.crm.report.declared import COUNT, PERCENT, WON, Case, Column, Report, Row
from tuicrm.crm.report.figures import percent
from tuicrm.crm.report.registry import LINES
from tuicrm.crm.shapes import word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.report.declared import Ask, Result, Values
    from tuicrm.crm.report.facts import Facts
    from tuicrm.crm.report.groups import ByTime
    from tuicrm.crm.session import Session

SETTING = "customer_lapse_days"
GAINED, BOUGHT, GONE = "gained", "bought", "gone"
"""What happens with a customer: a purchase that makes one, a further purchase, a lapse."""


def gather(facts: Facts, span: Period) -> list[Case]:
    """Return all that happened with customers up to the end of a span, at most today; `more`: a first purchase."""
    last = facts.last_day(span)
    return [case for case in _events(facts) if case.day <= last]


def _events(facts: Facts) -> list[Case]:
    """Return all that happened with customers, worked out once for a question."""
    held = facts.kept.get("customers")
    if held is None:
        lapse = lapse_days(facts.session)
        companies = facts.session.ws.all("company")
        held = facts.kept["customers"] = []
        for key, days in _purchases(facts).items():
            company = companies.get(key, {"id": key})
            owner = word(company.get("owner"))
            for day, what, first in life(days, lapse, facts.today):
                held.append(Case(company, day, owner, company, "", what, more=first))
    found: list[Case] = held
    return found


def _purchases(facts: Facts) -> dict[str, list[int]]:
    """Return the days on which each company bought, in their order."""
    found: dict[str, list[int]] = {}
    for day, deal, outcome in facts.closings[1]:
        company = word(deal.get("company"))
        if outcome == WON and company and facts.holds(facts.owner_at(deal, day)):
            found.setdefault(company, []).append(day)
    return found


def lapse_days(session: Session) -> int:
    """Return after how many days without a purchase a customer is lost; the default where the setting is no number."""
    from tuicrm.records.settings import SETTINGS

    held = session.setting(SETTING)
    return int(held) if held.isdecimal() and int(held) else int(SETTINGS[SETTING].default)


def life(days: Sequence[int], lapse: int, today: int) -> list[tuple[int, str, bool]]:
    """Return what happened with a customer that bought on these days: (day, what, whether it was the first purchase).

    Who has not bought for `lapse` days is lost on the day that completes them; who buys later is gained again.
    """
    found = [(days[0], GAINED, True)] if days else []
    for before, day in pairwise(days):
        if day - before > lapse:
            found += [(before + lapse, GONE, False), (day, GAINED, False)]
        else:
            found.append((day, BOUGHT, False))
    if days and today - days[-1] >= lapse:
        found.append((days[-1] + lapse, GONE, False))
    return found


def measure(facts: Facts, cases: Sequence[Case], span: Period) -> Values:
    """Return how many customers there were, came, went, and bought again."""
    first = span.first.toordinal()
    before = [case for case in cases if case.day < first]
    during = [case for case in cases if case.day >= first]
    start = _count(before, GAINED) - _count(before, GONE)
    gained, gone = _count(during, GAINED), _count(during, GONE)
    buyers = {case.record["id"] for case in during if case.outcome != GONE}
    known = {case.record["id"] for case in before if case.outcome == GAINED}
    again = {case.record["id"] for case in during if case.outcome != GONE and not case.more}
    return {
        "start": start,
        "gained": gained,
        "lost": gone,
        "end": start + gained - gone,
        "churn": percent(gone, start),
        "buyers": len(buyers),
        "repeat": len(buyers & (known | again)),
        "repeat_rate": percent(len(buyers & (known | again)), len(buyers)),
    }


def _count(cases: Sequence[Case], what: str) -> int:
    return sum(case.outcome == what for case in cases)


def _compute(session: Session, ask: Ask) -> Result:
    """Return customers by groups; by time, each row begins with the customers that the one before it ended with."""
    from tuicrm.crm.report.facts import Facts
    from tuicrm.crm.report.grouping import group_named
    from tuicrm.crm.report.groups import ByTime
    from tuicrm.crm.report.tabulate import WHOLE, behind, result, row, tabulate

    facts, group = Facts(session, ask, REPORT), group_named(session, REPORT, ask.by)
    if not isinstance(group, ByTime):
        return tabulate(facts, REPORT, group)
    now, then = gather(facts, facts.period), gather(facts, facts.before)
    rows = []
    for key in group.within(facts.period, date.fromordinal(facts.today)):
        values, cases = _of(facts, group, key)
        previous = _of(facts, group, group.before(key))[0] if facts.compared else None
        first = group.period(key).first.toordinal()
        rows.append(
            Row(key, group.label(key), values, previous, behind(REPORT, [one for one in cases if one.day >= first]))
        )
    hint = () if now or then else (REPORT.hint,)
    return result(facts, REPORT, group, rows, row(facts, REPORT, "", WHOLE, now, then), hint)


def _of(facts: Facts, group: ByTime, key: str) -> tuple[Values, list[Case]]:
    span = group.period(key)
    cases = gather(facts, span)
    return measure(facts, cases, span), cases


REPORT = Report(
    name="retention",
    help=LINES["retention"],
    counts="Companies that have bought, by the days on which deals with them were won; deals without a company are "
    f"left out. A company that has not bought for as many days as the setting {SETTING} says (365) is lost on the day "
    "that completes them, and gained again when it buys later.",
    columns=(
        Column("start", COUNT, "Customers when the period began."),
        Column("gained", COUNT, "Customers that bought for the first time, or again after they were lost."),
        Column("lost", COUNT, "Customers that went without buying for too long."),
        Column("end", COUNT, "Customers when the period ended, or now.", "start + gained − lost"),
        Column("churn", PERCENT, "Share of the customers at the start that the lost ones make up.", "lost ÷ start"),
        Column("buyers", COUNT, "Companies that bought in the period."),
        Column("repeat", COUNT, "Of these: had bought before, in the period or earlier."),
        Column("repeat_rate", PERCENT, "Repeat purchase rate.", "repeat ÷ buyers", head="again"),
    ),
    lead="end",
    gather=gather,
    measure=measure,
    by="month",
    kind="company",
    subject="company",
    period="this year",
    hint="No company has bought yet: tuicrm deal win REF wins a deal of a company.",
    example="--by industry --period 2026",
    compute=_compute,
)
