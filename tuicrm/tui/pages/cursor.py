"""The cursor of a page: over all that can be opened, copied or edited, in one column or in two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.tui.pages.row import FACTS, HISTORY, LINKS, NEXT
from tuicrm.tui.pane import Pane
from tuicrm.tui.sheet import Sheet

if TYPE_CHECKING:
    from tuicrm.tui.pages import Page
    from tuicrm.tui.pages.row import Row

AREAS = (FACTS, LINKS, NEXT, HISTORY)


class Cursor(Pane):
    """Holds on to the key of its row, so that it stays on it when the page is read again."""

    page: Page | None
    facts: Sheet
    history: Sheet
    at = -1
    """The row; -1 stands for the record itself."""

    @property
    def current(self) -> Row | None:
        """The row under the cursor; None for the record itself."""
        page = self.page
        return self._row(self.at) if page is not None and 0 <= self.at < len(page.rows) else None

    def _row(self, at: int) -> Row:
        assert self.page is not None
        with self.desk.lock:
            return self.page.rows[at]

    def take(self, page: Page) -> None:
        """Take over the page as it was read again, with the cursor on its row, or near where that was."""
        before, at = self.page, self.at
        self.page = page
        if before is None or at < 0:
            return
        found = page.rows.find(before.rows.key_of(at))
        if found < 0:
            at = min(at, len(page.rows) - 1)
            found = at if page.rows.key_of(at) else max(page.rows.after(at, -1), -1)
        self.at = found

    def reset(self) -> None:
        """Go back to the record itself, and to the beginning."""
        self.at = -1
        self.page = None
        for one in (self.facts, self.history):
            one.clear()

    def point(self) -> None:
        """Show where the cursor is."""
        for one in (self.facts, self.history):
            one.point(self.at)
            one.show()

    def go(self, at: int) -> None:
        """Put the cursor on a row."""
        if at != self.at:
            self.at = at
            self.moves_over()
            self.point()
            self.main.foot()

    def moves_over(self) -> None:
        """A row of presses has ended, where keys count as one that follow each other."""
        moves = getattr(self, "moves", None)
        if moves is not None:
            moves.over()

    def _sheet(self, at: int) -> Sheet:
        return self.facts if at < self.facts.last else self.history

    def action_cursor_down(self) -> None:
        """To the next row that does something; first to the end of what is taller than the screen."""
        page = self.page
        if page is None:
            return
        sheet = self._sheet(max(self.at, 0))
        after = page.rows.after(self.at, 1)
        tall = self.at >= 0 and not sheet.whole(self.at)
        if tall or (sheet.hidden_below and not sheet.first <= after < sheet.last):
            sheet.scroll(max(1, sheet.page // 2))
            sheet.show()
        elif after >= 0:
            self.go(after)

    def action_cursor_up(self) -> None:
        """To the row before, or to the record itself."""
        page = self.page
        if page is None or self.at < 0:
            return
        sheet = self._sheet(self.at)
        if sheet.cut_above(self.at):
            sheet.scroll(-max(1, sheet.page // 2))
            sheet.show()
            return
        before = page.rows.after(self.at, -1)
        if before < 0:
            self.action_cursor_first()
        else:
            self.go(before)

    def action_cursor_first(self) -> None:
        """To the record itself."""
        for one in (self.facts, self.history):
            one.home()
        self.at = 0
        self.go(-1)

    def action_cursor_last(self) -> None:
        """To the oldest entry."""
        if self.page is not None:
            self.go(self.page.rows.after(len(self.page.rows), -1))

    def action_cursor_page_down(self) -> None:
        """A screenful down, then on to the next column."""
        page = self.page
        if page is None:
            return
        sheet = self._sheet(max(self.at, 0))
        if sheet.hidden_below:
            sheet.scroll(sheet.page)
            self._land(sheet)
        elif sheet.last < len(page.rows):
            self.go(page.rows.after(sheet.last - 1, 1))
        else:
            self.go(page.rows.after(len(page.rows), -1))

    def action_cursor_page_up(self) -> None:
        """A screenful up, then back to the column before."""
        page = self.page
        if page is None or self.at < 0:
            return
        sheet = self._sheet(self.at)
        if sheet.cut_above(sheet.first):
            sheet.scroll(-sheet.page)
            self._land(sheet)
        elif sheet is self.history:
            self.go(page.rows.after(sheet.first, -1))
        else:
            self.action_cursor_first()

    def _land(self, sheet: Sheet) -> None:
        at = sheet.first_seen()
        self.at = sheet.cursor = at
        sheet.show()
        self.main.foot()

    def action_area_next(self) -> None:
        """To the next area: facts, links, what is next, history."""
        self._area(1)

    def action_area_previous(self) -> None:
        """To the area before."""
        self._area(-1)

    def _area(self, by: int) -> None:
        page = self.page
        if page is None:
            return
        starts = page.starts()
        held = [area for area in AREAS if area in starts]
        if not held:
            return
        row = self.current
        if row is None or row.area not in held:
            area = held[0 if by > 0 else -1]
        else:
            area = held[(held.index(row.area) + by) % len(held)]
        self.go(starts[area])

    async def on_sheet_pointed(self, message: Sheet.Pointed) -> None:
        """A click chooses a row, a second one opens it."""
        page = self.page
        if page is not None and message.at < len(page.rows) and page.rows.key_of(message.at):
            self.go(message.at)
            if message.twice:
                await self.run_action("record_open")

    def on_sheet_rolled(self, message: Sheet.Rolled) -> None:
        """The wheel moves the cursor."""
        if message.by > 0:
            self.action_cursor_down()
        else:
            self.action_cursor_up()
