"""Who wrote the two values of a conflict, where only git knows: read from the commits of the record."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tuicrm.errors import TuicrmError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from tuicrm.crm.conflicts import Conflict
    from tuicrm.crm.session import Session
    from tuicrm.sync.blame import Blame
    from tuicrm.sync.telling import People

MOST_ASKED = 20
"""Records whose commits are read for one list: each takes some hundredths of a second."""


def with_authors(session: Session, found: Sequence[Conflict], environ: Mapping[str, str]) -> list[Conflict]:
    """Return conflicts with the authors that git knows beside those that were known; without git, as they are."""
    from tuicrm.sync.telling import People

    asked: dict[tuple[str, str], Blame | None] = {}
    people = People(session)
    made = []
    for one in found:
        key = (one.kind, one.record_id)
        if one.is_deletion or (one.by and one.current_by) or (key not in asked and len(asked) >= MOST_ASKED):
            made.append(one)
            continue
        if key not in asked:
            asked[key] = _asked(session, *key, environ, entries(found, *key))
        blame = asked[key]
        made.append(one if blame is None else _named(session, one, blame, people))
    return made


def entries(found: Sequence[Conflict], kind: str, key: str) -> dict[tuple[str, str], str]:
    """Return the ledger's entries about a record whose authors are not known: path and version to the entry's id."""
    return {(one.path, one.version): one.id for one in found if (one.kind, one.record_id) == (kind, key) and not one.by}


def _asked(
    session: Session, kind: str, key: str, environ: Mapping[str, str], ledger: Mapping[tuple[str, str], str]
) -> Blame | None:
    from tuicrm.sync.history import git_blame

    try:
        return git_blame(str(session.ws.root), kind, key, environ, ledger)
    except TuicrmError:
        return None


def _named(session: Session, one: Conflict, blame: Blame, people: People) -> Conflict:
    lost = one.by or _author(blame, one.path, one.version, people)
    current = one.current_by or _author(blame, one.path, one.current_version, people)
    return replace(
        one,
        at=_moment(blame, one.path, one.version) or one.at,
        current_at=_moment(blame, one.path, one.current_version) or one.current_at,
        by=lost,
        current_by=current,
        is_mine=_is_mine(session, lost, one.is_mine),
        is_current_mine=_is_mine(session, current, one.is_current_mine),
    )


def _moment(blame: Blame, path: str, version: str) -> datetime | None:
    """Return when a value was written where its commit knows better than its version, as of one typed into a file."""
    from tuicrm.crm.history import moment

    change = blame.changes.get((path, version))
    return moment(change.at) if change is not None else None


def _is_mine(session: Session, by: str, known: bool | None) -> bool | None:
    """Return whether a value is the acting user's, now that its author is known: somebody else of the team is not."""
    if known is not None or by == session.user:
        return known
    return False if any(one.get("handle") == by for one in session.ws.all("user").values()) else None


def _author(blame: Blame, path: str, version: str, people: People) -> str:
    change = blame.changes.get((path, version))
    by = change.by if change is not None else blame.gave_way.get((path, version))
    return people.handle(by) if by is not None else ""
