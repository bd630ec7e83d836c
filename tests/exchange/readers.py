"""Reading bytes as an import would, in one line."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tuicrm.exchange import formats

if TYPE_CHECKING:
    from tuicrm.exchange.items import Item, Parsed

NOW = datetime(2026, 10, 9, 12, tzinfo=UTC)


def context(**more: Any) -> formats.Context:
    """What readers get, as a team in Berlin would give it."""
    return formats.Context(**{"now": NOW, "zone": "Europe/Berlin", **more})


def read(data: str | bytes, form: str = "", **more: Any) -> Parsed:
    """Return what a file tells; its format is found out where none is given."""
    raw = data.encode() if isinstance(data, str) else data
    found = form or formats.detect(None, raw[: formats.HEAD])
    assert found, "no format was recognised"
    return formats.read(found, raw, context(**more))


def only(parsed: Parsed, kind: str) -> Item:
    """Return the one item of a kind."""
    found = [one for one in parsed.items if one.kind == kind]
    assert len(found) == 1, parsed
    return found[0]


def texts(item: Item, name: str) -> str:
    """Return the texts of a field, joined by a bar; empty where it has none."""
    return " | ".join(item.typed.get(name, ()))


def told_along(item: Item, name: str) -> str:
    """Return what the record is called that an item tells along for a reference; empty where there is none."""
    return texts(item.linked[name], "name") if name in item.linked else ""
