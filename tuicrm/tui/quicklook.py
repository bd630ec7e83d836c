"""What quick add shows under the line that is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.crm.quick.model import NOTHING
from tuicrm.crm.quick.subjects import heading
from tuicrm.tui.safe import cells, fit, short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.quick.model import Row, Understood
    from tuicrm.tui.safe import Line, Span

ROOMY, WIDE = 60, 90
LABEL_WIDE, LABEL_NARROW = 15, 9
LEAST_OTHERS = 14
"""Cells below which the other candidates are not worth showing."""
SHORTER = {"not understood": "unclear"}
EXAMPLES = (
    "call jane tomorrow 10am re acme renewal",
    "called jane: wants SOC2 next 3d",
    "deal Acme renewal 12k close end of next month @acme #hot",
    "Jane Roe jane@acme.example +49 30 555 0142 at Acme",
    "contacts   (the name of a list goes there)",
)
GOES = {
    "pipeline": "the pipeline board",
    "activity": "the activity log",
    "followups": "the follow-ups",
    "forecast": "the forecast",
    "contacts": "the contacts",
    "companies": "the companies",
    "leads": "the leads",
}


def choices(one: Understood) -> list[Row]:
    """Return the rows with more than one candidate, those first where another record or date could be meant."""
    held = [row for row in one.rows if row.count > 1]
    return sorted(held, key=lambda row: not _real(row))


def _real(row: Row) -> list[str]:
    """Return the other candidates but for the one that stands for none."""
    return [other for other in row.others if not other.startswith("none") and other != NOTHING]


def picture(one: Understood, focus: str, width: int, count: int, alert: str = "") -> list[Line]:
    """Return exactly `count` lines: what it is, its fields, and last what the keys do or what is wrong."""
    if not one.kind:
        body: list[Line] = [(("   try", "muted"),), *(((f"   {text}", "text"),) for text in EXAMPLES)]
    elif one.goes:
        body = [((" Go to ", "head"), (GOES[one.goes], "head"), ("   (Shift+Tab: add it instead)", "muted"))]
    else:
        body = _fields(one, focus, width, count - 1)
    body = body[: count - 1]
    foot: Line = ((" ", "text"), (alert, "late")) if alert else _keys(one, focus, width)
    return [*body, *[()] * (count - 1 - len(body)), foot]


def _fields(one: Understood, focus: str, width: int, room: int) -> list[Line]:
    head: list[Span] = [(f" {heading(one)}", "head")]
    if one.creates:
        head.append((f"   creates {', '.join(one.creates)} too", "muted"))
    if one.warning:
        head.append((f"   {one.warning}", "today"))
    rows = list(one.rows)
    for name in ("rest", *(row.name for row in reversed(rows))):
        # Where there is no room for all, those go first that say nothing.
        if len(rows) <= room - 1:
            break
        rows = [row for row in rows if row.name != name or row.value != NOTHING or row.name == "subject"]
    more = len(rows) - (room - 1)
    if more > 0:
        # What was not understood is the last that may be out of sight.
        rows.sort(key=lambda row: (row.name != "subject", row.name != "rest"))
        rows = rows[: max(1, room - 2)]
    made: list[Line] = [tuple(head), *(_row(row, row.name == focus, width) for row in rows)]
    return [*made, ((f"   and {more + 1} more", "muted"),)] if more > 0 else made


def _row(row: Row, here: bool, width: int) -> Line:
    wide = LABEL_WIDE if width >= ROOMY else LABEL_NARROW
    label = row.label if width >= ROOMY else SHORTER.get(row.label, row.label)
    room = width - wide - 4
    value = short(row.value, room)
    strange = row.name == "rest" and row.value != NOTHING
    look = "late" if strange else "muted" if row.value == NOTHING else "text"
    spans: list[Span] = [(" > " if here else "   ", "key"), (fit(label, wide), "muted"), (value, look)]
    others = "; ".join(_real(row))
    left = room - cells(value) - 6
    if others and left >= LEAST_OTHERS:
        spans.append((f"   or {short(others, left)}", "muted"))
    return tuple(spans)


def _keys(one: Understood, focus: str, width: int) -> Line:
    """Return what the keys do now; what matters least goes first where there is no room."""
    row = next((row for row in one.rows if row.name == focus), None)
    held: list[tuple[str, str]] = [("Enter", "goes there" if one.goes else "saves" if one.kind else "closes")]
    if row is not None and not one.goes:
        held.append(("Down", f"other {row.label}"))
        if len(choices(one)) > 1:
            held.append(("Up", "field"))
    if one.kind and not one.goes:
        held += [("Tab", "form"), ("Shift+Tab", "kind")]
    return _fitted([*held, ("Esc", "closes, text kept" if width >= WIDE else "closes")], width)


def _fitted(held: Sequence[tuple[str, str]], width: int) -> Line:
    keys = list(held)
    while len(keys) > 2 and sum(cells(f"{key} {what}  ") for key, what in keys) > width - 1:
        keys.pop(-2)
    spans: list[Span] = [(" ", "text")]
    for key, what in keys:
        spans += [(key, "key"), (f" {what}  ", "muted")]
    return tuple(spans)
