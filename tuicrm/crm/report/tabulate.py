"""From cases to rows: one for each group and one for the whole, beside the same of the period before."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

from tuicrm.crm.report.declared import Result, Row
from tuicrm.crm.report.facts import Facts
from tuicrm.crm.report.grouping import group_named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tuicrm.crm.periods import Period
    from tuicrm.crm.report.declared import Ask, Case, Report, Value, Values
    from tuicrm.crm.report.grouping import Group
    from tuicrm.crm.session import Session

    Measure = Callable[[Facts, Sequence[Case], Period], Values]

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
    rows = grouped(facts, now, then, group, report.measure, report.lead, keys)
    total = row(facts, "", WHOLE, now, then, report.measure)
    hint = () if now or then else (report.hint,)
    return result(facts, report, group, rows, total, (*notes, *hint))


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
        notes=tuple(notes),
    )


def grouped(
    facts: Facts,
    now: Sequence[Case],
    then: Sequence[Case],
    group: Group,
    measure: Measure,
    lead: str,
    keys: Iterable[str] = (),
) -> list[Row]:
    """Return a row for each group that either span has, in the groups' own order, else by the lead column."""
    here, there = parted(now, group), parted(then, group)
    wanted = dict.fromkeys([*keys, *here, *there])
    rows = [row(facts, key, group.label(key), here.get(key, ()), there.get(key, ()), measure) for key in wanted]
    return ordered(rows, group, lead)


def parted(cases: Sequence[Case], group: Group) -> dict[str, list[Case]]:
    """Return cases by the key of their group; each is in exactly one."""
    found: dict[str, list[Case]] = {}
    for case in cases:
        found.setdefault(group.key(case), []).append(case)
    return found


def row(
    facts: Facts, key: str, label: str, now: Sequence[Case], then: Sequence[Case], measure: Measure
) -> Row:
    """Return one row, compared where the question asks for it."""
    ids = tuple(dict.fromkeys(case.record["id"] for case in now))
    previous = measure(facts, then, facts.before) if facts.compared else None
    return Row(key, label, measure(facts, now, facts.period), previous, ids)


def ordered(rows: Sequence[Row], group: Group, lead: str) -> list[Row]:
    """Return rows in the natural order of their groups, else the largest first; what has no figure comes last."""
    places = {one.key: group.place(one.key) for one in rows}
    if rows and all(place is not None for place in places.values()):
        return sorted(rows, key=lambda one: places[one.key])
    return sorted(rows, key=lambda one: (one.values[lead] is None, -_number(one.values[lead]), one.label, one.key))


def _number(value: Value) -> Any:
    return value if isinstance(value, (int, float, Decimal)) else 0
