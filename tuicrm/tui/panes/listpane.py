"""A pane that is a list of records: cursor, marks, folds, filter, views; subclasses say what is listed and how."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from tuicrm.tui.acting import Acting
from tuicrm.tui.listing import Listing
from tuicrm.tui.previewing import Previewing
from tuicrm.tui.rows import Rows
from tuicrm.tui.viewing import View, Viewing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from tuicrm.tui.listing import ListModel
    from tuicrm.tui.pane import Ref
    from tuicrm.tui.safe import Line, Span


class ListPane(Previewing, Viewing, Acting):
    """Rows are made when they come into sight; a cursor key repaints two of them and the strip."""

    def __init__(self) -> None:
        super().__init__()
        self.view = View()
        self.listing = Listing()
        self.rows = Rows(self.listing, self.row)
        self._about: tuple[Ref | None, list[Line]] = (None, [])
        self._loaded = False

    def row(self, ref: Ref) -> Sequence[Span]:
        """Return what a record's columns hold, as text and look; called with the desk's lock held."""
        raise NotImplementedError

    def about_lines(self, ref: Ref) -> list[Line]:
        """Return the two lines about the record under the cursor; called with the desk's lock held."""
        return [(), ()]

    def heading_line(self) -> Line:
        """Return the line about the list as a whole."""
        view = self.view
        parts = [
            f"view {view.number}: {view.name}",
            *([f"filter: {view.filter}"] if view.filter else []),
            f"{self.listing.model.count:,} shown",
            *([f"order: {self.order_name}"] if self.order_name else []),
        ]
        return ((" " + " | ".join(parts), "muted"),)

    def empty(self) -> list[Line]:
        """Return what to do next where there is nothing in any view."""
        return [(("  Nothing here yet.", "title"),)]

    def compose(self) -> ComposeResult:
        yield self.rows

    def on_mount(self) -> None:
        """Ask for the data."""
        self.rows.say([(), (("  reading …", "muted"),)])
        self.ask_again()

    def model_count(self, model: ListModel) -> int:
        """Return how many records are listed."""
        return model.count

    def came(self, model: ListModel) -> None:
        """Show another model; the cursor stays on its record."""
        self._loaded = True
        self.rows.forget()
        self._about = (None, [])
        self.rows.say(() if model.count else self._nothing())
        self.listing.swap(model)
        self.lay_out()
        self.preview_again()

    def _nothing(self) -> list[Line]:
        view = self.view
        if view.filter:
            lines: list[Line] = [
                ((f"  Nothing fits the filter: {view.filter}", "title"),),
                (("  Esc clears it.", "muted"),),
            ]
        elif view.query:
            words = f"  Nothing in the view {view.name}."
            lines = [((words, "title"),), (("  v chooses another view; 2 is the team's.", "muted"),)]
        else:
            lines = self.empty()
        return [(), *lines]

    def on_rows_resized(self) -> None:
        """Fit as many rows as there is room for."""
        self.lay_out()

    def lay_out(self) -> None:
        """Fit the list to the screen, then fill it."""
        self.listing.fit(self.rows.fitted())
        self.fill()

    def fill(self) -> None:
        """Show what differs from what is on the screen; before the first data that needs no records, and no waiting."""
        with self.desk.lock if self._loaded else nullcontext():
            self.rows.show()
        self.preview_follows()
        self.main.bars()

    def header(self) -> list[Line]:
        """Return the line about the list."""
        return [self.heading_line() if self._loaded else ((" ", "text"),)]

    def strip_lines(self) -> list[Line]:
        """Return the lines about the record under the cursor."""
        ref = self.listing.cursor
        if ref is None:
            return [(), ()]
        if self._about[0] != ref:
            with self.desk.lock:
                self._about = (ref, self.about_lines(ref))
        return self._about[1]

    def standing(self) -> str:
        """Say what is marked or filtered."""
        if self.listing.marks:
            return f"{len(self.listing.marks)} marked. Esc clears"
        return "filtered. Esc clears" if self.view.filter else ""

    def leave(self) -> bool:
        """Unmark, else clear the filter."""
        if self.listing.marks:
            self.listing.marks.clear()
            self.fill()
            return True
        if self.view.filter:
            self.set_filter("")
            return True
        return False

    def targets(self) -> list[Ref]:
        """Return the marked records, else the one under the cursor."""
        return self.listing.chosen()

    def wrote(self, refs: list[Ref], stage: str = "") -> None:
        """Build the list again."""
        self.ask_again()

    def previewed(self) -> Ref | None:
        """Return the record under the cursor."""
        return self.listing.cursor

    def neighbour(self, ref: Ref, by: int) -> Ref | None:
        """Return the record so many rows from another one, and put the cursor there; None at the ends."""
        if not self.listing.find(ref):
            return None
        while self.listing.down(1 if by > 0 else -1):
            if self.listing.cursor is not None:
                return self.listing.cursor
        return None

    def position(self, ref: Ref) -> str:
        """Return where a record is in the list, as `3 of 20`; empty where the list does not show it."""
        place, count = self.listing.position(ref)
        return f"{place} of {count}" if place else ""

    def filtering(self, *, begun: bool, taken: bool = False) -> None:
        """Keep in mind where a filter was begun."""
        listing = self.listing
        listing.filtering = begun
        listing.home = None if taken else listing.cursor if begun else listing.home

    def go(self, moved: bool) -> None:
        """Show where the cursor went."""
        if moved:
            self.moves.over()
            self.fill()

    def action_cursor_down(self) -> None:
        """Down a row."""
        self.go(self.listing.down(1))

    def action_cursor_up(self) -> None:
        """Up a row."""
        self.go(self.listing.down(-1))

    def action_cursor_first(self) -> None:
        """To the first row."""
        self.go(self.listing.down(-(10**9)))

    def action_cursor_last(self) -> None:
        """To the last row."""
        self.go(self.listing.down(10**9))

    def action_cursor_page_down(self) -> None:
        """A screenful down."""
        self.go(self.listing.down(self.listing.page))

    def action_cursor_page_up(self) -> None:
        """A screenful up."""
        self.go(self.listing.down(-self.listing.page))

    def action_period_next(self) -> None:
        """To the next group."""
        self.go(self.listing.to_group(1))

    def action_period_previous(self) -> None:
        """To the group before."""
        self.go(self.listing.to_group(-1))

    def action_list_fold(self) -> None:
        """Fold the group at the cursor, or unfold it."""
        if self.listing.fold():
            self.fill()
        else:
            self.main.say("nothing to fold here")

    def action_mark_toggle(self) -> None:
        """Mark or unmark the record under the cursor."""
        if self.listing.mark():
            self.fill()

    def action_mark_down(self) -> None:
        """Mark the record and the next one."""
        self._mark_along(1)

    def action_mark_up(self) -> None:
        """Mark the record and the one before."""
        self._mark_along(-1)

    def _mark_along(self, by: int) -> None:
        self.listing.mark(on=True)
        if self.listing.down(by):
            self.listing.mark(on=True)
        self.fill()

    def action_mark_all(self) -> None:
        """Mark all that are shown; unmark all where all are marked."""
        self.listing.mark_all()
        self.fill()

    def action_record_open(self) -> None:
        """Open what is under the cursor, or the folded group."""
        ref = self.listing.cursor
        if ref is not None:
            self.open(ref)
        elif self.listing.entries:
            self.action_list_fold()
        else:
            self.main.say("nothing to open here")

    def open(self, ref: Ref) -> None:
        """Open a record."""
        self.program.open_record(*ref)

    def on_rows_pointed(self, message: Rows.Pointed) -> None:
        """A click chooses a row, a second one opens it."""
        self.go(self.listing.down(message.at - self.listing.at))
        if message.twice:
            self.action_record_open()

    def on_rows_rolled(self, message: Rows.Rolled) -> None:
        """The wheel moves the cursor."""
        self.go(self.listing.down(message.by))
