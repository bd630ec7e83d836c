"""The application's keys: what works in every pane."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tuicrm.tui.bindings import bindings_for
from tuicrm.tui.colours import ThemeKeys
from tuicrm.tui.commands import ACTIVITY, ANYWHERE, COMPANIES, CONTACTS, FOLLOWUPS, FORECAST, LEADS, PIPELINE
from tuicrm.tui.earningkeys import EarningKeys
from tuicrm.tui.palette.keys import PaletteKeys
from tuicrm.tui.quick import QuickKeys
from tuicrm.tui.reportkeys import ReportKeys
from tuicrm.tui.rulekeys import RuleKeys
from tuicrm.tui.settingkeys import SettingKeys
from tuicrm.tui.stepping import StepKeys
from tuicrm.tui.synckeys import SyncKeys

if TYPE_CHECKING:
    from textual.binding import BindingType

    from tuicrm.tui.pane import Pane


class TuicrmApp(
    PaletteKeys,
    SettingKeys,
    RuleKeys,
    StepKeys,
    ThemeKeys,
    QuickKeys,
    SyncKeys,
    ReportKeys,
    EarningKeys,
    inherit_bindings=False,
):
    """tuicrm in a terminal."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for(ANYWHERE)

    def _tab(self, place: str) -> None:
        if self._desk is not None:
            self.show_tab(place)

    def action_pane_pipeline(self) -> None:
        """To the board."""
        self._tab(PIPELINE)

    def action_pane_activity(self) -> None:
        """To the log."""
        self._tab(ACTIVITY)

    def action_pane_followups(self) -> None:
        """To the follow-ups."""
        self._tab(FOLLOWUPS)

    def action_pane_forecast(self) -> None:
        """To the forecast."""
        self._tab(FORECAST)

    def action_pane_contacts(self) -> None:
        """To the contacts."""
        self._tab(CONTACTS)

    def action_pane_companies(self) -> None:
        """To the companies."""
        self._tab(COMPANIES)

    def action_pane_leads(self) -> None:
        """To the leads, once there are any."""
        if self._desk is None:
            return
        from tuicrm.crm.leads import used

        with self.desk.lock:
            there = used(self.desk.session)
        if there:
            self._tab(LEADS)
        else:
            self.main.say("no leads yet: `tuicrm lead add NAME` adds one, `tuicrm import FILE --as lead` a list")

    def action_go_back(self) -> None:
        """Leave a selection, a filter, or the pane."""
        pane = self.main.pane
        if pane is not None and not pane.leave():
            self.main.back()

    def action_app_leave(self) -> None:
        """Close the pane; quit at the top."""
        if not self.main.back():
            self.exit(0)

    def action_app_suspend(self) -> None:
        """Stop, as ctrl+z does."""
        self.action_suspend_process()

    def action_screen_redraw(self) -> None:
        """Draw everything again."""
        self.screen.refresh(layout=True)
        self.refresh()

    def action_since_show(self) -> None:
        """List what teammates changed since the user last looked."""
        if self.lately is not None:
            self.guard(self.lately.show)

    def action_next_show(self) -> None:
        """Open the next best step; in that list, do what is under the cursor."""
        if self._desk is None:
            return
        from tuicrm.tui.panes.nextstep import NextStep

        pane = self.main.pane
        if isinstance(pane, NextStep):
            pane.act()
        else:
            self.main.enter(NextStep())

    def action_help_keys(self) -> None:
        """Show the keys."""
        from tuicrm.tui.screens.help import Help

        pane: Pane | None = self.main.pane
        self.push_screen(Help(pane.PLACE if pane else "", self.keymap))

    def action_app_cancel(self) -> None:
        """Leave what is going on; never the program."""
        if self.syncing is not None and self.syncing.stop():
            return
        self.action_go_back()
        self.main.say("q quits")
