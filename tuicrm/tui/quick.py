"""Quick add in the application: the bar, what it keeps, and where it leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.tui.program import Program

if TYPE_CHECKING:
    from textual import events

    from tuicrm.crm.quick import Understood
    from tuicrm.crm.quick.here import Here
    from tuicrm.tui.pane import Pane
    from tuicrm.tui.quickbar import QuickBar


class QuickKeys(Program, inherit_bindings=False):
    """The part of the application that adds records from one line, and brings in files."""

    _bar: QuickBar | None = None
    _quick_kept: Understood | None = None
    """What was typed when the bar was closed."""

    def action_quick_add(self) -> None:
        """Open the bar, with what was typed there last and not saved."""
        if self._desk is None or self._bar is not None or self.screen is not self.main:
            return
        from tuicrm.crm.quick import Understood
        from tuicrm.tui.quickbar import QuickBar

        self._bar = QuickBar(
            self.desk,
            self._quick_kept or Understood("", ""),
            save=self._quick_save,
            go=self._quick_go,
            form=self._quick_form,
            left=self._quick_left,
            here=self._quick_here(),
        )
        self.typing_into = self._bar.field
        self.main.mount(self._bar)
        self.run_worker(self._quick_warm, thread=True, exclusive=True, group="quick", exit_on_error=False)

    def _quick_here(self) -> Here:
        """Return the record that is selected; of several marked ones none."""
        from tuicrm.crm.quick.here import Here
        from tuicrm.tui.commands import RECORD

        pane = self.main.pane
        chosen = pane.targets() if pane is not None else []
        return Here(*chosen[0], open=pane.PLACE == RECORD) if pane is not None and len(chosen) == 1 else Here()

    def _quick_warm(self) -> None:
        """Make the indexes in a thread; what is typed meanwhile is understood right after."""
        from tuicrm.crm.quick import warm
        from tuicrm.errors import TuicrmError

        try:
            with self.desk.lock:
                warm(self.desk.session)
        except TuicrmError as error:
            self.call_from_thread(self.main.say, str(error), "late")

    def _quick_save(self, one: Understood) -> str:
        """Write what was understood; return why it cannot be, or an empty text."""
        done = self.desk.write(one.plan)
        if done.failed:
            return done.said
        refs = [(one.kind, key) for key in (done.plan.ids if done.plan else ())]
        pane = self.main.pane
        if pane is not None:
            pane.finish(done, refs)
        return ""

    def _quick_go(self, place: str) -> None:
        self.show_tab(place)

    def _quick_form(self, one: Understood) -> None:
        from tuicrm.tui.forms import open_form

        def saved(_: list[str]) -> None:
            self._quick_kept = None

        typed = {name: ", ".join(texts) for name, texts in one.typed(named=True).items()}
        open_form(self, one.kind, typed=typed, then=saved)

    def _quick_left(self, one: Understood) -> None:
        self._bar = self.typing_into = None
        self._quick_kept = one if one.text.strip() else None
        pane = self.main.pane
        if pane is not None:
            pane.focus()

    def changed(self, *, but: Pane | None = None) -> None:
        """Let the bar look at the workspace again as well; what is typed in it stays."""
        super().changed(but=but)
        if self._bar is not None:
            self._bar.again()

    def on_resize(self, event: events.Resize) -> None:
        """Fit the bar to the screen."""
        if self._bar is not None:
            self._bar.call_after_refresh(self._bar.fit)

    def action_data_import(self) -> None:
        """Bring in a file."""
        if self._desk is not None:
            from tuicrm.tui.screens.importing import open_import

            open_import(self)
