"""What keys log about records: calls, e-mails, meetings, notes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tuicrm.tui.acting.targets import Targets

if TYPE_CHECKING:
    from textual.widget import Widget

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session
    from tuicrm.tui.desk import Done
    from tuicrm.tui.logline import Entered, LogLine
    from tuicrm.tui.pane import Ref

_KEYS = {"call": "c", "email": "m", "meeting": "M", "note": "n"}
_TOLD = 2
"""Follow-ups that a message names."""


class LogKeys(Targets):
    """What keys log about records: calls, e-mails, meetings, notes."""

    _log_line: LogLine | None = None

    def _opened(self) -> Widget | None:
        """Return the field that takes keys typed before it has the focus."""
        return super()._opened() or (self._log_line.text if self._log_line is not None else None)

    def action_log_call(self) -> None:
        """Log a call."""
        self._open_log("call")

    def action_log_email(self) -> None:
        """Log an e-mail."""
        self._open_log("email")

    def action_log_meeting(self) -> None:
        """Log a meeting."""
        self._open_log("meeting")

    def action_log_note(self) -> None:
        """Log a note."""
        self._open_log("note")

    def _open_log(self, sort: str) -> None:
        from tuicrm.crm.logabout import Typed
        from tuicrm.tui.logline import Entered, LogLine

        refs, abouts = self.targets(), tuple(self.abouts())
        if not abouts and sort != "email":
            self.main.say("nothing here to log about; m takes a pasted e-mail")
            return
        key = ("log", sort, *sorted(refs))
        held = self.desk.drafts.get(key)
        entered = replace(held, abouts=held.abouts or abouts) if held else Entered(Typed(sort), abouts)

        def save(found: Entered) -> str:
            return self._write_entry(found, refs, key)

        def over(found: Entered) -> None:
            self._log_line = None
            self.focus()
            self.desk.drafts.pop(key, None)
            if not found.empty:
                self.desk.drafts[key] = found
                self.main.say(f"kept as a draft; {_KEYS[sort]} goes on with it")

        self._log_line = LogLine(self.program, entered, save=save, over=over)
        self.main.mount(self._log_line)

    def _write_entry(self, found: Entered, refs: list[Ref], key: tuple[object, ...]) -> str:
        """Write an entry down; a sentence where that failed."""
        from tuicrm.crm.logabout import log_about

        def plan(session: Session) -> Plan:
            made = log_about(session, found.whole, found.abouts)
            if not found.used:
                return made
            from tuicrm.crm.answers import counted

            return counted(session, made, found.used)

        done = self.desk.write(plan)
        if done.failed:
            return done.said
        self.desk.drafts.pop(key, None)
        self._log_line = None
        self.focus()
        self.finish(replace(done, said=_told(done)), refs)
        return ""


def _told(done: Done) -> str:
    """Return what was logged, and what that did to follow-ups."""
    said = done.plan.said if done.plan is not None else ()
    # How far a day is was said while it was typed; the message has one line.
    kept = [one.rpartition(" (")[0] or one for one in said if one.startswith(("done: ", "put off: ", "next: "))]
    return "; ".join((done.said, *kept[:_TOLD])) + (" and more" if len(kept) > _TOLD else "")
