"""The conflicts: what gave way when two people had changed the same thing, beside what stands now."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from tuicrm.tui.bindings import bindings_for
from tuicrm.tui.commands import CONFLICTS
from tuicrm.tui.compare import Side, apart, compared
from tuicrm.tui.lines import Lines
from tuicrm.tui.listing import Column, Group, ListModel
from tuicrm.tui.panes.listpane import ListPane
from tuicrm.tui.viewing import View
from tuicrm.tui.writers import ANY, Writers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tuicrm.crm.conflicts import Conflict
    from tuicrm.tui.pane import Ref
    from tuicrm.tui.safe import Line, Span

KIND = "conflict"
COLUMNS = (
    Column("label", "what", 16),
    Column("current", "stands now"),
    Column("lost", "gave way"),
    Column("by", "by", 8, drop=1),
    Column("at", "when", 12, drop=2),
)
LEAST, MOST = 3, 12
"""Lines of the comparison."""


@dataclass(frozen=True)
class Inbox(ListModel):
    """The list, with the conflicts by id."""

    held: dict[str, Conflict] = field(default_factory=dict)


class Conflicts(ListPane):
    """Opened above the pane that it was asked for in; each decision is one step of undo."""

    PLACE = CONFLICTS
    OF = KIND
    NOTHING = "no conflict here"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(CONFLICTS)

    def __init__(self) -> None:
        super().__init__()
        self.sides = Lines()

    def compose(self) -> ComposeResult:
        yield self.rows
        yield self.sides

    def on_mount(self) -> None:
        """Show the comparison below the list, and ask for the data."""
        self.sides.styles.dock = "bottom"
        self.sides.styles.width = "100%"
        self._fit()
        self.writers = Writers(self.program, self._learned)
        super().on_mount()

    def _learned(self) -> None:
        """Show who wrote what, now that it is known."""
        if self.is_attached:
            self.rows.forget()
            self.fill()

    def changed(self) -> None:
        """List them again; there may be other commits too."""
        self.writers.forget()
        super().changed()

    def _fit(self) -> None:
        self.sides.styles.height = max(LEAST, min(MOST, self.size.height // 2))

    def on_resize(self) -> None:
        """Give the comparison its share of the screen."""
        self._fit()
        super().on_resize()

    def views(self) -> list[View]:
        """Return the views to choose from."""
        return [View("to decide", 1), View("decided as well", 2)]

    def build(self, view: View) -> Inbox:
        """Return the conflicts by the records that they are about, the newest first."""
        from tuicrm.crm.conflicts import conflicts

        session = self.desk.session
        found = conflicts(session, resolved=view.number == 2)
        by_record: dict[Ref, list[Conflict]] = {}
        for one in found:
            by_record.setdefault((one.kind, one.record_id), []).append(one)
        groups = [
            Group(" ".join(ref), f"{held[0].kind} {held[0].title}", [(KIND, one.id) for one in held])
            for ref, held in by_record.items()
        ]
        return Inbox(groups, COLUMNS, {one.id: one for one in found})

    def _first(self, view: View) -> Inbox:
        view.name, view.number = "to decide", 1
        return self.build(view)

    @property
    def inbox(self) -> dict[str, Conflict]:
        """The conflicts that are listed, by id."""
        return self.listing.model.held if isinstance(self.listing.model, Inbox) else {}

    @property
    def current(self) -> Conflict | None:
        """The conflict under the cursor."""
        ref = self.listing.cursor
        return self.inbox.get(ref[1]) if ref is not None else None

    def row(self, ref: Ref) -> Sequence[Span]:
        """Return both values, who wrote the one that gave way, and when."""
        one = self.inbox[ref[1]]
        look = "muted" if one.resolved else "text"
        by = self._writer(one, one.by, one.at) or "?"
        texts = (one.label, *apart(one.current, one.lost), by, _day(self._local(one.at)))
        return [(text, look) for text in texts]

    def heading_line(self) -> Line:
        """Return the line about the list."""
        waiting = sum(not one.resolved for one in self.inbox.values())
        parts = ["Conflicts", f"{waiting:,} to decide", f"view {self.view.number}: {self.view.name}"]
        return ((" " + " | ".join(parts), "muted"),)

    def empty(self) -> list[Line]:
        """Return what conflicts are where there are none."""
        return [
            (("  No conflicts to decide about.", "title"),),
            (("  Where two people change the same thing, the later change stands;", "muted"),),
            (("  what gave way to it is kept, and is shown here. v shows decided ones.", "muted"),),
        ]

    def about_lines(self, ref: Ref) -> list[Line]:
        """Return the lines about the record that the conflict is about."""
        one = self.inbox[ref[1]]
        shown = self.program.keymap.shown
        if one.is_deletion:
            # To bring back what gave way means here to delete: nobody is to find that out by doing it.
            words = ("keeps it", "deletes it after all", "")
        else:
            words = ("keeps the first", "brings the second back", "types another")
        keys = (shown(name) for name in ("conflict.keep", "conflict.restore", "conflict.type"))
        can = [f"{key} {does}" for key, does in zip(keys, words, strict=True) if key and does]
        state = "  decided; u undoes, the record can be edited" if one.resolved else f"  {', '.join(can)}"
        return [((f" {one.title}", "title"), (f" | {one.kind} | {one.label}", "muted")), ((state, "muted"),)]

    def fill(self) -> None:
        """Show the list, and both values of what is under the cursor."""
        super().fill()
        size, height = self.sides.size.width, self.sides.size.height
        one = self.current
        self.writers.ask((one.kind, one.record_id) if one is not None and not (one.by and one.current_by) else None)
        if one is None or not height:
            self.sides.put([()] * max(1, height))
            return
        rule: Line = (("─" * size, "rule"),)
        lines = compared(*self._sides_of(one), size, height - 1, beside=not self.program.accessible)
        self.sides.put([rule, *lines])

    def _sides_of(self, one: Conflict) -> tuple[Side, Side]:
        keep, back = (self.program.keymap.shown(name) for name in ("conflict.keep", "conflict.restore"))
        stands_by = self._writer(one, one.current_by, one.current_at)
        stands = self._who("you" if one.is_current_mine else stands_by, one.current_at)
        gave_way = self._who("you" if one.is_mine else self._writer(one, one.by, one.at), one.at)
        return (
            Side("" if one.resolved else keep, "STANDS NOW", one.current, stands),
            Side("" if one.resolved else back, "GAVE WAY", one.lost, gave_way),
        )

    def _writer(self, one: Conflict, known: str, at: datetime | None) -> str:
        return known or self.writers.of((one.kind, one.record_id), ANY if one.is_deletion else one.path, at)

    def _who(self, by: str, at: datetime | None) -> str:
        when = _moment(self._local(at)) if at is not None else ""
        return ", ".join(filter(None, (by, when)))

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self.desk.session.reading.now.tzinfo)

    def action_cursor_down(self) -> None:
        """To the next conflict."""
        self._step(1)

    def action_cursor_up(self) -> None:
        """To the one before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        """Go on by one, past the names of records: only those that are folded are stopped at."""
        held, before = self.listing, self.listing.at
        moved = held.down(by)
        while moved and held.cursor is None and held.group is not None and not held.folded(held.group):
            moved = held.down(by)
        if held.cursor is None and not moved:
            # Above the first one is only its record's name.
            held.down(before - held.at)
        self.go(held.at != before)

    def go(self, moved: bool) -> None:
        """Show where the cursor is: never on the name of a record, which nothing can be decided about."""
        held = self.listing
        if held.cursor is None and held.group is not None and not held.folded(held.group):
            moved = held.down(1) or moved
        super().go(moved)

    def previewed(self) -> Ref | None:
        """Return the record that the conflict under the cursor is about."""
        one = self.current
        return (one.kind, one.record_id) if one is not None else None

    def open(self, ref: Ref) -> None:
        """Open the record that a conflict is about."""
        one = self.inbox[ref[1]]
        self.program.open_record(one.kind, one.record_id)

    def neighbour(self, ref: Ref, by: int) -> Ref | None:
        """Return the record that another conflict is about, and put the cursor there."""
        return self.previewed() if self.listing.to_group(1 if by > 0 else -1) else None

    def position(self, ref: Ref) -> str:
        """Say nothing: a record may have several conflicts."""
        return ""

    def action_conflict_keep(self) -> None:
        """Keep what stands now."""
        self._settle("current")

    def action_conflict_restore(self) -> None:
        """Bring back what gave way."""
        self._settle("lost")

    def _settle(self, keep: str) -> None:
        from tuicrm.crm.conflicts import resolve

        refs = self._undecided()
        if refs:
            ids = [key for _, key in refs]
            done = self.desk.write(lambda session: resolve(session, ids, keep))
            if done.changed:
                self.listing.marks.clear()
            self.finish(done, refs)

    def _undecided(self) -> list[Ref]:
        """Return the conflicts to decide about; say so where there are none."""
        chosen = [ref for ref in self.targets() if ref[1] in self.inbox]
        refs = [ref for ref in chosen if not self.inbox[ref[1]].resolved]
        if not refs:
            self.main.say("decided already: u undoes, Enter opens the record" if chosen else self.NOTHING)
        return refs

    def action_conflict_type(self) -> None:
        """Type a third value, in the user's editor where it is a long text."""
        refs = self._undecided()
        if len(refs) > 1:
            self.main.say("a value is typed for one at a time: Esc clears the marks")
        if len(refs) != 1:
            return
        one = self.inbox[refs[0][1]]
        if one.is_deletion:
            self.main.say("one deleted it, another changed it: keep it, or delete it after all")
        elif self._is_long(one):
            self.program.guard(lambda: self._edit(one))
        else:
            # The cursor may go on, and the list may change, while a value is typed.
            self.ask(f"{one.label}:", one.current, done=lambda text: self._typed(one, text))

    def _is_long(self, one: Conflict) -> bool:
        from tuicrm.records.registry import KINDS
        from tuicrm.records.types import LongText

        with self.desk.lock:
            known = self.desk.session.kind(one.kind).by_name.get(one.path) if one.kind in KINDS else None
        return isinstance(known.type if known is not None else None, LongText) or "\n" in one.current + one.lost

    def _edit(self, one: Conflict) -> None:
        """Let both texts be made into one in the user's editor."""
        from tuicrm.tui.app import TuicrmApp
        from tuicrm.tui.editor import edit_text

        assert isinstance(self.app, TuicrmApp)
        text = edit_text(self.app, f"{one.current}\n\n{one.lost}")
        if text is None:
            self.main.say("left as it was")
        else:
            self._typed(one, text)

    def _typed(self, one: Conflict, text: str | None) -> None:
        from tuicrm.crm.conflicts import resolve

        if text is None:
            return
        done = self.desk.write(lambda session: resolve(session, [one.id], text, typed=True))
        self.finish(done, [(KIND, one.id)])


def _day(at: datetime) -> str:
    return f"{at.day} {at:%b} {at:%H:%M}"


def _moment(at: datetime) -> str:
    return f"{at:%a} {at.day} {at:%b} {at:%H:%M}"
