"""What keys write from templates."""

from __future__ import annotations

from tuicrm.tui.acting.logging import LogKeys


class LetterKeys(LogKeys):
    """A template is filled in within the line that logs an e-mail, so that sending and logging are one thing."""

    def action_template_write(self) -> None:
        """Open the line for an e-mail, and the templates above it."""
        self._open_log("email")
        if self._log_line is not None:
            self.call_after_refresh(self._log_line.action_template)
