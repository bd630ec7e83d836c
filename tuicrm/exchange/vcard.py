"""vCards 2.1, 3.0 and 4.0 as contacts and companies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.exchange import fitting
from tuicrm.exchange.cardlines import cards, split
from tuicrm.exchange.items import Item, Parsed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.exchange.cardlines import Card, Line
    from tuicrm.exchange.formats import Context

_READ = frozenset(["FN", "N", "ORG", "TITLE", "ROLE", "EMAIL", "TEL", "ADR", "URL", "NOTE", "CATEGORIES", "UID"])
_ABOUT = frozenset(
    {
        *("VERSION", "PRODID", "REV", "BEGIN", "END", "KIND", "NAME", "SOURCE"),
        *("X-ABLABEL", "X-ABSHOWAS", "X-ADDRESSBOOKSERVER-KIND"),
    }
)
"""What a card says about itself, which nobody misses."""
_LAST = 1000


def read_vcards(data: bytes, context: Context) -> Parsed:
    """Return the organisations and the people of a vCard file; the company that somebody works for is told along."""
    parsed = Parsed()
    companies: dict[str, Item] = {}
    people: list[Item] = []
    number = 0
    for card in cards(data):
        number = card.number
        _one(card, parsed, companies, people)
    if not number and data.strip():
        from tuicrm.errors import Invalid

        raise Invalid("the file holds no vCard: none begins with BEGIN:VCARD")
    parsed.items = [*companies.values(), *people]
    return parsed


def _one(card: Card, parsed: Parsed, companies: dict[str, Item], people: list[Item]) -> None:
    from tuicrm.folding import fold

    where = f"card {card.number}"
    if card.problem:
        parsed.broken.append((where, f"the card {card.problem}"))
        return
    for _ in range(card.odd):
        parsed.ignore("lines that are no property")
    by_name: dict[str, list[Line]] = {}
    for line in card.lines:
        by_name.setdefault(line.name, []).append(line)
    for name, lines in by_name.items():
        if name not in _READ and name not in _ABOUT:
            for _ in lines:
                parsed.ignore(name)
    kind = _first(by_name, "KIND", "X-ADDRESSBOOKSERVER-KIND").lower()
    if kind in ("group", "location"):
        parsed.ignore(f"cards of a {kind}")
        return
    name, company = _name(by_name), _company(by_name)
    if kind in ("org", "organization") or _is_company(by_name, name, company):
        title = company or name
        if title:
            companies[fold(title)] = _organisation(by_name, title, where)
            return
    if not (name or company):
        parsed.broken.append((where, "the card names nobody: it has no FN, N, ORG or EMAIL"))
        return
    people.append(_person(by_name, name, company, where))


def _first(by_name: dict[str, list[Line]], *names: str) -> str:
    """Return the first text that one of the properties has."""
    found = (fitting.one_line(line.text) for name in names for line in by_name.get(name, ()))
    return next((text for text in found if text), "")


def _name(by_name: dict[str, list[Line]]) -> str:
    """Return the full name as the card shows it, else from its parts, else the address that is all there is."""
    full = _first(by_name, "FN")
    if full:
        return full
    for line in by_name.get("N", ()):
        parts = [fitting.one_line(" ".join(one.split(","))) for one in line.parts()]
        family, given, middle, before, after = [*parts, *[""] * 5][:5]
        made = " ".join(one for one in (before, given, middle, family, after) if one)
        if made:
            return made
    return "" if by_name.get("ORG") else _first(by_name, "NICKNAME", "EMAIL")


def _company(by_name: dict[str, list[Line]]) -> str:
    return next((name for line in by_name.get("ORG", ()) if (name := fitting.one_line(line.parts()[0]))), "")


def _is_company(by_name: dict[str, list[Line]], name: str, company: str) -> bool:
    """Tell whether a card is that of an organisation: it says so, or has no person's name."""
    if _first(by_name, "X-ABSHOWAS").upper() == "COMPANY":
        return True
    person = any(part for line in by_name.get("N", ()) for part in line.parts() if part.strip())
    return bool(company) and not person and name in ("", company)


