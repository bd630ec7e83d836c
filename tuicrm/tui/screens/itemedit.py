"""An editor of what a team has set up: a list, each line of which opens into what can be changed in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from tuicrm.tui.safe import fit, short
from tuicrm.tui.screens.itemlist import AROUND, WIDEST, Item, ItemList

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tuicrm.tui.safe import Line
    from tuicrm.tui.stepping import StepKeys


class ItemEditor(ItemList):
    """Beside what every such list does, `H` and `L` carry earlier and later."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("H,shift+left", "carry(-1)", show=False),
        Binding("L,shift+right", "carry(1)", show=False),
    ]
    NOTHING = "none yet: a adds one"
    """What the list says where it is empty."""

    def __init__(self, program: StepKeys) -> None:
        super().__init__(program)
        self.inside = ""
        """What of the list is open; empty for the list itself."""

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

    def action_back(self) -> None:
        """From what is open to the list, from the list out."""
        if not self.inside:
            super().action_back()
            return
        was, self.inside = self.inside, ""
        self.at = next((at for at, one in enumerate(self.items()) if one.key == was), 0)
        self.draw()

    def action_take(self) -> None:
        """Open what is under the cursor, or change it."""
        item = self.here()
        if item is not None and item.key:
            self.inside, self.at, self.top = item.key, 0, 0
            self.draw()
        else:
            super().action_take()

    def here(self) -> Item | None:
        """Return what is under the cursor; None for nothing."""
        items = self.items()
        return items[self.at] if self.at < len(items) else None

    def action_add(self) -> None:
        """Add one to the list."""

    def action_remove(self) -> None:
        """Remove what is under the cursor."""

    def action_carry(self, by: int) -> None:
        """Carry what is under the cursor earlier or later."""

    def choose(self, title: str, names: Sequence[str], then: Callable[[int], None]) -> None:
        """Let one of several be chosen."""
        from tuicrm.tui.screens.choose import Choose

        def chosen(place: int | None) -> None:
            if place is not None:
                then(place)

        self.app.push_screen(Choose(title, list(names)), chosen)
