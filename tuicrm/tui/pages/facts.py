"""The fields of a record as rows, from the declarations: names, links, amounts, dates as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.amounts import worth
from tuicrm.crm.shapes import word
from tuicrm.records.types import Addresses, LongText, ranked
from tuicrm.records.values import Amount, Day, Instant, Nested, When
from tuicrm.tui.pages.links import linked, target
from tuicrm.tui.pages.row import FACTS, Row, heading

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tuicrm.crm.session import Session
    from tuicrm.records.field import Field

Record = dict[str, Any]


def rows(session: Session, kind: str, record: Record, names: Iterable[str], *, empty: bool = False) -> Iterator[Row]:
    """Yield the rows of fields that are filled; with `empty`, a dash where nothing is."""
    by_name = {one.name: one for one in session.kind(kind).all_fields}
    for name in names:
        if name in by_name:
            yield from field_rows(session, kind, record, by_name[name], empty=empty)


def field_rows(session: Session, kind: str, record: Record, field: Field, *, empty: bool = False) -> Iterator[Row]:
    """Yield the rows of one field: one for each value of several."""
    if isinstance(field.type, Addresses):
        for value in ranked(record.get(field.name)):
            yield value_row(field.name, value)
        return
    text = said(session, kind, record, field)
    if isinstance(field.type, LongText):
        if text.strip():
            yield from heading(field.title.upper(), FACTS)
            lines = tuple(((one, "text"),) for one in text.strip().splitlines())
            yield Row(lines, key=f"field {field.name}", field=field.name, copy=text)
        return
    if text or empty:
        href = target(field.name, text)
        label = field.short[0] if field.short else field.title
        line = ((f"{label} ", "muted"), linked(text, "text", href) if text else ("-", "muted"), (" ", "text"))
        editable = "" if field.computed or isinstance(field.type, Nested) else field.name
        yield Row((line,), key=f"field {field.name}", field=editable, copy=text, leads=bool(href))


def value_row(name: str, value: str, indent: str = "") -> Row:
    """Return the row of a phone number or an e-mail address, which leads to its dialling or writing."""
    line = ((indent, "text"), linked(value, "text", target(name, value)), (" ", "text"))
    return Row((line,), key=f"field {name} {value}", field=name, copy=value, leads=True)


def said(session: Session, kind: str, record: Record, field: Field) -> str:
    """Return a field in words; empty where there is nothing."""
    from tuicrm.crm.rows import cells

    value = record.get(field.name)
    if isinstance(field.type, Amount) and not field.computed:
        from tuicrm.crm.derive import amount

        return worth(record.get("currency") or session.currency, amount(value))
    if isinstance(field.type, Day) and not isinstance(field.type, Instant | When) and (day := _day(session, value)):
        return day
    return cells(session, kind, record, [field.name])[0]


def _day(session: Session, value: object) -> str:
    """Return a stored date as `30 Oct 2026, in 22 days`; empty for what is none."""
    from datetime import date

    from tuicrm.when import relative, say_day

    try:
        day = date.fromisoformat(word(value))
    except ValueError:
        return ""
    return f"{say_day(day)}, {relative(day, session.reading)}"
