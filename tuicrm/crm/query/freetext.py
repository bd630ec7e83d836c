"""What free text is looked for in: the folded text of a record's searched fields, kept while the record stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm import phones
from tuicrm.crm.lookup import Names, names, product_of
from tuicrm.folding import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from tuicrm.crm.session import Session

Record = dict[str, Any]

_APART = "\x1e"
"""Stands between texts that are folded together; folding leaves it alone."""
_NAMED = ("company", "contact", "deal", "product")
"""The kinds whose names say something about the records that refer to them."""


class Haystack:
    """The folded text of each record of a kind: what it says itself, and the names of what it refers to.

    A wide one also has the names of those records that the kind's own filters leave out, such as a contact's company.
    """

    def __init__(self, session: Session, kind: str, wide: bool = False) -> None:
        declared = session.kind(kind)
        fields = [declared.by_name[name] for name in declared.search if name in declared.by_name]
        self._own = [one.name for one in fields if not one.type.refers]
        called = declared.fields if wide else fields
        self._refs: list[tuple[str, Names]] = [
            (one.name, names(session, one.type.refers)) for one in called if one.type.refers in _NAMED
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
            held = self._kept.get(key)
            if held is None or held[0] is not record:
                held = self._kept[key] = (record, fold(self._plain(record)))
            found = self._found[key] = held[1] + self._names_text(record)
        return found

    def warm(self, records: Collection[Record]) -> None:
        """Fold what is missing at one go: ten thousand short texts take several times as long one by one."""
        kept = self._kept
        missing = [one for one in records if (held := kept.get(one["id"])) is None or held[0] is not one]
        texts = [self._plain(one).replace(_APART, " ") for one in missing]
        others = [place for place, text in enumerate(texts) if not text.isascii()]
        folded = fold(_APART.join([texts[place] for place in others])).split(_APART)
        for place, text in zip(others, folded, strict=True) if others else ():
            texts[place] = text
        for one, text in zip(missing, texts, strict=True):
            kept[one["id"]] = (one, text.lower() if text.isascii() else text)

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
