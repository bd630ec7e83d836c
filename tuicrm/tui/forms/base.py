"""What the parts of the form's screen know of each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tuicrm.tui.screens.once import Once

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.tui.desk import Desk, Done
    from tuicrm.tui.forms.picture import Look
    from tuicrm.tui.forms.sheet import Sheet, Typed
    from tuicrm.tui.forms.slot import Slot
    from tuicrm.tui.forms.typing import FieldArea


@dataclass(frozen=True)
class Outcome:
    """How a form was left."""

    done: Done | None = None
    """What was written."""
    typed: Typed | None = None
    """What was typed, where somebody else writes it."""
    instead: tuple[str, str] = ("", "")
    """The record to open instead."""


class FormBase(Once[Outcome]):
    """A form on the screen."""

    desk: Desk
    sheet: Sheet
    picture: Look
    draft_key: tuple[object, ...]
    collect: Callable[[Typed], None] | None
    area: FieldArea | None

    def close_offers(self) -> None:
        """Take the list under the field away."""
        self.picture.offers, self.picture.offer = [], -1

    def say(self, text: str, look: str = "late") -> None:
        """Show a sentence below the fields, once they are drawn."""
        self.picture.alert, self.picture.alert_look = text, look

    def judge(self, slot: Slot) -> None:
        """Say what is understood of a field."""
        raise NotImplementedError

    def typed(self, text: str) -> None:
        """Take over a text in the present field."""
        raise NotImplementedError

    def sync(self) -> None:
        """Take over what stands in the line, which may be newer than what was heard of it."""
        raise NotImplementedError

    def fit(self) -> None:
        """Fit the form to its fields and to the screen."""
        raise NotImplementedError

    def go(self, at: int) -> None:
        """Type into another field."""
        raise NotImplementedError

    def load(self) -> None:
        """Put the text of the present field where it can be edited."""
        raise NotImplementedError

    def draw(self) -> None:
        """Draw what is different."""
        raise NotImplementedError

    def leave_for(self, kind: str, record_id: str) -> None:
        """Close the form and open a record."""
        raise NotImplementedError
