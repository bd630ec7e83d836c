"""A line as a deal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.crm.quick import figures, marks, people, times
from tuicrm.crm.quick.about import About
from tuicrm.crm.quick.astask import drop_noun
from tuicrm.crm.quick.index import WHOLE, WHOLE_INSIDE, index
from tuicrm.crm.quick.model import Option, Slot, Understood

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuicrm.crm.quick.tokens import Line
    from tuicrm.crm.session import Session


def deal(session: Session, line: Line, picks: Mapping[str, str]) -> Understood:
    """Return `deal Acme renewal 12k close end of next month @acme #hot` as a deal."""
    rest: list[str] = []
    at = drop_noun(line)
    slots = [one for one in (marks.tags(line), marks.owner(session, line, rest)) if one]
    about = About(session, line, picks, speak=False)
    about.marked_company()
    if not about.slots:
        about.slots += [one for one in (_at_company(session, line, at),) if one]
    slots += [one for one in (times.day(session, line, "expected_close"), figures.value(session, line)) if one]
    _with(line, about, at)
    about.finish()
    if not any(one.name == "company" for one in about.slots):
        about.slots += [one for one in (_leading_company(session, line, at),) if one]
    rest += [one.raw for one in line.tokens if one.free and one.raw in ("!", "#", "@", "*")]
    pieces = tuple(one for one in line.pieces() if one[1] != "kind")
    return Understood("deal", "", (*about.slots, *slots), pieces, tuple(rest))


def _with(line: Line, about: About, start: int) -> None:
    """Take `with jane`, or an address, as whom the deal is with."""
    for at in range(start, len(line) - 1):
        if line.tokens[at].free and line.tokens[at].bare == "with" and about.people_after(at, may_create=True):
            return
    for at, _ in figures.emails(line):
        if about.people_after(at, may_create=False):
            return


def _at_company(session: Session, line: Line, start: int) -> Slot | None:
    """Take `at Acme`, where there is such a company."""
    for at in range(start, len(line) - 1):
        if line.tokens[at].free and line.tokens[at].bare == "at":
            end, fits = people.named(session, "company", line, at + 1)
            if people.is_good(fits, WHOLE_INSIDE):
                spoken = line.raw(at, end)
                line.take(at, end, "company")
                found = people.companies(session, fits)
                options = [Option(one.key, one.label, one.typed) for one in found]
                return Slot("company", (*options, people.nobody(spoken, "none: it stays in the name")))
    return None


def _leading_company(session: Session, line: Line, start: int) -> Slot | None:
    """Guess the company from how the name begins; the words stay in the name."""
    if start >= len(line):
        return None
    for end in range(line.run(start, people.NAME_WORDS), start, -1):
        text = line.bare(start, end)
        fits = index(session, "company").starting(text) if len(text) > 2 or not text.isascii() else {}
        fits = {key: fit for key, fit in fits.items() if fit <= WHOLE}
        if fits:
            found = people.companies(session, fits)
            return Slot("company", (*[Option(one.key, one.label, one.typed) for one in found], people.nobody("", "-")))
    return None
