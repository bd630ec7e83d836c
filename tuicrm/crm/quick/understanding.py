"""From a typed line to what it most probably means: the kind first, then what each word of it says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tuicrm.crm.quick.figures import amounts, looks_like_contact
from tuicrm.crm.quick.here import Here, placed
from tuicrm.crm.quick.model import Understood
from tuicrm.crm.quick.tokens import Line
from tuicrm.crm.quick.vocabulary import ADDING, KINDS, NOUNS, OUTCOMES, PAST, PLACES, VERBS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tuicrm.crm.session import Session

INDEXED = ("contact", "company", "deal")


NOWHERE = Here()


def understand(
    session: Session, text: str, kind: str = "", picks: Mapping[str, str] | None = None, here: Here = NOWHERE
) -> Understood:
    """Return what a line most probably means; `kind` and `picks` (slot -> key of an option) are what the user chose.

    `here` is the record that is selected, for a line that names none.

    Never fails: what is not understood stays in the name or the subject, and is named.
    """
    line = Line(text)
    if not len(line):
        return Understood("", text)
    goes = PLACES.get(line.tokens[0].bare, "") if len(line) == 1 and line.tokens[0].raw.isalpha() else ""
    goes = goes or (PLACES.get(text.strip().casefold(), "") if len(line) == 1 else "")
    if len(line) > 2 and line.tokens[0].bare in ADDING and line.tokens[1].bare in NOUNS:
        del line.tokens[0]
    chosen = kind if kind in KINDS else _kind(session, line)
    found = _reader(chosen)(session, line, picks or {})
    verb = found.kind == "activity" or line.tokens[0].bare in (*VERBS, *PAST)
    found = replace(found, rest=_strange(found, line))
    found = placed(session, found, here, picks or {}, verb=verb)
    return replace(found.with_picks(picks or {}), text=text, goes=goes, session=session, here=here)


def _kind(session: Session, line: Line) -> str:
    """Return what the first word says, else what stands out: an address, an amount; else it is something to do."""
    word = line.tokens[0].bare
    if word in NOUNS:
        return NOUNS[word]
    text = " ".join(one.bare for one in line.tokens)
    if word in PAST or any(text == words or text.startswith(f"{words} ") for words in OUTCOMES if " " in words):
        return "activity"
    if word in VERBS:
        return "followup"
    if looks_like_contact(line):
        return "contact"
    if any(sure for sure, *_ in amounts(session, line)):
        return "deal"
    return "followup"


def _strange(found: Understood, line: Line) -> tuple[str, ...]:
    """Return what was not understood, with what stays in a name or a subject but looks like a date or an amount."""
    if found.kind not in ("followup", "deal"):
        return found.rest
    import re

    dates = r"\d{1,2}\.\d{1,2}\.(\d{2,4})?|\d{4}-\d{1,2}-\d{1,2}|\d{1,2}/\d{1,2}/\d{2,4}|\d{1,2}:\d{2}"
    figures = rf"{dates}|[€$£¥][\d.,]+|[\d.,]+[€$£¥]"
    more = [one.raw for one in line.tokens if one.free and re.fullmatch(figures, one.raw.rstrip(",;"))]
    return tuple(dict.fromkeys((*found.rest, *more)))


def _reader(kind: str) -> Callable[[Session, Line, Mapping[str, str]], Understood]:
    from tuicrm.crm.quick import asdeal, aslog, asperson, astask

    return {
        "followup": astask.followup,
        "activity": aslog.activity,
        "deal": asdeal.deal,
        "contact": asperson.contact,
        "company": asperson.company,
    }[kind]


def warm(session: Session) -> None:
    """Make the indexes that understanding looks into, so that no key has to wait for them."""
    from tuicrm.crm.derive import deals
    from tuicrm.crm.nexts import nexts
    from tuicrm.crm.quick.index import index

    for kind in INDEXED:
        index(session, kind)
    deals(session)
    nexts(session)
    understand(session, "call zz every 2 weeks tomorrow 10am")
