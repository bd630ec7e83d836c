"""How a saved view notes what only the TUI knows: the order, the groups and the columns of a pane, in one text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuicrm.tui.viewing import View


def screen_words(view: View) -> str:
    """Return `order:quiet group:owner columns:name,company`, of these what a view has."""
    held = {"order": view.order, "group": view.group, "columns": ",".join(view.columns)}
    return " ".join(f"{name}:{value}" for name, value in held.items() if value)


def view_of(record: Mapping[str, object]) -> View:
    """Return the view that a record holds; what it notes for the TUI goes before what commands go by."""
    from tuicrm.tui.viewing import View

    words = dict(part.partition(":")[::2] for part in _text(record, "screen").split())
    columns = words.get("columns") or _text(record, "columns")
    return View(
        name=_text(record, "name"),
        query=_text(record, "where"),
        order=words.get("order") or _text(record, "sort").partition(",")[0].lstrip("-"),
        columns=tuple(filter(None, (part.strip() for part in columns.split(",")))),
        group=words.get("group", ""),
    )


def _text(record: Mapping[str, object], name: str) -> str:
    value = record.get(name)
    return value if isinstance(value, str) else ""
