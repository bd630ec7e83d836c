"""Whose records a report is about: everybody's, one person's, a team's, or what both name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.crm.scopes import scope_named
from tuicrm.crm.shapes import word
from tuicrm.errors import NotFound

if TYPE_CHECKING:
    from tuicrm.crm.session import Session


def owners_meant(session: Session, owner: str, team: str) -> frozenset[str] | None:
    """Return the ids of the users that `--owner` and `--team` name; None for everybody and nobody. Raises NotFound."""
    named = scope_named(session, owner).owners
    if not team.strip():
        return named
    members = _members(session, team)
    return members if named is None else named & members


def scope_title(session: Session, owner: str, team: str) -> str:
    """Return what heads say about whose figures they are."""
    parts = [scope_named(session, owner).name] if owner.strip() or not team.strip() else []
    return ", ".join([*parts, *([f"team {team.strip()}"] if team.strip() else [])])


def _members(session: Session, team: str) -> frozenset[str]:
    from tuicrm.folding import fold, nearest

    wanted = fold(team.strip())
    users = session.ws.all("user").values()
    found = frozenset(one["id"] for one in users if fold(word(one.get("team")).strip()) == wanted)
    if found:
        return found
    names = sorted({word(one.get("team")).strip() for one in users} - {""})
    near = nearest(team, names)
    guess = f"; did you mean {near}?" if near else f"; there are {', '.join(names)}" if names else ""
    raise NotFound(
        f"no user belongs to a team {team.strip()!r}{guess}", hint="tuicrm user edit WHO --team NAME puts one in."
    )
