"""What Monica exports as JSON (https://github.com/monicahq/monica, version 4; app/ExportResources there).

{"account": {"data": [C, ...], "properties": {...}, "instance": {"contact_field_types": [...], ...}}}, where each C is
{"count": 2, "type": "contact", "values": [...]}. A value has uuid, created_at, its own fields under `properties`, and,
for a contact, more collections under `data`: contact_field, address, note, call, task, reminder, and activity, whose
values are uuids of the account's activities. Beta versions of the export had {"account": {"contacts": {"count": 2,
"values": [...]}}} instead; both are read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tuicrm.errors import Invalid
from tuicrm.exchange import fitting
from tuicrm.exchange.items import Item, Parsed
from tuicrm.exchange.jsontexts import texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuicrm.exchange.formats import Context

_PEOPLE = frozenset({"contacts"})
_TAKEN = frozenset({"contact_field", "address", "note", "call", "task", "reminder", "activity"})
_UNITS = {"week": "week", "month": "month", "year": "year"}
_NAMES = {"activities": "activity", "contacts": "contact", "calls": "call", "notes": "note", "tasks": "task"}
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?")


def fits(held: Any) -> bool:
    """Tell whether a JSON document has the shape of such an export."""
    account = held.get("account") if isinstance(held, dict) else None
    return isinstance(account, dict) and any(True for _ in _collections(account))


def read(held: Any, context: Context) -> Parsed:
    """Return the people, what was logged with them, and what is to do; raises Invalid where it is no such export."""
    if not fits(held):
        raise Invalid("the file is no export of Monica: it has no account with contacts")
    account = held["account"]
    parsed = Parsed(said=["the file is an export of Monica"])
    reader = _Reader(parsed, _field_types(account))
    for sort, values in _collections(account):
        if sort == "contact":
            for number, one in enumerate(values, 1):
                reader.contact(one, f"contact {number}")
        elif sort not in ("activity", "user"):
            for _ in values:
                parsed.ignore(sort)
    for sort, values in _collections(account):
        if sort == "activity":
            for number, one in enumerate(values, 1):
                reader.activity(one, f"activity {number}")
    return parsed


def _collections(held: dict[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    """Yield the collections of an account or a contact: their type and values."""
    data = held.get("data")
    for one in data if isinstance(data, list) else ():
        if isinstance(one, dict) and isinstance(one.get("values"), list):
            yield str(one.get("type", "")), one["values"]
    for part in (held, held.get("properties")):
        for name, one in part.items() if isinstance(part, dict) else ():
            if isinstance(one, dict) and isinstance(one.get("values"), list):
                yield _NAMES.get(name, name), one["values"]


def _field_types(account: dict[str, Any]) -> dict[str, str]:
    """Return what kind of address each type of contact field is: `email`, `phone`, or its name."""
    instance = account.get("instance")
    made: dict[str, str] = {}
    for one in (instance.get("contact_field_types") if isinstance(instance, dict) else None) or ():
        if isinstance(one, dict):
            of = _properties(one)
            protocol, name = _text(of, "protocol"), _text(of, "name")
            kind = _text(of, "type") or {"mailto:": "email", "tel:": "phone"}.get(protocol, "")
            made[_text(one, "uuid")] = kind if kind in ("email", "phone") else name or kind
    return made


def _properties(held: Any) -> dict[str, Any]:
    found = held.get("properties") if isinstance(held, dict) else None
    return found if isinstance(found, dict) else {}


def _texts(held: Any, name: str) -> list[str]:
    """Return a value as texts; what is none is nothing."""
    try:
        return texts_of(held.get(name) if isinstance(held, dict) else None) or []
    except Invalid:
        return []


def _text(held: Any, name: str) -> str:
    return fitting.storable("".join(_texts(held, name)[:1])).strip()


def _instant(text: str) -> str:
    """Return a time as it is typed: Monica writes UTC, sometimes without saying so, and fractions of seconds."""
    found = _INSTANT.fullmatch(text)
    if found is None:
        return text
    zone = found[3] or "Z"
    return f"{found[1]}T{found[2]}{zone if len(zone) != 5 else f'{zone[:3]}:{zone[3:]}'}"


class _Reader:
    """Goes through an export once."""

    def __init__(self, parsed: Parsed, types: dict[str, str]) -> None:
        self.parsed = parsed
        self.types = types
        self.took_part: dict[str, list[str]] = {}
        """By an activity's uuid, the people who took part."""

    def contact(self, held: Any, where: str) -> None:
        """Take one person, and what hangs on them."""
        of = _properties(held)
        parts = (fitting.one_line(_text(of, name)) for name in ("first_name", "middle_name", "last_name"))
        name = " ".join(one for one in parts if one) or fitting.one_line(_text(of, "nickname"))
        if not name:
            self.parsed.broken.append((where, "the contact has no name"))
            return
        if _text(of, "is_partial") in ("yes", "1"):
            self.parsed.ignore("people who are only somebody's relatives")
            return
        key = _text(held, "uuid")
        company = fitting.one_line(_text(of, "company"))
        linked = {"company": Item("company", {"name": [company]}, where)} if company else {}
        kept = {sort: values for sort, values in _collections(held) if sort in _TAKEN}
        for sort, values in _collections(held):
            for _ in values if sort not in _TAKEN else ():
                self.parsed.ignore(sort)
        odd: list[str] = []
        typed = {
            "name": [name],
            "title": [fitting.one_line(_text(of, "job"))],
            **self._addresses(kept.get("contact_field", []), odd),
            **_place(kept.get("address", [])),
            "tags": fitting.tags(_texts(of, "tags")),
            "notes": [fitting.notes(_text(of, "description"), *odd)],
            "external_id": [key],
            "source_created_at": [_instant(_text(held, "created_at"))],
        }
        self.parsed.items.append(Item("contact", fitting.filled(typed), where, linked=linked))
        self._logged(kept, key or name, where)

    def _addresses(self, fields: list[Any], odd: list[str]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {"email": [], "phone": []}
        for one in fields:
            of = _properties(one)
            text, kind = _text(of, "data"), self.types.get(_text(of, "type"), "")
            if kind in found:
                found[kind].append(text)
            elif text:
                odd.append(f"{kind or 'contact'}: {text}")
        return {"emails": fitting.emails(found["email"], odd), "phones": fitting.phones(found["phone"], odd)}

    def _logged(self, kept: dict[str, list[Any]], person: str, where: str) -> None:
        """Take what was logged with a person, and what is to do."""
        for one in kept.get("activity", []):
            key = one if isinstance(one, str) else _text(one, "uuid")
            self.took_part.setdefault(key, []).append(person)
        for sort, field, time in (("note", "body", "created_at"), ("call", "content", "called_at")):
            for number, one in enumerate(kept.get(sort, []), 1):
                of = _properties(one)
                text, at = _text(of, field), _text(of, time) or _text(one, time)
                self._entry(sort, text, at, [person], one, f"{where}, {sort} {number}", f"{person}/{sort}/{number}")
        for number, one in enumerate(kept.get("task", []), 1):
            self._task(one, person, f"{where}, task {number}", f"{person}/task/{number}")
        for number, one in enumerate(kept.get("reminder", []), 1):
            self._reminder(one, person, f"{where}, reminder {number}", f"{person}/reminder/{number}")

    def activity(self, held: Any, where: str) -> None:
        """Take one activity of the account, with everybody who took part."""
        of = _properties(held)
        key = _text(held, "uuid")
        text = f"{fitting.one_line(_text(of, 'summary'))}\n{_text(of, 'description')}"
        self._entry("meeting", text, _text(of, "happened_at"), self.took_part.get(key, []), held, where, key)

    def _entry(self, sort: str, text: str, at: str, people: list[str], held: Any, where: str, key: str) -> None:
        subject, _, body = text.strip().partition("\n")
        if not (subject and at):
            self.parsed.broken.append((where, "it has no text" if not subject else "it has no time"))
            return
        own = _text(held, "uuid")
        typed = {
            "type": [sort],
            "subject": [subject],
            "body": [body.strip()],
            "at": [_instant(at)],
            "contacts": people,
            "external_id": [own or key],
        }
        self.parsed.items.append(Item("activity", fitting.filled(typed), where, _PEOPLE))

    def _task(self, held: Any, person: str, where: str, key: str) -> None:
        of = _properties(held)
        done = _text(of, "completed") in ("yes", "1")
        when = _text(of, "completed_at") or _text(held, "updated_at")
        more = {"done_at": [_instant(when) if done else ""]}
        self._followup(of, held, person, where, key, more)

    def _reminder(self, held: Any, person: str, where: str, key: str) -> None:
        of = _properties(held)
        if _text(of, "inactive") in ("yes", "1"):
            self.parsed.ignore("inactive reminders")
            return
        unit, number = _UNITS.get(_text(of, "frequency_type"), ""), _text(of, "frequency_number")
        count = int(number) if number.isdecimal() and len(number) < 4 else 1
        repeat = f"every {count} {unit}s" if count > 1 else f"every {unit}"
        more = {"due": [_text(of, "initial_date")[:10]], "repeat": [repeat if unit and count else ""]}
        self._followup(of, held, person, where, key, more)

    def _followup(
        self, of: dict[str, Any], held: Any, person: str, where: str, key: str, more: dict[str, list[str]]
    ) -> None:
        subject = fitting.one_line(_text(of, "title"))
        if not subject:
            self.parsed.broken.append((where, "it has no title"))
            return
        if _text(of, "description"):
            self.parsed.ignore("description of a task")
        own = _text(held, "uuid")
        typed = {"subject": [subject], "contacts": [person], "external_id": [own or key], **more}
        self.parsed.items.append(Item("followup", fitting.filled(typed), where, _PEOPLE))


def _place(addresses: list[Any]) -> dict[str, list[str]]:
    """Return the first address; region and postal code stand with the street."""
    of = _properties(addresses[0]) if addresses else {}
    street = ", ".join(one for name in ("street", "postal_code", "province") if (one := _text(of, name)))
    return {"address": [street], "city": [_text(of, "city")], "country": [_text(of, "country")]}
