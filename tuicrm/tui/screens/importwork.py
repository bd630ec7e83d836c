"""The part of the import dialog that works in the background: reading, trying, writing; each can be overtaken."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tuicrm.errors import TuicrmError
from tuicrm.exchange import bringing
from tuicrm.exchange.sources import Options
from tuicrm.tui.screens import importlook
from tuicrm.tui.screens.once import Once

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tuicrm.crm.plan import Plan
    from tuicrm.exchange.bringing import Trial
    from tuicrm.exchange.sheet import Sheet
    from tuicrm.tui.desk import Desk, Done
    from tuicrm.tui.lines import Lines


class Cancelled(TuicrmError):
    """The user gave it up."""


class ImportWork(Once["Done | None"]):
    """What is known so far, and the threads that find out more; what they find too late is left aside."""

    body: Lines
    foot: Lines

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.path: Path | None = None
        """The file that was read."""
        self.sheet: Sheet | None = None
        """What it holds, where it is a table."""
        self.options = Options()
        """What the user said of the file."""
        self.trial: Trial | None = None
        self.outcome: Done | None = None
        self.working = False
        self._stop = False
        self._run = 0

    def objection(self, text: str) -> None:
        """Say why a file cannot be read."""
        raise NotImplementedError

    def opened(self) -> None:
        """Go on with a file that was read."""
        raise NotImplementedError

    def show(self, alert: str = "") -> None:
        """Show what an import would do."""
        raise NotImplementedError

    def read(self, path: Path) -> None:
        """Read a file."""
        self._in_thread("reading …", lambda run: self._read(path, run))

    def write(self, trial: Trial) -> None:
        """Import."""
        self._in_thread("writing …", lambda run: self._write(trial, run))

    def stop(self) -> None:
        """Let go of what is going on."""
        self._stop, self.working = True, False
        self._run += 1

    def attempt(self) -> None:
        """Find out what an import would do."""
        path = self.path
        assert path is not None
        self.trial = None
        self._in_thread("looking at the rows …", lambda run: self._attempt(path, run))

    def _read(self, path: Path, run: int) -> None:
        self.call_later(self._opened, path, bringing.table(path), run)

    def _opened(self, path: Path, sheet: Sheet | None, run: int) -> None:
        if run == self._run:
            self.working = False
            self.path, self.sheet, self.options = path, sheet, Options()
            self.opened()

    def _attempt(self, path: Path, run: int) -> None:
        options, sheet = self.options, self.sheet

        def progress(count: int, total: int) -> None:
            if self._stop:
                raise Cancelled("cancelled")
            self.call_later(self._say, f"{count:,} of {total:,} rows", run)

        with self.desk.lock:
            self.desk.session.at(self.desk.clock())
            trial = bringing.attempt(self.desk.session, path, sheet, options, progress)
        self.call_later(self._tried, trial, run)

    def _tried(self, trial: Trial, run: int) -> None:
        if run == self._run:
            self.working = False
            self.trial = trial
            self.show()

    def _write(self, trial: Trial, run: int) -> None:
        from tuicrm.tui.desk import Done

        ends: list[Done] = []

        def write(plan: Plan) -> None:
            ends.append(self.desk.write(lambda session: plan))
            if ends[0].failed:
                raise TuicrmError(ends[0].said)

        rejects = bringing.bring_in(self.desk.session, trial, write)
        self.call_later(self._written, trial, ends[0] if ends else Done("nothing to import"), rejects)

    def _written(self, trial: Trial, done: Done, rejects: Path | None) -> None:
        self.working = False
        self.outcome = done
        self.body.put(importlook.summary(self.desk.session, trial, rejects))
        self.foot.put(importlook.foot("", importlook.DONE_KEYS))

    def _in_thread(self, what: str, work: Callable[[int], None]) -> None:
        """Do something long; what is cancelled or outdated by then says nothing."""
        self._run += 1
        self._stop, self.working = False, True
        run = self._run

        def job() -> None:
            try:
                work(run)
            except TuicrmError as error:
                said = f"{error} ({error.hint})" if error.hint and not self.path else str(error)
                self.call_later(self._failed, said, run)

        self.foot.put(importlook.foot(what, (("Esc", "cancels"),), "muted"))
        self.run_worker(job, thread=True, group="import", exit_on_error=False)

    def _say(self, text: str, run: int) -> None:
        if run == self._run and self.working:
            self.foot.put(importlook.foot(text, (("Esc", "cancels"),), "muted"))

    def _failed(self, text: str, run: int) -> None:
        if run != self._run:
            return
        self.working = False
        if self.path is None:
            self.objection(text)
        else:
            # A map that names no column or no field is forgotten again.
            self.options = replace(self.options, maps=self.options.maps[:-1])
            self.show(text)
