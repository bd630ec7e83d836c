"""Suggestions that stay away: for good, or until a day; both only as long as what they rest on is the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.plan import Plan
from tuicrm.crm.shapes import word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tuicrm.crm.advice.reason import Hit
    from tuicrm.crm.advice.suggesting import Found, Suggestion
    from tuicrm.crm.session import Session
    from tuicrm.store.changes import Change

Record = dict[str, Any]
KIND = "dismissal"


def hidden(session: Session, users: Iterable[str]) -> Callable[[str, Hit], bool]:
    """Return what tells whether one of some users sent a find away."""
    wanted, today = set(users), session.today.isoformat()
    held: dict[tuple[str, str], set[str]] = {}
    for one in session.ws.all(KIND).values():
        until = word(one.get("until"))[:10]
        if word(one.get("owner")) in wanted and (not until or until > today):
            held.setdefault((word(one.get("reason")), word(one.get("record"))), set()).add(word(one.get("facts")))
    if not held:
        return lambda reason, hit: False
    return lambda reason, hit: hit.facts in held.get((reason, hit.id), ())


def dismiss(session: Session, suggestions: Sequence[Suggestion], until: str = "") -> Plan:
    """Return the plan that sends suggestions away, with all their reasons; `until` is a day in words."""
    from tuicrm.store.changes import Revive, Write

    day = _day(session, until) if until.strip() else None
    gone = session.ws.dead(KIND)
    made: list[Change] = []
    for one in suggestions:
        for found in one.found:
            key = _id(session, found)
            if key in gone:
                made.append(Revive(KIND, key))
            fields = {"reason": found.reason, "record": found.hit.id, "facts": found.hit.facts, "until": day}
            made.append(Write(KIND, key, {**fields, **({"owner": session.me} if session.me else {})}))
    what = suggestions[0].told().say if len(suggestions) == 1 else f"{len(suggestions)} suggestions"
    note = f"dismissed: {what}" if day is None else f"not before {day}: {what}"
    return Plan(tuple(made), note, ids=tuple(one.id for one in suggestions), settled=True)


def restore(session: Session) -> Plan:
    """Return the plan that brings back all that the acting user sent away."""
    from tuicrm.store.changes import Remove

    held = [key for key, one in session.ws.all(KIND).items() if word(one.get("owner")) == session.me]
    note = f"brought back {len(held)} dismissed suggestion{'s' if len(held) != 1 else ''}"
    return Plan(tuple(Remove(KIND, key) for key in held), note if held else "nothing was dismissed", settled=True)


def _id(session: Session, found: Found) -> str:
    """Return the id that every clone works out: who dismisses the same twice does it once."""
    from tuicrm.store.ulid import alike, is_ulid, ms_of

    key = found.hit.id
    return alike(ms_of(key) if is_ulid(key) else 0, KIND, session.me or session.user, found.reason, key)


def _day(session: Session, text: str) -> str:
    from tuicrm.errors import Invalid
    from tuicrm.when import parse_moment

    day = parse_moment(text, session.reading).date
    if day <= session.today:
        raise Invalid(f"until: {text!r} is {day.isoformat()}, which is not to come", field="until")
    return day.isoformat()
