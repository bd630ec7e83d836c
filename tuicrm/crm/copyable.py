"""What of a record one may want elsewhere: its name, its numbers and addresses, its value, its id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuicrm.crm.shapes import word, words
from tuicrm.records.types import ranked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tuicrm.crm.session import Session

Record = dict[str, Any]

_TOGETHER = {"e-mail": ", "}
"""What goes between the values of several records; a line break where nothing is said."""
_POSTAL = ("address", "city", "country")


@dataclass(frozen=True)
class Copyable:
    """A text and what it is."""

    label: str
    text: str


def copyable(session: Session, refs: Sequence[tuple[str, str]]) -> list[Copyable]:
    """Return what can be copied of records: of one everything it has, of several each sort of thing once."""
    held = [(kind, session.ws.get(kind, key)) for kind, key in refs]
    each = [list(_of(session, kind, record)) for kind, record in held if record is not None]
    if len(each) == 1:
        return list(dict.fromkeys(each[0]))
    found: dict[str, list[str]] = {}
    for parts in each:
        for label in dict.fromkeys(one.label for one in parts):
            # Of several records the first number or address of each is meant.
            found.setdefault(label, []).append(next(one.text for one in parts if one.label == label))
    return [Copyable(label, _TOGETHER.get(label, "\n").join(dict.fromkeys(texts))) for label, texts in found.items()]


def _of(session: Session, kind: str, record: Record) -> Iterator[Copyable]:
    from tuicrm.crm.lookup import short_id, title

    yield from _reach(record)
    if kind == "deal" and (value := _value(session, record)):
        yield Copyable("value", value)
    yield Copyable("name", title(session, kind, record))
    postal = ", ".join(filter(None, (word(record.get(name)) for name in _POSTAL)))
    if postal:
        yield Copyable("address", postal)
    for name in ("website", "domain"):
        if word(record.get(name)):
            yield Copyable("link" if name == "website" else name, word(record[name]))
    for link in _links(session, kind, record):
        yield Copyable("link", link)
    for one in words(record.get("contacts")) if kind != "contact" else ():
        yield from _reach(session.ws.get("contact", one) or {})
    body = word(record.get("body")) or word(record.get("notes"))
    if body.strip():
        yield Copyable("text" if record.get("body") else "notes", body)
    yield Copyable("id", short_id(session, kind, str(record["id"])))


def _reach(record: Record) -> Iterator[Copyable]:
    """Yield phone numbers and e-mail addresses."""
    for number in ranked(record.get("phones")) or filter(None, [word(record.get("phone"))]):
        yield Copyable("phone", number)
    for address in ranked(record.get("emails")) or filter(None, [word(record.get("email"))]):
        yield Copyable("e-mail", address)


def _value(session: Session, deal: Record) -> str:
    from tuicrm.crm.derive import amount
    from tuicrm.money import Money, show

    value = amount(deal.get("value"))
    return "" if value is None else show(Money(value, word(deal.get("currency")) or session.currency)).strip()


def _links(session: Session, kind: str, record: Record) -> Iterator[str]:
    """Yield the web addresses in the team's own fields."""
    for field in session.kind(kind).custom:
        text = word(record.get(field.name)).strip()
        if text.startswith(("https://", "http://")):
            yield text
