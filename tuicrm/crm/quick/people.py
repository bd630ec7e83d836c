"""Contacts, companies and deals that the words of a line name, the best candidate first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.quick.index import EXACT, by_phone, index
from tuicrm.crm.quick.model import Option
from tuicrm.crm.shapes import word, words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tuicrm.crm.quick.tokens import Line
    from tuicrm.crm.session import Session

Record = dict[str, Any]
Fits = dict[str, int]
"""Ids, and how well each fits."""

SHOWN = 6
MOST_WORDS = 5
NAME_WORDS = 4


def named(session: Session, kind: str, line: Line, start: int, most: int = MOST_WORDS) -> tuple[int, Fits]:
    """Return the end of the longest run of words from `start` that begins names of a kind, and whose names."""
    for end in range(line.run(start, most), start, -1):
        text = line.bare(start, end)
        if len(text) < 2 and text.isascii():
            continue
        found = index(session, kind).starting(text)
        if not found and end == start + 1:
            found = addressed(session, kind, line.tokens[start].raw)
        if found:
            return end, found
    return start, {}


def numbered(session: Session, line: Line, start: int) -> tuple[int, Fits]:
    """Return the end of the phone number at `start`, and whose it is."""
    from tuicrm.crm.quick.figures import phone_numbers

    if not any(one.isdigit() for one in line.tokens[start].raw):
        return start, {}
    for first, end, number in phone_numbers(line):
        if first == start:
            return end, dict.fromkeys(by_phone(session, "contact", number), EXACT)
    return start, {}


def addressed(session: Session, kind: str, text: str) -> Fits:
    """Return the records with an e-mail address or a phone number."""
    from tuicrm.folding import fold

    text = text.strip(",;:")
    if "@" in text[1:]:
        return dict.fromkeys(index(session, kind).of(f"mail:{fold(text)}"), EXACT)
    if sum(one.isdigit() for one in text) >= 6:
        return dict.fromkeys(by_phone(session, kind, text), EXACT)
    return {}


def contacts(session: Session, fits: Fits, *, company: str = "", deal: Record | None = None) -> list[Option]:
    """Return candidates for who it is about: those of the deal or the company before others that fit as well."""
    held = session.ws.all("contact")
    people = set(words(deal.get("contacts"))) if deal else set()
    buyer = word(deal.get("company")) if deal else ""

    def order(key: str) -> tuple[int, int, bool, str]:
        at = held[key].get("company")
        near = 0 if key in people else 1 if at and at in (buyer, company) else 2
        return fits[key], near, held[key].get("owner") != session.me, str(held[key].get("name", ""))

    best = sorted(fits, key=order)[:SHOWN]
    return [contact(session, held[key]) for key in best]


def contact(session: Session, record: Record) -> Option:
    """Return a contact as a candidate: `Jane Roe, CTO, Acme GmbH`."""
    from tuicrm.crm.lookup import name_of, title

    name = title(session, "contact", record)
    employer = name_of(session, "company", word(record.get("company")))
    label = ", ".join(part for part in (name, word(record.get("title")), employer) if part)
    return Option(record["id"], label, (("contacts", record["id"]),), name, brings=(("company", employer),))


def companies(session: Session, fits: Fits) -> list[Option]:
    """Return candidates for the company."""
    held = session.ws.all("company")
    best = sorted(fits, key=lambda key: (fits[key], len(str(held[key].get("name", ""))), key))[:SHOWN]
    return [company(session, held[key]) for key in best]


def company(session: Session, record: Record) -> Option:
    """Return a company as a candidate: `Acme GmbH, Berlin`."""
    from tuicrm.crm.lookup import title

    name = title(session, "company", record)
    label = ", ".join(part for part in (name, word(record.get("city"))) if part)
    return Option(record["id"], label, (("company", record["id"]),), name)


def deals(session: Session, fits: Fits, *, linked: Iterable[str] = (), spoken: str = "") -> list[Option]:
    """Return candidates for the deal: open ones first, then those of the people or companies in `linked`."""
    from tuicrm.crm.derive import deals as derived

    held, facts, near = session.ws.all("deal"), derived(session), set(linked)

    def order(key: str) -> tuple[bool, int, bool, str]:
        record = held[key]
        is_near = word(record.get("company")) in near or not near.isdisjoint(words(record.get("contacts")))
        return facts.status(record) != "open", fits[key], not is_near, _backwards(key)

    return [deal(session, held[key]) for key in sorted(fits, key=order)[:SHOWN]]


def _backwards(key: str) -> str:
    """Return something that sorts the latest id first."""
    return "".join([chr(0x10FFFF - ord(letter)) for letter in key])


def deal(session: Session, record: Record) -> Option:
    """Return a deal as a candidate: `Acme renewal, EUR 12,000, Demo`."""
    from tuicrm.crm.derive import deals as derived
    from tuicrm.crm.lookup import name_of, title

    stage = derived(session).stage(record)
    parts = [title(session, "deal", record), _worth(record), stage.name if stage else ""]
    label = ", ".join(part for part in parts if part)
    only = words(record.get("contacts"))
    person = name_of(session, "contact", only[0]) if len(only) == 1 else ""
    brings = (("contacts", person), ("company", name_of(session, "company", word(record.get("company")))))
    return Option(record["id"], label, (("deal", record["id"]),), brings=brings)


def _worth(record: Record) -> str:
    from tuicrm.crm.derive import amount
    from tuicrm.money import Money, show

    value, currency = amount(record.get("value")), word(record.get("currency"))
    return show(Money(value, currency)) if value is not None and currency else ""


def open_deals(session: Session, *keys: str) -> list[str]:
    """Return the ids of the open deals of contacts and companies, given as `contact:ID` and `company:ID`."""
    from tuicrm.crm.derive import deals as derived

    held, facts, of = session.ws.all("deal"), derived(session), index(session, "deal").of
    found = dict.fromkeys(key for name in keys for key in of(name))
    return [key for key in found if facts.status(held[key]) == "open"]


def fresh(kind: str, field: str, name: str, *, quoted: bool = False) -> Option:
    """Return the candidate that creates a record."""
    label = f"new '{name}'" if quoted else f"{name} (creates the {kind})"
    return Option(f"new:{name}", label, ((field, ""),), name, (kind, name))


def nobody(spoken: str, label: str = "none: it stays in the text") -> Option:
    """Return the candidate that stands for none."""
    return Option("", label, (), spoken)


def is_good(fits: Fits, most: int) -> bool:
    """Tell whether the best of what fits is good enough."""
    return bool(fits) and min(fits.values()) <= most


def looks_like_name(line: Line, start: int, end: int) -> bool:
    """Tell whether words read like a full name: two to four, each with a capital."""
    held = line.tokens[start:end]
    return 2 <= len(held) <= NAME_WORDS and all(one.capital and one.bare.replace("-", "").isalpha() for one in held)
