"""Between records and TinyDB documents: what a document shows, what it may hold, and what an edit of it changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any

from tuicrm.errors import Invalid
from tuicrm.store.changes import Change, Patch, Remove, Revive, Write
from tuicrm.store.join import diff
from tuicrm.store.leaves import canonical_json, versions
from tuicrm.store.ulid import is_ulid

if TYPE_CHECKING:
    from tuicrm.store.leaves import Record
    from tuicrm.store.storage import Records

Fields = Mapping[str, Any] | Callable[[MutableMapping[str, Any]], None]

_PLAIN = frozenset((str, int, bool, type(None)))
_EMPTY: tuple[Any, ...] = (None, "", [], {})
_MISSING: Any = object()
_INT_MIN, _INT_MAX = -(2**63), 2**64 - 1


class BadDocument(Invalid, ValueError):
    """A document that no record can hold; also a ValueError, which is what TinyDB's callers catch."""


class _Shown(dict[object, bool]):
    """Whether a top-level field may be seen and written from outside the store, remembered by name."""

    def __missing__(self, name: object) -> bool:
        self[name] = shown = isinstance(name, str) and name != "id" and name[:1] not in ("_", "")
        return shown


_SHOWN = _Shown()


def is_open(name: object) -> bool:
    """Whether a top-level field may be seen and written from outside the store."""
    return _SHOWN[name]


