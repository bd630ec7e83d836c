"""Boxes to tick before a deal goes on: Enter ticks and goes to the next, a digit ticks at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from tuicrm.crm.along import Along
from tuicrm.tui.safe import short
from tuicrm.tui.screens.dialog import Dialog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from tuicrm.crm.stages import Check
    from tuicrm.tui.safe import Line

WIDEST = 60


class Boxes(Dialog[Along]):
    """Answers with the boxes ticked once all are, with leave to go on without (`f`), or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", show=False),
        Binding("space", "turn", show=False),
        Binding("f", "force", show=False),
    ]

    def __init__(self, heading: str, asks: str, boxes: Sequence[Check], *, force: bool) -> None:
        super().__init__()
        self.heading = heading
        self.asks = asks
        self.boxes = list(boxes)
        self.force = force
        """Whether one may go on without."""
        self.on: set[str] = set()
        self.at = 0

    def lines(self) -> list[Line]:
        room = max(18, min(WIDEST, self.app.size.width - 8))
        made: list[Line] = [((f" {short(self.heading, room)} ", "head"),)]
        made += [((f" {short(self.asks, room)} ", "muted"),)] if self.asks else []
        for place, one in enumerate(self.boxes):
            number = str(place + 1) if place < 9 else " "
            words = f" {number} [{'x' if one.key in self.on else ' '}] {short(one.text, room - 8)} "
            here = place == self.at
            made.append(((">" if here else " ", "key"), (words, "cursor" if here else "text")))
        without = ", f goes on without" if self.force else ""
        made.append(((short(f" Enter or a digit ticks{without}, Esc cancels ", room + 2), "muted"),))
        return made

    def action_step(self, by: int) -> None:
        """Go down or up the list."""
        self.at = min(max(0, self.at + by), len(self.boxes) - 1)
        self._show()

    def action_turn(self) -> None:
        """Tick the box under the cursor, or take its tick away."""
        self.on ^= {self.boxes[self.at].key}
        self._show()

    def action_take(self) -> None:
        """Tick the box under the cursor and go to the next one that is empty; after the last go on."""
        self._tick(self.at)

    def action_force(self) -> None:
        """Go on without, where the team lets one."""
        if self.force:
            self.dismiss(Along(force=True, ticks=tuple(sorted(self.on)), spare=True))

    def on_key(self, event: events.Key) -> None:
        """A digit ticks."""
        if event.character and event.character in "123456789" and int(event.character) <= len(self.boxes):
            event.stop()
            self._tick(int(event.character) - 1)

    def on_click(self, event: events.Click) -> None:
        """A click ticks as a digit does."""
        inside = self.box.content_region
        place = int(event.screen_y) - inside.y + self.box.top - (2 if self.asks else 1)
        if inside.contains(int(event.screen_x), int(event.screen_y)) and 0 <= place < len(self.boxes):
            self._tick(place)

    def _tick(self, place: int) -> None:
        self.on.add(self.boxes[place].key)
        left = [at for at, one in enumerate(self.boxes) if one.key not in self.on]
        if not left:
            self.dismiss(Along(ticks=tuple(one.key for one in self.boxes), spare=True))
            return
        self.at = next((at for at in left if at > place), left[0])
        self._show()

    def _show(self) -> None:
        self.box.put(self.lines())
        line, height = self.at + 2, max(1, self.box.size.height)
        self.box.scroll_lines(min(0, line - self.box.top) or max(0, line - self.box.top - height + 1))
