"""A line as something to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.crm.quick import marks, times
from tuicrm.crm.quick.about import About
from tuicrm.crm.quick.model import Option, Slot, Understood
from tuicrm.crm.quick.vocabulary import NOUNS, PAST, PRESENT, VERBS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuicrm.crm.quick.tokens import Line
    from tuicrm.crm.session import Session


def followup(session: Session, line: Line, picks: Mapping[str, str]) -> Understood:
    """Return `call jane tomorrow 10am re acme renewal` as a follow-up."""
    rest: list[str] = []
    at = drop_noun(line, "me", "to", "that")
    slots = _marked(session, line, rest)
    about = About(session, line, picks, speak=True)
    about.marked_company()
    verb = at < len(line) and line.tokens[at].free and line.tokens[at].bare in (*VERBS, *PAST)
    if verb:
        _as_present(line, at, slots)
    named = about.name_like_a_date(at + 1 if verb else at, times.UNSURE)
    slots += times.due(session, line)
    if not named and not (verb and about.people_after(at + 1)):
        about.people_anywhere(at)
    about.deal()
    about.finish()
    rest += _leftover(line)
    return Understood("followup", "", (*_ordered([*slots, *about.slots]),), line.pieces(), tuple(rest))


def drop_noun(line: Line, *more: str) -> int:
    """Take the first word where it only says the kind, and small words after it; return the place of what follows."""
    if line.tokens[0].bare not in NOUNS or len(line) == 1:
        return 0
    at = 1
    while at < len(line) - 1 and line.tokens[at].bare in more:
        at += 1
    line.take(0, at, "kind")
    return at


def _marked(session: Session, line: Line, rest: list[str]) -> list[Slot]:
    found = [marks.tags(line), marks.priority(line), marks.owner(session, line, rest)]
    return [one for one in found if one]


def _as_present(line: Line, at: int, slots: list[Slot]) -> None:
    """Say `call` where `called` was typed and it is to become a follow-up."""
    present = PRESENT.get(line.tokens[at].bare)
    if present:
        line.take(at, at + 1, "verb")
        slots.append(Slot("verb", (Option(present, present, (), present),)))


def _leftover(line: Line) -> list[str]:
    """Return marks that lead nowhere: a lone `#` or `@`, a rule that is none."""
    found = [one.raw for one in line.tokens if one.free and one.raw in ("#", "@", "*")]
    for start, end in line.runs():
        for at in range(start, end):
            if line.tokens[at].bare == "every":
                found.append(line.raw(at, min(end, at + 3)))
    return found


def _ordered(slots: list[Slot]) -> list[Slot]:
    places = ("due", "repeat", "contacts", "company", "deal", "priority")
    return sorted(slots, key=lambda one: places.index(one.name) if one.name in places else len(places))
