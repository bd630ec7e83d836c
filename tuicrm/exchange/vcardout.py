"""Contacts and leads as vCard 4.0 (RFC 6350)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.shapes import word, words
from tuicrm.exchange.contentlines import escaped, line, plain, structured
from tuicrm.exchange.uids import URN, uuid_of
from tuicrm.records.types import ranked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tuicrm.crm.session import Session

Record = dict[str, Any]
KINDS = ("contact", "lead")
_TYPES = {"work": "work", "home": "home", "private": "home", "mobile": "cell", "cell": "cell", "fax": "fax"}
_NO_NAME = "(no name)"


def cards(
    session: Session, kind: str, records: Sequence[Record], progress: Callable[[int, int], None] | None = None
) -> Iterator[str]:
    """Yield the cards of contacts or leads, a part at a time."""
    from tuicrm.crm.derive import computed
    from tuicrm.crm.lookup import names
    from tuicrm.exchange.exporting import parts

    companies, updated = names(session, "company"), computed(session, kind, "updated_at")
    for part in parts(records, progress):
        yield "".join(
            card(
                one,
                organisation=word(one.get("company_name")) or (companies[word(one.get("company"))] or ""),
                updated=str(updated(one)) if updated else "",
            )
            for one in part
        )


def card(record: Record, *, organisation: str, updated: str) -> str:
    """Return one card; `updated` is an instant as records hold it."""
    name = " ".join(plain(word(record.get("name"))).split())
    reach = [*ranked(record.get("emails")), *ranked(record.get("phones"))]
    shown = name or organisation or next(iter(reach), _NO_NAME)
    given, _, family = name.rpartition(" ")
    made = ["BEGIN:VCARD\r\n", "VERSION:4.0\r\n", line("UID", URN + uuid_of(record["id"])), line("FN", escaped(shown))]
    if name:
        made.append(line("N", structured((family if given else "", given or family, "", "", ""))))
    if organisation:
        made.append(line("ORG", escaped(organisation)))
    if word(record.get("title")):
        made.append(line("TITLE", escaped(word(record["title"]))))
    made += _addresses("EMAIL", record.get("emails"))
    made += _addresses("TEL", record.get("phones"))
    street, city, country = (word(record.get(part)) for part in ("address", "city", "country"))
    if street or city or country:
        made.append(line("ADR", structured(("", "", street, city, "", "", country))))
    if word(record.get("notes")):
        made.append(line("NOTE", escaped(word(record["notes"]))))
    tags = [escaped(one) for one in words(record.get("tags")) if plain(one)]
    if tags:
        made.append(line("CATEGORIES", ",".join(tags)))
    if updated:
        made.append(line("REV", updated.replace("-", "").replace(":", "")))
    return "".join([*made, "END:VCARD\r\n"])


def _addresses(name: str, held: Any) -> Iterator[str]:
    """Yield a line for each address or number, the main one first."""
    for place, one in enumerate(ranked(held), 1):
        more = held[one] if isinstance(held[one], dict) else {}
        of_type = _TYPES.get(word(more.get("label")).casefold(), "")
        parameters = {"TYPE": of_type} if of_type else {}
        yield line(name, escaped(one), {**parameters, "PREF": str(min(place, 100))})
