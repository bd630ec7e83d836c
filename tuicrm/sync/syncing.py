"""One sync: what is here and what the remote has become one commit, the remote gets it, and then the work tree does.

The remote comes first: where somebody was faster, everything starts again from a fetch and nothing here has moved.
What only the work after the fetch needs is imported while that goes on.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tuicrm.errors import Busy, Decision, TuicrmError
from tuicrm.sync.asking import Asking
from tuicrm.sync.git import find
from tuicrm.sync.leftovers import none_left
from tuicrm.sync.objects import Objects
from tuicrm.sync.report import Last, remember
from tuicrm.sync.resuming import is_underway
from tuicrm.sync.setup import no_repository
from tuicrm.sync.tidying import tidy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tuicrm.crm.session import Session
    from tuicrm.sync.content import Contents
    from tuicrm.sync.git import Git
    from tuicrm.sync.report import Report

MOST_ATTEMPTS = 100
MOST_UNMOVED = 25
"""Attempts that fail although nobody was faster, as a lock in the remote makes them."""
LONGEST_PAUSE = 2.0


def sync(
    session: Session,
    *,
    environ: Mapping[str, str],
    said: Callable[[str], None] = lambda line: None,
    cancelled: Callable[[], bool] = lambda: False,
    adopt: bool = False,
    interactive: bool = False,
    went_back: str = "",
) -> Report:
    """Bring this workspace and its remote together; safe to be ended at any moment, and to be run again.

    `adopt` joins with a remote that was started apart; `went_back` says what to do where the remote has lost its
    latest commits: `restore` them, or `follow`. Raises Decision for what a person must decide, Busy, or Cancelled.
    """
    ws = session.ws
    git = find(str(ws.root), environ, interactive=interactive, cancelled=cancelled)
    if git is None:
        raise no_repository(ws.root)
    try:
        with none_left(git, ws.private), Objects(git) as objects:
            report = _Sync(session, git, objects, said, adopt, went_back).run()
    except TuicrmError as error:
        remember(ws.private, Last(_instant(session), False, str(error)))
        raise
    ok = report.problem is None
    if report.problem is not None and not report.problem.hint:
        report.problem.hint = "All is committed here; the next sync that works sends it."
    remember(ws.private, Last(_instant(session), ok, "" if ok else str(report.problem)))
    tidy(git)
    return report


def _instant(session: Session) -> str:
    from tuicrm.records.values import instant_text

    return instant_text(session.now)


class _Sync:
    """The attempts of one sync."""

    def __init__(
        self, session: Session, git: Git, objects: Objects, said: Callable[[str], None], adopt: bool, went_back: str
    ) -> None:
        self._session = session
        self._git = git
        self._objects = objects
        self._contents: Contents | None = None
        self._said = said
        self._adopt = adopt
        self._went_back = went_back
        self._tip = ""
        """The remote's tip at the last attempt."""

    def run(self) -> Report:
        """Try until the remote has what is here, or says why not."""
        if is_underway(self._session.ws):
            from tuicrm.sync.installing import finish, waiting

            finish(self._git, self._objects, self._session.ws, waiting())
        same = 0
        for attempt in range(MOST_ATTEMPTS):
            before = self._tip
            report = self._attempt()
            if report is not None:
                return report
            same = same + 1 if self._tip == before else 0
            if same == MOST_UNMOVED:
                raise Decision(
                    "the remote takes nothing, although nobody else changes its branch",
                    hint="A push that was killed may have left a lock there: refs/heads/<branch>.lock or HEAD.lock.",
                )
            self._said("somebody else was faster, trying again")
            from random import uniform

            time.sleep(uniform(0, min(LONGEST_PAUSE, 0.05 * 2 ** min(attempt, 10))))
        raise Busy(f"others were faster {MOST_ATTEMPTS} times in a row", hint="Try again: everything is safe here.")

    def _attempt(self) -> Report | None:
        """One round; None where somebody else was faster, here or on the remote."""
        from tuicrm.sync import place, trust

        where = place.look(self._git)
        config = trust.read(self._git, where.branch)
        remote = None
        if config.url:
            from tuicrm.sync.remote import Remote

            remote = Remote(self._git, config, config.upstream or where.branch)
            self._said("fetching")
        with Asking(self._git, remote, lambda there: there.fetch(self._said), "") as asking:
            from tuicrm.sync.attempt import Attempt
            from tuicrm.sync.content import Contents

            self._contents = self._contents or Contents(self._git, self._objects)
            tried = Attempt(self._session, self._git, self._objects, self._contents, where, config, remote, self._said)
            tried.look(asking)
        self._tip = tried.tip
        return tried.bring_together(adopt=self._adopt, went_back=self._went_back)
