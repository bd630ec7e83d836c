"""Progress on stderr: one line that is written over again on a terminal, nothing anywhere else."""

from __future__ import annotations

import sys

CELLS = 70


class Progress:
    """Shows the last thing that was said, and takes it away at the end."""

    def __init__(self) -> None:
        self._shows = sys.stderr is not None and sys.stderr.isatty()
        self._wrote = False

    def __call__(self, line: str) -> None:
        """Show a line, already cleaned."""
        if self._shows:
            from tuicrm.text import pad

            self._wrote = True
            sys.stderr.write(f"\r{pad(line, CELLS)}\r")
            sys.stderr.flush()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._wrote:
            sys.stderr.write(f"\r{' ' * CELLS}\r")
            sys.stderr.flush()


def can_ask() -> bool:
    """Whether somebody sits at a terminal."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr is not None and sys.stderr.isatty()
