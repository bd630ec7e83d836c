"""From cases to rows: one for each group and one for the whole, beside the same of the period before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

from tuicrm.crm.report.declared import GOAL, NOW, Result, Row
from tuicrm.crm.report.facts import Facts
from tuicrm.crm.report.grouping import group_named
from tuicrm.crm.report.groups import ByTime

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tuicrm.crm.periods import Period
    from tuicrm.crm.report.declared import Ask, Case, Report, Value, Values
    from tuicrm.crm.report.groups import Group
    from tuicrm.crm.session import Session

PRECISION = 100
"""Digits of sums: more than the largest amounts of all deals together can have, so that nothing is rounded."""
WHOLE = "all"


def compute(session: Session, ask: Ask, report: Report) -> Result:
    """Return what a report answers; raises Invalid for what cannot be asked, MissingRate for a rate that is not set."""
    with localcontext() as context:
        context.prec = PRECISION
        if report.compute is not None:
            return report.compute(session, ask)
        facts = Facts(session, ask, report)
        return tabulate(facts, report, group_named(session, report, ask.by))


def tabulate(
    facts: Facts, report: Report, group: Group, *, keys: Iterable[str] = (), notes: Sequence[str] = ()
) -> Result:
    """Return a report's cases by groups; `keys` are groups that are shown although they may be empty."""
    now = report.gather(facts, facts.period)
    then = report.gather(facts, facts.before) if facts.compared else ()
    if isinstance(group, ByTime):
        rows = by_time(facts, now, group, report)
    else:
        here, there = parted(now, group), parted(then, group)
        rows = [
            row(facts, report, key, group.label(key), here.get(key, ()), there.get(key, ()))
            for key in dict.fromkeys([*keys, *here, *there])
        ]
        rows = ordered(rows, group, report.lead)
    hint = () if now or then else (report.hint,)
    return result(facts, report, group, rows, row(facts, report, "", WHOLE, now, then), (*notes, *hint))


def result(
    facts: Facts, report: Report, group: Group, rows: Sequence[Row], total: Row, notes: Sequence[str] = ()
) -> Result:
    """Return rows as what a report answers."""
    return Result(
        report=report.name,
        title=report.help,
        period=facts.period,
        before=facts.before if facts.compared else None,
        by=group.name,
        by_title=group.title,
        columns=report.columns,
        lead=report.lead,
        rows=tuple(rows),
        total=total,
        currency=facts.session.currency,
        scope=facts.scope,
        where=facts.ask.where.strip(),
        kind=report.kind,
        about=report.about,
        as_of=date.fromordinal(facts.last_day(facts.period)) if report.about == NOW else None,
        notes=tuple(notes),
    )


def by_time(facts: Facts, now: Sequence[Case], group: ByTime, report: Report) -> list[Row]:
    """Return a row for each group of days in the period up to today, compared with the group right before it."""
    here = parted(now, group)
    last = date.fromordinal(max([facts.today, *(case.day for case in now)]))
    rows = []
    for key in group.within(facts.period, last):
        cases = here.get(key, ())
        values = report.measure(facts, cases, clipped(group.period(key), facts.period))
        rows.append(Row(key, group.label(key), values, _before(facts, group, key, report), behind(report, cases)))
    return rows


def _before(facts: Facts, group: ByTime, key: str, report: Report) -> Values | None:
    if not facts.compared:
        return None
    span = group.period(group.before(key))
    return report.measure(facts, report.gather(facts, span), span)


def clipped(span: Period, within: Period) -> Period:
    """Return the days of a span that lie within another."""
    return replace(span, first=max(span.first, within.first), end=min(span.end, within.end))


def parted(cases: Sequence[Case], group: Group) -> dict[str, list[Case]]:
    """Return cases by the key of their group; each is in exactly one."""
    found: dict[str, list[Case]] = {}
    for case in cases:
        found.setdefault(group.key(case), []).append(case)
    return found


def row(facts: Facts, report: Report, key: str, label: str, now: Sequence[Case], then: Sequence[Case]) -> Row:
    """Return one row, compared where the question asks for it."""
    previous = report.measure(facts, then, facts.before) if facts.compared else None
    return Row(key, label, report.measure(facts, now, facts.period), previous, behind(report, now))


def behind(report: Report, cases: Sequence[Case]) -> tuple[str, ...]:
    """Return the ids of the records behind cases, each once; goals have none."""
    shown = report.behind or (lambda case: True)
    return tuple(dict.fromkeys(case.record["id"] for case in cases if case.outcome != GOAL and shown(case)))


def ordered(rows: Sequence[Row], group: Group, lead: str) -> list[Row]:
    """Return rows in the natural order of their groups, else the largest first; what has no figure comes last."""
    places = {one.key: group.place(one.key) for one in rows}
    if rows and all(place is not None for place in places.values()):
        return sorted(rows, key=lambda one: places[one.key])

    def place(one: Row) -> tuple[Any, ...]:
        value = one.values[lead]
        return (value is None, -_number(value), -_number(one.values.get("value")), one.label, one.key)

    return sorted(rows, key=place)


def _number(value: Value) -> Any:
    return value if isinstance(value, (int, float, Decimal)) else 0
