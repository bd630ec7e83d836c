"""Flat objects, keys named like fields, as records: what `list --json` prints, and what others print alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.errors import Invalid
from tuicrm.exchange import fitting
from tuicrm.exchange.items import Item
from tuicrm.exchange.jsontexts import Row, texts_of
from tuicrm.records.registry import kind_named
from tuicrm.records.values import Nested

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.exchange.formats import Context
    from tuicrm.exchange.items import Parsed
    from tuicrm.records.field import Field, Kind

GUESSED = ("contact", "company", "deal", "lead", "activity", "followup", "product", "user")
"""The kinds that rows are guessed to be, the likelier first where several fit as well."""
_LOOKED_AT = 50


def take_rows(parsed: Parsed, rows: Sequence[tuple[str, Any]], kind: str, context: Context) -> None:
    """Add the records that rows make; `kind` is what they are, guessed from their keys where empty."""
    good: list[tuple[str, Row]] = []
    for where, row in rows:
        if isinstance(row, Row):
            good.append((where, row))
        else:
            parsed.broken.append((where, "it is no object with fields"))
    if not good:
        return
    name = kind_named(kind).name if kind else _guess([row for _, row in good[:_LOOKED_AT]], context)
    declared = context.kinds[name]
    if not kind:
        parsed.said.append(f"the rows look like {declared.many}")
    for where, row in good:
        try:
            parsed.items.append(_item(where, row, declared, parsed, context))
        except Invalid as problem:
            parsed.broken.append((where, problem.message))


def _guess(rows: list[Row], context: Context) -> str:
    """Return the kind whose fields most keys are named like, and whose required ones are there; raises Invalid."""
    keys = {key.strip().lower() for row in rows for key in row}
    best, most = "", 1
    for name in GUESSED:
        kind = context.kinds[name]
        own = {label for one in kind.fields for label in one.names}
        needed = all(any(label in keys for label in one.names) for one in kind.fields if one.required)
        score = len(keys & own) if needed else 0
        if score > most:
            best, most = name, score
    if not best:
        raise Invalid("nobody can tell what kind of record the rows are: say it, as in --as contacts")
    return best


def _item(where: str, row: Row, kind: Kind, parsed: Parsed, context: Context) -> Item:
    if row.twice:
        raise Invalid(f"the key {row.twice!r} stands twice in it")
    typed: dict[str, list[str]] = {}
    for key, value in row.items():
        field = kind.by_name.get(key.strip().lower().replace("-", "_").replace(" ", "_"))
        if field is None or isinstance(field.type, Nested):
            _leave(key, value, row, parsed)
        elif not field.computed:
            texts = _texts(field, value, row, kind, context)
            if texts is None:
                parsed.ignore(key)
            elif texts and field.name not in typed:
                typed[field.name] = texts
    _origin(row, typed, kind)
    if not typed:
        raise Invalid(f"it has no field that {kind.many} have")
    return Item(kind.name, typed, where)


def _leave(key: str, value: Any, row: Row, parsed: Parsed) -> None:
    """Count what has no place, but not what says a reference's name, and not what is empty."""
    beside = key.endswith("_name") and key.removesuffix("_name") in row
    if key != "id" and not beside and value not in (None, "", [], {}):
        parsed.ignore(key)


def _texts(field: Field, value: Any, row: Row, kind: Kind, context: Context) -> list[str] | None:
    """Return the texts of a field; of a reference the name that stands beside its id. Raises Invalid."""
    try:
        texts = texts_of(value)
    except Invalid as problem:
        raise Invalid(f"{field.name}: {problem.message}", field=field.name) from None
    if texts is None:
        return None
    texts = [fitting.storable(one) for one in texts]
    if field.type.refers:
        texts = _named(field, texts, row, context)
    if field.type.many:
        return [one for one in texts if one.strip()]
    joined = ", ".join(one for one in texts if one.strip())
    return [joined] if joined else []


def _named(field: Field, ids: list[str], row: Row, context: Context) -> list[str]:
    beside = row.get(f"{field.name}_name")
    try:
        names = texts_of(beside) or []
    except Invalid:
        names = []
    if len(names) != len(ids):
        return ids
    return [
        key if not name.strip() or context.here(field.type.refers, key) else name
        for key, name in zip(ids, names, strict=True)
    ]


def _origin(row: Row, typed: dict[str, list[str]], kind: Kind) -> None:
    """Keep what the row was called and when it was made, so that it is known when it comes again."""
    for key, name in (("id", "external_id"), ("created_at", "source_created_at")):
        value = row.get(key)
        if name not in typed and isinstance(value, str) and value.strip() and name in kind.by_name:
            typed[name] = [fitting.one_line(value)]
