"""An unexpected failure: one sentence for the user, the traceback for a private file, and the terminal as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import App

if TYPE_CHECKING:
    from asyncio import Event
    from collections.abc import Mapping

    from textual.worker import Worker

MOST = 200
"""Characters of the failure itself that the sentence quotes."""


class Crashing(App[int]):
    """The application's way of ending when something went wrong that nobody thought of."""

    env: Mapping[str, str]
    last_words = ""
    """What to print once the terminal is the shell's again; empty while all is well."""

    def _handle_exception(self, error: Exception) -> None:
        """End; the toolkit would print the traceback, with the values of variables, over the user's shell."""
        self._return_code = 1
        if not self.last_words:
            self._exception = error
            event: Event = self._exception_event
            event.set()
            self.last_words = sentence(error, self.env, "so it had to close; all that was saved is kept")
        self._close_messages_no_wait()

    def worker_failed(self, worker: Worker[object]) -> str:
        """Return what to say about work in the background that failed, having written a report."""
        return sentence(
            worker.error or RuntimeError("no reason given"), self.env, f"in the background ({worker.group})"
        )


def sentence(error: BaseException, env: Mapping[str, str], then: str) -> str:
    """Write a report about an unexpected error; return what to say about it, with the report's place."""
    import sys
    from datetime import UTC, datetime
    from os import getpid

    from tuicrm.crm.crashfile import write_report
    from tuicrm.text import clean_line

    name = f"crash-{datetime.now(UTC):%Y%m%d-%H%M%S}-{getpid()}.log"
    place = write_report(error, f"TUI, Python {sys.version.split()[0]}, {sys.platform}", env, name)
    what = clean_line(f"{type(error).__name__}: {error}")[:MOST]
    report = f"a report is in {clean_line(place)}" if place else "no report could be written"
    return f"something unexpected went wrong in tuicrm, {then} ({what}); {report}"
