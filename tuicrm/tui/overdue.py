"""How many follow-ups of the user's are late, beside the pane's name; and word of those that fall due, if wanted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuicrm.errors import TuicrmError
from tuicrm.tui.commands import FOLLOWUPS, LEADS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from textual.timer import Timer

    from tuicrm.crm.session import Session
    from tuicrm.crm.worklist import Worklist
    from tuicrm.tui.program import Program

LOOK_SECONDS = 15.0
"""How often time alone is given the chance to make something late."""
SETTLE_SECONDS = 0.3
Minute = tuple[int, str]
"""A day (an ordinal) and a time of day, as `09:30`."""


@dataclass(frozen=True)
class Notify:
    """What happens when a follow-up falls due: nothing, unless the user's configuration asks for it."""

    due: bool = False
    """A message in the status line."""
    bell: bool = False
    """The terminal's bell with it."""
    desktop: bool = False
    """A notification by the terminal (OSC 9) with it."""

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> Notify:
        """Read the table `[notify]`; whatever is not plainly true is off."""
        return cls(*(table.get(name) is True for name in ("due", "bell", "desktop")))


class Overdue:
    """Counts in a thread, after each change and as time goes by; the screen is touched only where the count differs."""

    def __init__(self, program: Program, notify: Notify) -> None:
        self._program = program
        self._notify = notify
        self._busy = self._again = False
        self._timer: Timer | None = None
        self._until: datetime | None = None
        self._told: Minute | None = None
        """Up to when word was given of what fell due."""

    def start(self) -> None:
        """Count from here on."""
        self._program.set_interval(LOOK_SECONDS, self.look)
        self.soon()

    def soon(self) -> None:
        """Count once the changes that are going on have settled."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._program.set_timer(SETTLE_SECONDS, self.look)

    def look(self) -> None:
        """Count, unless that is going on already."""
        if self._busy:
            self._again = True
            return
        self._busy = True
        self._program.run_worker(self._count, thread=True, group="overdue", exit_on_error=False)

    def _count(self) -> None:
        from tuicrm.crm.worklist import worklist

        desk = self._program.desk
        late, awake, due, leads = -1, False, "", False
        try:
            with desk.lock:
                session = desk.session
                awake = self._until is not None and self._until <= session.now
                found = worklist(session, mine=True)
                leads = bool(session.ws.all("lead"))
                late, self._until = found.late, found.until
                due = self._fallen_due(session, found) if self._notify.due else ""
        except TuicrmError:
            # The panes say what is wrong with the workspace.
            awake = False
        self._program.call_later(self._show, late, awake, due, leads)

    def _fallen_due(self, session: Session, found: Worklist) -> str:
        """Return what there is to say of follow-ups whose time has come since the last look."""
        from tuicrm.crm.todo import todo
        from tuicrm.crm.worklist import when

        wall = session.reading.now
        now: Minute = (wall.toordinal(), wall.strftime("%H:%M"))
        before, self._told = self._told, now
        if before is None:
            return ""
        held = (session.ws.get("followup", one) for one in (*found.groups["late"], *found.groups["today"]))
        fallen = [one for one in held if one is not None and before < when(session, one) <= now]
        if not fallen:
            return ""
        first = todo(session, fallen[0], "today")
        more = f" and {len(fallen) - 1} more" if fallen[1:] else ""
        return f"due now: {', '.join(filter(None, (first.what, first.who)))}{more}"

    def _show(self, late: int, awake: bool, due: str, leads: bool) -> None:
        self._busy = False
        if late >= 0:
            self._program.badge(FOLLOWUPS, f"!{late}" if late else "")
            self._program.main.offer(LEADS, leads)
        if due:
            self._program.main.say(due, "today")
            self._ring(due)
        if awake:
            self._program.changed()
        if self._again:
            self._again = False
            self.look()

    def _ring(self, text: str) -> None:
        if self._notify.bell:
            self._program.bell()
        if self._notify.desktop and self._program._driver is not None:
            self._program._driver.write(notification(text, self._program.env))


def notification(text: str, env: Mapping[str, str]) -> str:
    """Return what makes a terminal show a notification (OSC 9), passed on where tmux is in between."""
    from tuicrm.text import clean_line

    plain = f"\x1b]9;{clean_line(text)[:200]}\x07"
    return f"\x1bPtmux;{plain.replace(chr(27), chr(27) * 2)}\x1b\\" if env.get("TMUX") else plain
