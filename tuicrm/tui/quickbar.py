"""The bar of quick add: a line to type into, and under it what it was understood as."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical

from tuicrm.crm.quick import Understood, understand
from tuicrm.crm.quick.here import Here
from tuicrm.crm.quick.vocabulary import KINDS
from tuicrm.tui import quicklook
from tuicrm.tui.lines import Lines
from tuicrm.tui.main import LOW
from tuicrm.tui.typed import Typed

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.widgets import Input

    from tuicrm.tui.desk import Desk

MOST, LEAST = 12, 1
"""Lines of the preview."""
AROUND = 2 + 5 + 4
"""The lines of the bars above and below, and of this bar itself but for the preview."""
AROUND_LOW = 2 + 1 + 1
"""The same on a low screen: without rules, and above what is selected."""
RETRY_SECONDS = 0.05


class QuickLine(Typed):
    """The line of the bar: keys that belong to no text are the bar's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "leave_bar", show=False),
        Binding("down", "other(1)", show=False),
        Binding("up", "next_field", show=False),
        Binding("tab", "form", show=False),
        Binding("shift+tab", "kind", show=False),
    ]

    @property
    def bar(self) -> QuickBar:
        """The bar around it."""
        found = next(one for one in self.ancestors if isinstance(one, QuickBar))
        assert isinstance(found, QuickBar)
        return found

    def action_leave_bar(self) -> None:
        """Close; the text is kept."""
        self.bar.leave(keep=True)

    def action_other(self, by: int) -> None:
        """Take the next candidate of the field at the cursor."""
        self.bar.take_other(by)

    def action_next_field(self) -> None:
        """Go to the next field with several candidates."""
        self.bar.next_field()

    def action_form(self) -> None:
        """Go on in the full form."""
        self.bar.open_form()

    def action_kind(self) -> None:
        """Make something else of the line."""
        self.bar.next_kind()


class QuickBar(Vertical):
    """Drawn above the pane; what is typed is never lost: closing keeps it for the next time."""

    def __init__(
        self,
        desk: Desk,
        kept: Understood,
        *,
        save: Callable[[Understood], str],
        go: Callable[[str], None],
        form: Callable[[Understood], None],
        left: Callable[[Understood], None],
        here: Here,
    ) -> None:
        super().__init__(id="quick")
        self.desk = desk
        self.one = kept
        self.here = here
        """The record that is selected: what a line that names none is about."""
        self.kind = ""
        """What the user wants it to be; empty while the text decides."""
        self.picks = dict(kept.picks)
        self.focus_on = ""
        self._steered = False
        """Whether the user went to a field: else the cursor is at the first, however the line goes on."""
        self.field = QuickLine(kept.text)
        self.upper, self.prompt, self.middle, self.lower = (Lines(count=1) for _ in range(4))
        self.preview = Lines(id="quick-preview")
        self._save, self._go, self._form, self._left = save, go, form, left
        self._over = False
        self._alert = ""

    def compose(self) -> ComposeResult:
        yield self.upper
        with Horizontal(id="quick-line"):
            yield self.prompt
            yield self.field
        yield self.middle
        yield self.preview
        yield self.lower

    def on_mount(self) -> None:
        """Take the focus, and show what is typed already."""
        self.prompt.put([((" : ", "key"),)])
        self.field.focus()
        self.fit()
        self.field.cursor_position = len(self.field.value)

    def fit(self) -> None:
        """Fill the bar for the size at hand."""
        width, room = self.screen.size.width, self._room()
        low = self.screen.size.height < LOW
        self.styles.height = room + (1 if low else 4)
        self.preview.styles.height = room
        for one, sign in ((self.upper, "═"), (self.middle, "─"), (self.lower, "═")):
            one.display = not low
            one.put([((sign * width, "rule"),)])
        self.again()

    def _room(self) -> int:
        height = self.screen.size.height
        return max(LEAST, min(MOST, height - (AROUND_LOW if height < LOW else AROUND)))

    def again(self) -> None:
        """Understand the line as the workspace is now; while a thread reads it, a little later."""
        if self._over or not self.is_attached:
            return
        if not self.desk.lock.acquire(blocking=False):
            self.set_timer(RETRY_SECONDS, self.again)
            return
        try:
            self.one = understand(self.desk.session, self.field.value, self.kind, self.picks, self.here)
        finally:
            self.desk.lock.release()
        self.show()

    def show(self) -> None:
        """Draw the preview."""
        names = [row.name for row in quicklook.choices(self.one)]
        if not self._steered or self.focus_on not in names:
            self.focus_on = names[0] if names else ""
        width = self.screen.size.width
        self.preview.put(quicklook.picture(self.one, self.focus_on, width, self._room(), self._alert))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Follow the typing."""
        event.stop()
        self._alert = ""
        self.again()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Save, or go where the line says."""
        event.stop()
        self._look(event.value)
        if not self.one.kind:
            self.leave(keep=True)
        elif self.one.goes and not self.kind:
            self.leave(keep=False)
            self._go(self.one.goes)
        else:
            self._alert = self._save(self.one)
            if self._alert:
                self.show()
            else:
                self.leave(keep=False)

    def _look(self, text: str) -> None:
        """Understand a text at once: keys may come faster than the preview follows them."""
        with self.desk.lock:
            self.one = understand(self.desk.session, text, self.kind, self.picks, self.here)
        self.show()

    def take_other(self, by: int) -> None:
        """Take another candidate of the field at the cursor."""
        self._look(self.field.value)
        slot = self.one.slot(self.focus_on)
        if slot is None:
            return
        self._steered = True
        with self.desk.lock:
            self.one = self.one.choose(slot.name, slot.at + by)
        self.picks = dict(self.one.picks)
        self.show()

    def next_field(self) -> None:
        """Put the cursor on the next field with several candidates."""
        self._look(self.field.value)
        names = [row.name for row in quicklook.choices(self.one)]
        if names:
            self._steered = True
            self.focus_on = names[(names.index(self.focus_on) + 1) % len(names)] if self.focus_on in names else names[0]
            self.show()

    def next_kind(self) -> None:
        """Make the next kind of record of the line."""
        self._look(self.field.value)
        if self.one.kind:
            going = bool(self.one.goes) and not self.kind
            at = KINDS.index(self.one.kind)
            self.kind = self.one.kind if going else KINDS[(at + 1) % len(KINDS)]
            self.again()

    def open_form(self) -> None:
        """Go on in the form of the record, with what was understood so far."""
        self._look(self.field.value)
        if self.one.kind and not self.one.goes:
            self.leave(keep=True)
            self._form(self.one)

    def leave(self, *, keep: bool) -> None:
        """Close the bar; the text that is kept is the one in the line, as far as it was typed."""
        if not self._over:
            self._over = True
            if keep and self.one.text != self.field.value:
                self._look(self.field.value)
            self.remove()
            self._left(self.one if keep else Understood("", ""))