def _ranked(lines: Sequence[Line]) -> list[Line]:
    """Return lines with the preferred ones first."""

    def order(line: Line) -> int:
        said = "".join(line.parameters.get("PREF", ())[:1])
        return int(said) if said.isdecimal() and len(said) < 4 else 1 if "pref" in line.types() else _LAST

    return sorted(lines, key=order)


def _person(by_name: dict[str, list[Line]], name: str, company: str, where: str) -> Item:
    odd: list[str] = []
    title, role = _first(by_name, "TITLE"), _first(by_name, "ROLE")
    units = [fitting.one_line(part) for line in by_name.get("ORG", ()) for part in line.parts()[1:]]
    odd.extend(f"department: {one}" for one in units if one)
    odd.extend(f"role: {role}" for _ in (1,) if title and role and role != title)
    odd.extend(f"web: {url}" for line in by_name.get("URL", ()) if (url := fitting.one_line(line.text)))
    typed = {
        "name": [name or company],
        "emails": fitting.emails((line.text for line in _ranked(by_name.get("EMAIL", ()))), odd),
        "phones": fitting.phones(_numbers(by_name, odd), odd),
        "title": [title or role],
        **_common(by_name, odd),
    }
    linked = {"company": Item("company", {"name": [company]}, where)} if company else {}
    return Item("contact", fitting.filled(typed), where, linked=linked)


def _organisation(by_name: dict[str, list[Line]], title: str, where: str) -> Item:
    odd: list[str] = []
    numbers = fitting.phones(_numbers(by_name, odd), odd)
    addresses = fitting.emails((line.text for line in _ranked(by_name.get("EMAIL", ()))), odd)
    urls = [fitting.one_line(line.text) for line in _ranked(by_name.get("URL", ()))]
    odd.extend(f"phone: {one}" for one in numbers[1:])
    odd.extend(f"e-mail: {one}" for one in addresses)
    odd.extend(f"web: {one}" for one in urls[1:])
    typed = {"name": [title], "phone": numbers[:1], "website": urls[:1], **_common(by_name, odd)}
    return Item("company", fitting.filled(typed), where)


def _numbers(by_name: dict[str, list[Line]], odd: list[str]) -> list[str]:
    """Return the phone numbers; faxes and pagers are for the notes."""
    made = []
    for line in _ranked(by_name.get("TEL", ())):
        kinds = line.types()
        other = next((one for one in ("fax", "pager") if one in kinds), "")
        if other and not kinds & {"voice", "cell"}:
            odd.append(f"{other}: {fitting.one_line(line.text)}")
        else:
            made.append(line.text)
    return made


def _common(by_name: dict[str, list[Line]], odd: list[str]) -> dict[str, list[str]]:
    """Return what both kinds have: the address, tags, the card's own id, and the notes with all that has no field."""
    places = sorted(_ranked(by_name.get("ADR", ())), key=lambda line: not line.types() & {"work", "pref"})
    made = _place(places[0]) if places else {}
    for line in places[1:]:
        text = ", ".join(text for texts in _place(line).values() for text in texts if text)
        odd.extend(f"address: {text}" for _ in (1,) if text)
    words = [part for line in by_name.get("CATEGORIES", ()) for part in split(line.value, ",")]
    return {
        **made,
        "tags": fitting.tags(words),
        "external_id": [_first(by_name, "UID").removeprefix("urn:uuid:")],
        "notes": [fitting.notes(*(line.text for line in by_name.get("NOTE", ())), *odd)],
    }


def _place(line: Line) -> dict[str, list[str]]:
    """Return an address; region and postal code stand with the street, as they have no field of their own."""
    parts = [fitting.one_line(one.replace("\n", ", ")) for one in line.parts()]
    box, more, street, city, region, code, country = [*parts, *[""] * 7][:7]
    address = ", ".join(one for one in (street, more, box, code, region) if one)
    return {"address": [address], "city": [city], "country": [country]}
