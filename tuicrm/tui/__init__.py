"""The terminal interface; Textual is imported only once it is known that there is a terminal for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuicrm.crm.session import Session

REMOTE = {"TEXTUAL_ANIMATIONS": "none", "TEXTUAL_FPS": "15", "TEXTUAL_SMOOTH_SCROLL": "0"}
"""What keeps a slow line quiet; Textual reads these once, when it is imported."""


def run(session: Session | None, *, env: Mapping[str, str], remote: bool = False, accessible: bool = False) -> int:
    """Open the TUI on a session, or the welcome screen without one, and return the exit code.

    `remote` sends as little as possible: no animation, no mouse, 16 colours. `accessible` keeps the picture still, in
    one column without boxes, with the terminal's cursor on what is chosen.
    Raises UsageProblem where there is no terminal that could show it.
    """
    import os
    import sys

    _require_terminal(env)
    quiet = {**REMOTE} if remote else {"TEXTUAL_ANIMATIONS": "none"} if accessible else {}
    for name, value in quiet.items():
        os.environ.setdefault(name, value)
    from tuicrm.tui.app import TuicrmApp

    app = TuicrmApp(session, env=env, remote=remote, accessible=accessible)
    code = app.run(mouse=not remote)
    if app.session is not None:
        app.session.ws.close()
    if app.return_code:
        sys.stderr.write(f"tuicrm: {app.last_words}\n" if app.last_words else "")
        sys.stderr.flush()
        return app.return_code
    if app.sync_wish.at_exit and app.session is not None:
        from tuicrm.tui import leaving

        leaving.sync(app.session.ws.root, app.session.ws.private, app.session.user, env)
    return code or 0


def _require_terminal(env: Mapping[str, str]) -> None:
    """Raise UsageProblem, pointing to the commands, where no TUI can be shown."""
    import sys

    from tuicrm.errors import UsageProblem

    hint = "tuicrm board prints the board; tuicrm --help lists the commands."
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageProblem("the TUI needs a terminal for its input and its output", hint=hint)
    if env.get("TERM", "") == "dumb":
        raise UsageProblem("the TUI cannot work on this terminal: TERM is dumb", hint=hint)