def contents(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record's fields as a dict of their own that shares nested values, for reading only."""
    return {name: value for name, value in record.items() if _SHOWN[name]}


def detached(record: Record) -> dict[str, Any]:
    """The record's fields as a deep copy, so that no change to it reaches the store."""
    return {name: value if type(value) in _PLAIN else _copy(value) for name, value in record.items() if _SHOWN[name]}


def _copy(value: Any) -> Any:
    if type(value) is list:
        return [item if type(item) in _PLAIN else _copy(item) for item in value]
    if type(value) is dict:
        return {key: item if type(item) in _PLAIN else _copy(item) for key, item in value.items()}
    return value


class Drafts:
    """Working copies of the documents that one operation edits; nothing reaches the store before `changes`."""

    def __init__(self, kind: str, records: Mapping[str, Record]) -> None:
        self.records = records
        self._kind = kind
        self._open: dict[str, tuple[Record, dict[str, Any]]] = {}

    def get(self, doc_id: str) -> dict[str, Any] | None:
        """The working copy, or None where the document has not been edited."""
        held = self._open.get(doc_id)
        return held[1] if held else None

    def edit(self, doc_id: str, fields: Fields) -> None:
        """Let an updater, or a mapping of fields, change the working copy of one document."""
        if doc_id not in self._open:
            record = self.records[doc_id]
            self._open[doc_id] = (record, detached(record))
        draft = self._open[doc_id][1]
        if callable(fields):
            fields(draft)
        else:
            draft.update(fields)

    def changes(self) -> list[Patch]:
        """One Patch for each document that differs from its record, holding the differing leaves."""
        patches = (patch(self._kind, record, draft) for record, draft in self._open.values())
        return [found for found in patches if found]

    def seen(self, changes: Iterable[Patch]) -> dict[tuple[str, str, str], str]:
        """The versions, by kind, id and path, of the leaves that these changes replace."""
        found = {}
        for change in changes:
            known = versions(self._open[change.id][0])
            found.update({(change.kind, change.id, path): known.get(path, "") for path in change.leaves})
        return found


def creation(records: Records, kind: str, doc_id: str, document: Mapping[str, Any]) -> list[Change]:
    """The changes that make a document under an id of the caller's choice, over the remains of a removed one too."""
    if not is_ulid(doc_id):
        raise BadDocument(
            f"The id {doc_id!r} of a {kind} is not a ULID, such as 01KA3V5Q8M4ZJ6T0R9W2XEBC7D.", field="id"
        )
    remains = records.stored.dead(kind).get(doc_id)
    fields = accepted(kind, doc_id, document)
    if remains is None:
        return [Write(kind, doc_id, fields)]
    return [Revive(kind, doc_id), Write(kind, doc_id, {**dict.fromkeys(contents(remains)), **fields})]


def replacement(records: Records, kind: str, documents: Mapping[str, Mapping[str, Any]]) -> list[Change]:
    """The changes that make a table hold exactly these documents, by id."""
    held = records.stored.all(kind)
    changes: list[Change] = [Remove(kind, doc_id) for doc_id in held if doc_id not in documents]
    for doc_id, document in documents.items():
        record = held.get(doc_id)
        if record is None:
            changes += creation(records, kind, doc_id, document)
        elif found := patch(kind, record, document):
            changes.append(found)
    return changes


def patch(kind: str, record: Record, wanted: Mapping[str, Any]) -> Patch | None:
    """What makes a record hold what is wanted, and leaves alone what others add to its sets and objects meanwhile."""
    leaves = diff(record, _difference(kind, record, wanted))
    return Patch(kind, record["id"], leaves) if leaves else None


def _difference(kind: str, record: Record, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Top-level fields to write so that the record holds what is wanted; None clears a field."""
    fields: dict[str, Any] = {name: None for name in contents(record) if name not in wanted}
    for name, value in wanted.items():
        held = record.get(name, _MISSING) if name != "id" else _MISSING
        if held is value or (type(held) is type(value) and type(value) in _PLAIN and held == value):
            continue
        taken = _accept_field(kind, str(record["id"]), name, value)
        if taken is _MISSING or (held is _MISSING and taken in _EMPTY):
            continue
        if held is _MISSING or canonical_json(held) != canonical_json(taken):
            fields[name] = None if taken in _EMPTY else taken
    return fields


def accepted(kind: str, doc_id: str, document: Mapping[str, Any]) -> dict[str, Any]:
    """A document's fields as a record will hold them; raises BadDocument for what it cannot."""
    taken = {name: _accept_field(kind, doc_id, name, value) for name, value in document.items()}
    return {name: value for name, value in taken.items() if value is not _MISSING and value not in _EMPTY}


def _accept_field(kind: str, doc_id: str, name: object, value: Any) -> Any:
    """The value as stored; _MISSING for an `id` that says what the id is anyway."""
    if name == "id":
        if value == doc_id:
            return _MISSING
        raise BadDocument(
            f"The field id of a {kind} is the record's own id: pass it as doc_id of a Document.", field="id"
        )
    if not is_open(name):
        reason = "is kept for tuicrm itself" if isinstance(name, str) and name else "is not a text of at least a letter"
        raise BadDocument(f"The field name {name!r} of a {kind} {reason}: choose another.", field=str(name))
    try:
        taken = _accept(f"{kind}.{name}", value)
        canonical_json(taken)
    except (RecursionError, TypeError):  # TypeError is how JSON's own limit shows: all else in it has been looked at.
        raise BadDocument(f"The field {kind}.{name} is nested too deeply, or holds itself.", field=str(name)) from None
    return taken


def _accept(where: str, value: Any) -> Any:
    """A detached copy in the store's own form: arrays outside of arrays sorted and unique."""
    if isinstance(value, Mapping):
        return _accept_object(where, value)
    if isinstance(value, (list, tuple)):
        members = {canonical_json(member): member for member in (_accept_opaque(where, item) for item in value)}
        return [members[key] for key in sorted(members)]
    return _accept_scalar(where, value)


def _accept_object(where: str, value: Mapping[Any, Any]) -> dict[str, Any]:
    taken = {_accept_key(where, key): _accept(f"{where}.{key}", item) for key, item in value.items()}
    if taken and all(item is None for item in taken.values()):
        raise BadDocument(
            f"The field {where} holds an object with nothing but nulls, which a record keeps as a list: "
            f"give the list {sorted(taken)!r}, or leave the nulls out.",
            field=where,
        )
    return taken


def _accept_opaque(where: str, value: Any) -> Any:
    """A copy of an array's member, which is one value whatever it holds: the order inside it is kept."""
    if isinstance(value, Mapping):
        return {_accept_key(where, key): _accept_opaque(f"{where}.{key}", item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_accept_opaque(where, item) for item in value]
    return _accept_scalar(where, value)


def _accept_key(where: str, key: object) -> str:
    if not isinstance(key, str):
        raise BadDocument(f"The field {where} has the key {key!r}, but keys are text: write {str(key)!r}.", field=where)
    return str(_accept_scalar(where, key))


def _accept_scalar(where: str, value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if _INT_MIN <= value <= _INT_MAX:
            return int(value)
        raise BadDocument(f"The field {where} holds {value}, beyond 64 bits: give it as text.", field=where)
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            raise BadDocument(f"The field {where} holds half a character, which UTF-8 cannot.", field=where) from None
        return str.__str__(value)
    if isinstance(value, float):
        raise BadDocument(
            f"The field {where} holds the float {value!r}: give it as text, such as '12.50'.", field=where
        )
    raise BadDocument(
        f"The field {where} holds a {type(value).__name__}, but a record holds text, whole numbers, true, false, "
        "lists and objects: give it as text.",
        field=where,
    )
