"""The form on the screen: one drawn block of lines, and one line to type into that moves from field to field."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Container

from tuicrm.text import letters as shown_letters
from tuicrm.tui.forms import picture
from tuicrm.tui.forms.offers import Offers
from tuicrm.tui.forms.saving import Saving
from tuicrm.tui.forms.typing import FieldArea, FieldLine
from tuicrm.tui.lines import Lines
from tuicrm.tui.tight import TightCompositor

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events
    from textual.app import ComposeResult
    from textual.widgets import Input, TextArea

    from tuicrm.tui.desk import Desk
    from tuicrm.tui.forms.sheet import Sheet, Typed
    from tuicrm.tui.forms.slot import Slot

WIDEST = 108
FOLLOW_SECONDS = 0.5
HINTS = (
    ("Enter", "save"),
    ("Tab", "next"),
    ("Esc", "draft"),
    ("ctrl+f", "choices"),
    ("ctrl+g", "editor"),
    ("ctrl+r", "start again"),
)
AREA_HINTS = (("ctrl+o", "save"), ("Tab", "next"), ("ctrl+g", "editor"), ("Esc", "draft"))
OFFER_HINTS = (("Enter", "take it"), ("↑ ↓", "another"), ("Esc", "close the list"), ("Tab", "next field"))


class Body(Lines, can_focus=True):
    """The lines of the form; it has the focus on the line that unfolds the rest."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "screen.take", show=False),
        Binding("up,k", "screen.step(-1)", show=False),
        Binding("down,j", "screen.step(1)", show=False),
    ]


