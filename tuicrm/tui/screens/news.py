"""What teammates changed, by person: Enter opens the record."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from tuicrm.crm.since import counted
from tuicrm.tui.safe import fit, short
from tuicrm.tui.screens.dialog import Dialog

if TYPE_CHECKING:
    from textual import events

    from tuicrm.crm.session import Session
    from tuicrm.crm.since import News
    from tuicrm.tui.safe import Line

WIDEST = 76
FRAME = 4
"""Lines and cells that the box and its heading take."""


class NewsList(Dialog[tuple[str, str]]):
    """Answers with the kind and the id of a record."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "take", show=False)]

    def __init__(self, session: Session, news: list[News], heading: str) -> None:
        super().__init__()
        self._session = session
        changes = counted(news)
        self._head = f"{heading}: {changes:,} change{'' if changes == 1 else 's'}"
        self._entries: list[str | News] = []
        for by, held in groupby(news, key=lambda one: one.by):
            several = list(held)
            self._entries += [f"{by or 'by nobody known'} ({counted(several):,})", *several]
        self.at = 1
        self._from = 0

    def lines(self) -> list[Line]:
        room = max(20, min(WIDEST, self.app.size.width - FRAME))
        page = self._page()
        if self.at < self._from + 1:
            self._from = max(0, self.at - 1)
        elif self.at >= self._from + page:
            self._from = self.at - page + 1
        made: list[Line] = [((fit(self._head, room), "head"),)]
        for place in range(self._from, min(len(self._entries), self._from + page)):
            made.append(self._entry(place, room))
        made.append(((short("Enter opens, Esc closes", room), "muted"),))
        return made

    def _page(self) -> int:
        return max(1, self.app.size.height - FRAME)

    def _entry(self, place: int, room: int) -> Line:
        one = self._entries[place]
        if isinstance(one, str):
            return ((fit(one, room), "title"),)
        here = place == self.at
        sign = ">" if here else " "
        return ((fit(f"{sign} {_when(self._session, one.at)}  {one.text}", room), "cursor" if here else "text"),)

    def action_step(self, by: int) -> None:
        """Go down or up, past the names."""
        last = len(self._entries) - 1
        at = min(max(1, self.at + by), last)
        if isinstance(self._entries[at], str):
            at += 1 if by > 0 else -1
        self.at = at
        self.box.put(self.lines())

    def on_resize(self, event: events.Resize) -> None:
        """Fill the box for the size at hand."""
        self.box.put(self.lines())

    def action_take(self) -> None:
        """Answer with the record under the cursor, where it is still there."""
        one = self._entries[self.at]
        if not isinstance(one, str) and one.id:
            self.dismiss((one.kind, one.id))


def _when(session: Session, ms: int) -> str:
    """Return `Thu 8 Oct 11:20`, in as many cells as any other."""
    from datetime import UTC, datetime

    from tuicrm.crm.derive import zone_of

    at = datetime.fromtimestamp(ms / 1000, UTC).astimezone(zone_of(session))
    return f"{at:%a} {at.day:>2} {at:%b %H:%M}"
