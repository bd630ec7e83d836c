"""Values that gave way in a merge: the list that people go through, and how they settle each entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuicrm.crm.losers import Edit, edits
from tuicrm.store.tombstone import DELETION

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session

Record = dict[str, Any]

KEEP = ("current", "lost", "mine", "theirs")
"""The words by which `resolve` is told which value to keep; anything else is a value itself."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """One edit that gave way to another one."""

    id: str
    kind: str
    record_id: str
    path: str
    """The leaf that the value belongs to, the leading one of a group; `_del` for a deletion."""
    title: str
    """What the record is called."""
    label: str
    """What the value is: the field's title, `tag hot`, `deleted`."""
    lost: str
    """The value that gave way, as it is shown."""
    current: str
    """The value that stands, as it is shown; empty where the record is not there."""
    at: datetime
    """When the lost value was written; an aware time in UTC."""
    by: str
    """Who wrote it; empty where nobody knows."""
    current_at: datetime | None
    """When the value that stands was written."""
    current_by: str
    version: str
    """The version of the lost value."""
    current_version: str
    resolved: bool
    is_mine: bool | None
    """Whether the lost value was written by the acting user on this machine; None where that is not known."""
    is_current_mine: bool | None

    @property
    def is_deletion(self) -> bool:
        """Whether what gave way is the deletion of the record."""
        return self.path == DELETION


def conflicts(session: Session, *, resolved: bool = False) -> list[Conflict]:
    """Return the edits that gave way and that nobody has decided about, the newest first; `resolved`: all of them."""
    found = [shown(session, one) for one in edits(session) if resolved or not one.resolved]
    return sorted(found, key=lambda one: (one.at, one.id), reverse=True)


def count(session: Session) -> int:
    """Return how many edits are waiting for a decision."""
    number: int = session.remember("conflicts waiting", lambda: sum(not one.resolved for one in edits(session)))
    return number


def shown(session: Session, edit: Edit) -> Conflict:
    """Return an edit that gave way as people see it, beside what stands today."""
    from tuicrm.crm.conflictwords import describe
    from tuicrm.crm.lookup import title
    from tuicrm.records.registry import KINDS

    first = edit.first
    live = session.ws.stored.get(first.kind, first.record)
    record = live or session.ws.stored.any(first.kind, first.record)
    lost = with_lost(edit, record)
    label, gave_way, stands = describe(session, edit, live if first.path == DELETION else record, lost)
    named = record or {"id": first.record}
    name = title(session, first.kind, named) if first.kind in KINDS else str(named.get("name", first.record[-4:]))
    at, by, is_mine = _author(session, edit, lost)
    current_version, current_by, is_current_mine = _current_author(session, edit, record)
    return Conflict(
        id=first.id,
        kind=first.kind,
        record_id=first.record,
        path=first.path,
        title=name,
        label=label,
        lost=gave_way,
        current=stands,
        at=at,
        by=by,
        current_at=_moment(current_version),
        current_by=current_by,
        version=first.version,
        current_version=current_version,
        resolved=edit.resolved,
        is_mine=is_mine,
        is_current_mine=is_current_mine,
    )


def with_lost(edit: Edit, record: Record | None) -> Record | None:
    """Return the record as it would be with what lost; None where the record is gone, or was what lost."""
    if record is None or edit.first.path == DELETION:
        return None
    from tuicrm.store.join import apply
    from tuicrm.store.ulid import MAX_MS, encode

    highest = encode(MAX_MS, (1 << 80) - 1)
    return apply(record, {path: (value, highest) for path, value in edit.leaves.items()})


def _author(session: Session, edit: Edit, lost: Record | None) -> tuple[datetime, str, bool | None]:
    from tuicrm.crm.authors import authors
    from tuicrm.crm.shapes import word

    first, known = edit.first, authors(session)
    at = _moment(first.version) or _moment(first.id)
    assert at is not None, "a stored record has an id"
    if first.path == DELETION:
        return at, *known.of_deletion(first.kind, first.record, word(first.value))
    by, is_mine = known.of(first.kind, first.record, first.path, first.version)
    if not by and lost is not None:
        by, is_mine = _of_change(session, edit, lost, first.version, is_mine)
    return at, by, is_mine


def _current_author(session: Session, edit: Edit, record: Record | None) -> tuple[str, str, bool | None]:
    from tuicrm.crm.authors import authors
    from tuicrm.store.leaves import versions

    first = edit.first
    if record is None:
        return "", "", None
    if first.path == DELETION:
        paths, held = [], versions(record)
        paths = [path for path in held if path != "_alive"]
        path = max(paths, key=lambda one: held[one], default="")
    else:
        path, held = first.path, versions(record)
    version = held.get(path, "")
    by, is_mine = authors(session).of(first.kind, first.record, path, version)
    if not by and first.path != DELETION:
        by, is_mine = _of_change(session, edit, record, version, is_mine)
    return version, by, is_mine


def _of_change(
    session: Session, edit: Edit, deal: Record, version: str, is_mine: bool | None
) -> tuple[str, bool | None]:
    """Return who wrote a field of a deal whose changes are entered in the log, and whether that may have been here."""
    from tuicrm.crm.authors import authors
    from tuicrm.records.kinds.activity import TRACKED

    fields = ["value" if one.path == "currency" else one.path for one in edit.losers]
    tracked = [one for one in TRACKED if one in fields] if edit.first.kind == "deal" else []
    by = authors(session).of_change(deal, tracked[0], version) if tracked else ""
    return by, False if by and by != session.user else is_mine


def _moment(version: str) -> datetime | None:
    from datetime import UTC, datetime

    from tuicrm.store.ulid import ms_of, rank

    return datetime.fromtimestamp(ms_of(version) / 1000, UTC) if rank(version) else None


def find_all(session: Session, refs: Sequence[str], *, settled: bool = False) -> list[Conflict]:
    """Return the conflicts that texts name, each once: by the id or its end, or by a record that has only one.

    Open conflicts go before settled ones, which raise Invalid unless `settled`; NotFound and Ambiguous otherwise.
    """
    from tuicrm.crm.conflictfind import Finder

    finder = Finder(session, settled=settled)
    return list({one.id: one for one in map(finder.find, refs)}.values())


def resolve(session: Session, ids: Sequence[str], keep: str, *, typed: bool = False) -> Plan:
    """Return the plan that settles conflicts: `keep` is one of `KEEP`, or a value typed as the field takes it.

    `typed`: it is a value, whatever it says. What belongs together (a value and its currency) is settled together.
    Raises NotFound, or Invalid with the reason.
    """
    from tuicrm.crm.settling import settle

    return settle(session, ids, keep, typed=typed)
