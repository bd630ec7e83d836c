"""What crm.cli exports (https://github.com/dzhng/crm.cli): `crm export all --format json`, or one table of it.

`export all` gives {"contacts": [...], "companies": [...], "deals": [...], "activities": [...]}, `export contacts` one
such list. Ids carry their kind: ct_, co_, dl_, ac_ and a ULID. A contact has name, emails, phones, companies (names),
linkedin, x, bluesky, telegram, tags, custom_fields; a company name, websites, phones, tags, custom_fields; a deal
title, value, stage, contacts (ids), company (an id), expected_close, probability, tags, custom_fields; an activity
type, body, contact, company, deal (ids), custom_fields. All have created_at.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tuicrm.errors import Invalid
from tuicrm.exchange import fitting
from tuicrm.exchange.items import Item, Parsed
from tuicrm.exchange.jsontexts import Row, texts_of
from tuicrm.records.values import Nested

if TYPE_CHECKING:
    from tuicrm.exchange.formats import Context
    from tuicrm.records.field import Field

_ID = re.compile(r"(ct|co|dl|ac)_[0-9A-HJKMNP-TV-Z]{26}", re.IGNORECASE)
_KINDS = {"contacts": "ct", "companies": "co", "deals": "dl", "activities": "ac"}
_ORDER = ("co", "ct", "dl", "ac")
_SOCIAL = ("linkedin", "x", "bluesky", "telegram")
_LOGGED = ("call", "email", "meeting", "note")


def fits(held: Any) -> bool:
    """Tell whether a JSON document has the shape of such an export."""
    rows = [one for _, one in _rows(held)][:20]
    own = sum(1 for one in rows if isinstance(one, dict) and _ID.fullmatch(str(one.get("id", ""))))
    return own > 0 and 2 * own >= len(rows)


def read(held: Any, context: Context) -> Parsed:
    """Return the companies, contacts, deals and activities of an export; raises Invalid where it is none."""
    rows = _rows(held)
    if not fits(held) and rows != []:
        raise Invalid("the file is no export of crm.cli: its records have ids such as ct_01J8ZVXB3K00000000000000AA")
    parsed = Parsed(said=["the file is an export of crm.cli"])
    made: dict[str, list[Item]] = {one: [] for one in _ORDER}
    for where, row in rows:
        found = _ID.fullmatch(str(row.get("id", ""))) if isinstance(row, Row) else None
        if found is None:
            parsed.broken.append((where, "it is no record with an id of crm.cli"))
            continue
        try:
            item = _MAKERS[found[1].lower()](row, where, parsed, context)
        except Invalid as problem:
            parsed.broken.append((where, problem.message))
            continue
        if item is not None:
            made[found[1].lower()].append(item)
    parsed.items = [item for one in _ORDER for item in made[one]]
    return parsed


def _rows(held: Any) -> list[tuple[str, Any]]:
    if isinstance(held, list):
        return [(f"row {at}", one) for at, one in enumerate(held, 1)]
    if isinstance(held, dict) and held and set(held) <= set(_KINDS):
        tables = ((name, rows) for name, rows in held.items() if isinstance(rows, list))
        return [(f"{name}, row {at}", one) for name, rows in tables for at, one in enumerate(rows, 1)]
    return []


def _many(row: Row, name: str) -> list[str]:
    try:
        return [fitting.storable(one) for one in texts_of(row.get(name)) or [] if one.strip()]
    except Invalid as problem:
        raise Invalid(f"{name}: {problem.message}") from None


def _one(row: Row, name: str) -> str:
    return next(iter(_many(row, name)), "")


def _origin(row: Row, kind: str, odd: list[str], parsed: Parsed, context: Context) -> dict[str, list[str]]:
    """Return what all tables have: id, tags, time, and the custom fields that have a field here; others as notes."""
    if row.twice:
        raise Invalid(f"the key {row.twice!r} stands twice in it")
    made = {
        "external_id": [_one(row, "id")],
        "tags": fitting.tags(_many(row, "tags")),
        "source_created_at": [_one(row, "created_at")],
    }
    custom = row.get("custom_fields")
    for name, value in custom.items() if isinstance(custom, dict) else ():
        texts = texts_of(value)
        field = context.kinds[kind].by_name.get(str(name).lower())
        if texts is None:
            parsed.ignore(f"custom_fields.{name}")
        elif field is not None and _fills(field) and field.name not in row:
            made.setdefault(field.name, texts if field.type.many else [", ".join(texts)])
        else:
            odd.extend(f"{name}: {text}" for text in texts if text.strip())
    return made


def _fills(field: Field) -> bool:
    return not (field.computed or field.type.refers or isinstance(field.type, Nested))


def _contact(row: Row, where: str, parsed: Parsed, context: Context) -> Item:
    companies = _many(row, "companies")
    odd = [f"company: {one}" for one in companies[1:]]
    odd.extend(f"{name}: {one}" for name in _SOCIAL for one in _many(row, name))
    emails, phones = fitting.emails(_many(row, "emails"), odd), fitting.phones(_many(row, "phones"), odd)
    origin = _origin(row, "contact", odd, parsed, context)
    said = origin.pop("notes", [])
    typed = {
        **origin,
        "name": [fitting.one_line(_one(row, "name"))],
        "emails": emails,
        "phones": phones,
        "notes": [fitting.notes(*said, *odd)],
    }
    linked = {"company": Item("company", {"name": companies[:1]}, where)} if companies else {}
    return Item("contact", fitting.filled(typed), where, linked=linked)


def _company(row: Row, where: str, parsed: Parsed, context: Context) -> Item:
    from tuicrm.crm.lookalikes import domain_key

    sites = _many(row, "websites")
    odd: list[str] = []
    phones = fitting.phones(_many(row, "phones"), odd)
    odd.extend(f"web: {one}" for one in sites[1:])
    odd.extend(f"phone: {one}" for one in phones[1:])
    origin = _origin(row, "company", odd, parsed, context)
    said = origin.pop("notes", [])
    typed = {
        **origin,
        "name": [fitting.one_line(_one(row, "name"))],
        "website": sites[:1],
        "domain": [domain_key(sites[0]) if sites and "/" not in sites[0].partition("//")[2].strip("/") else ""],
        "phone": phones[:1],
        "notes": [fitting.notes(*said, *odd)],
    }
    return Item("company", fitting.filled(typed), where)


def _deal(row: Row, where: str, parsed: Parsed, context: Context) -> Item:
    odd: list[str] = []
    origin = _origin(row, "deal", odd, parsed, context)
    said = origin.pop("notes", [])
    typed = {
        **origin,
        "name": [fitting.one_line(_one(row, "title"))],
        **{name: [_one(row, name)] for name in ("value", "stage", "company", "expected_close", "probability")},
        "contacts": _many(row, "contacts"),
        "notes": [fitting.notes(*said, *odd)],
    }
    return Item("deal", fitting.filled(typed), where, frozenset({"contacts", "company"}))


def _activity(row: Row, where: str, parsed: Parsed, context: Context) -> Item | None:
    """Return an activity; the entries that the other program made itself are left out."""
    sort = _one(row, "type").lower()
    if sort == "stage-change":
        parsed.ignore("activities of the type stage-change")
        return None
    odd: list[str] = [] if sort in _LOGGED else [f"type: {sort}"]
    origin = _origin(row, "activity", odd, parsed, context)
    subject, _, rest = fitting.storable(_one(row, "body")).strip().partition("\n")
    typed = {
        **origin,
        "type": [sort if sort in _LOGGED else "note"],
        "subject": [subject or sort],
        "body": [fitting.notes(rest, *origin.pop("body", []), *odd)],
        "at": origin.pop("source_created_at"),
        "contacts": _many(row, "contact"),
        "company": [_one(row, "company")],
        "deal": [_one(row, "deal")],
    }
    typed.pop("source_created_at", None)
    return Item("activity", fitting.filled(typed), where, frozenset({"contacts", "company", "deal"}))


_MAKERS = {"ct": _contact, "co": _company, "dl": _deal, "ac": _activity}
