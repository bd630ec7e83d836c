"""Choosing one of a short list: a digit chooses, at once unless it is to be confirmed; Enter takes what is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from tuicrm.tui.safe import short
from tuicrm.tui.screens.dialog import Dialog
from tuicrm.tui.wrap import wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from tuicrm.tui.safe import Line

WIDEST = 44


class Choose(Dialog[int]):
    """Answers with the place of the chosen text, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "take", show=False)]

    def __init__(
        self, title: str, texts: Sequence[str], *, at: int = 0, confirm: bool = False, notes: Sequence[str] = ()
    ) -> None:
        super().__init__()
        self.heading = title
        self.texts = list(texts)
        self.at = min(max(0, at), max(0, len(self.texts) - 1))
        self.confirm = confirm
        """Whether a digit only goes there, and Enter takes it."""
        self.notes = tuple(notes)
        """What there is to say about each text; shown for the one under the cursor."""

    def lines(self) -> list[Line]:
        made: list[Line] = [((f" {short(self.heading, WIDEST)} ", "head"),)]
        for place, text in enumerate(self.texts):
            number = str(place + 1) if place < 9 else " "
            words = f" {number} {short(text, WIDEST)} "
            made.append(((">" if place == self.at else " ", "key"), (words, "cursor" if place == self.at else "text")))
        made.extend(self._note_lines())
        how = "digit chooses, Enter confirms" if self.confirm else "digit or Enter chooses"
        made.append(((f" {how}, Esc cancels ", "muted"),))
        return made

    def _note_lines(self) -> list[Line]:
        """Return what is said of the text under the cursor, in as many lines as the longest takes."""
        if not self.notes:
            return []
        wide = max(20, min(WIDEST - 2, self.app.size.width - 10))
        told = [wrapped(((one, "muted"),), wide) if one else [] for one in self.notes]
        tall = max(len(one) for one in told)
        here = told[self.at] if self.at < len(told) else []
        return [*(((" ", "text"), *line) for line in here), *([(("", "text"),)] * (tall - len(here)))]

    def action_step(self, by: int) -> None:
        """Go down or up the list."""
        self.at = min(max(0, self.at + by), max(0, len(self.texts) - 1))
        self.box.put(self.lines())
        line, height = self.at + 1, max(1, self.box.size.height)
        self.box.scroll_lines(min(0, line - self.box.top) or max(0, line - self.box.top - height + 1))

    def action_take(self) -> None:
        """Answer with the one under the cursor."""
        self.dismiss(self.at if self.texts else None)

    def on_key(self, event: events.Key) -> None:
        """A digit chooses."""
        if event.character and event.character in "123456789":
            place = int(event.character) - 1
            if place < len(self.texts):
                event.stop()
                self._point(place)

    def on_click(self, event: events.Click) -> None:
        """A click chooses as a digit does."""
        inside = self.box.content_region
        place = int(event.screen_y) - inside.y + self.box.top - 1
        if inside.contains(int(event.screen_x), int(event.screen_y)) and 0 <= place < len(self.texts):
            self._point(place)

    def _point(self, place: int) -> None:
        if self.confirm:
            self.action_step(place - self.at)
        else:
            self.dismiss(place)
