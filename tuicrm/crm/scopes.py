"""Whose figures are meant: one's own, everybody's, a team's or one person's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tuicrm.crm.session import Session

Record = dict[str, Any]
MINE = ("me", "mine")
EVERYONE = ("", "team", "all", "everyone")


@dataclass(frozen=True, slots=True)
class Scope:
    """The owners whose records count."""

    name: str
    owners: frozenset[str] | None = None
    """Ids of users; None for everybody's and nobody's."""
    team: str = field(default="", compare=False)
    """The name of the team whose they are, where that is what was meant."""

    def holds(self, record: Record) -> bool:
        """Tell whether a record counts."""
        return self.owners is None or record.get("owner") in self.owners


def mine(session: Session) -> Scope:
    """Return the acting user's own."""
    return Scope("mine", frozenset({session.me or "-"}))


def everyone() -> Scope:
    """Return everybody's, and what belongs to nobody."""
    return Scope("team")


def scopes(session: Session) -> list[Scope]:
    """Return what can be chosen: mine, everybody's, each named team, each active user."""
    from tuicrm.folding import fold

    users = [one for one in session.ws.all("user").values() if one.get("active") is not False]
    found = [mine(session)] if session.me else []
    found.append(everyone())
    teams = sorted({_team(one) for one in users} - {""}, key=fold)
    found += [_of_team(session, name) for name in teams]
    people = sorted(users, key=lambda one: (fold(_name(one)), one["id"]))
    return [*found, *(Scope(_name(one), frozenset({one["id"]})) for one in people)]


def scope_named(session: Session, text: str) -> Scope:
    """Return what a text means: `me`, `team` (everybody), the name of a team, or a user; raises NotFound, Ambiguous."""
    from tuicrm.crm.lookup import find
    from tuicrm.folding import fold

    wanted = fold(text.strip())
    if wanted in EVERYONE:
        return everyone()
    if wanted in MINE and session.me:
        return mine(session)
    for record in session.ws.all("user").values():
        if _team(record) and fold(_team(record)) == wanted:
            return _of_team(session, _team(record))
    user = find(session, "user", text)
    return Scope(_name(user), frozenset({user["id"]}))


def team_named(session: Session, text: str) -> Scope:
    """Return the team of a name; raises NotFound naming the teams there are."""
    from tuicrm.errors import NotFound
    from tuicrm.folding import fold

    names = sorted({_team(one) for one in session.ws.all("user").values()} - {""}, key=fold)
    for name in names:
        if fold(name) == fold(text.strip()):
            return _of_team(session, name)
    there = f"there are {', '.join(names)}" if names else "no user has a team yet: tuicrm user edit NAME --team TEAM"
    raise NotFound(f"there is no team called {text!r}; {there}")


def _of_team(session: Session, name: str) -> Scope:
    members = (one["id"] for one in session.ws.all("user").values() if _team(one) == name)
    return Scope(f"team {name}", frozenset(members), name)


def _team(user: Record) -> str:
    held = user.get("team")
    return held.strip() if isinstance(held, str) else ""


def _name(user: Record) -> str:
    for name in ("name", "handle", "email"):
        held = user.get(name)
        if isinstance(held, str) and held:
            return held
    return str(user["id"])
