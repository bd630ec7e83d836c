"""A box of lines that are changed one by one: Enter asks for a text, every change is a step that `u` takes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from textual.binding import Binding, BindingType

from tuicrm.tui.safe import fit, short
from tuicrm.tui.screens.dialog import Dialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session
    from tuicrm.tui.desk import Done
    from tuicrm.tui.safe import Line, Span
    from tuicrm.tui.screens.ask import Ask
    from tuicrm.tui.stepping import StepKeys

    Make = Callable[[Session, dict[str, Any], str], Plan]

WIDEST = 74
AROUND = 6
"""Cells and lines that the box takes for itself."""


class Item(NamedTuple):
    """A line of the box."""

    text: str
    key: str = ""
    """What it opens."""
    prompt: str = ""
    """What Enter asks for; empty where it asks for nothing."""
    value: str = ""
    """What stands there now."""
    make: Make | None = None
    """What the text that was typed makes of the record."""
    part: str = ""
    """The part of the record that it is, where such a part can be removed."""


class ItemList(Dialog[None]):
    """Enter opens or changes, `a` adds, `D` removes, `u` undoes, Esc goes back."""

    DEFAULT_CSS = "ItemList { layers: base over; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,backspace", "back", show=False),
        Binding("q", "cancel", show=False),
        Binding("enter,e", "take", show=False),
        Binding("a", "add", show=False),
        Binding("D", "remove", show=False),
        Binding("u", "undo", show=False, id="step.undo"),
        Binding("U,ctrl+r", "redo", show=False, id="step.redo"),
    ]

    def __init__(self, program: StepKeys) -> None:
        super().__init__()
        self.stepping = program
        self.desk = program.desk
        self.at = 0
        self.top = 0
        self.note: Span = ("", "muted")
        self._line: Ask | None = None

    @property
    def record(self) -> dict[str, Any]:
        """The record that is changed, as it is; empty where somebody has removed it."""
        return {}

    def items(self) -> list[Item]:
        """Return the lines that the cursor goes over."""
        return []

    def heading(self) -> str:
        """Return what stands above the lines."""
        return ""

    def keys(self) -> str:
        """Return what the keys do, in a line."""
        return ""

    def lines(self) -> list[Line]:
        width, height = min(WIDEST, self.app.size.width - AROUND), self.app.size.height - AROUND
        with self.desk.lock:
            items = self.items()
            heading = self.heading()
        self.at = max(0, min(self.at, len(items) - 1))
        room = max(3, height - 4)
        self.top = max(min(self.top, self.at, len(items) - room), self.at - room + 1, 0)
        made: list[Line] = [((fit(f" {heading}", width), "head"),)]
        for place in range(self.top, min(self.top + room, len(items))):
            here = place == self.at
            text = fit(items[place].text, width - 2)
            made.append(((">" if here else " ", "key"), (text, "cursor" if here else "text")))
        made.append(((short(f" {self.note[0]}", width), self.note[1]),))
        made.append(((short(f" {self.keys()}, u undoes", width), "muted"),))
        return made

    def draw(self) -> None:
        """Show the lines as they are now."""
        self.box.put(self.lines())

    def action_step(self, by: int) -> None:
        """Go down or up the list."""
        self.at = max(0, min(max(0, self.at + by), len(self.items()) - 1))
        self.draw()

    def action_back(self) -> None:
        """Close the list."""
        self.dismiss(None)

    def action_take(self) -> None:
        """Change what is under the cursor."""
        held = self.items()
        if held and (make := held[self.at].make) is not None:
            self.change(held[self.at].prompt, held[self.at].value, make)

    def action_undo(self) -> None:
        """Undo the latest step."""
        self.told(self.stepping.undo_step())

    def action_redo(self) -> None:
        """Redo the last undone step."""
        self.told(self.stepping.redo_step())

    def change(self, prompt: str, value: str, make: Make) -> None:
        """Ask for a text, and write what it makes of the record."""
        self.ask_until(prompt, value, lambda text: self.write(lambda session: make(session, self.record, text)))

    def ask_until(self, prompt: str, value: str, then: Callable[[str], Done]) -> None:
        """Ask for a text, and again with what was typed where it cannot be used."""

        def done(text: str) -> None:
            if then(text).failed:
                self.ask_until(prompt, text, then)

        self.ask(prompt, value, done)

    def ask(self, prompt: str, value: str, then: Callable[[str], None]) -> None:
        """Ask for a text; Esc gives it up."""
        from tuicrm.tui.screens.ask import Ask

        def done(text: str | None) -> None:
            self._line = None
            if text is not None:
                then(text)

        if self._line is None:
            self._line = Ask(prompt, value, done=done)
            self.mount(self._line)

    def write(self, make: Callable[[Session], Plan | None]) -> Done:
        """Write a change, and say what was done or why not."""
        done = self.desk.write(make)
        if done.changed:
            self.stepping.changed()
        self.told(done)
        return done

    def told(self, done: Done) -> None:
        """Say how something ended."""
        self.say(done.said, "late" if done.failed else "good")

    def say(self, text: str, look: str = "muted") -> None:
        """Say something below the lines."""
        self.note = (text, look)
        self.draw()
