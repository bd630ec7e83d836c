"""All that a workspace holds, and one hash of it: equal exactly where two workspaces hold the same."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from tuicrm.store import codec

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tuicrm.store.leaves import Record
    from tuicrm.store.workspace import Workspace

    Content = Mapping[str, Mapping[str, Record]]
    """Records by kind and id."""

_SIZE = 16
_TRIES = 20


def content(ws: Workspace) -> dict[str, dict[str, Record]]:
    """Return all records by kind and id, the deleted ones and those of unknown kinds included, of one moment."""
    for _ in range(_TRIES):
        before = ws.revision
        held = {kind: {**ws.stored.all(kind), **ws.stored.dead(kind)} for kind in ws.kinds()}
        # Where somebody committed meanwhile, one kind may be of before that change and the next of after it.
        if ws.revision == before:
            break
    return {kind: records for kind, records in held.items() if records}


def lines(records: Iterable[Record]) -> bytes:
    """Return records as canonical lines in the order of their ids."""
    return codec.dump(records, ())


def content_hash(held: Content) -> str:
    """Return the hash of records by kind and id."""
    return hash_of_lines({kind: lines(records.values()) for kind, records in held.items()})


def hash_of_lines(held: Mapping[str, bytes]) -> str:
    """Return the hash of canonical lines by kind; kinds without records do not count."""
    digest = blake2b(digest_size=_SIZE)
    for kind in sorted(held):
        if held[kind]:
            digest.update(f"{kind}\n".encode())
            digest.update(held[kind])
    return digest.hexdigest()
