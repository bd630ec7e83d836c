"""What free text is looked for in: the folded text of a record's searched fields, kept while the record stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm import phones
from tuicrm.crm.lookup import Names, names, products_of
from tuicrm.folding import fold

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.session import Session

Record = dict[str, Any]

_NAMED = ("company", "contact", "deal", "product")
"""The kinds whose names say something about the records that refer to them."""


class Haystack:
    """The folded text of each record of a kind: what it says itself, and the names of what it refers to.

    A wide one also has the names of those records that the kind's own filters leave out, such as a contact's company.
    """

    def __init__(self, session: Session, kind: str, wide: bool = False) -> None:
        declared = session.kind(kind)
        fields = [declared.by_name[name] for name in declared.search if name in declared.by_name]
        self._own = list(dict.fromkeys([*(one.name for one in fields if not one.type.refers), "external_id"]))
        called = declared.fields if wide else fields
        self._refs = [(one.name, folded_names(session, one.type.refers)) for one in called if one.type.refers in _NAMED]
        # A deal's products are what its line items say, and no field of its own.
        self._products = folded_names(session, "product") if kind == "deal" else None
        # Records are replaced, never changed in place: while it is the same object, its text is the same.
        self._kept: dict[str, tuple[Record, str]] = session.kept.setdefault(f"folded text {kind}", {})
        self._found: dict[str, tuple[Record, str]] = {}

    def of(self, record: Record) -> str:
        """Return the folded text of one record, its fields on lines of their own."""
        key = record["id"]
        found = self._found.get(key)
        if found is None or found[0] is not record:
            held = self._kept.get(key)
            if held is None or held[0] is not record:
                held = self._kept[key] = (record, fold(self._plain(record)))
            found = self._found[key] = (record, held[1] + self._names_text(record))
        return found[1]

    def _plain(self, record: Record) -> str:
        parts: list[str] = []
        for name in self._own:
            value = record.get(name)
            if value.__class__ is str:
                parts.append(str(value))
            elif value:
                parts.extend(map(str, value) if isinstance(value, (list, dict)) else (str(value),))
        return "\n".join(parts)

    def _names_text(self, record: Record) -> str:
        text = ""
        for field, folded in self._refs:
            value = record.get(field)
            if not value:
                continue
            if value.__class__ is str:
                text += folded[value]
            elif isinstance(value, list):
                text += "".join([folded[one] for one in value if one.__class__ is str])
        if self._products is not None and record.get("items"):
            text += "".join([self._products[one] for one in products_of(record)])
        return text


class FoldedNames(dict[str, str]):
    """The folded title of each record of a kind by its id, on a line of its own."""

    def __init__(self, called: Names) -> None:
        super().__init__()
        self._called = called

    def __missing__(self, key: str) -> str:
        found = self[key] = "\n" + fold(self._called[key])
        return found


def folded_names(session: Session, kind: str) -> FoldedNames:
    """Return the folded titles of a kind's records by id."""
    found: FoldedNames = session.remember(f"folded names {kind}", lambda: FoldedNames(names(session, kind)))
    return found


def haystack(session: Session, kind: str, wide: bool = False) -> Haystack:
    """Return the folded texts of a kind as the workspace is at this moment."""
    found: Haystack = session.remember(f"haystack {kind} {wide}", lambda: Haystack(session, kind, wide))
    return found


def holds(session: Session, kind: str, text: str) -> Callable[[Record], bool]:
    """Return the test whether a record has a text anywhere in its searched fields; phones match by their digits."""
    wanted = fold(text).strip()
    stack = haystack(session, kind)
    plain: Callable[[Record], bool] = lambda record: wanted in stack.of(record)  # noqa: E731
    if not wanted or "phones" not in session.kind(kind).search or not phones.looks_like_one(wanted):
        return plain
    typed = phones.core(wanted)

    def by_digits(record: Record) -> bool:
        held = record.get("phones")
        return plain(record) or (isinstance(held, dict) and any(phones.fits(phones.core(one), typed) for one in held))

    return by_digits
