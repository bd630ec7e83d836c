"""A line as something that has happened, with what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.crm.quick import marks, times
from tuicrm.crm.quick.about import About
from tuicrm.crm.quick.astask import drop_noun
from tuicrm.crm.quick.model import Option, Slot, Understood
from tuicrm.crm.quick.vocabulary import ABOUT, NOUNS, OUTCOMES, PAST, VERBS
from tuicrm.folding import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuicrm.crm.oneline import OneLine
    from tuicrm.crm.quick.tokens import Line
    from tuicrm.crm.session import Session

HEAD = 8
"""The colon after whom it was with comes within so many words."""


def activity(session: Session, line: Line, picks: Mapping[str, str]) -> Understood:
    """Return `called jane: wants SOC2 next 3d` as an entry of the log and its follow-up."""
    rest: list[str] = []
    at = drop_noun(line)
    word = line.tokens[at].bare
    type_ = PAST.get(word) or VERBS.get(word) or ("call" if _said(line, at) else "note")
    slots: list[Slot] = []
    if (word in PAST or VERBS.get(word)) and len(line) > at + 1:
        line.take(at, at + 1, "verb")
        at += 1
    colon = _colon(line, at)
    slots += [one for one in (marks.tags(line),) if one]
    slots.append(marks.owner(session, line, rest))
    about = About(session, line, picks, speak=False)
    about.marked_company()
    slots += [one for one in (_next(session, line, max(at, colon)),) if one]
    if type_ != "note" or colon > at:
        # `left a message, call back thursday`: a date there is no date of what has happened.
        slots += [] if word not in PAST and word not in VERBS and _said(line, at) else _when(session, line, at, colon)
        # After `called:` and in `called no answer` comes what was said, not with whom.
        text = line.tokens[at - 1].raw.endswith(":") if at else False
        if text or _said(line, at) or not about.people_after(at, may_create=type_ != "note" or colon > at):
            about.people_anywhere(at)
    else:
        about.people_anywhere(at)
    about.deal()
    about.finish()
    slots += [one for one in (_outcome(line, colon),) if one]
    closes = _closes(session, type_, about)
    slots += [closes] if closes else []
    pieces = _without_about(line.pieces())
    return Understood("activity", "", (*about.slots, *slots), pieces, tuple(rest), type=type_)


def _colon(line: Line, start: int) -> int:
    """Return the place after the colon that ends whom it was with; the start where there is none."""
    for at in range(start, min(len(line), start + HEAD)):
        one = line.tokens[at]
        if one.raw.endswith(":") and one.bare not in (*ABOUT, "next") and at + 1 < len(line):
            return at + 1
    return start


def _when(session: Session, line: Line, start: int, colon: int) -> list[Slot]:
    """Take when it happened and how long it took: from before the colon where there is one, else from anywhere."""
    end = colon if colon > start else None
    found = [times.duration(line, start, end) if end else None, times.instant(session, line, start, end)]
    return [one for one in found if one]


def _next(session: Session, line: Line, start: int) -> Slot | None:
    """Take `next call back friday`: what comes next, where it has a date or comes after a semicolon or a colon."""
    from tuicrm.crm.oneline import read_line

    for at in range(len(line) - 1, start - 1, -1):
        one = line.tokens[at]
        if one.bare != "next" or not one.free or at + 1 >= len(line):
            continue
        clear = one.raw.endswith(":") or (at > 0 and line.tokens[at - 1].raw[-1:] in ";.,")
        free = [place for place in range(at, len(line)) if line.tokens[place].free]
        tail = " ".join(line.tokens[place].raw for place in free[1:])
        # `next tuesday` is a date of its own; in `next call friday` the word only leads to what follows.
        whole = read_line(f"next {tail}", session.reading)
        said = f"next {tail}" if len(whole.dated.split()) > len(tail.split()) else tail
        found = read_line(said, session.reading)
        if found.due is None and not clear:
            return None
        none = Option("", "none: it stays in the text", (), f"{one.raw} {tail}")
        for place in free:
            line.take(place, place + 1, "next")
        return Slot("next", (_following(session, found, said), none))
    return None


def _following(session: Session, found: OneLine, said: str) -> Option:
    from tuicrm.when import say_repeat, understood

    when = understood(found.due, session.reading) if found.due else "without a date"
    again = f", {say_repeat(found.repeat)}" if found.repeat else ""
    return Option(f"{found.subject} {found.due}", f"{found.subject}, {when}{again}", (("next", said),))


def _outcome(line: Line, start: int) -> Slot | None:
    """Read the outcome where the text begins with it: `no answer`, `left a message`; the words stay in the text."""
    outcome = _said(line, start)
    if not outcome:
        return None
    return Slot("outcome", (Option(outcome, outcome.replace("_", " "), (("outcome", outcome),)), Option("", "-")))


def _said(line: Line, start: int) -> str:
    """Return the outcome that the words from a place on begin with; empty for none."""
    text = " ".join(one.bare for one in line.tokens[start:] if one.free)
    found = (
        outcome for words, outcome in OUTCOMES.items() if text == words or text.startswith((f"{words} ", f"{words},"))
    )
    return next(found, "")


def _closes(session: Session, type_: str, about: About) -> Slot | None:
    """Find the follow-up that this answers: undone, due by today, about the same person, and called alike."""
    who = next((one.chosen.key for one in about.slots if one.name == "contacts"), "")
    return closing(session, type_, ("contact", who), ("company", about.company))


def closing(session: Session, type_: str, *named: tuple[str, str]) -> Slot | None:
    """Find the follow-up of one of the named records (kind and id) that an entry answers."""
    from tuicrm.crm.lookup import title
    from tuicrm.crm.nexts import lateness, nexts

    for kind, key in named:
        for record in nexts(session).all_of(kind, key) if key else ():
            begins = fold(str(record.get("subject", ""))).split(" ", 1)[0]
            if VERBS.get(begins) == type_ and lateness(session, record) in ("late", "today"):
                name = title(session, "followup", record)
                return Slot("closes", (Option(record["id"], name), Option("", "nothing: it stays open")))
    return None


def _without_about(pieces: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Leave out the `about` with which the text begins."""
    place = next((at for at, (text, _) in enumerate(pieces) if text), -1)
    more = any(text for text, _ in pieces[place + 1 :])
    if place >= 0 and more and fold(pieces[place][0]).strip(":") in (*ABOUT, *NOUNS):
        return (*pieces[:place], *pieces[place + 1 :])
    return pieces
