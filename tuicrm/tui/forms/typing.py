"""What one types into in a form: a line, or an area for long texts; both show unsafe characters as signs."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import TextArea

from tuicrm.tui.safe import letters
from tuicrm.tui.typed import Typed

if TYPE_CHECKING:
    from rich.text import Text
    from textual import events

    from tuicrm.tui.forms.screen import FormScreen


class FieldLine(Typed):
    """The line one types into; it moves from field to field."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # The toolkit's own would send a message first.
        Binding("enter", "screen.take", show=False),
    ]

    @property
    def form(self) -> FormScreen:
        """The form."""
        from tuicrm.tui.forms.screen import FormScreen

        assert isinstance(self.screen, FormScreen)
        return self.screen

    def action_delete_left(self) -> None:
        """Take back the last chosen record where there is nothing to delete."""
        if not (self.cursor_position == 0 and self.selection.is_empty and self.form.take_back()):
            super().action_delete_left()

    def _on_paste(self, event: events.Paste) -> None:
        """Take all of what is pasted: the toolkit keeps its first line only."""
        text = " ".join(event.text.split("\n")).replace("\r", "").strip()
        event.stop()
        event.prevent_default()
        self.replace(text, *self.selection)


class FieldArea(TextArea):
    """The area for long texts: Enter breaks the line."""

    takes_text = True
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+f", "screen.search", show=False)]

    def __init__(self) -> None:
        super().__init__(tab_behavior="focus", compact=True, highlight_cursor_line=False)
        self.cursor_blink = False

    def get_line(self, line_index: int) -> Text:
        return letters(self.document.get_line(line_index))
