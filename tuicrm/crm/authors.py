"""Who wrote a value: told from its version, by what this machine remembers and by the deals' own history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.crm.shapes import word

if TYPE_CHECKING:
    from tuicrm.crm.session import Session

Record = dict[str, Any]

LOG = 5000
"""How many of this machine's transactions are looked at."""
_SLACK = 5000
"""Milliseconds between a deal's edit and the entry that tells of it, at most."""


class Author(NamedTuple):
    """Who wrote a value."""

    by: str
    """A handle; empty where nobody knows."""
    is_me: bool | None
    """Whether it was the acting user, on this machine; None where this machine does not remember so far back."""


class Authors:
    """Finds authors for one state of the workspace."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._wrote: dict[tuple[str, str, str, str], str] = {}
        self._removed: dict[tuple[str, str], str] = {}
        self._since = 0
        self._changes: dict[tuple[str, str, str], list[tuple[int, str]]] | None = None
        log = session.ws.undo_log(limit=LOG)
        if log:
            self._since = log[0].at_ms
        for entry in log:
            for step in entry.steps:
                if step.born:
                    self._wrote[step.kind, step.id, "", step.id] = entry.by
                if step.removed:
                    self._removed[step.kind, step.id] = entry.by
                for path, leaf in step.leaves.items():
                    self._wrote[step.kind, step.id, path, leaf[3]] = entry.by

    def of(self, kind: str, key: str, path: str, version: str) -> Author:
        """Return who wrote the value that a leaf had at a version."""
        by = self._wrote.get((kind, key, path, version)) or (
            self._wrote.get((kind, key, "", version)) if version == key else None
        )
        if by is not None:
            return Author(by, by == self._session.user)
        from tuicrm.crm.touches import id_ms

        covered = bool(self._since) and bool(version) and self._since <= id_ms(version)
        return Author("", False if covered else None)

    def of_deletion(self, kind: str, key: str, by: str) -> Author:
        """Return who deleted a record, as its tombstone names them."""
        here = self._removed.get((kind, key)) == by
        return Author(by, here and by == self._session.user)

    def of_change(self, deal: Record, field: str, version: str) -> str:
        """Return who gave a deal's field the value it has in `deal`, by the entry in the log that tells of it."""
        from tuicrm.crm.touches import id_ms
        from tuicrm.crm.track import shown

        if self._changes is None:
            self._changes = self._read_changes()
        at = id_ms(version)
        found = self._changes.get((str(deal["id"]), field, shown(deal, field)), ())
        return next((by for made, by in found if abs(made - at) <= _SLACK), "")

    def _read_changes(self) -> dict[tuple[str, str, str], list[tuple[int, str]]]:
        from tuicrm.crm.newsfound import handle
        from tuicrm.crm.touches import id_ms
        from tuicrm.records.kinds.activity import CHANGE

        found: dict[tuple[str, str, str], list[tuple[int, str]]] = {}
        for key, one in self._session.ws.all("activity").items():
            if one.get("type") == CHANGE and one.get("owner"):
                place = (word(one.get("deal")), word(one.get("field")), word(one.get("after")))
                found.setdefault(place, []).append((id_ms(key), handle(self._session, word(one.get("owner")))))
        return found


def authors(session: Session) -> Authors:
    """Return what finds authors, made once for each state of the workspace."""
    found: Authors = session.remember("authors", lambda: Authors(session))
    return found
