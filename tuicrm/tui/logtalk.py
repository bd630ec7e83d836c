"""What the log line says: whom it is about, and which follow-ups it closes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.logabout import entries
from tuicrm.crm.lookup import name_of
from tuicrm.crm.shapes import word, words
from tuicrm.tui.safe import cells, short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.about import About
    from tuicrm.crm.logabout import Typed
    from tuicrm.crm.session import Session
    from tuicrm.tui.safe import Line, Span

Record = dict[str, Any]

NAMES = {"call": "CALL", "email": "MAIL", "meeting": "MEETING", "note": "NOTE"}
_SHOWN = 3
"""Names that are listed of many."""


def head_line(session: Session, said: Typed, abouts: Sequence[About], size: int) -> Line:
    """Return the line that says what is logged about whom, and who asked not to be contacted."""
    head: list[Span] = [(f" {NAMES.get(said.sort, said.sort)} ", "head")]
    each = entries(session, said, abouts)
    warned = refusing(session, each) if said.sort != "note" else ""
    if warned:
        head.append((f"!{warned} asked not to be contacted  ", "late"))
    if vain := in_vain(session, each, said.sort) if said.sort != "note" else "":
        head.append((f"~{vain}  ", "late"))
    if len(each) == 1:
        head += _one(session, each[0])
    elif each:
        names = ", ".join(one.title for one in each[:_SHOWN])
        more = f" and {len(each) - _SHOWN} more" if len(each) > _SHOWN else ""
        head += [(f"{len(each)} records, an entry each: ", "text"), (f"{names}{more}", "title")]
    else:
        head.append(("about nobody in particular", "muted"))
    if said.at:
        head.append((f" | {_moment(session, said.at)}", "muted"))
    left = size - sum(cells(text) for text, _ in head) - 1
    return (*head, (f" {'─' * left}" if left > 1 else "", "rule"))


def _one(session: Session, one: About) -> list[Span]:
    people = [name_of(session, "contact", key) for key in one.contacts]
    deal, company = name_of(session, "deal", one.deal), name_of(session, "company", one.company)
    who = ", ".join(people[:_SHOWN]) + (f" and {len(people) - _SHOWN} more" if len(people) > _SHOWN else "")
    facts = [fact for fact in (deal, company) if fact and fact != who]
    there = _there(session, one)
    parts = [*facts, *([f"{there} there"] if there else [])]
    first = who or (facts.pop(0) if facts else one.title)
    rest = parts if who else parts[1:]
    return [(first, "title"), *([(" | " + " | ".join(rest), "muted")] if rest else [])]


def _there(session: Session, one: About) -> str:
    """Return the time of day where the person's phone is; empty where that is not known."""
    from tuicrm.crm.theirtime import time_there

    contact = session.ws.get("contact", one.contacts[0]) if one.contacts else None
    times = (time_there(phone, session.now) for phone in words((contact or {}).get("phones")))
    return next((time for time in times if time), "")


def refusing(session: Session, abouts: Sequence[About]) -> str:
    """Return who of these people asked not to be contacted; empty where nobody did."""
    keys = dict.fromkeys(key for one in abouts for key in one.contacts)
    held = [session.ws.get("contact", key) or {} for key in keys]
    return ", ".join(word(one.get("name")) or "somebody" for one in held if one.get("do_not_contact") is True)


def in_vain(session: Session, abouts: Sequence[About], sort: str) -> str:
    """Return whom this may not reach, and why; empty where there is nobody."""
    from tuicrm.crm.freshness import warning

    keys = dict.fromkeys(key for one in abouts for key in one.contacts)
    found = (warning(session.ws.get("contact", key) or {}, sort) for key in keys)
    return "; ".join(one for one in found if one)


def _moment(session: Session, at: str) -> str:
    from datetime import datetime

    from tuicrm.when import say_instant

    return say_instant(datetime.fromisoformat(at), session.reading.zone)


def closes_line(session: Session, said: Typed, held: Sequence[Record], waits: bool, size: int) -> Line:
    """Return the line with the box: which follow-ups are done with this, or put off."""
    if not held:
        return ()
    box = "[x]" if said.closes else "[ ]"
    verb = ("puts off" if said.next.strip() else "stays to be done") if waits and said.closes else "closes"
    names = ", ".join(f"{word(one.get('subject'))}{_late(session, one)}" for one in held[:_SHOWN])
    many = f"{verb} {len(held)}" if len(held) > 1 else verb
    hint = "  Space: not this" if said.closes else "  Space: this too"
    return ((f" {box} ", "key"), (short(f"{many}: {names}", max(10, size - 5 - len(hint))), "text"), (hint, "muted"))


def _late(session: Session, followup: Record) -> str:
    from tuicrm.crm.nexts import due_day, lateness

    if lateness(session, followup) != "late":
        return ""
    days = session.today.toordinal() - due_day(session, followup)
    return f" (late {days}d)"
