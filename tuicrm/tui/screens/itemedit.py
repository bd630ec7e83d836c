"""An editor of what a team has set up: a list, each line of which opens into what can be changed in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from tuicrm.tui.safe import fit, short
from tuicrm.tui.screens.dialog import Dialog

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session
    from tuicrm.tui.desk import Done
    from tuicrm.tui.safe import Line, Span
    from tuicrm.tui.screens.ask import Ask
    from tuicrm.tui.screens.stagerows import Item, Make
    from tuicrm.tui.stepping import StepKeys

WIDEST = 74
AROUND = 6
"""Cells and lines that the box takes for itself."""


class ItemEditor(Dialog[None]):
    """Enter opens or changes, `a` adds, `D` removes, `H` and `L` carry earlier and later, `u` undoes.

    Every change is a step of its own.
    """

    DEFAULT_CSS = "ItemEditor { layers: base over; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,backspace", "back", show=False),
        Binding("q", "cancel", show=False),
        Binding("enter,e", "take", show=False),
        Binding("a", "add", show=False),
        Binding("D", "remove", show=False),
        Binding("H,shift+left", "carry(-1)", show=False),
        Binding("L,shift+right", "carry(1)", show=False),
        Binding("u", "undo", show=False, id="step.undo"),
        Binding("U,ctrl+r", "redo", show=False, id="step.redo"),
    ]
    NOTHING = "none yet: a adds one"
    """What the list says where it is empty."""

    def __init__(self, program: StepKeys) -> None:
        super().__init__()
        self.stepping = program
        self.desk = program.desk
        self.inside = ""
        """What of the list is open; empty for the list itself."""
        self.at = 0
        self.top = 0
        self.note: Span = ("", "muted")
        self._line: Ask | None = None

    @property
    def record(self) -> dict[str, Any]:
        """The record that lines are about, where they are about one."""
        return {}

    def items(self) -> list[Item]:
        """Return the lines that the cursor goes over."""
        raise NotImplementedError

    def heading(self) -> str:
        """Return what the lines are about."""
        raise NotImplementedError

    def keys(self) -> str:
        """Return what the keys do here."""
        return "Enter changes, Esc back" if self.inside else "Enter opens, a adds, D removes, Esc"

    def below(self) -> str:
        """Return a sentence about what is under the cursor; empty for none."""
        return ""

    def lines(self) -> list[Line]:
        width, height = min(WIDEST, self.app.size.width - AROUND), self.app.size.height - AROUND
        with self.desk.lock:
            items = self.items()
            head, more = self.heading(), self.below()
        self.at = max(0, min(self.at, len(items) - 1))
        foot = self._foot(more, width)
        room = max(3, height - 2 - len(foot))
        self.top = max(min(self.top, self.at, len(items) - room), self.at - room + 1, 0)
        made: list[Line] = [((fit(f" {head}", width), "head"),)]
        for place in range(self.top, min(self.top + room, len(items))):
            here = place == self.at
            text = fit(items[place].text, width - 2)
            made.append(((">" if here else " ", "key"), (text, "cursor" if here else "text")))
        if not items:
            made.append(((short(f"  {self.NOTHING}", width), "muted"),))
        made.extend(foot)
        made.append(((short(f" {self.keys()}, u undoes", width), "muted"),))
        return made

    def _foot(self, more: str, width: int) -> list[Line]:
        from tuicrm.tui.wrap import wrapped

        told = [line for span in ((more, "muted"), self.note) if span[0] for line in wrapped((span,), width - 1)]
        return [((" ", "text"), *line) for line in told] or [((" ", "text"),)]

    def draw(self) -> None:
        """Show the lines as they are now."""
        self.box.put(self.lines())

    def action_step(self, by: int) -> None:
        """Go down or up the list."""
        self.at = min(max(0, self.at + by), max(0, len(self.items()) - 1))
        self.draw()

    def action_back(self) -> None:
        """From what is open to the list, from the list out."""
        if not self.inside:
            self.dismiss(None)
            return
        was, self.inside = self.inside, ""
        self.at = next((at for at, one in enumerate(self.items()) if one.key == was), 0)
        self.draw()

    def action_take(self) -> None:
        """Open what is under the cursor, or change it."""
        item = self.here()
        if item is None:
            return
        if item.key:
            self.open(item.key)
        elif item.make is not None:
            self._change(item.prompt, item.value, item.make)

    def here(self) -> Item | None:
        """Return what is under the cursor; None for nothing."""
        items = self.items()
        return items[self.at] if self.at < len(items) else None

    def open(self, key: str) -> None:
        """Show what can be changed in one of the list."""
        self.inside, self.at, self.top = key, 0, 0
        self.draw()

    def _change(self, prompt: str, value: str, make: Make) -> None:
        def write(text: str) -> None:
            self.write(lambda session: make(session, self.record, text))

        self.ask(prompt, value, write)

    def action_add(self) -> None:
        """Add one to the list."""

    def action_remove(self) -> None:
        """Remove what is under the cursor."""

    def action_carry(self, by: int) -> None:
        """Carry what is under the cursor earlier or later."""

    def action_undo(self) -> None:
        """Undo the latest step."""
        self._told(self.stepping.undo_step())

    def action_redo(self) -> None:
        """Redo the last undone step."""
        self._told(self.stepping.redo_step())

    def ask(self, prompt: str, value: str, then: Callable[[str], None]) -> None:
        """Ask for a line of text."""
        from tuicrm.tui.screens.ask import Ask

        def done(text: str | None) -> None:
            self._line = None
            if text is not None:
                then(text)

        if self._line is None:
            self._line = Ask(prompt, value, done=done)
            self.mount(self._line)

    def choose(self, title: str, names: Sequence[str], then: Callable[[int], None]) -> None:
        """Let one of several be chosen."""
        from tuicrm.tui.screens.choose import Choose

        def chosen(place: int | None) -> None:
            if place is not None:
                then(place)

        self.app.push_screen(Choose(title, list(names)), chosen)

    def write(self, make: Callable[[Session], Plan | None]) -> bool:
        """Write a step, and say what came of it."""
        done = self.desk.write(make)
        if done.changed:
            self.stepping.changed()
        self._told(done)
        return done.changed

    def _told(self, done: Done) -> None:
        self.say(done.said, "late" if done.failed else "good")

    def say(self, text: str, look: str = "muted") -> None:
        """Say something below the lines."""
        self.note = (text, look)
        self.draw()
