"""Which deals a board shows: view, filter, order, pipeline, and the loading of it all in a thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from tuicrm.errors import TuicrmError
from tuicrm.tui.pane import Pane

if TYPE_CHECKING:
    from textual.timer import Timer

    from tuicrm.crm.board import Board
    from tuicrm.tui.screens.ask import Ask

ORDERS = (
    ("next", "next step"),
    ("value", "value"),
    ("age", "age"),
    ("close", "expected close"),
    ("name", "name"),
)
SETTLE_SECONDS = 0.3
"""How long after a key the board is built again: presses in a row build it once."""


@dataclass
class View:
    """What the board is asked for."""

    name: str = ""
    """`mine`, `team` or a saved view; empty until the first look at the data decides."""
    number: int = 0
    query: str = ""
    filter: str = ""
    order: str = "next"
    pipeline: str = ""

    @property
    def where(self) -> str:
        """The whole query."""
        return " ".join(f"({one})" for one in (self.query, self.filter) if one.strip())

    @property
    def order_name(self) -> str:
        """The order in words."""
        return dict(ORDERS).get(self.order, self.order)


def kept(good: str, text: str) -> str:
    """Return the filter that stays while `text` is no query: the last good one, less the word that began this term."""
    before, _, word = good.rpartition(" ")
    goes_on = text.startswith(good) and not text[len(good) :].startswith(" ")
    return before.strip() if goes_on and not set(word) & set(':<>=!"()') else good


class BoardCame(Message):
    """A board was built, in the thread that builds them."""

    def __init__(self, board: Board, asked: int, view: View) -> None:
        super().__init__()
        self.board = board
        self.asked = asked
        self.view = view


class BoardFailed(Message):
    """A board could not be built, for a reason that people understand."""

    def __init__(self, sentence: str, asked: int) -> None:
        super().__init__()
        self.sentence = sentence
        self.asked = asked


class Viewing(Pane):
    """The part of the board that chooses and loads what is shown."""

    view: View
    _asked = 0
    _timer: Timer | None = None
    _ask: Ask | None = None
    _objection = ""
    """What is wrong with the filter that is being typed; no board that comes meanwhile hides it."""

    def board_came(self, board: Board) -> None:
        """Show a board."""
        raise NotImplementedError

    def ask_for_board(self) -> None:
        """Build the board in a thread; only the answer to the last question counts."""
        self._asked += 1
        asked = self._asked
        view = View(**vars(self.view))
        self.run_worker(lambda: self._build(view, asked), thread=True, group="board", exit_on_error=False)

    def ask_soon(self) -> None:
        """Build the board once the keys have settled."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(SETTLE_SECONDS, self.ask_for_board)

    def _build(self, view: View, asked: int) -> None:
        try:
            with self.desk.lock:
                if asked != self._asked:
                    return
                if not view.name:
                    board = self._first(view)
                else:
                    board = self.desk.board(pipeline=view.pipeline, where=view.where, order=view.order)
        except TuicrmError as error:
            self.post_message(BoardFailed(str(error), asked))
            return
        self.post_message(BoardCame(board, asked, view))

    def _first(self, view: View) -> Board:
        """Build the user's own deals, or the team's where the user has none."""
        mine = self.desk.mine()
        if mine:
            view.name, view.number, view.query = "mine", 1, mine
            board = self.desk.board(pipeline=view.pipeline, where=view.where, order=view.order)
            if board.open_count:
                return board
        view.name, view.number, view.query = "team", 2, ""
        return self.desk.board(pipeline=view.pipeline, where=view.where, order=view.order)

    def on_board_came(self, message: BoardCame) -> None:
        """Take over a board that was built, unless it has been asked for differently since."""
        if message.asked == self._asked:
            self.view = message.view
            self.board_came(message.board)
            if self._ask is not None and not self._objection:
                count = message.board.open_count
                self._ask.judge(f"{count} open")

    def on_board_failed(self, message: BoardFailed) -> None:
        """Say why there is no board."""
        if message.asked == self._asked:
            self.main.say(message.sentence, "late")

    def set_filter(self, text: str) -> None:
        """Filter by a query that is known to be right; empty shows all of the view."""
        if text != self.view.filter:
            self.view.filter = text
            self.ask_for_board()
            self.main.bars()

    def action_list_filter(self) -> None:
        """Filter while typing."""
        from tuicrm.tui.screens.ask import Ask

        def typing(text: str) -> None:
            self._objection = self.desk.objection(text) if text.strip() else ""
            if self._ask is not None:
                self._ask.judge(self._objection, "late")
            self.set_filter(kept(self.view.filter, text) if self._objection else text.strip())

        def done(text: str | None) -> None:
            self._ask, self._objection = None, ""
            self.focus()
            objection = self.desk.objection(text) if text and text.strip() else ""
            if objection:
                self.main.say(objection, "late")
            self.set_filter("" if text is None else self.view.filter if objection else text.strip())

        self._ask = Ask("/", self.view.filter, done=done, typing=typing)
        self.main.mount(self._ask)

    def action_list_order(self) -> None:
        """Choose the order of cards."""
        keys = [key for key, _ in ORDERS]

        def take(place: int) -> None:
            self.view.order = keys[place]
            self.ask_for_board()

        self.pick("Order within a stage", [name for _, name in ORDERS], keys.index(self.view.order), take)

    def action_list_view(self) -> None:
        """Choose a view."""
        views = [("mine", self.desk.mine() or "owner:me", ""), ("team", "", ""), *self.desk.views()]

        def take(place: int) -> None:
            name, query, sort = views[place]
            objection = self.desk.objection(query) if query else ""
            if objection:
                self.main.say(objection, "late")
                return
            self.view.name, self.view.number, self.view.query = name, place + 1, query
            self.view.order = sort.lstrip("-") if sort.lstrip("-") in dict(ORDERS) else self.view.order
            self.ask_for_board()

        self.pick("View", [name for name, _, _ in views], max(0, self.view.number - 1), take)

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
        self.ask_for_board()
