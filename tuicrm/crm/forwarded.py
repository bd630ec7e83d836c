"""Records that were merged into another one: which they are, who merged them when, and what was edited there since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuicrm.records.merged import HIDDEN, MERGED_INTO, MERGED_SEEN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuicrm.crm.session import Session

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Gone:
    """A record that is part of another one now."""

    kind: str
    record: Record
    """As it is stored."""
    into: str
    """The id of the live record that it leads to."""
    version: str
    """The version of the merge."""
    by: str
    """Who merged; empty where nobody knows."""


def gone_into(session: Session, kind: str, key: str) -> list[Gone]:
    """Return what was merged into a record, the latest merge first."""
    found = [one for one in all_gone(session, kind) if one.into == key]
    return sorted(found, key=lambda one: (one.version, one.record["id"]), reverse=True)


def all_gone(session: Session, kind: str) -> list[Gone]:
    """Return all merged records of a kind."""
    from tuicrm.crm.authors import authors
    from tuicrm.store.leaves import versions

    found = []
    for key, into in session.ws.forwards(kind).items():
        record = session.ws.stored.any(kind, key)
        if record is not None:
            version = versions(record).get(MERGED_INTO, key)
            found.append(Gone(kind, record, into, version, authors(session).of(kind, key, MERGED_INTO, version).by))
    return found


def called(session: Session, kind: str, key: str) -> str:
    """Return the title of a record, merged ones too; the end of its id where nobody knows it."""
    from tuicrm.crm.lookup import title

    record = session.ws.stored.any(kind, key) if key else None
    return title(session, kind, record) if record is not None else f"…{key[-4:]}"


def seen_text(record: Mapping[str, Any]) -> str:
    """Return what a merge notes about the record that goes: the versions of its values, as JSON."""
    from tuicrm.store.leaves import canonical_json

    # The version of what was never edited is the id, which needs no telling.
    held = {path: version for path, version in _versions(record).items() if version != record["id"]}
    return canonical_json(held).decode()


def unseen(session: Session, one: Gone) -> dict[str, Any]:
    """Return the leaves of a merged record that its merger had not seen and that its survivor does not have as well."""
    from tuicrm.store.leaves import ABSENT, flatten

    record = one.record
    survivor = session.ws.get(one.kind, one.into) or {"id": one.into}
    known, held, there = _seen(record), flatten(record), flatten(survivor)
    found = {}
    for path, version in _versions(record).items():
        value = held.get(path, ABSENT)
        if version > known.get(path, str(record["id"])) and not _agree(value, there.get(path, ABSENT)):
            found[path] = value
    return found


def unseen_fields(session: Session, one: Gone) -> tuple[str, ...]:
    """Return the fields of a merged record that somebody wrote and nobody has decided about since."""
    from tuicrm.store.leaves import key_of, top

    return tuple(dict.fromkeys(key_of(top(path)) for path in unseen(session, one)))


def _versions(record: Mapping[str, Any]) -> dict[str, str]:
    from tuicrm.crm.reversal import ALIVE
    from tuicrm.store.leaves import top, versions

    return {path: one for path, one in versions(dict(record)).items() if top(path) not in HIDDEN and path != ALIVE}


def _seen(record: Mapping[str, Any]) -> dict[str, str]:
    from json import loads

    try:
        found = loads(str(record.get(MERGED_SEEN) or "{}"))
    except (ValueError, RecursionError):
        return {}
    return {path: one for path, one in found.items() if isinstance(one, str)} if isinstance(found, dict) else {}


def _agree(one: Any, other: Any) -> bool:
    return one is other or (type(one) is type(other) and bool(one == other))
