"""The log: what happened, the latest day first; who, about which deal, and how it went."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from tuicrm.tui.bindings import bindings_for
from tuicrm.tui.commands import ACTIVITY
from tuicrm.tui.listing import Column, Group, ListModel
from tuicrm.tui.panes.aboutpane import AboutPane
from tuicrm.tui.panes.chosencolumns import chosen, spans
from tuicrm.tui.viewing import View

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.binding import BindingType

    from tuicrm.tui.pane import Ref
    from tuicrm.tui.safe import Line, Span
    from tuicrm.tui.screens.find import Entry, Found

WIDE = 100
"""From this width on, people and deals get more room."""
SORTS = (
    ("calls", "type:call"),
    ("mails", "type:email"),
    ("meetings", "type:meeting"),
    ("notes", "type:note"),
    ("changes of deals", "type:change"),
    ("everything", "type:any"),
)
"""Views of the team's log that are always there."""


def columns(width: int) -> tuple[Column, ...]:
    """Return the columns for a screen of this width."""
    wide = width >= WIDE
    return (
        Column("at", "", 5),
        Column("type", "", 5),
        Column("contacts", "", 22 if wide else 14, drop=1),
        Column("deal", "", 22 if wide else 14, drop=3),
        Column("subject", ""),
        Column("outcome", "", 14 if wide else 9, drop=2),
    )


class Activity(AboutPane):
    """The log of the team; automatic entries about deals have views of their own."""

    PLACE = ACTIVITY
    OF = "activity"
    DEFAULT = tuple(one.name for one in columns(0))
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(ACTIVITY)

    def views(self) -> list[View]:
        """Return mine and the team's, then one for each type, then the saved ones."""
        first, second, *saved = super().views()
        made = [first, second, *(View(name, query=query) for name, query in SORTS), *saved]
        return [replace(one, number=at + 1) for at, one in enumerate(made)]

    def build(self, view: View) -> ListModel:
        """Return the days; rows are made when they come into sight."""
        from tuicrm.crm.daylog import daylog

        session = self.desk.session
        found = daylog(session, view.where)
        groups = [
            Group(str(day.ordinal), f"{self._said(day.ordinal)} ({len(day.refs):,})", day.refs) for day in found.days
        ]
        return ListModel(groups, self._columns(view))

    def _columns(self, view: View) -> tuple[Column, ...]:
        return chosen(self.desk.session, self.OF, columns(self.main.size.width), view.columns)

    def _said(self, ordinal: int) -> str:
        from tuicrm.crm.todo import said_day

        session = self.desk.session
        near = {0: "TODAY, ", 1: "YESTERDAY, "}.get(session.today.toordinal() - ordinal, "")
        return f"{near}{said_day(session, ordinal)}"

    def lay_out(self) -> None:
        """Fit the list to the screen, columns first."""
        wanted = self._columns(self.view)
        if self.listing.model.groups and self.listing.model.columns != wanted:
            self.listing.model = replace(self.listing.model, columns=wanted)
        super().lay_out()

    def row(self, ref: Ref) -> Sequence[Span]:
        """Return the cells of an entry."""
        from tuicrm.crm.entrytext import row

        record = self.desk.session.ws.get(*ref)
        if record is None:
            return [("", "text")] * len(self.listing.model.columns)
        one = row(self.desk.session, record)
        own = {
            "at": (one.time, "muted"),
            "type": (one.sort, "key"),
            "contacts": (one.who or "-", "text"),
            "deal": (one.deal or "-", "muted"),
            "subject": (one.text, "text"),
            "outcome": (one.outcome, "muted"),
        }
        return spans(self.desk.session, ref, self.listing.model.columns, own)

    def about_lines(self, ref: Ref) -> list[Line]:
        """Return what there is to say about an entry, then its whole text."""
        from tuicrm.crm.entrytext import facts, whole

        session = self.desk.session
        record = session.ws.get(*ref)
        if record is None:
            return [(), ()]
        head, *rest = facts(session, record)
        first: Line = ((f" {head}", "title"), ("".join(f" | {one}" for one in rest), "muted"))
        return [first, ((f"  {whole(session, record) or 'no text'}", "text"),)]

    def empty(self) -> list[Line]:
        """Return how to log something."""
        return [
            (("  Nothing logged yet.", "title"),),
            (),
            (("  c logs a call about a deal, a contact or a company, in any list;", "muted"),),
            (("  m a mail (paste one, and it is understood), M a meeting, n a note.", "muted"),),
        ]

    def action_activity_move(self) -> None:
        """Move the chosen entries to another deal."""
        from tuicrm.crm.moving import move_entries
        from tuicrm.tui.screens.find import Find

        refs = self.targets()
        if not refs:
            self.main.say("no entry here")
            return

        def chosen(found: Found | None) -> None:
            if found is None:
                return
            held = [one for ref in refs if (one := self.desk.session.ws.get(*ref)) is not None]
            self.finish(self.desk.write(lambda session: move_entries(session, held, found.key)), refs)

        many = f"{len(refs)} entries" if len(refs) > 1 else "this entry"
        self.app.push_screen(Find(f"Move {many} to which deal?", self._deals), chosen)

    def _deals(self, text: str) -> list[Entry]:
        from tuicrm.crm.suggesting import records
        from tuicrm.tui.screens.find import Entry

        with self.desk.lock:
            return [Entry(one.key, one.text, one.detail) for one in records(self.desk.session, "deal", text)]
