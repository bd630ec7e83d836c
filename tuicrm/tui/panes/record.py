"""One record of any kind: its fields, what it is linked to, what is next and everything that happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Container
from textual.message import Message

from tuicrm.errors import TuicrmError
from tuicrm.tui.acting import Acting
from tuicrm.tui.bindings import bindings_for
from tuicrm.tui.commands import RECORD
from tuicrm.tui.pages.cursor import Cursor
from tuicrm.tui.pages.row import FACTS, LINKS
from tuicrm.tui.panes.fieldline import FieldLine
from tuicrm.tui.safe import cells
from tuicrm.tui.sheet import Sheet

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tuicrm.sync.lookback import Known
    from tuicrm.tui.pages import Page
    from tuicrm.tui.pages.row import Row
    from tuicrm.tui.pane import Pane, Ref
    from tuicrm.tui.safe import Line
    from tuicrm.tui.screens.ask import Ask

ONE_COLUMN_BELOW = 60
"""Below this width the history goes under the fields instead of beside them."""
LEFT_CELLS = (34, 64)
"""The least and the most cells of the left column."""


class PageCame(Message):
    """A page was read, in a thread."""

    def __init__(self, page: Page | None, asked: int, sentence: str = "", known: Known | None = None) -> None:
        super().__init__()
        self.page = page
        self.asked = asked
        self.known = known
        self.sentence = sentence


class RecordPane(Cursor, FieldLine, Acting):
    """Opened above the pane that it was chosen in; keys act on the linked record under the cursor, else on itself."""

    PLACE = RECORD
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(RECORD)

    def __init__(self, kind: str, record_id: str) -> None:
        super().__init__()
        self.ref: Ref = (kind, record_id)
        self.shows = "all"
        self.words = ""
        self.page: Page | None = None
        self.facts = Sheet(self.row, rule=True, classes="facts")
        self.history = Sheet(self.row, classes="timeline")
        self._known: Known | None = None
        """What git and this machine's log told about the record, as of `_seen`."""
        self._seen: tuple[object, ...] = ()
        self._asked = 0
        self._formed = (False, 0)
        self._line: Ask | None = None

    def hints(self) -> list[tuple[str, str]]:
        """Return the hints; a lead's page is where it is decided about."""
        if self.ref[0] != "lead":
            return super().hints()
        from tuicrm.tui.commands import hints
        from tuicrm.tui.commands.hinting import OF_LEAD

        return hints(self.PLACE, self.program.keymap.of, OF_LEAD)

    def compose(self) -> ComposeResult:
        # Shaped before it is drawn for the first time: another shape later would draw the whole screen again.
        self._form(self.main.size.width)
        with Container(classes="page"):
            yield self.facts
            yield self.history

    def on_mount(self) -> None:
        """Read the page."""
        self.changed()

    def row(self, at: int) -> Row:
        """Return a row of the page, which is put into words now if nobody has seen it yet."""
        assert self.page is not None
        with self.desk.lock:
            return self.page.rows[at]

    def changed(self) -> None:
        """Read the page again, in a thread."""
        if not self.display:
            self.stale = True
            return
        self._asked += 1
        asked, ref, shows, words = self._asked, self.ref, self.shows, self.words
        known = self._known if self._known is not None and self._known.ref == ref else None

        def read() -> None:
            try:
                self._read(asked, ref, shows, words, known)
            except TuicrmError as error:
                self.post_message(PageCame(None, asked, str(error)))

        self.run_worker(read, thread=True, group="page", exit_on_error=False)

    def _read(self, asked: int, ref: Ref, shows: str, words: str, known: Known | None) -> None:
        """Read the page, and again with what git and this machine's log tell, which may take longer."""
        from tuicrm.tui.pages import read_page

        session = self.desk.session
        with self.desk.lock:
            page = read_page(session, ref, show=shows, words=words, known=known)
            seen = (ref, session.ws.revision)
        self.post_message(PageCame(page, asked, known=known))
        if page is None or (seen == self._seen and known is not None):
            return
        from tuicrm.sync.lookback import look_back

        found = look_back(str(session.ws.root), session.ws.private, ref, self.program.env, known)
        self._seen = seen
        if found == known or asked != self._asked:
            return
        with self.desk.lock:
            page = read_page(session, ref, show=shows, words=words, known=found)
        self.post_message(PageCame(page, asked, known=found))

    def on_page_came(self, message: PageCame) -> None:
        """Show the page, unless another one has been asked for since; leave where the record is gone."""
        if message.asked != self._asked:
            return
        if message.page is None:
            said = message.sentence or f"this {self.desk.session.kind(self.ref[0]).one} has been deleted"
            note = self.main.note
            if self.main.pane is self:
                self.main.back()
            # What the key said that deleted it tells more.
            if note is None or message.sentence:
                self.main.say(said, "late")
            return
        self._known = message.known
        self.take(message.page)
        self.lay_out()
        self.main.bars()
        if self._line is not None and self.words:
            self._line.judge(f"{sum(not isinstance(one, int) for one in message.page.timeline.items)} found")

    def on_resize(self, event: events.Resize) -> None:
        """Put history and fields beside or below each other."""
        if self.page is not None:
            self.lay_out(event.size.width)

    def lay_out(self, width: int = 0) -> None:
        """Give the rows to one sheet or to two."""
        page = self.page
        width = width or self.size.width
        if page is None or not width:
            return
        narrow = self._form(width)
        split = len(page.rows) if narrow else page.split - 1
        self.facts.put(page.rows, 0, split, page.left_after)
        self.history.put(page.rows, page.split if not narrow else split, len(page.rows), page.left_after)
        self.point()

    def _form(self, width: int) -> bool:
        """Give the columns their widths; tell whether there is room for one only."""
        narrow = width < ONE_COLUMN_BELOW or self.program.accessible
        if (narrow, width) != self._formed:
            self._formed = (narrow, width)
            least, most = LEFT_CELLS
            self.set_class(narrow, "-narrow")
            self.facts.rule = not narrow
            self.facts.styles.width = "1fr" if narrow else min(max(least, width * 3 // 8), most)
        return narrow

    def below(self) -> Pane | None:
        """Return the pane that this one was opened from."""
        at = self.main.stack.index(self) if self in self.main.stack else 0
        return self.main.stack[at - 1] if at else None

    def header(self) -> list[Line]:
        """Return where one is: what the record belongs to, its name, its id, its place in the list below."""
        page = self.page
        if page is None:
            return [((" ", "text"),)]
        below = self.below()
        place = below.position(self.ref) if below is not None else ""
        first = f" {page.crumb} > "
        last = f"{self.desk.session.kind(self.ref[0]).one} {page.short_id}{f', {place}' if place else ''} "
        gap = max(2, self.main.size.width - cells(first) - cells(page.title) - cells(last))
        return [((first, "muted"), (page.title, "title"), (" " * gap, "muted"), (last, "muted"))]

    def strip_lines(self) -> list[Line]:
        """Return what is under the cursor and what keys do there; of the record itself, what is next."""
        row = self.current
        if row is None:
            summary = self.page.summary if self.page is not None else ()
            return [summary, (("  j k and Tab go to what can be opened, copied or edited", "muted"),)]
        can = [
            *(["Enter opens"] if row.ref and not row.leads else []),
            *(["Enter copies"] if row.leads else []),
            *(["Enter or Space ticks it, or takes the tick away"] if row.check else []),
            *(["Enter logs it"] if row.talk else []),
            *(["e edits it"] if row.field and row.area != LINKS else []),
            *(["y copies"] if row.copy else []),
        ]
        name = "".join(text for text, _ in row.lines[0]).strip()
        return [((f" {name}", "title"),), ((f"  {', '.join(can)}", "muted"),)]

    def targets(self) -> list[Ref]:
        """Return the linked record under the cursor, else the record itself."""
        row = self.current
        return [row.ref if row is not None and row.ref is not None and row.area != FACTS else self.ref]

    def neighbour(self, ref: Ref, by: int) -> Ref | None:
        """Return the linked record of the same kind after another one, and put the cursor there; None at the ends."""
        held = self._linked(ref[0])
        at = held.index(ref) + by if ref in held else -1
        if not 0 <= at < len(held) or self.page is None:
            return None
        self.go(self.page.rows.find(" ".join(held[at])))
        return held[at]

    def position(self, ref: Ref) -> str:
        """Return where a linked record is among those of its kind, as `2 of 5`; empty where it is not linked."""
        held = self._linked(ref[0])
        return f"{held.index(ref) + 1} of {len(held)}" if ref in held else ""

    def _linked(self, kind: str) -> list[Ref]:
        """Return the linked records of a kind, in the order of the page."""
        rows = self.page.rows.fixed if self.page is not None else ()
        return [row.ref for row in rows if row.ref and row.ref[0] == kind and row.key == " ".join(row.ref)]

    def action_period_next(self) -> None:
        """The next record of the list below."""
        self._turn(1)

    def action_period_previous(self) -> None:
        """The record before it."""
        self._turn(-1)

    def _turn(self, by: int) -> None:
        below = self.below()
        found = below.neighbour(self.ref, by) if below is not None else None
        if found is None:
            self.main.say(f"no further {self.desk.session.kind(self.ref[0]).one} in the list")
            return
        self.ref = found
        self.reset()
        self.changed()

    def action_record_open(self) -> None:
        """Open the linked record, copy a number or an address, or edit the field under the cursor."""
        row = self.current
        if row is None:
            self.main.say("nothing to open here: j goes to the first line that can be")
        elif row.leads:
            self.copy_text(row.copy)
        elif row.ref is not None and row.ref[0] == "quote":
            self.show_quote(row.ref[1])
        elif row.ref is not None:
            self.program.open_record(*row.ref)
        elif row.field:
            self.edit_field(row)
        elif row.check:
            self.tick(row.check)
        elif row.talk:
            self._open_log(row.talk)
        elif row.copy:
            self.copy_text(row.copy)

    def action_mark_toggle(self) -> None:
        """Tick the box under the cursor, or take its tick away."""
        row = self.current
        if row is not None and row.check:
            self.tick(row.check)
        else:
            self.main.say("Space ticks boxes: none is under the cursor")

    def action_record_edit(self) -> None:
        """Edit the field under the cursor in one line, else the whole record in a form."""
        row = self.current
        if row is not None and row.field and row.area != LINKS:
            self.edit_field(row)
        else:
            super().action_record_edit()

    def action_record_copy(self) -> None:
        """Copy what is under the cursor at once, else choose from a list."""
        row = self.current
        if row is not None and row.copy:
            self.copy_text(row.copy)
        else:
            super().action_record_copy()

    def action_view_choose(self) -> None:
        """Choose what the history shows."""
        from tuicrm.tui.pages.timeline import SHOWS

        names = [name for name, _, _ in SHOWS]

        def take(place: int) -> None:
            self.shows = names[place]
            self.changed()

        self.pick("History", [words for _, words, _ in SHOWS], names.index(self.shows), take)

    def action_list_filter(self) -> None:
        """Filter the history while typing."""

        def typing(text: str) -> None:
            self.words = text.strip()
            self.changed()

        def done(text: str | None) -> None:
            self._line = None
            self.words = (text or "").strip()
            self.changed()

        self._line = self.ask("/", self.words, done=done, typing=typing)

    def leave(self) -> bool:
        """Show the whole history again, if it was narrowed."""
        if not self.words and self.shows == "all":
            return False
        self.words, self.shows = "", "all"
        self.changed()
        return True
