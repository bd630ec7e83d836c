"""Running TinyDB queries on stored records, which hold more than their documents show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tinydb.queries import QueryInstance, QueryLike

from tuicrm.store.recording import contents, is_open

_ON_A_PATH = frozenset(
    ("==", "!=", "<", "<=", ">", ">=", "exists", "any", "all", "one_of", "test", "matches", "search")
)


def on_records(cond: QueryLike) -> Callable[[Mapping[str, Any]], bool]:
    """The condition as a test of stored records: it sees documents, without a copy of each where that is safe."""
    if type(cond) is QueryInstance and _names_its_fields(cond._hash):
        return cond
    return lambda record: cond(contents(record))


def is_cacheable(cond: QueryLike) -> bool:
    """Whether equal queries give equal answers: TinyDB's rule, less regular expressions, whose flags it leaves out."""
    stable: Callable[[], bool] = getattr(cond, "is_cacheable", lambda: True)
    return stable() and not (isinstance(cond, QueryInstance) and _has_regex(cond._hash))


def _names_its_fields(described: object) -> bool:
    """Whether a query, by its own description, reads only fields named in it, none of them hidden."""
    match described:
        case ():
            return True
        case ("and" | "or", frozenset() as parts):
            return all(_names_its_fields(part) for part in parts)
        case ("not", part):
            return _names_its_fields(part)
        case ("fragment", Mapping() as wanted):
            return all(is_open(name) for name in wanted)
        case (str() as operator, (str() as name, *_), *_):
            return operator in _ON_A_PATH and is_open(name)
    return False


def _has_regex(described: object) -> bool:
    match described:
        case ("and" | "or", frozenset() as parts):
            return any(_has_regex(part) for part in parts)
        case ("not", part):
            return _has_regex(part)
        case ("matches" | "search", *_):
            return True
    return False
