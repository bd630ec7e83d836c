"""Choosing by typing: what is typed narrows a list, Enter takes the first or the one at the cursor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.screen import ModalScreen

from tuicrm.folding import fold
from tuicrm.tui.lines import Lines
from tuicrm.tui.safe import fit, short
from tuicrm.tui.tight import TightCompositor
from tuicrm.tui.typed import Typed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual import events
    from textual.app import ComposeResult
    from textual.widgets import Input

    from tuicrm.tui.safe import Line

WIDTH = 64
SHOWN = 10


@dataclass(frozen=True)
class Entry:
    """One thing to choose."""

    key: str
    label: str
    detail: str = ""


@dataclass(frozen=True)
class Found:
    """What was chosen: an entry's key, or no key and the text as it was typed."""

    key: str
    text: str


class FindLine(Typed):
    """The line that narrows the list."""

    # The toolkit's own would send a message first.
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "screen.take", show=False)]


class Find(ModalScreen[Found]):
    """Answers with what was found, or None.

    `entries` are all there are, or what gives those for a text. With `create` (`add a company`) a text that is none of
    them can be taken as well. With `words`, a line of several words is typed: entries complete the last one, and Enter
    answers with the line.
    """

    DEFAULT_CSS = f"""
    Find {{ align: center middle; overflow: hidden; }}
    Find #find {{ width: {WIDTH + 4}; max-width: 100%; height: {SHOWN + 5}; max-height: 100%; border: round $primary;
        background: $background; padding: 0 1; layers: base over; overflow: hidden; }}
    Find Lines {{ width: 100%; height: 100%; }}
    Find FindLine {{ layer: over; offset: 2 1; width: 100%; }}
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", show=False),
        Binding("up,ctrl+p", "step(-1)", show=False),
        Binding("down,ctrl+n", "step(1)", show=False),
        Binding("pageup", "step(-5)", show=False),
        Binding("pagedown", "step(5)", show=False),
        Binding("tab", "complete", show=False),
        Binding("escape,ctrl+c", "cancel", show=False),
    ]
    AUTO_FOCUS = "FindLine"

    def __init__(
        self,
        heading: str,
        entries: Sequence[Entry] | Callable[[str], Sequence[Entry]],
        *,
        value: str = "",
        create: str = "",
        words: bool = False,
        judge: Callable[[str], str] | None = None,
    ) -> None:
        super().__init__()
        self._compositor = TightCompositor()
        self.heading = heading
        self.entries = entries
        self.create = create
        self.words = words
        self.judge = judge
        self.box = Lines(count=SHOWN + 3)
        self.line = FindLine(value)
        self.at = -1 if words else 0
        self.held: list[Entry] = []
        self._narrowed = ""
        """The text that the list fits."""

    def compose(self) -> ComposeResult:
        with Container(id="find"):
            yield self.box
            yield self.line

    def on_mount(self) -> None:
        """List what there is."""
        self.narrow()

    def on_resize(self, event: events.Resize) -> None:
        """Draw for the size at hand."""
        self.show()

    async def on_key(self, event: events.Key) -> None:
        """Take keys that came before the line had the focus, in their order."""
        if event.is_printable and event.character:
            event.stop()
            self.line.insert_text_at_cursor(event.character)
            self.narrow()
        elif await self.app._check_bindings(event.key):
            event.stop()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        event.stop()
        if event.value == self.line.value and event.value != self._narrowed:
            self.narrow()

    def narrow(self) -> None:
        """List what fits the text."""
        text = self._narrowed = self.line.value
        wanted = _last(text) if self.words else text
        found = self.entries(wanted) if callable(self.entries) else fitting(self.entries, wanted)
        self.held = list(found[: SHOWN if not self.create else SHOWN - 1])
        if self.create and text.strip():
            self.held.append(Entry("", f"{self.create} '{text.strip()}'"))
        self.at = -1 if self.words else 0
        self.show()

    def show(self) -> None:
        """Draw the list."""
        width = max(10, min(WIDTH, self.app.size.width - 4))
        made: list[Line] = [((short(self.heading, width), "head"),), (("> ", "key"),)]
        for place, one in enumerate(self.held):
            here = place == self.at
            text = f"{one.label}  {one.detail}" if one.detail else one.label
            made.append(((">" if here else " ", "key"), (fit(f" {text}", width - 1), "cursor" if here else "text")))
        if not self.held and not self.words:
            said = (
                "nothing yet: type it, and Enter adds it"
                if self.create and not self.line.value.strip()
                else "nothing fits"
            )
            made.append(((short(f" {said}", width), "muted"),))
        made += [()] * (SHOWN + 2 - len(made))
        said = self.judge(self.line.value) if self.judge is not None else ""
        hint = "Enter takes the line, Tab completes" if self.words else "Enter takes, ↑ ↓ another, Esc cancels"
        self.box.put([*made, ((short(said or hint, width), "muted"),)])

    def action_step(self, by: int) -> None:
        """Go up or down the list."""
        self.at = min(max(-1 if self.words else 0, self.at + by), len(self.held) - 1)
        self.show()

    def action_complete(self) -> None:
        """Put the entry at the cursor, else the first, into the line."""
        if self.held:
            self._put(self.held[max(0, self.at)])

    def _put(self, entry: Entry) -> None:
        text = entry.label
        if self.words:
            text = _completed(self.line.value, text)
        self.line.value = text
        self.line.cursor_position = len(text)

    def action_take(self) -> None:
        """Answer with the entry at the cursor, or with the line."""
        if self.line.value != self._narrowed:
            self.narrow()
        if self.words and self.at >= 0:
            self._put(self.held[self.at])
            return
        if self.words:
            self.dismiss(Found("", self.line.value))
        elif 0 <= self.at < len(self.held):
            one = self.held[self.at]
            self.dismiss(Found(one.key, one.label if one.key else self.line.value.strip()))

    def action_cancel(self) -> None:
        """Close without an answer."""
        self.dismiss(None)

    def on_click(self, event: events.Click) -> None:
        """Take the entry that was clicked."""
        offset = event.get_content_offset(self.box)
        place = offset.y - 2 if offset is not None and event.widget is self.box else -1
        if 0 <= place < len(self.held):
            self.at = place
            self.action_take()


def fitting(entries: Sequence[Entry], text: str) -> list[Entry]:
    """Return the entries that hold every word of a text, those that begin with it first."""
    wanted = fold(text).split()
    if not wanted:
        return list(entries)
    found: list[tuple[int, int, Entry]] = []
    for place, one in enumerate(entries):
        label, detail = fold(one.label), fold(one.detail)
        if not all(word in label or word in detail for word in wanted):
            continue
        starts = any(part.startswith(wanted[0]) for part in (label, *detail.split(", ")))
        begins = starts or any(part.startswith(wanted[0]) for part in label.split())
        found.append((0 if starts else 1 if begins else 2, place, one))
    return [one for *_, one in sorted(found, key=lambda item: item[:2])]


def _last(text: str) -> str:
    """Return the word being typed, without its sign; a phrase where commas part them."""
    part = text.rpartition(",")[2] if "," in text else text.rpartition(" ")[2]
    return part.strip().lstrip("+-").strip()


def _completed(text: str, word: str) -> str:
    """Return a line whose last word is taken for `word`, ready for the next one."""
    comma = "," in text or " " in word
    if "," in text:
        before, _, part = text.rpartition(",")
    else:
        before, _, part = text.rpartition(" ")
    sign = "-" if part.strip().startswith("-") else "+" if part.strip().startswith("+") else ""
    held = [one.strip() for one in (before.split(",") if "," in text else before.split())]
    return (", " if comma else " ").join([*(one for one in held if one), sign + word]) + (", " if comma else " ")
