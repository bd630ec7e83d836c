"""One branch of one remote: fetching it, pushing to it, and saying in a sentence why that did not work."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tuicrm.errors import Decision, TuicrmError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Literal

    from tuicrm.sync.git import Git, Ran
    from tuicrm.sync.trust import Config

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
    " -c core.fsync=added,pack-metadata,reference receive-pack"
)


class Unreachable(TuicrmError):
    """The remote did not answer, or there is none at its URL: what is here is safe, and can be sent another time."""

    code = "unreachable"


class NeedsCredentials(Unreachable):
    """The remote did not believe who asks."""

    code = "needs_credentials"


class Refused(Decision):
    """The remote answered, and does not take what is sent to it."""

    code = "refused"


class Remote:
    """A branch (its full name) of the remote that a configuration names."""

    def __init__(self, git: Git, config: Config, branch: str) -> None:
        self.git = git
        self.name = config.remote or "origin"
        self.url = config.url
        self.push_url = config.push_url or config.url
        self.branch = branch
        self.tracking = f"refs/remotes/{self.name}/{branch.removeprefix(HEADS)}"
        """The ref that remembers the branch's last known tip."""
        self._config = config

    @property
    def shown(self) -> str:
        """The URL as it may be shown: without a password, safe to print."""
        from tuicrm.sync.urls import without_password
        from tuicrm.text import clean_line

        return clean_line(without_password(self.url))

    def fetch(self, said: Callable[[str], None] = lambda line: None) -> str:
        """Fetch the branch and return its tip; "" where the remote is empty or has no such branch."""
        self._refuse_symbolic()
        before = self._unfinished()
        ran = self.git.run(
            *("-c", "fetch.writeCommitGraph=false", "-c", "transfer.bundleURI=false"),
            *("fetch", "--progress", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head"),
            *("--no-auto-maintenance", "--no-show-forced-updates", "--no-prune", "--refmap="),
            *(self._upload(), "--", self.url, f"+{self.branch}:{self.tracking}"),
            ok=_ANY,
            seconds=PATIENCE,
            said=said,
            most_file=MOST_FETCHED,
        )
        if ran.code:
            if any(one.startswith("fatal: couldn't find remote ref") for one in ran.said):
                return ""
            self._drop_too_large(before)
            raise self._problem(ran, self.url)
        return self.tip()

    def tip(self) -> str:
        """Return the tip that was last seen; "" where none was."""
        ran = self.git.run("rev-parse", "--verify", "--quiet", f"{self.tracking}^{{commit}}", ok=(0, 1, 128))
        return "" if ran.code else ran.out.decode().strip()

    def push(self, oid: str, said: Callable[[str], None] = lambda line: None) -> Literal["ok", "behind"]:
        """Push a commit to the branch; "behind" where somebody was faster, so that it must be fetched again."""
        ran = self.git.run(
            *("-c", "push.pushOption=", "push", "--porcelain", "--progress", "--no-verify", "--no-follow-tags"),
            *("--no-signed", "--no-recurse-submodules", self._receive(), "--", self.push_url, f"{oid}:{self.branch}"),
            ok=_ANY,
            seconds=PATIENCE,
            said=said,
        )
        flag, reason = _told(ran.out)
        if ran.code == 0 and flag != "!":
            self.git.run("update-ref", "--no-deref", self.tracking, oid)
            return "ok"
        if flag == "!":
            if any(one in reason for one in _FASTER):
                return "behind"
            raise self._refusal(ran, reason)
        raise self._problem(ran, self.push_url, pushing=True)

    def heads(self) -> dict[str, str]:
        """Return the remote's branches by full name with their tips, and under "HEAD" the name of its main branch."""
        ran = self.git.run(
            "ls-remote", "--symref", self._upload(), "--", self.url, "HEAD", "refs/heads/*", ok=_ANY, seconds=PATIENCE
        )
        if ran.code:
            raise self._problem(ran, self.url)
        found: dict[str, str] = {}
        for line in ran.out.decode("utf-8", "replace").splitlines():
            what, _, name = line.partition("\t")
            if name == "HEAD" and what.startswith("ref: "):
                found["HEAD"] = what.removeprefix("ref: ")
            elif is_branch(name):
                found[name] = what
        return found

    def _upload(self) -> str:
        from tuicrm.sync.urls import is_folder

        here = is_folder(self._config.rewritten(self.url))
        return f"--upload-pack={_UPLOAD_THERE if here else 'git-upload-pack'}"

    def _receive(self) -> str:
        from tuicrm.sync.urls import is_folder

        here = is_folder(self._config.rewritten(self.push_url, pushing=True))
        return f"--receive-pack={_RECEIVE_THERE if here else 'git-receive-pack'}"

    def _refuse_symbolic(self) -> None:
        """Raise Decision where the ref for what is fetched stands for another: that one would be overwritten."""
        try:
            with open(os.path.join(self.git.git_dir, self.tracking), "rb") as file:
                is_symbolic = file.read(5) == b"ref: "
        except OSError:
            return
        if is_symbolic:
            raise Decision(f"{self.tracking} stands for another branch", hint=f"git symbolic-ref -d {self.tracking}")

    def _unfinished(self) -> set[str]:
        folder = os.path.join(self.git.git_dir, "objects", "pack")
        try:
            return {one for one in os.listdir(folder) if one.startswith("tmp_")}
        except OSError:
            return set()

    def _drop_too_large(self, before: set[str]) -> None:
        """Remove what a fetch left behind that was ended for writing too large a file."""
        for name in self._unfinished() - before:
            path = os.path.join(self.git.git_dir, "objects", "pack", name)
            try:
                if os.stat(path).st_size >= MOST_FETCHED:
                    os.unlink(path)
            except OSError:
                continue

    def _problem(self, ran: Ran, url: str, *, pushing: bool = False) -> TuicrmError:
        from tuicrm.sync.urls import without_password
        from tuicrm.text import clean_line

        return problem(ran, clean_line(without_password(url)), pushing=pushing)

    def _refusal(self, ran: Ran, reason: str) -> Refused:
        """Return why the remote does not take it, with the words it had for that."""
        if "branch is currently checked out" in reason:
            return Refused(
                f"{self.shown} does not take it: that branch is checked out there",
                hint="Share a bare repository, one made with git init --bare, and not somebody's own workspace.",
            )
        words = [one.partition(":")[2].strip() for one in ran.said if one.startswith("remote:")]
        told = "; ".join(one for one in words if one and not one.endswith("done."))[:600]
        more = f": {told}" if told else ""
        return Refused(
            f"{self.shown} does not take it ({reason or 'it did not say why'}){more}",
            hint="All is kept here. Ask whoever looks after that repository, or push to another branch.",
        )


_FASTER = (
    "non-fast-forward",
    "fetch first",
    "stale info",
    "needs force",
    "failed to update ref",
    "failed to lock",
    "cannot lock ref",
    "incorrect old value",
    "reference already exists",
)
"""What a push is told where another one came in between."""

_REASONS = (
    ("could not resolve host", "its host is not known here: is this machine online?"),
    ("temporary failure in name resolution", "its host is not known here: is this machine online?"),
    ("network is unreachable", "this machine is offline"),
    ("died of signal 25", "it holds more than fits into one file of 2 GB"),
    ("does not appear to be a git repository", "there is no repository there"),
    ("not a git repository", "there is no repository there"),
    ("repository not found", "there is no repository there, or not for you"),
    ("not found", "there is no repository there, or not for you"),
)
_UNKNOWN_USER = (
    "terminal prompts disabled",
    "could not read username",
    "could not read password",
    "authentication failed",
    "permission denied (",
    "access denied",
    "returned error: 401",
    "too many authentication failures",
)
_FORBIDDEN = ("returned error: 403", "error: permission to ", "write access to repository not granted")
_SAYS_NOTHING = (
    "fatal: could not read from remote repository",
    "please make sure you have the correct access rights",
    "and the repository exists",
    "fatal: the remote end hung up",
    "hint:",
)


def problem(ran: Ran, shown: str, *, pushing: bool = False) -> TuicrmError:
    """Return the error for a remote that could not be talked to."""
    from tuicrm.sync.git import why

    lines = [one.lower() for one in ran.said]
    told = "\n".join(lines)
    if "dubious ownership" in told:
        path = shown.removeprefix("file://")
        return Unreachable(
            f"{shown} belongs to another user of this machine, and git does not trust it",
            hint=f"If you do: git config --global --add safe.directory {path}",
        )
    if "host key verification failed" in told:
        return NeedsCredentials(
            f"{shown} cannot be reached: its host's key is not known here, or is another one than before",
            hint="Connect to that host with ssh once, and compare the key that it shows.",
        )
    if any(one in told for one in _FORBIDDEN):
        return Refused(
            f"{shown} says that you may not {'write' if pushing else 'read'} there",
            hint="Ask whoever looks after that repository for access.",
        )
    if any(one in told for one in _UNKNOWN_USER):
        return NeedsCredentials(
            f"{shown} does not know who asks",
            hint="Set up a credential helper or an ssh key for it, then try again: git cannot ask for a password here.",
        )
    reason = next((text for sign, text in _REASONS if sign in told), "")
    if not reason:
        telling = [one for one in ran.said if not one.lower().startswith(_SAYS_NOTHING)]
        reason = why(ran._replace(said=telling or ran.said))
    return Unreachable(f"{shown} cannot be reached: {reason}")


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


def _told(out: bytes) -> tuple[str, str]:
    """Return the flag and the reason in what `push --porcelain` says of the one ref."""
    for line in out.decode("utf-8", "replace").split("\n"):
        parts = line.split("\t")
        if len(parts) >= 3 and len(parts[0]) == 1:
            from tuicrm.text import clean_line

            return parts[0], clean_line(parts[2].partition("(")[2].rpartition(")")[0])[:300]
    return "", ""
