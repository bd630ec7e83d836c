"""Which record of the workspace an item of a file is: by external id, address, domain, or what names it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.errors import Ambiguous, Invalid
from tuicrm.folding import fold
from tuicrm.records.types import Addresses
from tuicrm.records.values import Day, Instant, When

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tuicrm.crm.session import Session
    from tuicrm.exchange.items import Item
    from tuicrm.exchange.names import Names
    from tuicrm.records.field import Field, Kind

Record = dict[str, Any]
Key = tuple[str, ...]
Fields = tuple[str, ...]

IDENTITY: dict[str, tuple[Fields, ...]] = {
    "company": (("domain",), ("name",)),
    "contact": (("emails",), ("name", "company")),
    "lead": (("emails",), ("name", "company_name")),
    "deal": (("name", "company", "opened_on", "expected_close"),),
    "activity": (("at", "type", "subject"),),
    "followup": (("subject", "due"),),
    "user": (("handle",), ("email",), ("name",)),
    "setting": (("key",),),
}
"""By kind: the fields that together say which record it is, the surest first; elsewhere the first that names it."""


UUID_LENGTH = 36
OF_SEVERAL = ("deal", "activity", "followup")
"""Kinds of which a customer has several that look alike: an external id that nobody has makes another one."""


PEOPLE = ("contact", "lead")


class Matching:
    """Finds the record that an item is; an index is made once for each set of fields that items have."""

    def __init__(
        self,
        session: Session,
        kind: Kind,
        names: Names,
        iso: Callable[[Field, str], str],
        by: Fields = (),
    ) -> None:
        self._session = session
        self._kind = kind
        self._names = names
        self._iso = iso
        ways = ((by,),) if by else ((("external_id",),), IDENTITY.get(kind.name, ((kind.naming[0],),)))
        self._ways: list[Fields] = [fields for group in ways for fields in group]
        self._indexes: dict[Fields, dict[Key, list[Record]]] = {}
        self._records = session.ws.all(kind.name)

    def record(self, item: Item) -> Record | None:
        """Return the record that an item is; None where nothing is it. Raises Ambiguous where several are."""
        records = self._records
        if not records:
            return None
        for text in () if "external_id" not in self._ways[0] else item.typed.get("external_id", ()):
            # What tuicrm itself wrote calls records by their ids, in cards and calendars as UUIDs.
            own = text if len(text) != UUID_LENGTH else _own_id(text)
            if own in records:
                return records[own]
        for fields in self._ways:
            found = self._having(fields, item)
            if len(fields) > 1 and self._kind.name in PEOPLE:
                found = [one for one in found if not self._is_another(fields, item, one)]
            if len(found) > 1:
                found = self._called(item, found)
            if len(found) == 1:
                return found[0]
            if found:
                shown = ", ".join("".join(item.typed.get(name, ())[:1]) for name in fields)
                raise Ambiguous(f"{len(found)} {self._kind.many} have {' and '.join(fields)} {shown}")
            if fields == ("external_id",) and self._kind.name in OF_SEVERAL and item.typed.get("external_id"):
                return None
        return None

    def _is_another(self, fields: Fields, item: Item, held: Record) -> bool:
        """Tell whether a person of the same name is somebody else: no company says more, and no address is shared."""
        if fields == self._ways[0] or any(self._texts(name, item)[:1] not in ([], [""]) for name in fields[1:]):
            return False
        theirs = {fold(one) for one in held.get("emails") or ()}
        return bool(theirs) and bool(item.typed.get("emails")) and theirs.isdisjoint(self._texts("emails", item))

    def _called(self, item: Item, found: list[Record]) -> list[Record]:
        """Of several that fit, those that have the item's name; the first, where they are the same otherwise."""
        wanted = fold("".join(item.typed.get(self._kind.naming[0], ())[:1]).strip())
        named = [one for one in found if fold(str(one.get(self._kind.naming[0], "")).strip()) == wanted]
        return named[:1] or found

    def _having(self, fields: Fields, item: Item) -> list[Record]:
        keys = self._keys(fields, item)
        if not keys:
            return []
        index = self._indexes.get(fields)
        if index is None:
            index = self._indexes[fields] = self._index(fields)
        found = {one["id"]: one for key in keys for one in index.get(key, ())}
        return list(found.values())

    def _keys(self, fields: Fields, item: Item) -> list[Key]:
        """Return the keys of an item: several for fields that hold several; none where the first field is empty."""
        if len(fields) == 1:
            return [(text,) for text in self._texts(fields[0], item) if text]
        parts = [next(iter(self._texts(name, item)), "") for name in fields]
        return [tuple(parts)] if parts[0] else []

    def _texts(self, name: str, item: Item) -> list[str]:
        field = self._kind.by_name[name]
        texts = item.typed.get(field.name, ())
        if field.type.refers and not field.type.many:
            return [self._meant(field, item, texts)]
        if isinstance(field.type, (Day, Instant, When)):
            try:
                return [self._iso(field, texts[-1])] if texts else []
            except Invalid:
                return []
        return [fold(text.strip()) for text in texts]

    def _meant(self, field: Field, item: Item, texts: Sequence[str]) -> str:
        linked = item.linked.get(field.name)
        named = list(texts) or (list(linked.typed.get("name", ())) if linked else [])
        known = self._names.known(field.type.refers, named[0]) if named else []
        return known[0] if known else ("?" if named else "")

    def _index(self, fields: Fields) -> dict[Key, list[Record]]:
        made: dict[Key, list[Record]] = {}
        ws, kind = self._session.ws, self._kind.name
        records = ws.all(kind)
        # A row about a record that was merged since is about the one that it was merged into.
        merged = ((ws.stored.any(kind, gone), into) for gone, into in ws.forwards(kind).items())
        answering = [(record, key) for key, record in records.items()]
        answering += [(record, into) for record, into in merged if record is not None]
        for record, into in answering:
            if len(fields) == 1:
                keys: list[Key] = [(text,) for text in self._held(fields[0], record) if text]
            else:
                parts = [next(iter(self._held(name, record)), "") for name in fields]
                keys = [tuple(parts)] if parts[0] else []
            for key in keys:
                made.setdefault(key, []).append(records[into])
        return made

    def _held(self, name: str, record: Record) -> list[str]:
        field = self._kind.by_name[name]
        value = record.get(field.name)
        if name == "at" and value is None:
            from tuicrm.crm.derive import born_at

            return [born_at(record["id"])]
        if isinstance(field.type, Addresses):
            return [fold(one) for one in value or ()]
        if not isinstance(value, str):
            return []
        if field.type.refers or isinstance(field.type, (Day, Instant, When)):
            return [value]
        return [fold(value.strip())]


def _own_id(uid: str) -> str:
    from tuicrm.exchange.uids import id_of

    return id_of(uid)
