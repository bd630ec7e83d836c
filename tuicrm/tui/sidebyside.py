"""Two records field by field, side by side or below each other: what differs, and whose value a merge would take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuicrm.crm.merging import BOTH, GONE, KEPT
from tuicrm.tui.safe import cells, short

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tuicrm.crm.merging import Choice
    from tuicrm.crm.session import Session
    from tuicrm.tui.safe import Line

BESIDE_FROM = 56
"""Cells from which on there is room for two columns."""
LABEL = 16
BETWEEN = " │ "
DIFFERS, TAKEN = "≠", ">"


@dataclass(frozen=True)
class Shown:
    """What is compared: the names of both, and the fields to decide about."""

    session: Session
    kind: str
    names: tuple[str, str]
    choices: Sequence[Choice]


def side_by_side(shown: Shown, width: int, height: int, *, beside: bool = True) -> list[Line]:
    """Return exactly so many lines; what differs comes first, with `≠` before it, and `>` before what is taken."""
    if height < 1:
        return []
    held = [(one, _text(shown, one.kept), _text(shown, one.gone)) for one in shown.choices]
    held = [one for one in held if one[1] or one[2]]
    held.sort(key=lambda one: not one[0].differs)
    make = _beside if beside and width >= BESIDE_FROM else _below
    lines = make(shown, held, width)
    if len(lines) > height:
        lines = [*lines[: height - 1], ((f"   … {len(lines) - height + 1} more lines", "muted"),)]
    return [*lines, *([()] * (height - len(lines)))]


def _text(shown: Shown, values: Mapping[str, Any]) -> str:
    from tuicrm.crm.rows import cells as texts

    return ", ".join(filter(None, texts(shown.session, shown.kind, {"id": "", **values}, list(values))))


def _signs(one: Choice) -> tuple[str, str, str]:
    """Return the sign before the label, and the ones before both values."""
    if not one.differs:
        return " ", " ", " "
    left, right = one.take in (KEPT, BOTH), one.take in (GONE, BOTH)
    return DIFFERS, TAKEN if left else " ", TAKEN if right else " "


def _beside(shown: Shown, held: Sequence[tuple[Choice, str, str]], width: int) -> list[Line]:
    room = (width - LABEL - 4 - 2 * len(BETWEEN) - 4) // 2
    heads = [f"STAYS {shown.names[0]}", f"GOES {shown.names[1]}"]
    rows = [((" ", ""), ("", "head"), (" ", heads[0]), (" ", heads[1]))]
    lines = [_row(rows[0], room, "head")]
    for one, left, right in held:
        sign, first, second = _signs(one)
        look = "text" if one.differs else "muted"
        lines.append(_row(((sign, ""), (one.label, look), (first, left), (second, right)), room, look))
    return lines


def _row(row: tuple[tuple[str, str], ...], room: int, look: str) -> Line:
    (sign, _), (label, _), (first, left), (second, right) = row
    return (
        (f" {sign} ", "key"),
        (_padded(label, LABEL), "muted"),
        (BETWEEN, "rule"),
        (f"{first} ", "key"),
        (_padded(left, room), look),
        (BETWEEN, "rule"),
        (f"{second} ", "key"),
        (short(right, room), look),
    )


def _below(shown: Shown, held: Sequence[tuple[Choice, str, str]], width: int) -> list[Line]:
    lines: list[Line] = [((short(f" STAYS {shown.names[0]}, GOES {shown.names[1]}", width), "head"),)]
    for one, left, right in held:
        sign, first, second = _signs(one)
        lines.append(((f" {sign} ", "key"), (short(one.label, max(1, width - 3)), "muted")))
        room = max(1, width - 7)
        lines.append(((f"   {first} ", "key"), (short(left or "empty", room), "text")))
        if one.differs:
            lines.append(((f"   {second} ", "key"), (short(right or "empty", room), "text")))
    return lines


def _padded(text: str, room: int) -> str:
    held = short(text, room)
    return held + " " * max(0, room - cells(held))
