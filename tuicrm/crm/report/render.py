"""A result as people and scripts read it: cells of a table, a sheet, one JSON object, definitions."""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Any

from tuicrm.crm.report import declared
from tuicrm.money import MINOR_UNITS, amount_text, short

if TYPE_CHECKING:
    from datetime import date

    from tuicrm.crm.periods import Period
    from tuicrm.crm.report.declared import Column, Report, Result, Row, Value

PLACES = 4
"""Digits after the point of percents, days and numbers in JSON and sheets."""
CHANGE = "CHANGE"


def heads(found: Result) -> list[str]:
    """Return the heads of the table: the groups, the columns, and the change of the leading one."""
    return [found.by_title.upper(), *(one.title for one in found.columns), *([CHANGE] if found.before else [])]


def rows(found: Result) -> list[list[str]]:
    """Return the cells of the table; the last row is the whole."""
    return [cells(found, one) for one in (*found.rows, found.total)]


def cells(found: Result, row: Row) -> list[str]:
    """Return the cells of one row."""
    texts = [said(column, row.values.get(column.name)) for column in found.columns]
    return [row.label, *texts, *([change(found, row)] if found.before else [])]


def said(column: Column, value: Value) -> str:
    """Return a figure in few characters; empty where there is none."""
    if value is None or isinstance(value, str):
        return value or ""
    if column.type == declared.MONEY:
        return short(Decimal(value))
    if column.type == declared.COUNT:
        return f"{value:,}"
    if column.type == declared.PERCENT:
        return f"{value:.1f}%"
    return f"{value:.2f}x" if column.type == declared.TIMES else f"{value:,.1f}"


def change(found: Result, row: Row) -> str:
    """Return how the leading figure differs from that of the period before: `+12k`, `-3.1 pt`; empty where unknown."""
    column = next(one for one in found.columns if one.name == found.lead)
    now, then = row.values.get(column.name), (row.previous or {}).get(column.name)
    if not isinstance(now, (int, float, Decimal)) or not isinstance(then, (int, float, Decimal)):
        return ""
    gap: Decimal | float = Decimal(now) - Decimal(then) if column.type == declared.MONEY else float(now) - float(then)
    if column.type == declared.PERCENT:
        text = f"{abs(gap):.1f} pt"
    elif column.type == declared.COUNT:
        text = f"{abs(int(gap)):,}"
    else:
        text = said(column, gap if gap > 0 else -gap)
    return f"{'-' if gap < 0 else '+'}{text}" if gap else "="


def size(value: Value) -> float:
    """Return how long a bar for a figure is; 0 where there is none."""
    return float(value) if isinstance(value, (int, float, Decimal)) else 0.0


def totals(found: Result) -> str:
    """Return the figures of the whole that there are, in one line: the leading one and its change first."""
    texts = []
    for column in sorted(found.columns, key=lambda one: one.name != found.lead):
        text, moved = said(column, found.total.values.get(column.name)), ""
        if column.name == found.lead and found.before and (differs := change(found, found.total)):
            moved = f" ({differs})"
        texts += [f"{column.title.lower()} {text}{moved}"] if text else []
    return ", ".join(texts)


def headline(found: Result) -> str:
    """Return what the figures are about."""
    filtered = f" | {found.where}" if found.where else ""
    against = f" | {compared(found)}" if found.before else ""
    return f"{found.report}: {when(found)}, {found.currency} | {found.scope}{filtered}{against}"


def when(found: Result) -> str:
    """Return the day or the period that the figures are about."""
    return f"as of {_day(found.as_of)}" if found.as_of else found.period.title


def compared(found: Result) -> str:
    """Return what the change is against; empty where nothing is compared."""
    if found.before is None:
        return ""
    if found.by in declared.DATES:
        return f"change against the {found.by} before"
    last = found.before.end - timedelta(days=1)
    return f"change against {_day(last) if found.as_of else found.before.title}"


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def sheet(found: Result) -> tuple[list[str], list[list[str]]]:
    """Return heads and rows for a spreadsheet, figures in full; the whole is the last row."""
    names = [one.name for one in found.columns]
    heads = [found.by, "label", *names, *(f"previous_{name}" for name in names if found.before)]
    lines = []
    for key, row in [(one.key, one) for one in found.rows] + [("", found.total)]:
        held = [row.values, row.previous or {}] if found.before else [row.values]
        figures = [plain(found, column, values.get(column.name)) for values in held for column in found.columns]
        lines.append([key, row.label, *("" if one is None else str(one) for one in figures)])
    return heads, lines


