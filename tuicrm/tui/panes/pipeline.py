"""The pipeline board: a column of cards per stage, moved about with the keys."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, ClassVar

from tuicrm.tui.acting import Acting
from tuicrm.tui.bindings import bindings_for
from tuicrm.tui.cards import stage_row
from tuicrm.tui.columns import Columns
from tuicrm.tui.commands import PIPELINE
from tuicrm.tui.pane import Pane, Ref
from tuicrm.tui.panes import empty, selected
from tuicrm.tui.patch import moved
from tuicrm.tui.place import Place
from tuicrm.tui.shape import Shape, shape_for
from tuicrm.tui.viewing import View, Viewing

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tuicrm.crm.board import Board
    from tuicrm.tui.safe import Line


class Pipeline(Viewing, Acting, Pane):
    """Cards are drawn from the board's model; what is chosen and in sight is the Place's business."""

    PLACE = PIPELINE
    OF = "deal"
    ORDERS = (
        ("next", "next step"),
        ("value", "value"),
        ("age", "age"),
        ("close", "expected close"),
        ("name", "name"),
    )
    ORDER_HEADING = "Order within a stage"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(PIPELINE)

    def __init__(self) -> None:
        super().__init__(id="pipeline")
        self.place = Place()
        self.view = View()
        self.columns = Columns()
        self._formed: tuple[Shape, int] | None = None

    def compose(self) -> ComposeResult:
        yield self.columns

    def on_mount(self) -> None:
        """Ask for the data; the frame is on the screen already."""
        self.columns.say([(), (("  reading the deals …", "muted"),)])
        self.ask_again()

    def on_columns_resized(self) -> None:
        """Fit as many columns as there is room for."""
        self.lay_out()

    def came(self, board: Board) -> None:
        """Show another model of the board; the cursor stays on its record."""
        if self.place.board is None:
            # What was loaded stays for good: the collector need not look through it again at every key.
            gc.freeze()
        self.place.swap(board)
        self.columns.say(empty.lines(board, self.view))
        self.lay_out()

    def lay_out(self) -> None:
        """Fit the columns to the screen, then fill them."""
        board = self.place.board
        if board is None:
            return
        size = self.columns.size
        shape = shape_for(size.width, size.height, len(board.columns))
        if (shape, size.height) != self._formed:
            self._formed = (shape, size.height)
            self.columns.form(shape)
        self.place.fit(shape.page(size.height))
        self.fill()

    def fill(self) -> None:
        """Show what differs from what is on the screen."""
        self.columns.show(self.place)
        self.main.bars()

    def header(self) -> list[Line]:
        """Return the lines about the board as a whole."""
        board = self.place.board
        lines: list[Line] = [selected.board_line(board, self.view, self.order_name)]
        if board is not None and 0 < self.columns.shape.columns < len(board.columns):
            names = [(one.name, one.count) for one in board.columns]
            lines.append(stage_row(names, self.place.stage, self.size.width))
        return lines

    def strip_lines(self) -> list[Line]:
        """Return the lines about the deal under the cursor."""
        board, card = self.place.board, self.place.card
        if board is None or card is None:
            return [(), ()]
        return selected.card_lines(card, board.columns[self.place.stage], self.desk.session.today.year)

    def standing(self) -> str:
        """Say what is marked or filtered."""
        return selected.standing(self.place, self.view)

    def build(self, view: View) -> Board:
        """Return the board's model."""
        return self.desk.board(pipeline=view.pipeline, where=view.where, order=view.order)

    def model_count(self, model: Board) -> int:
        """Return how many deals are open."""
        return model.open_count

    def counted(self, model: Board) -> str:
        """Return how many deals are open, in words."""
        return f"{model.open_count} open"

    def leave(self) -> bool:
        """Unmark, else clear the filter."""
        if self.place.marks:
            self.place.marks.clear()
            self.fill()
            return True
        if self.view.filter:
            self.set_filter("")
            return True
        return False

    def go(self, moved: bool) -> None:
        """Show where the cursor went."""
        if moved:
            self.moves.over()
            self.fill()

    def action_cursor_left(self) -> None:
        """To the stage on the left."""
        self.go(self.place.across(-1))

    def action_cursor_right(self) -> None:
        """To the stage on the right."""
        self.go(self.place.across(1))

    def action_cursor_up(self) -> None:
        """Up a card."""
        self.go(self.place.down(-1))

    def action_cursor_down(self) -> None:
        """Down a card."""
        self.go(self.place.down(1))

    def action_cursor_first(self) -> None:
        """To the first card."""
        self.go(self.place.down(-(10**9)))

    def action_cursor_last(self) -> None:
        """To the last card."""
        self.go(self.place.down(10**9))

    def action_cursor_page_up(self) -> None:
        """A screenful up."""
        self.go(self.place.down(-self.place.page))

    def action_cursor_page_down(self) -> None:
        """A screenful down."""
        self.go(self.place.down(self.place.page))

    def action_record_open(self) -> None:
        """Open the deal under the cursor."""
        card = self.place.card
        if card is None:
            self.main.say("no deal here")
            return
        self.program.open_record("deal", card.id)

    def action_mark_toggle(self) -> None:
        """Mark or unmark the card under the cursor."""
        if self.place.mark():
            self.fill()

    def action_mark_down(self) -> None:
        """Mark the card and the next one."""
        self._mark_along(1)

    def action_mark_up(self) -> None:
        """Mark the card and the one before."""
        self._mark_along(-1)

    def _mark_along(self, by: int) -> None:
        self.place.mark(on=True)
        if self.place.down(by):
            self.place.mark(on=True)
        self.fill()

    def action_mark_all(self) -> None:
        """Mark all that are shown; unmark all where all are marked."""
        self.place.mark_all()
        self.fill()

    def targets(self) -> list[Ref]:
        """Return the marked deals, else the one under the cursor."""
        return [("deal", one) for one in self.place.chosen()]

    def wrote(self, refs: list[Ref], stage: str = "") -> None:
        """Move the cards at once, and build the board again when the keys have settled."""
        if self.place.board is not None and stage:
            self.place.swap(moved(self.place.board, [key for _, key in refs], stage))
            self.fill()
        self.ask_soon()

    def action_period_next(self) -> None:
        """The next pipeline."""
        self._turn(1)

    def action_period_previous(self) -> None:
        """The previous pipeline."""
        self._turn(-1)

    def _turn(self, by: int) -> None:
        held = self.desk.pipelines()
        if len(held) < 2:
            self.main.say("the workspace has one pipeline")
            return
        at = held.index(self.view.pipeline) if self.view.pipeline in held else 0
        self.view.pipeline = held[(at + by) % len(held)]
        self.ask_again()

    def on_columns_pointed(self, message: Columns.Pointed) -> None:
        """A click chooses a card, a second one opens it."""
        board = self.place.board
        if board is not None and message.row < len(board.columns[message.stage].cards):
            self.place.stage = message.stage
            self.place.rows[message.stage] = message.row
            self.go(True)
            if message.twice:
                self.action_record_open()

    def on_columns_rolled(self, message: Columns.Rolled) -> None:
        """The wheel moves the cursor of the stage under the mouse."""
        self.place.stage = message.stage
        self.place.down(message.by)
        self.go(True)
