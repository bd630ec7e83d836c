"""One attempt of a sync: this clone's side and what was fetched become one commit, which is sent and put in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.errors import Busy, Decision, TuicrmError
from tuicrm.sync import local, place, refs, setup, worktree
from tuicrm.sync.answers import Unreachable
from tuicrm.sync.arriving import came, moved, new_files
from tuicrm.sync.asking import Asking
from tuicrm.sync.counting import count
from tuicrm.sync.gone import unseen
from tuicrm.sync.identity import author
from tuicrm.sync.incoming import check
from tuicrm.sync.installing import Order, Underway, put_in_place, waiting
from tuicrm.sync.making import Author, Made, Making
from tuicrm.sync.objects import is_ancestor
from tuicrm.sync.remote import Remote, choose_branch
from tuicrm.sync.report import MOST_NAMED, Report
from tuicrm.sync.summary import left_alone

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.session import Session
    from tuicrm.sync.content import Content, Contents
    from tuicrm.sync.git import Git
    from tuicrm.sync.local import Local
    from tuicrm.sync.losing import Lost
    from tuicrm.sync.objects import Objects
    from tuicrm.sync.place import Place
    from tuicrm.sync.trust import Config
    from tuicrm.sync.worktree import Scan

WENT_BACK = ("restore", "follow")


class Attempt:
    """One round: `look` while the fetch goes on, then `bring_together`."""

    def __init__(
        self,
        session: Session,
        git: Git,
        objects: Objects,
        contents: Contents,
        where: Place,
        config: Config,
        remote: Remote | None,
        said: Callable[[str], None],
    ) -> None:
        self._session = session
        self._ws = session.ws
        self._git = git
        self._objects = objects
        self._contents = contents
        self._where = where
        self._config = config
        self._remote = remote
        self._said = said
        self._problem: TuicrmError | None = None
        """Why the remote could not be asked, or did not take what it was sent."""
        self._synced = ""
        """The commit that the last sync with this remote left; empty before the first."""
        self._scan: Scan
        self._before: Content | None
        self._side: Local
        self.tip = ""
        """The remote's tip; where it could not be asked, the one that was last seen."""

    def look(self, asking: Asking[str]) -> None:
        """Look over this clone's side while the remote is asked, then over what came."""
        self._fold_away()
        self._scan = worktree.scan(self._git, str(self._ws.root), self._ws.private, self._where.head)
        self._contents.know(self._where.head, self._scan.head_tree)
        self._synced = self._last_synced()
        self._refuse_own()
        self._before = self._contents.of(self._synced) if self._synced else None
        self._side = local.look(self._git, self._contents, self._where, self._scan, self._before)
        self.tip, self._problem = self._answered(self._remote, asking)
        if self._remote is not None and self._problem is None and not self.tip and not self._config.upstream:
            self._remote, self.tip = self._first_contact(self._remote)

    def bring_together(self, *, adopt: bool, went_back: str) -> Report | None:
        """Join both sides, send the result and put it in place; None where somebody else was faster."""
        where, remote = self._where, self._remote
        self._said("joining")
        losers = self._ws.take_losers()
        made = self._made(unseen(self._contents, losers, where.head, self._before), adopt, went_back)
        is_reached = remote is not None and self._problem is None
        is_sent = not is_reached or not made.commit or self.tip == made.commit
        if is_reached:
            self._said("sending")
        with self._sending(None if is_sent else remote, made.commit) as sending:
            brought = came(self._objects, self._scan, self._side, made)
            order = self._order(made)
            answer, refused = sending.answer()
        if is_reached and refused is None and answer != "ok":
            return None
        pushed = is_reached and refused is None
        self._problem = self._problem or refused
        order = order._replace(refs=self._names(made.commit if pushed else self.tip))
        left = put_in_place(self._git, self._objects, self._ws, order, waiting())
        if left is None:
            return None
        notes = (place.end_merge(self._git) if where.merge_head else "", left_alone(left))
        if remote is not None and self._problem is None and not self._config.upstream:
            # Plain `git pull` and `git push` then know the branch, too.
            setup.follow(self._git, where.branch, remote.branch)
        self._ws.drop_losers(losers)
        self._ws.trim_kept()
        return Report(
            made.commit,
            remote.shown if remote else "",
            pushed,
            self._side.went,
            count(brought),
            tuple(brought[:MOST_NAMED]),
            made.edits,
            tuple(note for note in notes if note),
            self._problem,
            self._earlier(made) if pushed else 0,
        )

    def _fold_away(self) -> None:
        """Carry the journal over into the files, which is what is compared."""
        wait = waiting()
        self._ws.checkpoint()
        while self._ws.has_unfolded:
            if not wait():
                raise Busy(
                    "git has been at work on this folder for a while", hint="Finish what it is doing, then sync again."
                )
            self._ws.checkpoint()

    def _refuse_own(self) -> None:
        """Refuse what somebody committed here and no workspace may hold, before the remote and so everybody gets it."""
        for oid in (self._where.head, *self._where.merge_head):
            commit = self._objects.commit(oid) if oid != self._synced else None
            if commit is not None and not self._objects.is_own(commit):
                check(self._git, self._objects, oid, self._synced, here=True)

    def _answered(self, remote: Remote | None, asking: Asking[str]) -> tuple[str, TuicrmError | None]:
        """Return the remote's tip, and why it could not be asked; then the tip is the one that was last seen."""
        tip, problem = asking.answer()
        if problem is not None:
            if remote is None or not isinstance(problem, Unreachable):
                raise problem
            known = self._objects.commit(remote.tracking)
            tip = known.oid if known else ""
        if tip and tip != self._synced:
            check(self._git, self._objects, tip, self._synced)
        return tip, problem

    def _first_contact(self, remote: Remote) -> tuple[Remote, str]:
        """Return the remote with the branch to work with where it has none of this one's name, and that one's tip."""
        branch = choose_branch(remote.branch, remote.heads())
        if branch == remote.branch:
            return remote, ""
        other = Remote(self._git, self._config, branch)
        with Asking(self._git, other, lambda there: there.fetch(self._said), "") as asking:
            return other, self._answered(other, asking)[0]

    def _last_synced(self) -> str:
        url = self._config.url
        found = self._objects.commit(refs.synced(url)) if url else None
        return found.oid if found else ""

    def _made(self, also: list[Lost], adopt: bool, went_back: str) -> Made:
        making = Making(self._git, self._objects, self._contents, self._scan, self._side, self.tip)
        name, email = author(self._session, self._config.anywhere)
        by = Author(name, email, int(self._session.now.timestamp()))
        known = self._synced or self._cloned() if self.tip else ""
        if known and not is_ancestor(self._git, known, self.tip) and self._is_rewritten(known, went_back):
            return making.rewritten(known, also, by)
        return making.merged(also, by, adopt=adopt)

    def _cloned(self) -> str:
        """Return what plain git made this clone from, where that came from the remote and is part of what is here."""
        found = self._objects.commit(place.cloned(self._git, self._config.url))
        heads = self._side.heads
        return found.oid if found and heads and is_ancestor(self._git, found.oid, heads[0]) else ""

    def _is_rewritten(self, known: str, went_back: str) -> bool:
        if not is_ancestor(self._git, self.tip, known):
            return True
        if went_back not in WENT_BACK:
            raise Decision(
                "the remote has lost its latest commits, which are here",
                hint="tuicrm sync --went-back restore gives them to it again, --went-back follow gives them up here.",
            )
        return went_back == "follow"

    def _sending(self, remote: Remote | None, commit: str) -> Asking[str]:
        return Asking[str](self._git, remote, lambda there: there.push(commit, self._said), "ok")

    def _earlier(self, made: Made) -> int:
        """Return how many commits of this branch, made before this sync, the remote got with it."""
        head, tip = self._where.head, self.tip
        if not head or head in (tip, self._synced) or not is_ancestor(self._git, head, made.commit):
            return 0
        return int(self._git.lines("rev-list", "--count", head, *([f"^{tip}"] if tip else []), "--")[0])

    def _order(self, made: Made) -> Order:
        head = self._where.head
        changes = moved(self._contents.files(head) if head else {}, made)
        files = new_files(self._objects, self._scan, self._side, made, changes)
        return Order(Underway(made.commit, head, self._where.branch), changes, files, ())

    def _names(self, shared: str) -> list[tuple[str, str, str | None]]:
        """Return the refs that move with the branch, given what the remote is known to have."""
        names: list[tuple[str, str, str | None]] = [(refs.MADE, "", None)]
        if self._remote is not None and shared:
            names += [(refs.synced(self._remote.url), shared, None), (self._remote.tracking, shared, None)]
        return names
