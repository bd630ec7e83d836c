"""A record as a page of rows: what it is and what it is linked to, what is next, and everything that happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuicrm.tui.pages.row import HISTORY, Row, Rows, blank

if TYPE_CHECKING:
    from tuicrm.crm.session import Session
    from tuicrm.sync.lookback import Known
    from tuicrm.tui.pages.timeline import Timeline
    from tuicrm.tui.pane import Ref
    from tuicrm.tui.safe import Line

Record = dict[str, Any]


@dataclass(frozen=True)
class Page:
    """What the record view shows."""

    ref: Ref
    title: str
    crumb: str
    """Where the record belongs: `Sales > Demo`, `Contacts`."""
    short_id: str
    left: tuple[Row, ...]
    """What it is, and what it is linked to."""
    right: tuple[Row, ...]
    """What is next; the history follows."""
    timeline: Timeline
    summary: Line
    """What is next, in one line."""
    rows: Rows
    """All of it, in the order in which the cursor goes through it."""

    def left_after(self, at: int) -> int:
        """Return how many entries of the history follow a row; 0 among the other rows."""
        item = at - len(self.rows.fixed)
        return self.timeline.left[item] if item >= 0 else 0

    def starts(self) -> dict[str, int]:
        """Return the first row of each area at which the cursor stops; areas without one are left out."""
        found: dict[str, int] = {}
        for at, row in enumerate(self.rows.fixed):
            if row.key:
                found.setdefault(row.area, at)
        first = self.rows.after(len(self.rows.fixed) - 1, 1)
        return {**found, HISTORY: first} if first >= 0 else found

    @property
    def split(self) -> int:
        """Where the right half begins among the rows."""
        return len(self.left) + 1


def read_page(
    session: Session, ref: Ref, *, show: str = "all", words: str = "", known: Known | None = None
) -> Page | None:
    """Return the page of a record, its history narrowed; None where the record is gone.

    `known` is what git and this machine's log tell about it, once they have been asked.
    """
    from tuicrm.crm.chronicle import chronicle
    from tuicrm.crm.lookup import short_id, title
    from tuicrm.tui.pages import linked, shape
    from tuicrm.tui.pages.timeline import Timeline, narrowed

    kind, key = ref
    record = session.ws.get(kind, key)
    if record is None:
        return None
    entries = chronicle(session, kind, record)
    if known is not None:
        from tuicrm.sync.lookback import with_past

        entries = with_past(session, record, entries, known)
    entries = narrowed(session, entries, show, words, kind, key)
    timeline = Timeline(session, kind, key, entries)
    left = tuple(shape.left(session, kind, record))
    right = (*linked.nexts_rows(session, kind, record), *shape.history_heading(show, words, len(entries)))
    return Page(
        ref=ref,
        title=title(session, kind, record),
        crumb=shape.crumb(session, kind, record),
        short_id=short_id(session, kind, key),
        left=left,
        right=right,
        timeline=timeline,
        summary=linked.summary(session, kind, record),
        rows=Rows((*left, blank(), *right), timeline.items, timeline.draw),
    )
