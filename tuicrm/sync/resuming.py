"""A sync that was cut short while it put a commit in place: noticed by whoever opens the workspace, and finished."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuicrm.store.workspace import Workspace

UNDERWAY = "sync.underway"
"""The private file that names a commit while it is being put in place."""
AT_WORK = 5.0
"""Seconds for which a sync that has begun to put a commit in place is taken to be at it still."""


def is_underway(ws: Workspace) -> bool:
    """Whether a sync has begun to put a commit in place, and has not come to its end."""
    return (ws.private / UNDERWAY).exists()


def resume(ws: Workspace, environ: Mapping[str, str]) -> bool:
    """Finish what a sync has begun to put in place; False where there is nothing to finish, or not yet.

    Raises what finishing a sync raises: Busy while git is at work, ReadOnly, Damaged.
    """
    import time

    try:
        begun = (ws.private / UNDERWAY).stat().st_mtime
    except OSError:
        return False
    if 0 <= time.time() - begun < AT_WORK:
        return False
    from tuicrm.sync.git import find
    from tuicrm.sync.installing import finish
    from tuicrm.sync.objects import Objects

    git = find(str(ws.root), environ)
    if git is None:
        return False
    with Objects(git) as objects:
        return finish(git, objects, ws, lambda: False)
