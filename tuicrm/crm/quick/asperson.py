"""A line as a contact or a company."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.crm.employers import companies_by_domain
from tuicrm.crm.quick import figures, marks, people
from tuicrm.crm.quick.about import About
from tuicrm.crm.quick.astask import drop_noun
from tuicrm.crm.quick.index import by_phone, index
from tuicrm.crm.quick.model import Option, Slot, Understood
from tuicrm.folding import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuicrm.crm.quick.tokens import Line
    from tuicrm.crm.session import Session


def contact(session: Session, line: Line, picks: Mapping[str, str]) -> Understood:
    """Return `Jane Roe jane@acme.example +49 30 555 0142 at Acme` as a contact."""
    rest: list[str] = []
    drop_noun(line)
    slots = [one for one in (marks.tags(line), marks.owner(session, line, rest)) if one]
    addresses = _emails(line)
    numbers = _phones(line)
    about = About(session, line, picks, speak=False)
    about.marked_company()
    company = about.slots[0] if about.slots else _at(session, line) or _by_domain(session, addresses)
    slots = [one for one in (company, addresses, numbers) if one] + slots
    rest += [one.raw for one in line.tokens if one.free and one.raw in ("!", "#", "@", "*")]
    name, more = _name(line)
    return Understood(
        "contact",
        "", (*more, *slots), ((name, ""),) if name else (), tuple(rest),
        warning=_known(session, addresses, numbers),
    )  # fmt: skip


def _emails(line: Line) -> Slot | None:
    found = figures.emails(line)
    for at, _ in found:
        line.take(at, at + 1, "emails")
    return _several("emails", [address for _, address in found])


def _phones(line: Line) -> Slot | None:
    found = figures.phone_numbers(line)
    for start, end, _ in found:
        line.take(start, end, "phones")
    return _several("phones", [number for _, _, number in found])


def _several(name: str, texts: list[str]) -> Slot | None:
    texts = list(dict.fromkeys(texts))
    return Slot(name, (Option(texts[0], ", ".join(texts), tuple((name, one) for one in texts)),)) if texts else None


def _at(session: Session, line: Line) -> Slot | None:
    """Take `at Acme`: a company that is there, else one to be created."""
    for at in range(1, len(line) - 1):
        if not line.is_free(at, at + 2) or line.tokens[at].bare not in ("at", "from", "of"):
            continue
        end, fits = people.named(session, "company", line, at + 1)
        only_known = line.tokens[at].bare != "at"
        if not fits and only_known:
            continue
        whole = line.run(at + 1, people.MOST_WORDS)
        name = line.raw(at + 1, whole).strip(" ,;:.")
        end = end if fits else whole
        found = people.companies(session, fits)
        spoken = line.raw(at, end)
        line.take(at, end, "company")
        options = [Option(one.key, one.label, one.typed) for one in found]
        new = people.fresh("company", "company", name if not found else line.raw(at + 1, end), quoted=bool(found))
        return Slot("company", (*options, new, people.nobody(spoken, "none")))
    return None


def _by_domain(session: Session, addresses: Slot | None) -> Slot | None:
    """Guess the company from the domain of the e-mail address."""
    if addresses is None:
        return None
    keys = companies_by_domain(session, addresses.chosen.key)
    found = [people.company(session, session.ws.all("company")[key]) for key in keys[: people.SHOWN]]
    return Slot("company", (*found, people.nobody("", "-"))) if found else None


def _name(line: Line) -> tuple[str, list[Slot]]:
    """Return the name (the first free words), the role after a comma, and notes: whatever else was typed."""
    runs = list(line.runs())
    first = line.raw(*runs[0]) if runs else ""
    name, _, role = (part.strip(" ,;:") for part in first.partition(","))
    others = [line.raw(start, end).strip(" ,;:") for start, end in runs[1:]] + [line.tail.strip()]
    notes = " ".join(one for one in others if one)
    if not name and role:
        name, role = role, ""
    made = [Slot("title", (Option(role, role, (("title", role),)),))] if role else []
    made += [Slot("notes", (Option(notes, notes, (("notes", notes),)),))] if notes else []
    return name, made


def _known(session: Session, addresses: Slot | None, numbers: Slot | None) -> str:
    """Say who has one of the addresses or numbers already."""
    from tuicrm.crm.lookup import title

    held = session.ws.all("contact")
    for _, address in addresses.chosen.typed if addresses else ():
        for key in index(session, "contact").of(f"mail:{fold(address)}"):
            return f"{title(session, 'contact', held[key])} has {address} already"
    for _, number in numbers.chosen.typed if numbers else ():
        for key in by_phone(session, "contact", number):
            return f"{title(session, 'contact', held[key])} has {number} already"
    return ""


def company(session: Session, line: Line, picks: Mapping[str, str]) -> Understood:
    """Return `company Acme GmbH acme.example` as a company."""
    rest: list[str] = []
    drop_noun(line)
    slots = [one for one in (marks.tags(line), marks.owner(session, line, rest)) if one]
    for at, one in enumerate(line.tokens):
        host = one.raw.strip(",;:").removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
        if one.free and _is_domain(host) and at:
            line.take(at, at + 1, "domain")
            slots.insert(0, Slot("domain", (Option(host.lower(), host.lower(), (("domain", host.lower()),)),)))
            break
    for start, end, number in figures.phone_numbers(line)[:1]:
        line.take(start, end, "phone")
        slots.insert(0, Slot("phone", (Option(number, number, (("phone", number),)),)))
    rest += [one.raw for one in line.tokens if one.free and one.raw in ("!", "#", "@", "*")]
    made = Understood("company", "", tuple(slots), line.pieces(), tuple(rest))
    return Understood("company", "", made.slots, made.pieces, made.rest, warning=_there(session, made.subject))


def _is_domain(text: str) -> bool:
    host, dot, end = text.rpartition(".")
    plain = all(one.isalnum() or one in "-." for one in text)
    return bool(dot and host and plain and len(end) >= 2 and end.isalpha() and ".." not in text and text[0] != ".")


def _there(session: Session, name: str) -> str:
    fits = index(session, "company").starting(fold(name)) if name else {}
    return f"there is a company {name} already" if name and 0 in fits.values() else ""
