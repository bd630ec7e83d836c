"""One branch of one remote: fetching it, pushing to it, and saying in a sentence why that did not work."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from tuicrm.errors import Decision
from tuicrm.sync import answers
from tuicrm.sync.answers import NeedsCredentials, Refused, Unreachable
from tuicrm.sync.git import TooSlow
from tuicrm.sync.gitdir import common_dir

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Literal

    from tuicrm.sync.git import Git, Ran
    from tuicrm.sync.trust import Config

__all__ = ["NeedsCredentials", "Refused", "Remote", "Unreachable", "choose_branch", "is_branch"]

HEADS = "refs/heads/"
MOST_FETCHED = 2 << 30
"""Bytes of the largest file that a fetch may write: a remote must not fill the disk."""
PATIENCE = 600.0
"""Seconds that a remote may be silent."""
_ANY = tuple(range(-64, 256))

# On this machine the other side runs as the same user: neither its hooks nor its configuration may start anything.
_THERE = "git -c core.hooksPath=/dev/null -c core.alternateRefsCommand=true -c core.fsmonitor=false -c gc.auto=0"
_UPLOAD_THERE = f"{_THERE} upload-pack"
_RECEIVE_THERE = (
    f"{_THERE} -c receive.autogc=false -c receive.denyCurrentBranch=refuse -c receive.fsckObjects=true"
    " -c receive.unpackLimit=1 -c core.fsync=added,pack-metadata,reference receive-pack"
)


class Remote:
    """A branch (its full name) of the remote that a configuration names."""

    def __init__(self, git: Git, config: Config, branch: str) -> None:
        self.git = git
        self.name = config.remote if is_branch(f"{HEADS}{config.remote}") else "origin"
        self.url = config.url
        self.push_url = config.push_url or config.url
        self.branch = branch
        self.tracking = f"refs/remotes/{self.name}/{_short(branch)}"
        """The ref that remembers the branch's last known tip."""
        self._config = config

    @property
    def shown(self) -> str:
        """The URL as it may be shown: without a password, safe to print."""
        return _shown(self.url)

    def fetch(self, said: Callable[[str], None] = lambda line: None) -> str:
        """Fetch the branch and return its tip; "" where the remote is empty or has no such branch.

        Raises Unreachable, Refused, or what keeps this machine from it.
        """
        self._refuse_symbolic()
        before = self._loose()
        ran = self._asked(
            self.url,
            # One pack is on the disk for good with a third of the waiting that its objects one by one take.
            *("-c", "fetch.unpackLimit=1", "-c", "fetch.writeCommitGraph=false", "-c", "transfer.bundleURI=false"),
            *("-c", "advice.fetchShowForcedUpdates=false"),
            *("fetch", "--progress", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head"),
            *("--no-auto-maintenance", "--no-show-forced-updates", "--no-prune", "--refmap="),
            *(self._upload(), "--", self.url, f"+{self.branch}:{self.tracking}"),
            said=said,
            most_file=MOST_FETCHED,
        )
        if not ran.code:
            tip = self._loose()
            # What was there before was looked at then.
            if not tip or tip != before:
                self._refuse_no_commit(tip)
            return tip or self._peeled()
        if any(one.startswith("fatal: couldn't find remote ref") for one in ran.said):
            return ""
        raise answers.too_large(self.shown) if self._drop_too_large() else answers.problem(ran, self.shown)

    def tip(self) -> str:
        """Return the tip that was last seen; "" where none was."""
        return self._loose() or self._peeled()

    def _refuse_no_commit(self, tip: str) -> None:
        """Raise Refused where what was fetched is a file, a folder or a tag."""
        peeled = self._peeled()
        if not peeled or (tip and tip != peeled):
            self.git.run("update-ref", "--no-deref", "-d", self.tracking)
            raise Refused(f"{self.shown} has something else than a commit as its branch {_short(self.branch)}")

    def _peeled(self) -> str:
        """Return the commit that the tracking ref leads to; "" where it leads to none."""
        ran = self.git.run("rev-parse", "--verify", "--quiet", f"{self.tracking}^{{commit}}", ok=(0, 1, 128))
        return "" if ran.code else ran.out.decode().strip()

    def _loose(self) -> str:
        """Return what the tracking ref's own file says, which saves a process; empty where it has none."""
        try:
            with open(os.path.join(common_dir(self.git.git_dir), self.tracking), encoding="ascii") as file:
                told = file.read(80).strip()
        except (OSError, UnicodeDecodeError):
            return ""
        return told if len(told) in (40, 64) and not told.strip("0123456789abcdef") else ""

    def push(self, oid: str, said: Callable[[str], None] = lambda line: None) -> Literal["ok", "behind"]:
        """Push a commit to the branch; "behind" where somebody was faster, so that it must be fetched again.

        The tracking ref stays where it was: whoever pushes moves it along with what else depends on that.
        """
        ran = self._asked(
            self.push_url,
            *("-c", "push.pushOption=", "push", "--porcelain", "--progress", "--no-verify", "--no-follow-tags"),
            *("--no-signed", "--no-recurse-submodules", self._receive(), "--", self.push_url, f"{oid}:{self.branch}"),
            said=said,
        )
        flag, reason = answers.told(ran.out)
        if ran.code == 0 and flag != "!":
            self._tidy_there()
            return "ok"
        if flag != "!":
            raise answers.problem(ran, _shown(self.push_url), pushing=True)
        if answers.was_slower(ran, reason):
            self._unlock_there()
            return "behind"
        raise answers.refusal(ran, _shown(self.push_url), reason)

    def heads(self) -> dict[str, str]:
        """Return the remote's branches by full name with their tips, and under "HEAD" the name of its main branch."""
        ran = self._asked(self.url, "ls-remote", "--symref", self._upload(), "--", self.url, "HEAD", "refs/heads/*")
        if ran.code:
            raise answers.problem(ran, self.shown)
        found: dict[str, str] = {}
        for line in ran.out.decode("utf-8", "replace").splitlines():
            what, _, name = line.partition("\t")
            if name == "HEAD" and what.startswith("ref: "):
                found["HEAD"] = what.removeprefix("ref: ")
            elif is_branch(name):
                found[name] = what
        return found

    def _asked(self, url: str, *words: str, said: Callable[[str], None] = lambda line: None, most_file: int = 0) -> Ran:
        """Run a command that talks to a remote, whatever it comes to; Unreachable where there is only silence."""
        try:
            return self.git.run(*words, ok=_ANY, seconds=PATIENCE, said=said, most_file=most_file)
        except TooSlow:
            minutes = round(PATIENCE / 60)
            raise Unreachable(f"{_shown(url)} cannot be reached: it was silent for {minutes} minutes") from None

    def _upload(self) -> str:
        from tuicrm.sync.urls import is_folder

        here = is_folder(self._config.rewritten(self.url))
        return f"--upload-pack={_UPLOAD_THERE if here else 'git-upload-pack'}"

    def _receive(self) -> str:
        from tuicrm.sync.urls import is_folder

        here = is_folder(self._config.rewritten(self.push_url, pushing=True))
        return f"--receive-pack={_RECEIVE_THERE if here else 'git-receive-pack'}"

    def _tidy_there(self) -> None:
        """Keep house in a repository on this machine: its own housekeeping, which might run programs, is off."""
        from tuicrm.sync.git import Git
        from tuicrm.sync.tidying import tidy

        found = self._folder_there()
        if found:
            tidy(Git(found, found, self.git.user_environ, cancelled=self.git.cancelled))

    def _unlock_there(self) -> None:
        """Take away the locks that a killed push left on the branch of a repository on this machine."""
        from tuicrm.sync.leftovers import unlock

        found = self._folder_there()
        if found and is_branch(self.branch):
            unlock(found, self.branch)

    def _folder_there(self) -> str:
        """Return the git directory of a remote on this machine; "" where it is elsewhere."""
        from tuicrm.sync.urls import folder_of

        return folder_of(self._config.rewritten(self.push_url, pushing=True), self.git.root)

    def _refuse_symbolic(self) -> None:
        """Raise Decision where the ref for what is fetched stands for another: that one would be overwritten."""
        try:
            with open(os.path.join(common_dir(self.git.git_dir), self.tracking), "rb") as file:
                is_symbolic = file.read(5) == b"ref: "
        except OSError:
            return
        if is_symbolic:
            raise Decision(f"{self.tracking} stands for another branch", hint=f"git symbolic-ref -d {self.tracking}")

    def _drop_too_large(self) -> bool:
        """Remove the file for which a fetch was ended, and say whether there is one: it has the limit's size."""
        import glob

        found = False
        for path in glob.glob(os.path.join(glob.escape(common_dir(self.git.git_dir)), "objects", "*", "tmp_*")):
            with contextlib.suppress(OSError):
                if os.stat(path).st_size == MOST_FETCHED:
                    os.unlink(path)
                    found = True
        return found


def _short(branch: str) -> str:
    return branch.removeprefix(HEADS)


def _shown(url: str) -> str:
    from tuicrm.sync.urls import without_password
    from tuicrm.text import clean_line

    return clean_line(without_password(url))


def is_branch(name: str) -> bool:
    """Whether a name that a remote told may be used as the full name of a branch."""
    short = name.removeprefix(HEADS)
    return (
        short != name
        and short.isprintable()
        and len(name) <= 250
        and not any(one in short for one in " ~^:?*[\\")
        and not any(one in short for one in ("..", "//", "@{"))
        and not short.startswith(("-", "/"))
        and not short.endswith(("/", "."))
        and not any(one.startswith(".") or one.endswith(".lock") or not one for one in short.split("/"))
        and short != "@"
    )


def choose_branch(local: str, heads: Mapping[str, str]) -> str:
    """Return the remote's branch to work with at the first contact, given what `heads` told.

    It is the local one where the remote has it or has none at all, else the remote's main one. Raises Decision where
    none stands out.
    """
    branches = sorted(one for one in heads if one != "HEAD")
    if not branches or local in branches:
        return local
    for name in (heads.get("HEAD", ""), f"{HEADS}main", f"{HEADS}master"):
        if name in branches:
            return name
    if len(branches) == 1:
        return branches[0]
    shown = ", ".join(one.removeprefix(HEADS) for one in branches[:8])
    raise Decision(
        f"the remote has no branch {local.removeprefix(HEADS)}, and none that is its main one; it has {shown}",
        hint="Check out the one that your team uses: git checkout BRANCH",
    )
