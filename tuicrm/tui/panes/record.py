"""One deal: its fields, its people, what is next and everything that happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Container
from textual.message import Message

from tuicrm.errors import NotFound, TuicrmError
from tuicrm.tui.acting import Acting
from tuicrm.tui.bindings import bindings_for
from tuicrm.tui.commands import RECORD
from tuicrm.tui.lines import Wrapped
from tuicrm.tui.page import Page, deal_page

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tuicrm.tui.pane import Ref
    from tuicrm.tui.panes.pipeline import Pipeline
    from tuicrm.tui.safe import Line


ONE_COLUMN_BELOW = 60
"""Below this width the history goes under the fields instead of beside them."""


class PageCame(Message):
    """A page was read, in a thread."""

    def __init__(self, page: Page | None, deal_id: str, sentence: str = "") -> None:
        super().__init__()
        self.page = page
        self.deal_id = deal_id
        self.sentence = sentence


class RecordPane(Acting):
    """Opened from the board, on one of its deals."""

    PLACE = RECORD
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(RECORD)

    def __init__(self, kind: str, deal_id: str) -> None:
        super().__init__()
        self.kind = kind
        self.deal_id = deal_id
        self.page: Page | None = None
        self.facts = Wrapped()
        self.timeline = Wrapped()

    def compose(self) -> ComposeResult:
        with Container(classes="page"):
            yield self.facts
            yield self.timeline

    def on_mount(self) -> None:
        """Read the page."""
        self.facts.add_class("facts")
        self.timeline.add_class("timeline")
        self.changed()

    def changed(self) -> None:
        """Read the page again, in a thread."""
        if not self.display:
            self.stale = True
            return
        deal_id = self.deal_id
        self.run_worker(lambda: self._read(deal_id), thread=True, group="page", exit_on_error=False)

    def _read(self, deal_id: str) -> None:
        try:
            with self.desk.lock:
                deal = self.desk.session.ws.get("deal", deal_id)
                if deal is None:
                    raise NotFound("this deal has been deleted")
                page = deal_page(self.desk.session, deal)
        except TuicrmError as error:
            self.post_message(PageCame(None, deal_id, str(error)))
            return
        self.post_message(PageCame(page, deal_id))

    def on_page_came(self, message: PageCame) -> None:
        """Show the page, unless another one has been asked for since."""
        if message.deal_id != self.deal_id:
            return
        if message.page is None:
            self.main.say(message.sentence, "late")
            return
        self.page = message.page
        self._lay_out(message.page, self.size.width)
        self.main.bars()

    def on_resize(self, event: events.Resize) -> None:
        """Put history and fields beside or below each other."""
        if self.page is not None:
            self._lay_out(self.page, event.size.width)

    def _lay_out(self, page: Page, width: int) -> None:
        narrow = width < ONE_COLUMN_BELOW
        self.set_class(narrow, "-narrow")
        self.facts.put((*page.facts, (), *page.timeline) if narrow else page.facts)
        self.timeline.put(() if narrow else page.timeline)

    @property
    def board(self) -> Pipeline | None:
        """The board that this was opened from."""
        from tuicrm.tui.panes.pipeline import Pipeline

        return next((one for one in self.main.stack if isinstance(one, Pipeline)), None)

    def header(self) -> list[Line]:
        """Return where one is: the stage and the deal."""
        page = self.page
        if page is None:
            return [((" ", "text"),)]
        board = self.board
        pipeline = board.place.board.pipeline_name if board and board.place.board else "Pipeline"
        return [
            (
                (f" {pipeline} > {page.stage} > ", "muted"),
                (page.title, "title"),
                (f"  deal {page.short_id}{self._position()}", "muted"),
            )
        ]

    def _position(self) -> str:
        board = self.board
        if board is None or board.place.board is None:
            return ""
        place = board.place
        return f", {place.rows[place.stage] + 1} of {len(board.place.board.columns[place.stage].cards)}"

    def strip_lines(self) -> list[Line]:
        """Return the lines about the deal, as the board has them."""
        board = self.board
        return board.strip_lines() if board else []

    def targets(self) -> list[Ref]:
        """Return this deal."""
        return [(self.kind, self.deal_id)]

    def action_cursor_down(self) -> None:
        """Down the history."""
        self._scroll(1)

    def action_cursor_up(self) -> None:
        """Up the history."""
        self._scroll(-1)

    def action_cursor_page_down(self) -> None:
        """A screenful down."""
        self._scroll(max(1, self.facts.size.height - 1))

    def action_cursor_page_up(self) -> None:
        """A screenful up."""
        self._scroll(-max(1, self.facts.size.height - 1))

    def action_cursor_first(self) -> None:
        """To the newest entry."""
        self._scroll(-(10**9))

    def action_cursor_last(self) -> None:
        """To the oldest entry."""
        self._scroll(10**9)

    def _scroll(self, by: int) -> None:
        self.timeline.scroll_lines(by)
        self.facts.scroll_lines(by)

    def action_period_next(self) -> None:
        """The next deal of the stage."""
        self._turn(1)

    def action_period_previous(self) -> None:
        """The previous deal of the stage."""
        self._turn(-1)

    def _turn(self, by: int) -> None:
        board = self.board
        if board is not None and board.place.down(by) and board.place.card is not None:
            board.fill()
            self.deal_id = board.place.card.id
            self._scroll(-(10**9))
            self.changed()
        else:
            self.main.say("no further deal in this stage")