class FormScreen(Offers, Saving):
    """Fields of a record being filled in; answers with how it was saved, or None."""

    DEFAULT_CSS = f"""
    FormScreen {{ align: center middle; overflow: hidden; }}
    FormScreen #form {{ width: 100%; max-width: {WIDEST}; border: round $primary; background: $background;
        padding: 0 1; layers: base over; overflow: hidden; }}
    FormScreen #form.-full {{ max-width: 100%; border: none; padding: 0; }}
    FormScreen Body {{ width: 100%; height: 100%; }}
    FormScreen FieldLine, FormScreen FieldArea {{ layer: over; display: none; }}
    FormScreen FieldArea {{ border: none; padding: 0; background: $background; color: $foreground;
        scrollbar-size-vertical: 1; }}
    FormScreen FieldArea:focus {{ border: none; background-tint: $background 0%; }}
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "step(1, True)", show=False),
        Binding("shift+tab", "step(-1, True)", show=False),
        Binding("enter", "take", show=False),
        Binding("up", "step(-1)", show=False),
        Binding("down", "step(1)", show=False),
        Binding("escape", "leave", show=False),
        Binding("ctrl+o", "save", show=False),
        Binding("ctrl+g", "editor", show=False),
        Binding("ctrl+f", "search", show=False),
        Binding("ctrl+n", "unfold", show=False),
        Binding("ctrl+r", "reset", show=False),
        Binding("ctrl+t", "existing", show=False),
        Binding("ctrl+c", "leave", show=False),
        Binding("pagedown", "step(5)", show=False),
        Binding("pageup", "step(-5)", show=False),
    ]
    AUTO_FOCUS = ""

    def __init__(
        self,
        desk: Desk,
        sheet: Sheet,
        heading: str,
        *,
        draft_key: tuple[object, ...],
        collect: Callable[[Typed], None] | None = None,
    ) -> None:
        super().__init__()
        self._compositor = TightCompositor()
        self.desk = desk
        self.sheet = sheet
        self.picture = picture.Look(sheet, heading, hints=HINTS)
        self.draft_key = draft_key
        self.collect = collect
        self.frame = Container(id="form")
        self.body = Body()
        self.line = FieldLine()
        self.area: FieldArea | None = None
        self._loaded: Slot | None = None
        """The field whose text stands in the line."""
        self._revision = -1
        draft = desk.drafts.get(draft_key)
        if draft:
            sheet.restore(draft)
            self.say("what you had typed is back; ctrl+r starts again", "today")

    def compose(self) -> ComposeResult:
        with self.frame:
            yield self.body
            yield self.line

    def on_mount(self) -> None:
        """Begin in the first field."""
        self._revision = self.desk.session.ws.revision
        self.fit()
        self.go(0)
        self.set_interval(FOLLOW_SECONDS, self.follow)
        self.run_worker(self.warm, thread=True, exit_on_error=False)

    def on_resize(self, event: events.Resize) -> None:
        """Fit the form to the size at hand."""
        self.fit()
        self.draw()

    def fit(self) -> None:
        """Take as much room as the fields need; all of a small screen."""
        width, height = self.app.size
        full = width < 64 or height < 18 or bool(getattr(self.app, "accessible", False))
        self.frame.set_class(full, "-full")
        wanted = max(18, self.picture.wanted + picture.MENU_LINES)
        self.frame.styles.height = height if full else min(height - 2, wanted)
        self._inner = (width, height) if full else (min(width, WIDEST) - 4, min(height - 2, wanted) - 2)

    @property
    def slot(self) -> Slot | None:
        """The field one types into."""
        return self.picture.slot

    def draw(self) -> None:
        """Draw what is different, and put the line to type into its place."""
        if not self.is_mounted:
            return
        look = self.picture
        width, height = self._inner
        look.hints = (
            self.area_hints if self.slot is not None and self.slot.long else OFFER_HINTS if look.offers else HINTS
        )
        look.top = picture.scrolled(look, height)
        lines, place = picture.draw(look, width, height)
        self.body.put(lines)
        field = self._field()
        for one in (self.line, self.area):
            if one is not None:
                one.display = one is field and place is not None
        if place is not None and field is not None:
            field.styles.offset = (place.x, place.y)
            field.styles.width, field.styles.height = place.width, place.height

    @property
    def area_hints(self) -> tuple[tuple[str, str], ...]:
        """What keys do in a long text; answers are named once the team has some."""
        return (*AREA_HINTS, *((("ctrl+f", "answers"),) if self.desk.session.ws.all("answer") else ()))

    def _field(self) -> FieldLine | FieldArea | None:
        slot = self.slot
        return None if slot is None else self.area if slot.long else self.line

    def go(self, at: int) -> None:
        """Type into another field."""
        held = self.slot
        self.sync()
        with self.desk.lock:
            if held is not None:
                self.sheet.settle(held)
            self.picture.at = min(max(0, at), self.last)
            self.close_offers()
            if self.slot is not None and self.slot.verdict.bad and self.slot.refers:
                self.offer(self.slot)
        if self.slot is not None and self.slot.long and self.area is None:
            self.area = FieldArea()
            self.frame.mount(self.area)
        self.load()
        self.draw()
        (self._field() or self.body).focus(scroll_visible=False)

    @property
    def last(self) -> int:
        """The last place that one can go to: the line that unfolds the rest, if there is a rest."""
        return len(self.sheet.slots) - (not self.sheet.folded)

    def load(self) -> None:
        """Put the text of the present field where it can be edited."""
        from textual.widgets import Input, TextArea

        slot = self._loaded = self.slot
        if slot is None:
            return
        if slot.long and self.area is not None:
            with self.area.prevent(TextArea.Changed):
                self.area.load_text(slot.text)
            self.area.move_cursor(self.area.document.end)
        elif not slot.long and self.line.value != slot.text:
            with self.line.prevent(Input.Changed):
                self.line.value = slot.text
        if not slot.long:
            self.line.placeholder = shown_letters(picture.hint(slot))
            self.line.cursor_position = len(slot.text)

    async def on_key(self, event: events.Key) -> None:
        """Take keys that came before the line had the focus, in their order."""
        slot = self.slot
        if slot is not None and not slot.long and event.is_printable and event.character:
            event.stop()
            self.line.insert_text_at_cursor(event.character)
            self.sync()
        elif await self.app._check_bindings(event.key):
            event.stop()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Read what is typed; a message about a field that has been left since says nothing."""
        event.stop()
        if event.value == self.line.value:
            self.sync()

    def sync(self) -> None:
        """Take over what stands in the line."""
        slot = self.slot
        if slot is not None and slot is self._loaded and not slot.long:
            self.typed(self.line.value)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Read what is typed into the area; a text that was only shown stays as it is, down to its line ends."""
        event.stop()
        slot = self.slot
        if slot is not None and slot.long and event.text_area.text != "\n".join(slot.text.splitlines()):
            self.typed(event.text_area.text)

    def typed(self, text: str) -> None:
        """Take over a text, say what is understood, and offer what it may mean."""
        slot = self.slot
        if slot is None or slot.text == text:
            return
        with self.desk.lock:
            slot.type(text)
            self.say("")
            self.judge(slot)
            self.offer(slot)
        self.draw()

    def judge(self, slot: Slot) -> None:
        """Say what is understood of a field and of those that go with it, and whom it looks like."""
        self.sheet.judge(slot)
        for other in self.sheet.together(slot):
            self.sheet.judge(other)
        self.look_alike(slot)

    def action_step(self, by: int, around: bool = False) -> None:
        """Go to another offer, else to another field."""
        if self.picture.offers and not around:
            self.step_offer(by)
            self.draw()
            return
        at = self.picture.at + by
        self.go(at % (self.last + 1) if around else at)

    def action_take(self) -> None:
        """Enter: take an open offer, unfold the rest, or save."""
        self.sync()
        if self.take_offer():
            return
        if self.slot is None:
            self.action_unfold()
        else:
            self.action_save()

    def action_unfold(self) -> None:
        """Show the fields that are folded away."""
        if self.sheet.folded:
            first = len(self.sheet.slots)
            self.sheet.unfold()
            self.fit()
            self.go(first)

    def action_reset(self) -> None:
        """Throw away what was typed."""
        with self.desk.lock:
            self.sheet.reset()
            self._loaded = None
        self.desk.drafts.pop(self.draft_key, None)
        self.say("")
        self.go(0)

    def take_back(self) -> bool:
        """Turn the last chosen record into text again; False where there is none."""
        slot = self.slot
        if slot is None or not slot.take_back():
            return False
        with self.desk.lock:
            self.judge(slot)
            self.offer(slot)
        self.load()
        self.draw()
        return True

    def follow(self) -> None:
        """Show what others wrote meanwhile; what is typed stays."""
        revision = self.desk.session.ws.revision
        if revision == self._revision or not self.desk.lock.acquire(blocking=False):
            return
        try:
            self._revision = revision
            shown = self.sheet.follow()
        finally:
            self.desk.lock.release()
        if shown:
            if self.sheet.removed:
                self.say("this record has been deleted meanwhile")
            slot = self.slot
            if slot is not None and not slot.dirty:
                self.load()
            self.draw()

    def on_click(self, event: events.Click) -> None:
        """Go to the field that was clicked, or take the offer."""
        offset = event.get_content_offset(self.body)
        if event.widget is self.body and offset is not None:
            at = picture.clicked(self.picture, offset.y, self._inner[1])
            if at is not None and not self.picture.offers:
                self.go(at)
                if self.slot is None:
                    self.action_unfold()
