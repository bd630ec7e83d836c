"""A record as its leaves: one last-writer-wins value per path, in known and unknown fields alike.

A JSON object is a map of fields and a JSON array a set, so `{"tags": ["hot"], "items": {"A": {"quantity": 2}}}`
has the leaves `tags/hot` (MEMBER) and `items/A/quantity` (2). Path components are escaped as in a JSON pointer; a set
element that is no string appears as `~j` and its JSON. A null inside an object is the same as membership.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Record = dict[str, Any]

RESERVED: Final = frozenset(("id", "_v", "_del"))
"""Top-level keys that are no fields: the identity, the versions, the tombstone."""


class Mark:
    """A leaf value that JSON has no word for; compare with `is`."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return self._name

    def __reduce__(self) -> str:
        return self._name


ABSENT: Final = Mark("ABSENT")
"""No value here: never written, cleared, or a container made of other leaves."""
MEMBER: Final = Mark("MEMBER")
"""Present without a value of its own: a set element."""


class _Node(dict[str, Any]):
    """A container under construction, told apart from an empty object that is itself a value."""


def canonical_json(value: Any) -> bytes:
    """The one JSON spelling of a value: UTF-8, keys sorted, no spaces."""
    return orjson.dumps(value, None, orjson.OPT_SORT_KEYS)


def weight(value: Any) -> bytes:
    """What decides between two values of one version: ABSENT, then MEMBER, then scalars by their JSON."""
    if value is ABSENT:
        return b""
    return b"\0" if value is MEMBER else canonical_json(value)


def same(one: Any, other: Any) -> bool:
    """Whether two leaf values are the same value (true and 1 are not)."""
    return one is other or (type(one) is type(other) and one == other)


def escape(text: str) -> str:
    """A path component as it is written in a path."""
    return text.replace("~", "~0").replace("/", "~1") if "~" in text or "/" in text else text


def unescape(component: str) -> str:
    """The text behind a path component."""
    return component.replace("~1", "/").replace("~0", "~") if "~" in component else component


def _is_element(text: str) -> bool:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return not isinstance(value, str) and not holds_float(value) and canonical_json(value) == text.encode()


def holds_float(value: Any) -> bool:
    """Whether a floating point number sits anywhere in a JSON value."""
    if isinstance(value, dict):
        return any(map(holds_float, value.values()))
    return any(map(holds_float, value)) if isinstance(value, list) else isinstance(value, float)


def component(key: str) -> str:
    """The path component of an object key or a string element."""
    if "~" not in key and "/" not in key:
        return key
    # "~j5" must mean one thing, in an object (where a set that met a map keeps its element 5) and in an array.
    if key.startswith("~j") and _is_element(key[2:]):
        return "~j" + escape(key[2:])
    return escape(key)


def key_of(part: str) -> str:
    """The object key that a path component stands for."""
    return "~j" + unescape(part[2:]) if part.startswith("~j") else unescape(part)


def _element_component(element: Any) -> str:
    return component(element) if isinstance(element, str) else "~j" + escape(canonical_json(element).decode())


def _element(part: str) -> Any:
    return orjson.loads(unescape(part[2:])) if part.startswith("~j") else unescape(part)


def spread(value: Any, path: str, out: dict[str, Any]) -> None:
    """Add the leaves of a value at a path to `out`."""
    if value and isinstance(value, dict):
        for key, item in value.items():
            spread(MEMBER if item is None else item, f"{path}/{component(key)}", out)
    elif value and isinstance(value, list | tuple):
        for item in value:
            out[f"{path}/{_element_component(item)}"] = MEMBER
    elif value is not ABSENT:
        out[path] = value


def build(leaves: Mapping[str, Any], path: str) -> Any:
    """The value at `path` made of the leaves at and below it; ABSENT when there is none."""
    if path in leaves:
        return leaves[path]
    if not leaves:
        return ABSENT
    root = _Node()
    for leaf, value in leaves.items():
        *parents, last = leaf[len(path) + 1 :].split("/")
        node = root
        for part in parents:
            node = node.setdefault(part, _Node())
        node[last] = value
    return _render(root)


def _render(node: Any) -> Any:
    if not isinstance(node, _Node):
        return node
    if all(value is MEMBER for value in node.values()):
        return sorted(map(_element, node), key=canonical_json)
    return {key_of(part): None if value is MEMBER else _render(value) for part, value in node.items()}


def flatten(record: Record) -> dict[str, Any]:
    """All leaves of a record that have a value: path to value or MEMBER."""
    leaves: dict[str, Any] = {}
    for key, value in record.items():
        if key not in RESERVED:
            spread(value, component(key), leaves)
    return leaves


def unflatten(leaves: Mapping[str, Any]) -> Record:
    """The fields made of leaves; the reverse of `flatten`, without id, versions and tombstone."""
    grouped: dict[str, dict[str, Any]] = {}
    for path, value in leaves.items():
        if value is not ABSENT:
            grouped.setdefault(top(path), {})[path] = value
    return {key_of(field): build(group, field) for field, group in grouped.items()}


def top(path: str) -> str:
    """The first component of a path: the field that the leaf belongs to."""
    return path.partition("/")[0]


def ancestors(path: str) -> Iterator[str]:
    """The paths above a path, nearest first."""
    end = path.rfind("/")
    while end >= 0:
        path = path[:end]
        yield path
        end = path.rfind("/")


def stamps(record: Record) -> dict[str, Any]:
    """The `_v` map of a record; empty when it has none or holds garbage there."""
    found = record.get("_v")
    return found if isinstance(found, dict) else {}


def versions(record: Record) -> dict[str, str]:
    """The version of every leaf, and of every path that is known to be cleared; garbage as ""."""
    from tuicrm.store.ulid import rank

    found: dict[str, str] = dict.fromkeys(flatten(record), rank(record["id"]))
    found.update((path, rank(version)) for path, version in stamps(record).items() if top(path) not in RESERVED)
    return found
