"""Which records a key acts on: the marked ones, else the one under the cursor, and what they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.tui.pane import Pane

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tuicrm.crm.about import About


class Targets(Pane):
    """From what is chosen in a pane to the records that a key is for; every list is without doubles, in order."""

    def records(self, kind: str) -> list[str]:
        """Return the ids of the targets of one kind."""
        return [key for held, key in self.targets() if held == kind]

    def abouts(self) -> list[About]:
        """Return what each target is about."""
        from tuicrm.crm.about import about

        with self.desk.lock:
            session = self.desk.session
            held = [(kind, session.ws.get(kind, key)) for kind, key in self.targets()]
            return [about(session, kind, record) for kind, record in held if record is not None]

    def deals(self) -> list[str]:
        """Return the deals that the targets are, or belong to."""
        return self._of(lambda one: one.deal)

    def followups(self) -> list[str]:
        """Return the follow-ups that the targets are, or else the next one of each."""
        return self._of(lambda one: one.followup)

    def _of(self, which: Callable[[About], str]) -> list[str]:
        return _once(which(one) for one in self.abouts())

    def shift_day(self, ids: list[str], by: int) -> None:
        """Move follow-ups by days: what the keys that move deals by stages do to them."""
        raise NotImplementedError

    def after_line(self, show: Callable[[], None]) -> None:
        """Do what may open a dialog once a line that was typed into is gone: it would answer to that line alone."""
        self.call_next(show)

    def here(self, ids: list[str], what: str) -> list[str]:
        """Return the ids; say so where there are none."""
        if not ids:
            self.main.say(f"no {what} here")
        return ids


def _once(ids: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(one for one in ids if one))
