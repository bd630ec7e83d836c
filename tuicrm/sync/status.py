"""How a workspace stands towards its remote, found out without asking it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.errors import TuicrmError
from tuicrm.sync.report import Status, last

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuicrm.crm.session import Session
    from tuicrm.sync.git import Git
    from tuicrm.sync.place import Place


def status(session: Session, environ: Mapping[str, str]) -> Status:
    """Return what is known here: commits on either side, changes not committed, the last sync, open conflicts."""
    from tuicrm.crm.conflicts import count
    from tuicrm.sync.git import find

    told = last(session.ws.private)
    git = find(str(session.ws.root), environ)
    known = Status(
        repository=git is not None,
        last_sync=told.at if told else "",
        last_result=("ok" if told.ok else told.said) if told else "",
        conflicts=count(session),
    )
    if git is None:
        return known
    from tuicrm.sync import place

    try:
        where = place.look(git)
        return _asked(known, session, git, where)
    except TuicrmError as error:
        return known._replace(problem=str(error), hint=error.hint)


def _asked(known: Status, session: Session, git: Git, where: Place) -> Status:
    from tuicrm.sync import local, trust, worktree
    from tuicrm.sync.content import Contents
    from tuicrm.sync.objects import Objects, ahead_behind
    from tuicrm.sync.remote import Remote

    config = trust.read(git, where.branch)
    session.ws.checkpoint()
    with Objects(git) as objects:
        scan = worktree.scan(git, str(session.ws.root), session.ws.private, where.head)
        side = local.look(git, Contents(git, objects), where, scan, None)
        branch = config.upstream or where.branch
        remote = Remote(git, config, branch) if config.url else None
        tracking = None if remote is None else objects.commit(remote.tracking)
        ahead, behind = (0, 0)
        if where.head and tracking is not None:
            ahead, behind = ahead_behind(git, where.head, tracking.oid)
        elif where.head:
            ahead = len(git.lines("rev-list", where.head, "--"))
    return known._replace(
        remote=remote.shown if remote else "",
        branch=where.branch.removeprefix("refs/heads/"),
        ahead=ahead,
        behind=behind,
        local=side.went,
    )
