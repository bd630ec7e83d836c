"""A last sync once the screen is given back, where that is wanted: in the shell, where it can ask and be cut short."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def sync(root: Path, private: Path, user: str, env: Mapping[str, str]) -> None:
    """Sync a workspace, if there is anything to sync with and anybody to see it; ctrl+c leaves it for the next time."""
    import sys
    from subprocess import Popen

    from tuicrm.tui.syncchild import command, surroundings
    from tuicrm.tui.syncing import has_remote

    if not has_remote(private) or sys.stderr is None or not sys.stderr.isatty():
        return
    sys.stderr.write("tuicrm: syncing before leaving; ctrl+c leaves that for the next time\n")
    sys.stderr.flush()
    try:
        child = Popen(command(root), env=surroundings(env, user))
    except OSError as error:
        sys.stderr.write(f"tuicrm: sync cannot be started: {(error.strerror or str(error)).lower()}\n")
        return
    while child.returncode is None:
        try:
            child.wait()
        except KeyboardInterrupt:
            # The terminal has told the process too: it ends by itself, in order.
            continue
