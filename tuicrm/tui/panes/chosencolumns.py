"""Columns that a user chose for a list that has some of its own: those, and any field of its records."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tuicrm.tui.listing import Column

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tuicrm.crm.session import Session
    from tuicrm.tui.pane import Ref
    from tuicrm.tui.safe import Span

USUAL = 13
"""Cells for a field that the list has no column of its own for."""


def chosen(session: Session, kind: str, own: Sequence[Column], names: Sequence[str]) -> tuple[Column, ...]:
    """Return the columns of these names in their order, all of the list's own where there are none.

    What the kind does not have is left out; where there is no room the last of the other fields go first.
    """
    held = {one.name: one for one in own}
    fields = session.kind(kind).by_name
    made: list[Column] = []
    for at, name in enumerate(names):
        if name in held:
            made.append(held[name])
        elif name in fields:
            field = fields[name]
            made.append(Column(field.name, field.title, USUAL, right=field.type.numeric, drop=len(own) + at))
    if not made:
        return tuple(own)
    # Something must be left on the narrowest screen.
    return (replace(made[0], drop=0), *made[1:])


def spans(session: Session, ref: Ref, columns: Sequence[Column], own: Mapping[str, Span]) -> list[Span]:
    """Return the cell of each column: the list's own, else the text of the field; blank for a record that is gone."""
    from tuicrm.crm.rows import cells

    record = session.ws.get(*ref)
    if record is None:
        return [("", "text")] * len(columns)
    others = [one.name for one in columns if one.name not in own]
    texts = dict(zip(others, cells(session, ref[0], record, others), strict=True)) if others else {}
    return [own[one.name] if one.name in own else (texts[one.name], "text") for one in columns]
