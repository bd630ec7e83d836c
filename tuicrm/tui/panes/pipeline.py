"""The pipeline board: a column of cards per stage, moved about with the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tuicrm.tui.bindings import bindings_for
from tuicrm.tui.cards import stage_row
from tuicrm.tui.columns import Columns
from tuicrm.tui.commands import PIPELINE
from tuicrm.tui.lanes import GROUPS
from tuicrm.tui.panes import empty, selected
from tuicrm.tui.panes.boardkeys import BoardKeys
from tuicrm.tui.patch import moved
from tuicrm.tui.place import Place
from tuicrm.tui.previewing import Previewing
from tuicrm.tui.shape import Shape, shape_for
from tuicrm.tui.viewing import View, Viewing

if TYPE_CHECKING:
    from decimal import Decimal

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tuicrm.crm.board import Board
    from tuicrm.crm.cards import Card
    from tuicrm.tui.pane import Ref
    from tuicrm.tui.safe import Line


class Pipeline(Previewing, Viewing, BoardKeys):
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
    SORTS: ClassVar[dict[str, str]] = {
        "next": "next_due",
        "value": "-value",
        "age": "-age_days",
        "close": "expected_close",
        "name": "name",
    }
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(PIPELINE)

    def __init__(self) -> None:
        super().__init__(id="pipeline")
        self.place = Place()
        self.view = View()
        self.columns = Columns()
        self._formed: tuple[Shape, int] | None = None
        self._pipelines: list[str] = []
        self._stands: tuple[object, str] = (None, "")

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
        held = self.place.board
        if held is not None and held.pipeline_id != board.pipeline_id:
            self.place.restart()
        self._pipelines = self.desk.pipelines()
        if self.place.group != self.view.group:
            self.place.regroup(self.view.group)
        self.place.swap(board)
        self.columns.say(empty.lines(board, self.view))
        self.lay_out()
        self.preview_again()

    def lay_out(self) -> None:
        """Fit the columns to the screen, then fill them."""
        board = self.place.board
        if board is None:
            return
        size = self.columns.size
        shape = shape_for(size.width, size.height, len(board.columns), single=self.program.accessible)
        if (shape, size.height) != self._formed:
            self._formed = (shape, size.height)
            self.columns.form(shape)
        self.place.fit(shape.page(size.height))
        self.fill()

    def fill(self) -> None:
        """Show what differs from what is on the screen."""
        self.columns.show(self.place)
        self.preview_follows()
        self.main.bars()

    def header(self) -> list[Line]:
        """Return the lines about the board as a whole."""
        board = self.place.board
        turn = ""
        if board is not None and len(self._pipelines) > 1 and board.pipeline_id in self._pipelines:
            turn = f" ({self._pipelines.index(board.pipeline_id) + 1} of {len(self._pipelines)})"
        lines: list[Line] = [selected.board_line(board, self.view, self.order_name, turn, self.size.width)]
        if board is not None and 0 < self.columns.shape.columns < len(board.columns):
            names = [(one.name, one.count) for one in board.columns]
            lines.append(stage_row(names, self.place.stage, self.size.width))
        return lines

    def strip_lines(self) -> list[Line]:
        """Return the lines about the deal under the cursor."""
        board, card = self.place.board, self.place.card
        if board is None or card is None:
            return [(), ()]
        column = board.columns[self.place.stage]
        return selected.card_lines(card, column, self.desk.session.today.year, self._needs(card))

    def _needs(self, card: Card) -> str:
        """Return what the next stage of a deal waits for."""
        from tuicrm.crm.needs import ahead, said

        held = self.desk.deals([card.id])
        if not held:
            return ""
        session = self.desk.session
        return ", ".join(said(session, ahead(session, held[0])[1]))

    def standing(self) -> str:
        """Say what is marked or filtered."""
        key = (self.place.marked(), self.view.filter)
        if self._stands[0] != key:
            self._stands = (key, selected.standing(self.place, self.view))
        return self._stands[1]

    def build(self, view: View) -> Board:
        """Return the board's model."""
        return self.desk.board(pipeline=view.pipeline, where=view.where, order=view.order)

    def model_count(self, model: Board) -> int:
        """Return how many deals are shown."""
        return model.open_count

    def counted(self, model: Board) -> str:
        """Return how many deals are open, in words."""
        return f"{model.open_count} open"

    def filtering(self, *, begun: bool, taken: bool = False) -> None:
        """Keep in mind where a filter was begun."""
        place = self.place
        place.filtering = begun
        place.home = "" if taken else (place.card.id if place.card else "") if begun else place.home

    def leave(self) -> bool:
        """Unmark, else clear the filter."""
        if self.place.marks:
            self.place.unmark()
            self.fill()
            return True
        if self.view.filter:
            self.set_filter("")
            return True
        return False

    def targets(self) -> list[Ref]:
        """Return the marked deals, else the one under the cursor."""
        return [("deal", one) for one in self.place.chosen()]

    def deals(self) -> list[str]:
        """Return the targets: nothing but deals are here."""
        return self.place.chosen()

    def wrote(self, refs: list[Ref], stage: str = "") -> None:
        """Move the cards at once, and build the board again when the keys have settled."""
        board = self.place.board
        if board is None or not stage:
            self.ask_again()
            return
        place = self.place
        near = (place.stage, place.rows[place.stage]) if place.rows else (-1, -1)
        place.swap(moved(board, [key for _, key in refs], stage, self._weigh, near))
        self.fill()
        self.ask_soon()

    def _weigh(self, card: Card) -> Decimal | None:
        from tuicrm.crm.derive import deals

        held = self.desk.deals([card.id])
        return deals(self.desk.session).weighted(held[0]) if held else card.weighted

    def previewed(self) -> Ref | None:
        """Return the deal under the cursor."""
        card = self.place.card
        return ("deal", card.id) if card else None

    def neighbour(self, ref: Ref, by: int) -> Ref | None:
        """Return the card so many below another one of its stage, and put the cursor there; None at the ends."""
        if not self.place.find(ref[1]) or not self.place.down(1 if by > 0 else -1):
            return None
        card = self.place.card
        return ("deal", card.id) if card else None

    def position(self, ref: Ref) -> str:
        """Return where a deal is in its stage, as `3 of 20`; empty where the board does not show it."""
        board, card = self.place.board, self.place.card
        if board is None or card is None or card.id != ref[1]:
            return ""
        cards = board.columns[self.place.stage].cards
        return f"{cards.index(card) + 1} of {len(cards)}"

    def action_list_order(self) -> None:
        """Choose the order of cards within a stage, or what they are grouped by."""
        orders = len(self.ORDERS)
        grouped = [*GROUPS, ("", "no groups")]

        def take(place: int) -> None:
            if place < orders:
                self.view.order = self.ORDERS[place][0]
                self.ask_again()
            else:
                self.view.group = grouped[place - orders][0]
                self.place.regroup(self.view.group)
                self.fill()

        at = next((place for place, (key, _) in enumerate(self.ORDERS) if key == self.view.order), 0)
        names = [
            *(f"order by {name}" for _, name in self.ORDERS),
            *(f"group by {name}" for _, name in GROUPS),
            "no groups",
        ]
        self.pick("Within a stage", names, at, take)

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
        shown = self.place.board.pipeline_id if self.place.board else ""
        self.view.pipeline = held[(held.index(shown) + by) % len(held)] if shown in held else held[0]
        self.row_over()
        self.ask_again()
