"""What free text is looked for in: the folded text of a record's searched fields, kept while the record stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm import phones
from tuicrm.crm.lookup import Names, names, product_of
from tuicrm.folding import fold

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.session import Session

Record = dict[str, Any]


class Haystack:
    """The folded text of each record of a kind: what it says itself, and the names of what it refers to."""

    def __init__(self, session: Session, kind: str) -> None:
        declared = session.kind(kind)
        fields = [declared.by_name[name] for name in declared.search if name in declared.by_name]
        self._own = [one.name for one in fields if not one.type.refers]
        self._refs: list[tuple[str, Names]] = [
            (one.name, names(session, one.type.refers)) for one in fields if one.type.refers
        ]
        self._folded_names: dict[int, dict[str, str]] = {}
        # Records are replaced, never changed in place: while it is the same object, its text is the same.
        self._kept: dict[str, tuple[Record, str]] = session.kept.setdefault(f"folded text {kind}", {})
        self._found: dict[str, str] = {}

    def of(self, record: Record) -> str:
        """Return the folded text of one record, its fields on lines of their own."""
        key = record["id"]
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._own_text(key, record) + self._names_text(record)
        return found

    def _own_text(self, key: str, record: Record) -> str:
        held = self._kept.get(key)
        if held is not None and held[0] is record:
            return held[1]
        parts: list[str] = []
        for name in self._own:
            value = record.get(name)
            if value.__class__ is str:
                parts.append(str(value))
            elif value:
                parts.extend(map(str, value) if isinstance(value, (list, dict)) else (str(value),))
        text = fold("\n".join(parts))
        self._kept[key] = (record, text)
        return text

    def _names_text(self, record: Record) -> str:
        text = ""
        for place, (field, called) in enumerate(self._refs):
            value = product_of(record) if field == "product" else record.get(field)
            if not value:
                continue
            folded = self._folded_names.setdefault(place, {})
            for key in value if isinstance(value, list) else (value,):
                if key.__class__ is str:
                    if key not in folded:
                        folded[key] = fold(called[key])
                    text += "\n" + folded[key]
        return text


def haystack(session: Session, kind: str) -> Haystack:
    """Return the folded texts of a kind as the workspace is at this moment."""
    found: Haystack = session.remember(f"haystack {kind}", lambda: Haystack(session, kind))
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
