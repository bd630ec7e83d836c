"""JSON files: our own lists, JSON lines, TinyDB's files, and the exports of other programs, told by their shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.errors import Invalid
from tuicrm.exchange.calendarparts import text_of
from tuicrm.exchange.flatrows import take_rows
from tuicrm.exchange.items import Parsed
from tuicrm.exchange.jsontexts import parsed_json

if TYPE_CHECKING:
    from tuicrm.exchange.formats import Context

Rows = list[tuple[str, Any]]
"""Where each row stands, and what it holds."""


def read_json(data: bytes, context: Context) -> Parsed:
    """Return what a JSON file tells, whichever program wrote it; raises Invalid where it is none."""
    from tuicrm.exchange import crmcli, monica

    held = parsed_json(_text(data))
    if monica.fits(held):
        return monica.read(held, context)
    if crmcli.fits(held):
        return crmcli.read(held, context)
    parsed = Parsed()
    if isinstance(held, list):
        take_rows(parsed, _numbered(held), context.kind, context)
    elif not isinstance(held, dict):
        raise Invalid("the file holds a single value; a list of objects would be right")
    elif not held:
        return parsed
    elif _is_tinydb(held):
        return _tinydb(held, context)
    elif all(isinstance(rows, list) for rows in held.values()):
        for name, rows in held.items():
            _table(parsed, name, [(f"{name}, row {at}", row) for at, row in enumerate(rows, 1)], context)
    else:
        take_rows(parsed, _numbered([held]), context.kind, context)
    return parsed


def read_lines(data: bytes, context: Context) -> Parsed:
    """Return what a file of JSON lines tells; a line that is no JSON stops no other."""
    parsed = Parsed()
    rows: Rows = []
    for number, line in enumerate(_text(data).split("\n"), 1):
        if not line.strip():
            continue
        try:
            rows.append((f"line {number}", parsed_json(line)))
        except Invalid as problem:
            parsed.broken.append((f"line {number}", problem.message.partition(": ")[2] or problem.message))
    take_rows(parsed, rows, context.kind, context)
    return parsed


def read_tinydb(data: bytes, context: Context) -> Parsed:
    """Return what the tables of a TinyDB file hold; raises Invalid where it is none."""
    held = parsed_json(_text(data))
    if not isinstance(held, dict) or (held and not _is_tinydb(held)):
        raise Invalid('the file is none of TinyDB: {"contact": {"1": {...}}} would be right')
    return _tinydb(held, context)


def read_crmcli(data: bytes, context: Context) -> Parsed:
    """Return what an export of crm.cli holds; raises Invalid where it is none."""
    from tuicrm.exchange import crmcli

    return crmcli.read(parsed_json(_text(data)), context)


def read_monica(data: bytes, context: Context) -> Parsed:
    """Return what an export of Monica holds; raises Invalid where it is none."""
    from tuicrm.exchange import monica

    return monica.read(parsed_json(_text(data)), context)


def _text(data: bytes) -> str:
    return text_of(data).lstrip("\ufeff")


def _numbered(rows: list[Any]) -> Rows:
    return [(f"row {at}", row) for at, row in enumerate(rows, 1)]


def _is_tinydb(held: dict[str, Any]) -> bool:
    """Tell whether a document is tables of documents by their ids."""
    tables = [one for one in held.values() if one != {}]
    return all(
        isinstance(table, dict) and all(isinstance(one, dict) for one in table.values()) for table in tables
    ) and bool(tables or held)


def _tinydb(held: dict[str, Any], context: Context) -> Parsed:
    parsed = Parsed()
    for name, table in held.items():
        _table(parsed, name, [(f"table {name}, document {key}", row) for key, row in table.items()], context)
    return parsed


def _table(parsed: Parsed, name: str, rows: Rows, context: Context) -> None:
    """Take a table that is named like a kind as records of it; others as what the user says, or as they look."""
    from tuicrm.records.registry import kind_named

    try:
        kind = kind_named(name).name
    except Invalid:
        kind = context.kind
    if context.kind and kind != context.kind:
        for _ in rows:
            parsed.ignore(f"rows of {name}")
        return
    take_rows(parsed, rows, kind, context)
