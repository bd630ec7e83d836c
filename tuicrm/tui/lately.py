"""What teammates changed since the user last looked: a word of it at the start, the list on demand."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from tuicrm.errors import TuicrmError

if TYPE_CHECKING:
    from datetime import datetime

    from tuicrm.crm.since import News
    from tuicrm.tui.program import Program

START_SECONDS = 0.5
"""How long the first picture is given before the past is looked into."""


class Lately:
    """Remembers when the user last looked for as long as the program runs."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self.moment: datetime | None = None
        """When the user last looked before this time; None where there was no such time."""

    def start(self) -> None:
        """Say soon what is new."""
        from tuicrm.crm.since import last_look

        self.moment = last_look(self._program.desk.session)
        if self.moment is not None:
            self._program.set_timer(START_SECONDS, self.look)

    def look(self) -> None:
        """Find out in a thread what is new, and say so in one line."""
        self._program.run_worker(self._read, thread=True, group="lately", exit_on_error=False)

    def _read(self) -> None:
        from tuicrm.crm.since import summary
        from tuicrm.tui.upkeep import give_back, loading

        assert self.moment is not None
        with contextlib.suppress(TuicrmError), loading():
            text = summary(self._program.desk.session, self._news(), self.moment)
            if text:
                self._program.call_later(self._say, f"{text}: P, then since, shows them")
        give_back()

    def _news(self) -> list[News]:
        from tuicrm.crm.since import since

        desk = self._program.desk
        return since(desk.session, self.moment, desk.lock) if self.moment is not None else []

    def _say(self, text: str) -> None:
        if self._program.main.note is None:
            self._program.main.say(text)

    def show(self) -> None:
        """Open the list, from which Enter opens a record."""
        from tuicrm.crm.since import when_said
        from tuicrm.tui.screens.news import NewsList

        main, session = self._program.main, self._program.desk.session
        if self.moment is None:
            main.say("this is the first time here: next time this lists what teammates changed meanwhile")
            return
        since_when = when_said(session, self.moment)
        news = self._news()
        if not news:
            main.say(f"nothing was changed by others since {since_when}")
            return

        def chosen(ref: tuple[str, str] | None) -> None:
            if ref is not None:
                self._program.open_record(*ref)

        self._program.push_screen(NewsList(session, news, f"Since {since_when}"), chosen)
        self.seen()

    def seen(self) -> None:
        """Take note that the user has seen how things stand; a folder that cannot be written stays as it is."""
        from tuicrm.crm.since import looked

        with contextlib.suppress(TuicrmError):
            looked(self._program.desk.session)
