"""From a typed line to what it most probably means: the kind first, then what each word of it says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tuicrm.crm.quick.figures import amounts, looks_like_contact
from tuicrm.crm.quick.here import Here, placed
from tuicrm.crm.quick.model import Understood
from tuicrm.crm.quick.tokens import Line
from tuicrm.crm.quick.vocabulary import KINDS, NOUNS, PAST, PLACES, VERBS

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
    chosen = kind if kind in KINDS else _kind(session, line)
    found = _reader(chosen)(session, line, picks or {})
    verb = line.tokens[0].bare in VERBS or line.tokens[0].bare in PAST
    found = placed(session, found, here, picks or {}, verb=verb)
    return replace(found.with_picks(picks or {}), text=text, goes=goes, session=session, here=here)


def _kind(session: Session, line: Line) -> str:
    """Return what the first word says, else what stands out: an address, an amount; else it is something to do."""
    word = line.tokens[0].bare
    if word in NOUNS:
        return NOUNS[word]
    if word in PAST:
        return "activity"
    if word in VERBS:
        return "followup"
    if looks_like_contact(line):
        return "contact"
    if any(sure for sure, *_ in amounts(session, line)):
        return "deal"
    return "followup"


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
