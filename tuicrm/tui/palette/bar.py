"""The palette's widget: a line to type into and a list drawn below it, made once and hidden in between."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message

from tuicrm.tui.lines import Lines
from tuicrm.tui.main import LOW
from tuicrm.tui.palette.offered import Offer, Offered, line_of
from tuicrm.tui.typed import Typed

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events
    from textual.app import ComposeResult
    from textual.widgets import Input

    from tuicrm.tui.pane import Ref
    from tuicrm.tui.safe import Line

MOST = 24
"""Lines of the list on high screens."""
AROUND = 2 + 5 + 4
"""Lines of the bars above and below, and of the palette itself but for the list."""
AROUND_LOW = 2 + 2 + 1
HELP = "Enter takes it   ↑ ↓ choose   Tab other section   Esc closes"
SHORT_HELP = "Enter takes it   Esc closes"
PAGE = 8


class PaletteLine(Typed):
    """The line: keys that belong to no text are the palette's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "shut", show=False),
        Binding("up,ctrl+p", "step(-1)", show=False),
        Binding("down,ctrl+n", "step(1)", show=False),
        Binding("pageup", f"step(-{PAGE})", show=False),
        Binding("pagedown", f"step({PAGE})", show=False),
        Binding("tab,shift+tab", "section", show=False),
    ]

    @property
    def palette(self) -> Palette:
        """The widget around it."""
        return next(one for one in self.ancestors if isinstance(one, Palette))

    def watch_value(self, value: str) -> None:
        """Narrow at once: a message would come after the letter was drawn, and be drawn a moment later."""
        if self.is_mounted:
            self.palette.typed(value)

    def action_shut(self) -> None:
        """Close without taking anything."""
        self.palette.shut()

    def action_step(self, by: int) -> None:
        """Go down or up the list."""
        self.palette.offers.step(by)
        self.palette.draw()

    def action_section(self) -> None:
        """Go to the other section."""
        self.palette.offers.next_section()
        self.palette.draw()


class List(Lines):
    """The list; a click takes the line under the mouse."""

    class Clicked(Message):
        """A line was clicked."""

        def __init__(self, y: int) -> None:
            super().__init__()
            self.y = y

    def on_click(self, event: events.Click) -> None:
        """Pass it on."""
        self.post_message(self.Clicked(event.y))


class Palette(Vertical):
    """Asks `find` for what fits at every change of the text; `take` gets what Enter was pressed on."""

    def __init__(
        self,
        *,
        find: Callable[[str], Offered],
        described: Callable[[Ref], tuple[str, str, str]],
        take: Callable[[Offer], None],
        closed: Callable[[], None],
    ) -> None:
        super().__init__(id="palette")
        self.upper, self.prompt, self.middle, self.lower = (Lines(count=1) for _ in range(4))
        self.field = PaletteLine()
        self.list = List(id="palette-list")
        self.offers = Offered()
        self.waiting = False
        """Whether the records are still being read."""
        self._find, self._described, self._take, self._then = find, described, take, closed
        self._text = ""
        self._entered = False
        self._room = 1

    def compose(self) -> ComposeResult:
        yield self.upper
        with Horizontal(id="palette-line"):
            yield self.prompt
            yield self.field
        yield self.middle
        yield self.list
        yield self.lower

    def on_mount(self) -> None:
        """Be there."""
        self.prompt.put([((" find: ", "key"),)])
        self._appear()

    @property
    def is_open(self) -> bool:
        """Whether it is in sight."""
        return bool(self.display)

    def open(self) -> None:
        """Begin with an empty line."""
        self._text = self.field.value = ""
        self._appear()

    def _appear(self) -> None:
        """Come into sight with what was typed by now."""
        self.display = True
        self._entered = False
        self.field.focus()
        self.fit()
        self.narrow(self.field.value)
        self.call_after_refresh(self._redraw_if_typed)

    def _redraw_if_typed(self) -> None:
        """Draw the list as a whole where letters came before it was laid out: no line of it was in sight to differ."""
        if self._text:
            self.list.refresh()

    def shut(self) -> None:
        """Go out of sight."""
        self.display = False
        self._then()

    def fit(self) -> None:
        """Fit the size at hand."""
        width, height = self.screen.size
        low = height < LOW
        room = max(3, min(MOST, height - (AROUND_LOW if low else AROUND)))
        self.styles.height = room + (1 if low else 4)
        self.list.styles.height = room
        for one, sign in ((self.upper, "═"), (self.middle, "─"), (self.lower, "═")):
            one.display = not low
            one.put([((sign * width, "rule"),)])
        self._room = room

    def on_resize(self) -> None:
        """Draw for another size."""
        if self.is_open:
            self.fit()
            self.draw()

    def narrow(self, text: str) -> None:
        """Show what fits a text."""
        self._text = text
        self.offers = self._find(text)
        self.draw()

    def again(self) -> None:
        """Look again: the records were read meanwhile. The cursor stays on what it was on."""
        if not self.is_open:
            return
        before, moved = self.offers.chosen, self.offers.at > 1
        self.narrow(self._text)
        if moved and before in self.offers.offers:
            self.offers.at = self.offers.offers.index(before)
            self.draw()
        if self._entered:
            self._enter()

    def draw(self) -> None:
        """Draw the list; only lines that differ are sent."""
        width = self.screen.size.width
        lines: list[Line] = [
            line_of(one, at == self.offers.at, width, self._described) for at, one in self.offers.sight(self._room - 1)
        ]
        if not lines:
            said = "reading the records …" if self.waiting else "nothing is called that; : adds something"
            lines.append(((f"   {said}", "muted"),))
        lines += [()] * (self._room - 1 - len(lines))
        self.list.put([*lines, ((f" {HELP if width > len(HELP) else SHORT_HELP}", "muted"),)])

    def typed(self, text: str) -> None:
        """Narrow at every key."""
        if self.is_open and text != self._text:
            self._entered = False
            self.narrow(text)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what the cursor is on; where the records are still being read, as soon as they are."""
        event.stop()
        self._enter()

    def _enter(self) -> None:
        chosen = self.offers.chosen
        if chosen is not None:
            self.shut()
            self._take(chosen)
        self._entered = chosen is None and self.waiting

    def on_list_clicked(self, event: List.Clicked) -> None:
        """Take the line under the mouse."""
        event.stop()
        at = event.y + self.offers.top
        if event.y < self._room - 1 and at < len(self.offers.offers) and not self.offers.offers[at].heading:
            self.offers.at = at
            self._enter()
