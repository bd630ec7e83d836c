"""How a form looks: its lines, and where in them one types."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tuicrm.tui.safe import cells, fit, short
from tuicrm.tui.wrap import wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.tui.forms.sheet import Sheet
    from tuicrm.tui.forms.slot import Slot
    from tuicrm.tui.safe import Line, Span

AREA_LINES = 6
"""How high a field for long texts is while one types into it."""
MENU_LINES = 8
NARROW = 56
"""Below this width there is no room for an echo beside the value; the line at the foot says it."""
_HEAD, _FOOT = 2, 4
_LEAST = 8


@dataclass(frozen=True)
class Offer:
    """One line of the list under a field."""

    text: str
    detail: str = ""
    key: str = ""
    """The id of a record; empty for a word, and for a record to be added."""
    creates: bool = False


@dataclass
class Look:
    """What a form shows at a moment."""

    sheet: Sheet
    heading: str
    at: int = 0
    """The field one types into; one more than the last for the line that unfolds the rest."""
    top: int = 0
    """The first field shown, where there is no room for all."""
    offers: list[Offer] = field(default_factory=list)
    offer: int = -1
    """The offer that Enter takes; -1 for none."""
    alert: str = ""
    alert_look: str = "late"
    hints: tuple[tuple[str, str], ...] = ()

    @property
    def slot(self) -> Slot | None:
        """The field one types into."""
        return self.sheet.slots[self.at] if self.at < len(self.sheet.slots) else None

    @property
    def wanted(self) -> int:
        """How many lines the form likes to have."""
        return len(self.sheet.slots) + bool(self.sheet.folded) + _HEAD + _FOOT


@dataclass(frozen=True)
class Place:
    """Where one types."""

    x: int
    y: int
    width: int
    height: int = 1


@dataclass(frozen=True)
class Cut:
    """How a line is cut into label, value and echo."""

    label: int
    value: int
    echo: int


def cut(look: Look, width: int) -> Cut:
    """Return how many cells label, value and echo have."""
    longest = max((cells(slot.field.title) for slot in look.sheet.everything), default=4)
    label = max(4, min(longest + 2, 20, width // 3))
    echo = 0 if width < NARROW else min(44, (width - label) * 9 // 20)
    return Cut(label, max(1, width - label - echo - 1), echo)


def heights(look: Look, room: int) -> list[int]:
    """Return how many lines each field takes; the last entry is the line that unfolds the rest."""
    made = [1] * (len(look.sheet.slots) + bool(look.sheet.folded))
    slot = look.slot
    if slot is not None and slot.long:
        made[look.at] = max(1, min(AREA_LINES, room - 1))
    return made


def room_for_rows(height: int) -> int:
    """Return how many lines fields have in a form of this height."""
    return max(1, height - _head(height) - _foot(height))


def _head(height: int) -> int:
    return _HEAD if height > 12 else 1 if height > 6 else 0


def _foot(height: int) -> int:
    return _FOOT if height > 12 else 2 if height > 6 else 1


def scrolled(look: Look, height: int) -> int:
    """Return the first field to show so that the one being typed into is in sight."""
    room = room_for_rows(height)
    tall = heights(look, room)
    top = min(look.top, look.at)
    while top < look.at and sum(tall[top : look.at + 1]) > room:
        top += 1
    while top and sum(tall[top - 1 :]) <= room:
        top -= 1
    return top


def draw(look: Look, width: int, height: int) -> tuple[list[Line], Place | None]:
    """Return the lines of a form and where one types."""
    part = cut(look, width)
    room = room_for_rows(height)
    tall = heights(look, room)
    rows: list[Line] = []
    hidden = 0
    place: Place | None = None
    for number in range(look.top, len(tall)):
        if len(rows) >= room:
            hidden += 1
            continue
        if number == look.at and look.slot is not None:
            x = part.label + _chips_width(look.slot, part)
            place = Place(x, _head(height) + len(rows), max(1, part.label + part.value - x), tall[number])
        rows.append(_row(look, number, part))
        rows += [()] * (tall[number] - 1)
    rows = rows[:room] + [()] * (room - len(rows))
    if place is not None:
        _offer(look, rows, place.y - _head(height) + place.height, part, width)
    head: list[Line] = [((f" {short(look.heading, width - 2)}", "head"),), ()][: _head(height)]
    return [*head, *rows, *_feet(look, part, width, hidden, _foot(height))], place


def _row(look: Look, number: int, part: Cut) -> Line:
    here = number == look.at
    if number == len(look.sheet.slots):
        text = f"more ({len(look.sheet.folded)})"
        return ((">" if here else " ", "key"), (text, "cursor" if here else "muted"), ("  ctrl+n shows them", "muted"))
    slot = look.sheet.slots[number]
    label: Span = (fit(slot.field.title, part.label - 2) + " ", "key" if here else "muted")
    return (
        (">" if here else " ", "key"),
        label,
        *_value(slot, here, part.value),
        (" ", "text"),
        _echo(slot, part.echo),
    )


def _value(slot: Slot, here: bool, size: int) -> list[Span]:
    if here:
        chips = _chips(slot, size)
        return [(chips, "mark"), (" " * (size - cells(chips)), "text")]
    text = ", ".join([*(one.text for one in slot.chips), *([slot.text] if slot.text.strip() else [])])
    if not text:
        return [(fit(hint(slot), size), "muted")]
    first, _, rest = text.partition("\n")
    if rest:
        note = f" … {rest.count(chr(10)) + 2} lines"
        text = short(first, max(1, size - len(note))) + note
    return [(fit(text, size), "title" if slot.dirty else "text")]


def hint(slot: Slot) -> str:
    """Return what stands in an empty field: what is saved where nothing is typed."""
    return f"({slot.hint.strip('()')})" if slot.hint else ""


def _chips(slot: Slot, size: int) -> str:
    """Return the chosen records before the text, the last ones where there is no room for all."""
    made = "".join(f"[{short(one.text, 24)}] " for one in slot.chips)
    most = max(0, size - max(_LEAST, size // 3))
    if cells(made) <= most:
        return made
    count = f"[{len(slot.chips)}] "
    last = f"[{short(slot.chips[-1].text, 24)}] "
    return f"…{last}" if cells(last) + 1 <= most else count if len(count) <= most else ""


def _chips_width(slot: Slot, part: Cut) -> int:
    return cells(_chips(slot, part.value))


def _echo(slot: Slot, size: int) -> Span:
    return (short(said(slot), size), "late" if slot.verdict.bad else "today" if slot.meanwhile else "muted")


def said(slot: Slot) -> str:
    """Return what there is to say about a field, in words and signs that need no colour."""
    if slot.verdict.bad:
        return f"! {slot.verdict.said}"
    if slot.meanwhile:
        return f"~ {slot.meanwhile}"
    if slot.verdict.said:
        return f"= {slot.verdict.said}" if not slot.refers else slot.verdict.said
    return "needed" if slot.empty and slot.field.required and not slot.hint else ""


def _offer(look: Look, rows: list[Line], below: int, part: Cut, width: int) -> None:
    """Lay the offers over the lines under the field, or over those above it where there is no room."""
    shown = look.offers[:MENU_LINES]
    if not shown:
        return
    first = below if below + len(shown) <= len(rows) else max(0, below - 1 - len(shown))
    if first < below and first + len(shown) > below - 1:
        first, shown = below, look.offers[: max(0, len(rows) - below)]
    size = width - part.label
    for place, one in enumerate(shown):
        here = place == look.offer
        text = f" {one.text}" + (f"  {one.detail}" if one.detail else "")
        rows[first + place] = (
            (" " * (part.label - 1), "text"),
            (">" if here else " ", "key"),
            (fit(text, size), "cursor" if here else "mark" if one.creates else "text"),
        )


def _feet(look: Look, part: Cut, width: int, hidden: int, count: int) -> list[Line]:
    slot = look.slot
    about, style = "", "muted"
    if slot is not None:
        text = said(slot)
        long = bool(text) and cells(text) > part.echo
        about = text if long else slot.field.help
        style = "late" if long and slot.verdict.bad else "muted"
    if count < _FOOT:
        # One line has to do for what is to be said; on the lowest screens it takes the place of the keys.
        about, style = (look.alert, look.alert_look) if look.alert else (about, style)
        line: Line = ((" ", "text"), (short(about, width - 1), style))
        keys = _hints(look.hints, width)
        return [line, keys] if count > 1 else [line if style == "late" else keys]
    lines = wrapped(((about, style),), width - 1)
    if look.alert:
        lines = [((look.alert, look.alert_look),), *lines[:1]]
    else:
        # The sentence may take the line of the message that is not there.
        lines = [(), *lines] if len(lines) < 2 else lines[:2]
    more = f"── {hidden} more below " if hidden else ""
    rule: Line = ((more + "─" * (width - cells(more)), "rule"),)
    return [rule, *(((" ", "text"), *line) for line in lines), _hints(look.hints, width)]


def _hints(held: Sequence[tuple[str, str]], width: int) -> Line:
    spans: list[Span] = [(" ", "text")]
    left = width - 1
    for key, label in held:
        left -= cells(key) + cells(label) + 3
        if left < 0:
            break
        spans += [(key, "key"), (f" {label}  ", "muted")]
    return tuple(spans)


def clicked(look: Look, y: int, height: int) -> int | None:
    """Return the field at a line of the form; None where there is none."""
    at = _head(height)
    for number, size in enumerate(heights(look, room_for_rows(height))):
        if number < look.top:
            continue
        if at <= y < at + size:
            return number
        at += size
    return None
