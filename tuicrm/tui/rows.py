"""A list as drawn lines: only what is in sight is made, and only the lines that differ are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from tuicrm.tui.lines import Drawn, EntryPointed, WheelRolled
from tuicrm.tui.listing import HEADING
from tuicrm.tui.safe import cells, fit, short

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual import events

    from tuicrm.tui.listing import Column, Listing
    from tuicrm.tui.pane import Ref
    from tuicrm.tui.safe import Line, Span

LEFT = 3
"""Cells for the signs of cursor and mark."""
GAP = 1
LEAST = 8
"""Cells that a column of flexible width gets at least."""


def widths(columns: Sequence[Column], size: int) -> list[int]:
    """Return the width of each column on a line of `size` cells; 0 for those that are dropped for want of room."""
    held = list(columns)
    while held:
        fixed = sum(one.width for one in held) + GAP * (len(held) - 1) + LEFT
        flexible = [one for one in held if not one.width]
        if fixed + LEAST * len(flexible) <= size or not any(one.drop for one in held):
            break
        held.remove(max(held, key=lambda one: one.drop))
    flexible = [one for one in held if not one.width]
    left = max(0, size - LEFT - GAP * max(0, len(held) - 1) - sum(one.width for one in held))
    share, more = divmod(left, len(flexible)) if flexible else (0, 0)
    found = []
    for one in columns:
        if one not in held:
            found.append(0)
        elif one.width:
            found.append(one.width)
        else:
            found.append(share + (1 if flexible.index(one) < more else 0))
    return found


class Rows(Drawn):
    """Draws the entries of a Listing; `row` says what a record's columns hold."""

    class Pointed(EntryPointed):
        """An entry was clicked."""

    class Rolled(WheelRolled):
        """The wheel was turned."""

    class Resized(Message):
        """There is more room, or less."""

    def __init__(self, listing: Listing, row: Callable[[Ref], Sequence[Span]]) -> None:
        super().__init__(classes="rows")
        self.listing = listing
        self._row = row
        self._lines: list[Line] = []
        self._made: dict[Ref, Sequence[Span]] = {}
        """The rows that were in sight, until the model changes."""
        self._widths: list[int] = []
        self._instead: Sequence[Line] = ()

    @property
    def heads(self) -> int:
        """Lines above the entries: the titles of the columns, where any has one."""
        return 1 if any(one.title for one in self.listing.model.columns) else 0

    def say(self, lines: Sequence[Line]) -> None:
        """Show these lines instead of the list; none brings the list back."""
        if list(lines) != list(self._instead):
            self._instead = lines
            self.refresh()

    def forget(self) -> None:
        """Make the rows again: the records have changed."""
        self._made.clear()

    def show(self) -> None:
        """Show the listing as it is, repainting the lines that differ."""
        if self._instead or not self.size.height:
            return
        before, self._lines = self._lines, self._draw()
        self.redraw_from(before, self._lines)

    def line(self, y: int) -> Line:
        lines = self._instead or self._lines
        return lines[y] if y < len(lines) else ()

    def on_resize(self) -> None:
        """Let the list be fitted again."""
        self._lines = []
        self.post_message(self.Resized())

    def fitted(self) -> int:
        """Return how many entries fit, and take note of the width at hand."""
        self._widths = widths(self.listing.model.columns, self.size.width)
        return max(1, self.size.height - self.heads)

    def _draw(self) -> list[Line]:
        held = self.listing
        columns = held.model.columns
        self._widths = widths(columns, self.size.width)
        lines: list[Line] = []
        if self.heads:
            lines.append(self._joined("   ", [(one.title, "muted") for one in columns], "muted"))
        sight = held.entries[held.top : held.top + max(1, self.size.height - self.heads)]
        for place, ref in enumerate(sight):
            at = held.top + place
            lines.append(
                self._heading(ref[1], at == held.at) if ref[0] == HEADING else self._record(ref, at == held.at)
            )
        lines += [()] * (self.size.height - len(lines))
        return lines[: self.size.height]

    def _heading(self, key: str, here: bool) -> Line:
        group = self.listing.group_of(key)
        if group is None:
            return ()
        size = self.size.width
        words = f"{group.title}, folded" if self.listing.folded(group) else group.title
        text = short(f"{'>' if here else ' '}{words} ", size)
        return ((text, "cursor" if here else group.look), ("─" * (size - cells(text)), "rule"))

    def _record(self, ref: Ref, here: bool) -> Line:
        if ref not in self._made:
            self._made[ref] = tuple(self._row(ref))
        marked = ref in self.listing.marks
        signs = (">" if here else " ") + ("*" if marked else " ") + " "
        line = self._joined(signs, self._made[ref], "mark" if marked else "text")
        # One look throughout under the cursor: signs stay readable, and few bytes are sent.
        return ((fit("".join(text for text, _ in line), self.size.width), "cursor"),) if here else line

    def _joined(self, signs: str, spans: Sequence[Span], look: str) -> Line:
        made: list[Span] = [(signs, look)]
        for column, wide, (text, held) in zip(self.listing.model.columns, self._widths, spans, strict=False):
            if not wide:
                continue
            words = short(text, wide)
            piece = " " * (wide - cells(words)) + words if column.right else fit(words, wide)
            made.append((piece + " " * GAP, held))
        # The last column needs no blank after it: there is no room for one.
        made[-1] = (made[-1][0][:-GAP], made[-1][1]) if len(made) > 1 else made[-1]
        return tuple(made)

    def on_click(self, event: events.Click) -> None:
        """Point at the entry under the mouse."""
        at = self.listing.top + event.y - self.heads
        if event.y >= self.heads and at < len(self.listing.entries) and not self._instead:
            self.post_message(self.Pointed(at, twice=event.chain > 1))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Roll down."""
        self.post_message(self.Rolled(3))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Roll up."""
        self.post_message(self.Rolled(-3))
