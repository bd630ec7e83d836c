"""The ledger of values that gave way, as records of kind `conflict` that every clone makes alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.store.birth import born
from tuicrm.store.leaves import ABSENT, MEMBER, canonical_json
from tuicrm.store.ulid import alike, ms_of, rank

if TYPE_CHECKING:
    from tuicrm.store.leaves import Record
    from tuicrm.sync.losing import Lost

KIND = "conflict"


def entry(lost: Lost) -> Record:
    """Return the ledger's record of a value; its id follows from what it says."""
    form, value = _told(lost.value)
    told = (lost.kind, lost.id, lost.path, lost.version, form, value)
    at = ms_of(lost.version) if rank(lost.version) else 0
    fields = dict(zip(("of", "record", "field", "version", "form", "value"), told, strict=True))
    return born(alike(at, *told), fields)


def _told(value: Any) -> tuple[str, str]:
    if value is ABSENT:
        return "absent", ""
    if value is MEMBER:
        return "member", ""
    if isinstance(value, str) and value:
        return "", value
    return "json", canonical_json(value).decode()
