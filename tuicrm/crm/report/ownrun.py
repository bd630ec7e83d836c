"""Runs a report that a team has defined: what it counts, and its one measure."""

from __future__ import annotations

from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING, Any

from tuicrm.crm import derive
from tuicrm.crm.report.declared import COUNT, MONEY, NOW, NUMBER, PERIOD, Case, Column, Report
from tuicrm.crm.shapes import word
from tuicrm.crm.touches import id_ms

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tuicrm.crm.periods import Period
    from tuicrm.crm.report.declared import Value, Values
    from tuicrm.crm.report.facts import Facts
    from tuicrm.crm.session import Session
    from tuicrm.records.field import Field, Kind

Record = dict[str, Any]
HOW: dict[str, Callable[[list[Any]], Any]] = {
    "sum": lambda held: sum(held, Decimal(0)) if held and isinstance(held[0], Decimal) else sum(held),
    "mean": lambda held: sum(held) / len(held) if held else None,
    "median": lambda held: median(held) if held else None,
    "min": lambda held: min(held, default=None),
    "max": lambda held: max(held, default=None),
}
"""What is made of the values of a field; of none, a sum is 0 and the others are nothing."""


def declared(session: Session, record: Record) -> Report:
    """Return the declaration that a report record stands for; raises Invalid where a field of it is gone."""
    from tuicrm.crm.report.owncheck import measured, period_field

    kind = session.kind(word(record.get("of")))
    how, field = measured(kind, word(record.get("measure")))
    within = period_field(kind, word(record.get("period_field")))
    name, where = word(record.get("name")), word(record.get("where"))
    dates = f", by the day in {within.title}" if within else ", whenever they were made"
    filtered = f" that fit {where!r}" if where else ""
    return Report(
        name=name,
        help=f"A report of the team's own: {name}.",
        counts=f"{kind.many.capitalize()}{filtered}{dates}.",
        columns=(_column(how, field, kind), *((_COUNT,) if field else ())),
        lead=_column(how, field, kind).name,
        gather=_gatherer(session, kind, where, within, field),
        measure=_measure(how, field),
        about=PERIOD if within else NOW,
        by=word(record.get("group")) or "owner",
        kind=kind.name,
        subject=kind.name,
        compares=within is not None,
        hint=f"There are no {kind.many} to count{' in this period' if within else ''}.",
    )


_COUNT = Column("count", COUNT, "Records.", head="records")


def _column(how: str, field: Field | None, kind: Kind) -> Column:
    if field is None:
        return _COUNT
    from tuicrm.records.values import Amount

    money = isinstance(field.type, Amount)
    of_type = MONEY if money else COUNT if how in ("sum", "min", "max") else NUMBER
    said = f"The {how} of the {field.title} of the {kind.many}{', in base currency' if money else ''}."
    return Column(f"{how}_{field.name}", of_type, said, f"{how}({field.name})", head=f"{how} {field.title}")


def _gatherer(
    session: Session, kind: Kind, where: str, within: Field | None, field: Field | None
) -> Callable[[Facts, Period], list[Case]]:
    from tuicrm.crm.query import compile_query
    from tuicrm.crm.rows import value_reader

    fits = compile_query(session, kind.name, where)
    dated = _day_reader(session, kind, within)
    amount = value_reader(session, kind.name, field) if field else None

    def gather(facts: Facts, span: Period) -> list[Case]:
        asked = compile_query(session, kind.name, facts.ask.where)
        first, end = span.first.toordinal(), span.end.toordinal()
        found = []
        for record in session.ws.all(kind.name).values():
            owner, day = word(record.get("owner")), dated(record)
            if (within and not first <= day < end) or not (facts.holds(owner) and fits(record) and asked(record)):
                continue
            status = facts.derived.status(record) if kind.name == "deal" else ""
            value = _value(facts, record, amount(record), day, field) if amount and field else None
            found.append(Case(record, day, owner, record, word(record.get("stage")), status, None, day, value))
        return found

    return gather


def _value(facts: Facts, record: Record, held: Any, day: int, field: Field) -> Decimal | int | None:
    """Return a record's value of a field: money in base currency at the rate of its day."""
    from tuicrm.records.values import Amount

    if isinstance(field.type, Amount):
        return facts.worth(held, record.get("currency"), day)
    return held if isinstance(held, int) and not isinstance(held, bool) else None


def _day_reader(session: Session, kind: Kind, within: Field | None) -> Callable[[Record], int]:
    """Return what reads the day (an ordinal) that a record counts on; 0 for none."""
    from tuicrm.crm.rows import value_reader
    from tuicrm.crm.touches import text_ms
    from tuicrm.records.values import Instant

    facts = derive.deals(session)
    if within is None or within.name == "created_at":
        return lambda record: facts.day_of(id_ms(record["id"]))
    if kind.name == "deal" and within.name == "opened_on":
        return facts.opened
    read = value_reader(session, kind.name, within)
    if isinstance(within.type, Instant):
        return lambda record: facts.day_of(ms) if (ms := text_ms(word(read(record)))) else 0
    return lambda record: derive.day_ordinal(read(record))


def _measure(how: str, field: Field | None) -> Callable[[Facts, Sequence[Case], Period], Values]:
    if field is None:
        return lambda facts, cases, span: {"count": len(cases)}
    name = f"{how}_{field.name}"

    def measure(facts: Facts, cases: Sequence[Case], span: Period) -> Values:
        value: Value = HOW[how]([case.more for case in cases if case.more is not None])
        return {name: value, "count": len(cases)}

    return measure
