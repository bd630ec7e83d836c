"""What one command line works with: environment, workspace, and the two streams."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tuicrm.crm.session import Session
    from tuicrm.store.quarantine import Problem


class State:
    """One command's surroundings; the workspace is opened when first asked for, and closed by `close`."""

    def __init__(self, env: Mapping[str, str] | None = None, *, workspace: str = "") -> None:
        self.env: Mapping[str, str] = os.environ if env is None else env
        self.workspace = workspace
        """What `--workspace` said."""
        self.told_damage = False
        """Whether the command itself speaks about unreadable lines."""
        self._session: Session | None = None

    @property
    def session(self) -> Session:
        """The session on the workspace that is meant, opened once."""
        if self._session is None:
            from tuicrm.crm.opening import open_session, remember_last

            path = self.find()
            self._session = open_session(path, self.env)
            remember_last(path, self.env)
            self._resume()
        return self._session

    def _resume(self) -> None:
        """Finish a sync that was cut short; where that cannot be done now, everything can be read all the same."""
        from tuicrm.errors import TuicrmError
        from tuicrm.sync.resuming import resume

        assert self._session is not None
        try:
            if resume(self._session.ws, self.env):
                self.tell("tuicrm: a sync that was cut short was finished")
        except TuicrmError as problem:
            self.tell(f"tuicrm: a sync was cut short, and cannot be finished now: {problem}")

    def find(self) -> Path:
        """Return the folder of the workspace that is meant, or raise NotFound."""
        from pathlib import Path

        from tuicrm.crm.opening import find_workspace

        return find_workspace(self.workspace, self.env, Path.cwd())

    def adopt(self, session: Session) -> Session:
        """Work on with a session that a command has opened itself."""
        self.close()
        self._session = session
        return session

    def close(self) -> None:
        """Close the workspace, which writes its files."""
        session, self._session = self._session, None
        if session is not None:
            session.ws.close()
            if not self.told_damage:
                self._warn(session.ws.unreadable())

    def _warn(self, missing: Sequence[Problem]) -> None:
        """Say that something could not be read: what was shown must not look whole."""
        if missing:
            more = f" (and {len(missing) - 1:,} more)" if len(missing) > 1 else ""
            self.tell(f"tuicrm: left out: {missing[0]}{more}; tuicrm doctor lists what cannot be read")

    @property
    def on_terminal(self) -> bool:
        """Whether stdout is a terminal."""
        return sys.stdout is not None and sys.stdout.isatty()

    @property
    def width(self) -> int | None:
        """The terminal's width in cells; None where stdout is no terminal, so that nothing is cut."""
        if not self.on_terminal:
            return None
        import shutil

        return max(shutil.get_terminal_size().columns, 20)

    @property
    def colour(self) -> bool:
        """Whether escape sequences of our own may be written."""
        return self.on_terminal and not self.env.get("NO_COLOR") and self.env.get("TERM", "dumb") != "dumb"

    def give(self, data: str | bytes) -> None:
        """Write data to stdout as it is, in UTF-8."""
        if sys.stdout is None:
            return
        raw = getattr(sys.stdout, "buffer", None)
        if raw is None:
            sys.stdout.write(data if isinstance(data, str) else data.decode())
            return
        sys.stdout.flush()
        raw.write(data if isinstance(data, bytes) else data.encode("utf-8", "backslashreplace"))

    def tell(self, text: str) -> None:
        """Write a line for people to stderr, cleaned."""
        from tuicrm.text import brief, clean

        if sys.stderr is not None and text:
            sys.stderr.write(f"{clean(brief(text))}\n")
