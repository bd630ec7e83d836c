"""Sync and what it leaves to people, in the application: begin it, list what it brought, go through conflicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.tui.program import Program

if TYPE_CHECKING:
    from tuicrm.tui.pane import Ref


class SyncKeys(Program, inherit_bindings=False):
    """The part of the application that deals with the team's repository."""

    def action_sync_now(self) -> None:
        """Sync, in the background."""
        if self.syncing is not None:
            self.syncing.now()

    def action_sync_changes(self) -> None:
        """List what syncs brought."""
        if self.syncing is None:
            return
        from tuicrm.crm.arrivals import arrivals
        from tuicrm.tui.screens.news import NewsList

        with self.desk.lock:
            news = arrivals(self.desk.session, list(self.syncing.came))
        if not news:
            self.main.say("no sync has brought anything here yet")
            return

        def chosen(ref: Ref | None) -> None:
            if ref is not None:
                self.open_record(*ref)

        self.push_screen(NewsList(self.desk.session, news, "Synced"), chosen)
        self.syncing.listed()

    def action_problems_show(self) -> None:
        """List the conflicts and the problems, and the messages of this session."""
        from tuicrm.tui.screens.problems import Problems

        def chosen(conflicts: bool | None) -> None:
            if conflicts:
                self.action_conflicts_show()

        self.push_screen(Problems(self), chosen)

    def action_conflicts_show(self) -> None:
        """Open the list of what gave way."""
        if self._desk is None:
            return
        from tuicrm.tui.panes.conflicts import Conflicts

        if not isinstance(self.main.pane, Conflicts):
            self.main.enter(Conflicts())

    def action_duplicates_show(self) -> None:
        """Open the list of what may be one thing: of the kind that is listed, else of all."""
        if self._desk is None:
            return
        from tuicrm.tui.panes.duplicates import Duplicates
        from tuicrm.tui.panes.people import PeoplePane

        pane = self.main.pane
        if not isinstance(pane, Duplicates):
            self.main.enter(Duplicates(pane.OF if isinstance(pane, PeoplePane) else ""))
