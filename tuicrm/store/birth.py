"""Records made afresh, in the form that writing their leaves one by one would give, without taking that way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tuicrm.store.join import apply, diff
from tuicrm.store.leaves import ABSENT, Mark, canonical_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuicrm.store.leaves import Record

_PLAIN = frozenset((str, int, bool))
_ODD: Final = Mark("ODD")


def born(id_: str, fields: Mapping[str, Any]) -> Record:
    """A record of these fields, every leaf at the version of its id; None and empty values are left out."""
    record: Record = {"id": id_}
    for name, value in fields.items():
        if type(value) in _PLAIN:
            if value != "":
                record[name] = value
        elif value is not None and value not in ([], {}, ()):
            plain = _plain(value)
            if plain is _ODD:
                return _by_leaves(id_, fields)
            record[name] = plain
    return record


def _by_leaves(id_: str, fields: Mapping[str, Any]) -> Record:
    leaves = diff(None, fields)
    return apply({"id": id_}, {path: (value, id_) for path, value in leaves.items() if value is not ABSENT})


def _plain(value: Any) -> Any:
    """A copy of a set of texts, or of a map of plain values, as a record holds it; _ODD for anything else."""
    if type(value) is dict and value:
        made = {}
        for key, item in value.items():
            if type(key) is not str or key[:2] == "~j":
                return _ODD
            if type(item) not in _PLAIN:
                item = _plain(item)
                if item is _ODD:
                    return _ODD
            made[key] = item
        return made
    if type(value) is list and value and all(type(item) is str and item[:2] != "~j" for item in value):
        try:
            return sorted(set(value), key=canonical_json)
        except TypeError:
            return _ODD
    return _ODD
