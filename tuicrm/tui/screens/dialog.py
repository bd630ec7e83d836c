"""A dialog: a box of lines above the pane."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.binding import Binding, BindingType

from tuicrm.tui.lines import Lines
from tuicrm.tui.screens.once import Once

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tuicrm.tui.safe import Line

Answer = TypeVar("Answer")


class Dialog(Once[Answer]):
    """Esc and `q` close it without an answer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,backspace,q", "cancel", show=False),
        Binding("j,down", "step(1)", show=False),
        Binding("k,up", "step(-1)", show=False),
        Binding("pagedown", "step(10)", show=False),
        Binding("pageup", "step(-10)", show=False),
        Binding("g,home", "step(-1000)", show=False),
        Binding("G,end", "step(1000)", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.box = Lines()

    def compose(self) -> ComposeResult:
        yield self.box

    def on_mount(self) -> None:
        """Show the lines; where the picture is made to be read aloud, alone on the screen."""
        self.set_class(bool(getattr(self.app, "accessible", False)), "-alone")
        self.box.put(self.lines())

    def lines(self) -> list[Line]:
        """Return what the box shows."""
        return []

    def action_cancel(self) -> None:
        """Close without an answer."""
        self.dismiss(None)

    def action_step(self, by: int) -> None:
        """Go down or up."""
        self.box.scroll_lines(by)
