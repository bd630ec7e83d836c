"""One sync: what is here and what the remote has become one commit, the remote gets it, and then the work tree does.

The remote comes first: where somebody was faster, everything starts again from a fetch and nothing here has moved.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tuicrm.errors import Busy, Decision, TuicrmError
from tuicrm.sync import refs
from tuicrm.sync.arriving import came, moved, new_files
from tuicrm.sync.asking import Asking
from tuicrm.sync.content import Contents
from tuicrm.sync.counting import count
from tuicrm.sync.git import find
from tuicrm.sync.gone import unseen
from tuicrm.sync.installing import Order, Underway, finish, put_in_place
from tuicrm.sync.leftovers import none_left
from tuicrm.sync.making import Author, Made, Making
from tuicrm.sync.objects import Objects, is_ancestor
from tuicrm.sync.report import MOST_NAMED, Last, Report, remember
from tuicrm.sync.setup import no_repository
from tuicrm.sync.summary import left_alone
from tuicrm.sync.tidying import tidy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tuicrm.crm.session import Session
    from tuicrm.sync.git import Git
    from tuicrm.sync.local import Local
    from tuicrm.sync.losing import Lost
    from tuicrm.sync.place import Place
    from tuicrm.sync.remote import Remote
    from tuicrm.sync.trust import Config
    from tuicrm.sync.worktree import Scan

MOST_ATTEMPTS = 100
MOST_UNMOVED = 25
"""Attempts that fail although nobody was faster, as a lock in the remote makes them."""
LONGEST_PAUSE = 2.0
PATIENCE = 10.0
"""Seconds to wait for a git that keeps its lock on the index."""
WENT_BACK = ("restore", "follow")


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
        self._ws = session.ws
        self._git = git
        self._objects = objects
        self._contents = Contents(git, objects)
        self._said = said
        self._adopt = adopt
        self._went_back = went_back
        self._tip = ""
        """The remote's tip at the last attempt."""

    def run(self) -> Report:
        """Try until the remote has what is here, or says why not."""
        finish(self._git, self._objects, self._ws, self._waiting())
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
                    hint="A push that was killed may have left a lock there: a file refs/heads/<branch>.lock.",
                )
            self._said("somebody else was faster, trying again")
            from random import uniform

            time.sleep(uniform(0, min(LONGEST_PAUSE, 0.05 * 2 ** min(attempt, 10))))
        raise Busy(f"others were faster {MOST_ATTEMPTS} times in a row", hint="Try again: everything is safe here.")

    def _attempt(self) -> Report | None:
        """One round; None where somebody else was faster, here or on the remote."""
        from tuicrm.sync import local, place, setup, trust, worktree

        where = place.look(self._git)
        config = trust.read(self._git, where.branch)
        remote = self._remote(config, where)
        if remote is not None:
            self._said("fetching")
        with Asking(self._git, remote, self._said) as asking:
            self._fold_away()
            scan = worktree.scan(self._git, str(self._ws.root), self._ws.private, where.head)
            self._contents.know(where.head, scan.head_tree)
            synced = self._synced(config)
            self._refuse_own(where, synced)
            before = self._contents.of(synced) if synced else None
            side = local.look(self._git, self._contents, where, scan, before)
            tip, problem = self._answered(remote, synced, asking)
        if remote is not None and problem is None and not tip and not config.upstream:
            remote, tip = self._first_contact(config, remote)
        self._tip = tip
        self._said("joining")
        losers = self._ws.take_losers()
        made = self._made(scan, side, tip, synced, unseen(self._contents, losers, where.head, before), config)
        brought = came(self._objects, scan, side, made)
        pushed = False
        if remote is not None and problem is None:
            self._said("sending")
            pushed, problem = self._pushed(remote, tip, made.commit)
            if not pushed and problem is None:
                return None
        left = self._installed(where, scan, side, made, remote, made.commit if pushed else tip)
        if left is None:
            return None
        notes = (place.end_merge(self._git) if where.merge_head else "", left_alone(left))
        if remote is not None and problem is None and not config.upstream:
            # Plain `git pull` and `git push` then know the branch, too.
            setup.follow(self._git, where.branch, remote.branch)
        self._ws.drop_losers(losers)
        self._ws.trim_kept()
        return Report(
            made.commit,
            remote.shown if remote else "",
            pushed,
            side.went,
            count(brought),
            tuple(brought[:MOST_NAMED]),
            made.edits,
            tuple(note for note in notes if note),
            problem,
            self._earlier(where.head, tip, synced, made) if pushed else 0,
        )

    def _remote(self, config: Config, where: Place) -> Remote | None:
        from tuicrm.sync.remote import Remote

        if not config.url:
            return None
        return Remote(self._git, config, config.upstream or where.branch)

    def _fold_away(self) -> None:
        """Carry the journal over into the files, which is what is compared."""
        wait = self._waiting()
        self._ws.checkpoint()
        while self._ws.has_unfolded:
            if not wait():
                raise Busy(
                    "git has been at work on this folder for a while", hint="Finish what it is doing, then sync again."
                )
            self._ws.checkpoint()

    def _waiting(self) -> Callable[[], bool]:
        deadline = time.monotonic() + PATIENCE

        def wait() -> bool:
            time.sleep(0.05)
            return time.monotonic() < deadline

        return wait

    def _refuse_own(self, where: Place, synced: str) -> None:
        """Refuse what somebody committed here and no workspace may hold, before the remote and so everybody gets it."""
        from tuicrm.sync.incoming import check

        for oid in (where.head, *where.merge_head):
            commit = self._objects.commit(oid) if oid != synced else None
            if commit is not None and not self._objects.is_own(commit):
                check(self._git, self._objects, oid, synced, here=True)

    def _answered(self, remote: Remote | None, synced: str, asking: Asking) -> tuple[str, TuicrmError | None]:
        """Return the remote's tip, and why it could not be asked; then the tip is the one that was last seen."""
        from tuicrm.sync.incoming import check
        from tuicrm.sync.remote import Unreachable

        tip, problem = asking.answer()
        if problem is not None:
            if remote is None or not isinstance(problem, Unreachable):
                raise problem
            known = self._objects.commit(remote.tracking)
            tip = known.oid if known else ""
        if tip and tip != synced:
            check(self._git, self._objects, tip, synced)
        return tip, problem

    def _first_contact(self, config: Config, remote: Remote) -> tuple[Remote, str]:
        """Return the remote with the branch to work with where it has none of this one's name, and that one's tip."""
        from tuicrm.sync.remote import Remote, choose_branch

        branch = choose_branch(remote.branch, remote.heads())
        if branch == remote.branch:
            return remote, ""
        other = Remote(self._git, config, branch)
        with Asking(self._git, other, self._said) as asking:
            return other, self._answered(other, "", asking)[0]

    def _synced(self, config: Config) -> str:
        found = self._objects.commit(refs.synced(config.url)) if config.url else None
        return found.oid if found else ""

    def _made(self, scan: Scan, side: Local, tip: str, synced: str, also: list[Lost], config: Config) -> Made:
        making = Making(self._git, self._objects, self._contents, scan, side, tip)
        known = synced or self._cloned(config, side) if tip else ""
        if known and not is_ancestor(self._git, known, tip) and self._is_rewritten(tip, known):
            return making.rewritten(known, also, self._author(config))
        return making.merged(also, self._author(config), adopt=self._adopt)

    def _cloned(self, config: Config, side: Local) -> str:
        """Return what plain git made this clone from, where that came from the remote and is part of what is here."""
        from tuicrm.sync.place import cloned

        found = self._objects.commit(cloned(self._git, config.url))
        return found.oid if found and side.heads and is_ancestor(self._git, found.oid, side.heads[0]) else ""

    def _is_rewritten(self, tip: str, synced: str) -> bool:
        if not is_ancestor(self._git, tip, synced):
            return True
        if self._went_back not in WENT_BACK:
            raise Decision(
                "the remote has lost its latest commits, which are here",
                hint="tuicrm sync --went-back restore gives them to it again, --went-back follow gives them up here.",
            )
        return self._went_back == "follow"

    def _author(self, config: Config) -> Author:
        from tuicrm.sync.identity import author

        name, email = author(self._session, config.anywhere)
        return Author(name, email, int(self._session.now.timestamp()))

    def _pushed(self, remote: Remote, tip: str, commit: str) -> tuple[bool, TuicrmError | None]:
        """Say whether the remote has a commit, and why it does not take it; neither where somebody was faster."""
        try:
            return not commit or tip == commit or remote.push(commit, self._said) == "ok", None
        except TuicrmError as error:
            return False, error

    def _earlier(self, head: str, tip: str, synced: str, made: Made) -> int:
        """Return how many commits of this branch, made before this sync, the remote got with it."""
        if not head or head in (tip, synced) or not is_ancestor(self._git, head, made.commit):
            return 0
        return int(self._git.lines("rev-list", "--count", head, *([f"^{tip}"] if tip else []), "--")[0])

    def _installed(
        self, where: Place, scan: Scan, side: Local, made: Made, remote: Remote | None, shared: str
    ) -> list[str] | None:
        changes = moved(self._contents.files(where.head) if where.head else {}, made)
        names: list[tuple[str, str, str | None]] = [(refs.MADE, "", None)]
        if remote is not None and shared:
            names += [(refs.synced(remote.url), shared, None), (remote.tracking, shared, None)]
        files = new_files(self._objects, scan, side, made, changes)
        order = Order(Underway(made.commit, where.head, where.branch), changes, files, names)
        return put_in_place(self._git, self._objects, self._ws, order, self._waiting())
