"""What is due by itself while the program is open, and the commands of rules: both away from the keys."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tuicrm.errors import TuicrmError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.due import Due
    from tuicrm.crm.plan import Plan
    from tuicrm.crm.rules.commands import Errand
    from tuicrm.crm.session import Session
    from tuicrm.tui.program import Program

SECONDS = 60.0
FIRST_SECONDS = 3.0
"""How long after the start the first look may be."""


def _planned(one: Due, _: Session) -> Plan | None:
    return one.plan


class Duties:
    """Looks every minute for what is due: found in a thread on a picture of the workspace, written on the main one."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._busy = False
        self._waits: set[str] = set()
        """What waits for somebody, which is said once."""

    def start(self) -> None:
        """Begin, from here on."""
        self._program.desk.session.runner = self.run
        self._program.set_timer(FIRST_SECONDS, self.look)
        self._program.set_interval(SECONDS, self.look)

    def look(self) -> None:
        """Look for what is due, where anything can be."""
        from tuicrm.crm.due import waiting

        desk = self._program.desk
        if self._busy or not desk.lock.acquire(blocking=False):
            return
        try:
            busy = self._busy = waiting(desk.session)
        except TuicrmError:
            # The panes say what is wrong with the workspace.
            return
        finally:
            desk.lock.release()
        if busy:
            self._program.run_worker(self._find, thread=True, group="duties", exit_on_error=False)

    def _find(self) -> None:
        from tuicrm.crm.due import due

        found: list[Due] = []
        try:
            with self._program.desk.aside.held() as session:
                found = list(due(session))
        except TuicrmError:
            found = []
        finally:
            self._program.call_later(self._do, found)

    def _do(self, found: Sequence[Due]) -> None:
        """Write what was found, and say it."""
        self._busy = False
        program = self._program
        for one in found:
            if one.plan is None:
                if one.records and one.waits not in self._waits:
                    self._waits.add(one.waits)
                    program.main.say(one.waits, "today")
                continue
            done = program.desk.write(partial(_planned, one))
            if done.changed:
                more = f", and {one.records - 1:,} more" if one.records > 1 else ""
                program.main.say(f"{one.told[0]}{more}" if one.told else done.said)
                program.desk.session.run(one.errands)
                program.changed()

    def run(self, errands: Sequence[Errand]) -> None:
        """Run commands of rules in a thread, and say what went wrong."""
        self._program.run_worker(lambda: self._run(errands), thread=True, group="errands", exit_on_error=False)

    def _run(self, errands: Sequence[Errand]) -> None:
        from tuicrm.crm.rules.commands import run

        for one in errands:
            if said := run(one):
                self._program.call_later(self._program.main.say, said, "late")