def plain(found: Result, column: Column, value: Value) -> Any:
    """Return a figure as JSON holds it: money as a decimal string, counts whole, the others to four places."""
    if value is None or isinstance(value, str):
        return value
    if column.type == declared.MONEY:
        return money_text(Decimal(value), found.currency)
    return round(float(value), PLACES) if column.type != declared.COUNT else value


def money_text(value: Decimal, currency: str) -> str:
    """Return an amount in base currency: exact as far as it ends, else to four digits beyond the minor units."""
    text = amount_text(value, currency)
    if len(text.partition(".")[2]) <= MINOR_UNITS.get(currency, 2) + PLACES:
        return text
    unit = Decimal(1).scaleb(-MINOR_UNITS.get(currency, 2) - PLACES)
    return amount_text(value.quantize(unit, ROUND_HALF_EVEN), currency)


def only(found: Result, text: str) -> Result:
    """Return a result with nothing but the row of a key or a label; raises NotFound naming the nearest."""
    from dataclasses import replace

    from tuicrm.errors import NotFound
    from tuicrm.folding import fold, nearest

    wanted = fold(text.strip())
    held = [row for part in (found, *found.sections) for row in part.rows]
    kept = [row for row in held if wanted in (fold(row.key), fold(row.label))]
    if not kept:
        near = nearest(text, [row.label for row in held])
        guess = f"; did you mean {near}?" if near else ""
        raise NotFound(f"the report {found.report} has no row {text!r}{guess}")
    return replace(found, rows=(kept[0],), total=kept[0], sections=())


NAMES = (
    *(
        "report",
        "about",
        "as_of",
        "period",
        "from",
        "to",
        "previous_period",
        "owner",
        "where",
        "by",
        "currency",
        "rows",
        "key",
    ),
    *("label", "previous", "ids", "total", "notes", "sections"),
)


def facts(found: Result, *, ids: bool = False) -> dict[str, Any]:
    """Return the result as JSON shows it."""
    return {
        "report": found.report,
        "about": found.about,
        "as_of": found.as_of.isoformat() if found.as_of else None,
        "period": found.period.key,
        "from": found.period.first.isoformat(),
        "to": _last(found.period),
        "previous_period": found.before.key if found.before else None,
        "owner": found.scope,
        "where": found.where,
        "by": found.by,
        "currency": found.currency,
        "rows": [_row(found, one, ids) for one in found.rows],
        "total": _row(found, found.total, ids),
        "notes": list(found.notes),
        "sections": [facts(one, ids=ids) for one in found.sections],
    }


def _row(found: Result, row: Row, ids: bool) -> dict[str, Any]:
    made: dict[str, Any] = {"key": row.key, "label": row.label}
    made |= {one.name: plain(found, one, row.values.get(one.name)) for one in found.columns}
    if found.before:
        held = row.previous or {}
        made["previous"] = {one.name: plain(found, one, held.get(one.name)) for one in found.columns}
    return made | ({"ids": list(row.ids)} if ids else {})


def _last(period: Period) -> str:
    return (period.end - timedelta(days=1)).isoformat()


def explained(report: Report) -> list[tuple[str, str]]:
    """Return the definition of a report and of each of its figures, as name and text."""
    return [("", f"{report.help} {report.counts}"), *((one.name, _defined(one)) for one in report.columns)]


def _defined(column: Column) -> str:
    formula = f" = {column.formula}." if column.formula else ""
    source = f" Source: {column.source}." if column.source else ""
    return f"({column.type}) {column.means}{formula}{source}"


def definitions(report: Report) -> dict[str, Any]:
    """Return the definition of a report as JSON shows it."""
    columns = [
        {"name": one.name, "type": one.type, "means": one.means, "formula": one.formula, "source": one.source}
        for one in report.columns
    ]
    return {
        "report": report.name,
        "help": report.help,
        "counts": report.counts,
        "about": report.about,
        "columns": columns,
    }
