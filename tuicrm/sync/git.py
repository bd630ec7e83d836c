"""Running git so that nothing in a repository, nor in the environment, makes it run or send anything else."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.errors import Decision, NotFound, ReadOnly, TuicrmError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from subprocess import Popen

PROTOCOLS = "https:ssh:file"
"""What git may use to reach a remote; its helpers that run programs, and those without encryption, are left out."""
MOST_SAID = 1 << 30
"""Bytes that a command may print: they are held in memory."""
_SETTINGS = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.symlinks=false",
    "core.attributesFile=/dev/null",
    "core.protectHFS=true",
    "core.protectNTFS=true",
    "core.fsync=added,pack-metadata,reference",
    "core.filesRefLockTimeout=1000",
    "core.packedRefsTimeout=1000",
    "gc.auto=0",
    "maintenance.auto=false",
    "submodule.recurse=false",
    "transfer.fsckObjects=true",
    "fetch.fsckObjects=true",
    "safe.bareRepository=explicit",
)
OPTIONS = (
    "--no-pager",
    "--no-replace-objects",
    "--literal-pathspecs",
    *(word for one in _SETTINGS for word in ("-c", one)),
)
"""Before the name of every git command: what a repository's own configuration could otherwise decide."""

_NEEDED_BY_GIT = """
PATH HOME USER LOGNAME SHELL TMPDIR TZ TERM XDG_CONFIG_HOME XDG_CACHE_HOME XDG_DATA_HOME XDG_RUNTIME_DIR
GIT_CONFIG_GLOBAL GIT_CONFIG_SYSTEM GIT_CONFIG_NOSYSTEM GIT_SSL_CAINFO GIT_SSL_CAPATH SSL_CERT_FILE SSL_CERT_DIR
NIX_SSL_CERT_FILE SUDO_UID CURL_CA_BUNDLE http_proxy https_proxy no_proxy all_proxy HTTPS_PROXY NO_PROXY ALL_PROXY
SSH_AUTH_SOCK SSH_AGENT_PID SSH_SK_PROVIDER DBUS_SESSION_BUS_ADDRESS KRB5CCNAME KRB5_CONFIG GNUPGHOME
PASSWORD_STORE_DIR LD_LIBRARY_PATH DYLD_LIBRARY_PATH
"""
"""Of all `GIT_…` only those that say where the user's own configuration is, and whose certificates count."""
_NEEDED = frozenset(_NEEDED_BY_GIT.split())
_NEEDED_BY_HELPERS = ("AWS_", "AZURE_", "CLOUDSDK_", "GCM_", "GH_", "GLAB_", "GITLAB_", "GITEA_", "GOOGLE_")
_ASKING = frozenset(("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "SSH_ASKPASS", "SSH_ASKPASS_REQUIRE", "GPG_TTY"))
_FIXED = {
    "LC_ALL": "C",
    "GIT_ALLOW_PROTOCOL": PROTOCOLS,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_GRAFT_FILE": f"{os.devnull}/none",  # An empty file would draw advice.
}


class GitFailed(TuicrmError):
    """A git command that did not do what was asked; `status` is its exit status, `said` its last lines, cleaned."""

    def __init__(self, message: str, *, status: int = 0, said: Sequence[str] = (), hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.said = list(said)


class TooSlow(GitFailed):
    """A git command that was ended because nothing happened for longer than is worth waiting."""


class TooMuch(GitFailed):
    """A git command that was ended because it had more to say than was asked for."""


class Ran(NamedTuple):
    """What a git command came to."""

    code: int
    """The exit status; below 0 it was ended by that signal."""
    out: bytes
    said: list[str]
    """What it wrote to stderr: the last lines, cleaned, without passwords."""


DISK_FULL = ("no space left on device", "out of diskspace", "disk quota exceeded")
"""What git and the system say, in small letters, where there is no room."""


class Git:
    """The git of one workspace. Every call names its directories, and no call reads the caller's own `GIT_…`."""

    def __init__(
        self,
        root: str,
        git_dir: str,
        environ: Mapping[str, str],
        *,
        interactive: bool = False,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        self.root = os.path.abspath(root)
        self.git_dir = os.path.abspath(git_dir)
        self.interactive = interactive
        self.cancelled = cancelled
        self.user_environ = environ
        self.environ = environment(environ, interactive=interactive)
        self.memory: dict[tuple[str, ...], Any] = {}
        """Answers about objects by their ids, which never change."""
        self._base = (program(self.environ), f"--git-dir={self.git_dir}", f"--work-tree={self.root}", *OPTIONS)

    def run(
        self,
        *words: str,
        data: bytes = b"",
        ok: tuple[int, ...] = (0,),
        index: str = "",
        seconds: float = 120.0,
        said: Callable[[str], None] | None = None,
        most_file: int = 0,
        most: int = MOST_SAID,
    ) -> Ran:
        """Run one command to its end; raises GitFailed where its exit status is not in `ok`, Cancelled, or NotFound.

        `index` is an index file to use; `seconds` the longest time without a byte read or written; `said` is given
        each line of progress; `most_file` the size in bytes of the largest file that may be written, `most` of
        what it may print.
        """
        from subprocess import DEVNULL, PIPE

        from tuicrm.sync.piping import pump, stop

        process = self._started(words, index, PIPE if data else DEVNULL, PIPE, most_file)
        try:
            out, lines = pump(
                process, data, seconds=seconds, said=said, cancelled=self.cancelled, name=_name(words), most=most
            )
        finally:
            stop(process, group=not self.interactive)
        ran = Ran(process.returncode, out, lines)
        if ran.code not in ok:
            raise failed(_name(words), ran)
        return ran

    def lines(self, *words: str, data: bytes = b"", ok: tuple[int, ...] = (0,), index: str = "") -> list[str]:
        """Run a command and return the lines that it prints."""
        return self.run(*words, data=data, ok=ok, index=index).out.decode("utf-8", "surrogateescape").splitlines()

    def start(self, *words: str, index: str = "", stderr: int | None = None) -> Popen[bytes]:
        """Start a command that is talked to through its pipes; what it says is dropped unless `stderr` is given.

        Whoever starts it ends it: `tuicrm.sync.piping.stop`.
        """
        from subprocess import DEVNULL, PIPE

        return self._started(words, index, PIPE, DEVNULL if stderr is None else stderr)

    def _started(self, words: Sequence[str], index: str, stdin: int, stderr: int, most_file: int = 0) -> Popen[bytes]:
        import subprocess

        from tuicrm.sync.piping import file_limit

        try:
            with file_limit(most_file):
                return subprocess.Popen(
                    (*self._base, *words),
                    stdin=stdin,
                    stdout=subprocess.PIPE,
                    stderr=stderr,
                    env={**self.environ, "GIT_INDEX_FILE": index} if index else self.environ,
                    cwd=self.root,
                    # A session of its own has no terminal: neither git nor ssh can ask there for a password.
                    start_new_session=not self.interactive,
                )
        except FileNotFoundError:
            raise missing() from None


def find(
    root: str,
    environ: Mapping[str, str],
    *,
    interactive: bool = False,
    cancelled: Callable[[], bool] = lambda: False,
) -> Git | None:
    """Return the git of a workspace; None where it is no repository. Raises NotFound where git is not installed.

    Raises Decision where the git directory leads elsewhere, or where a `.git` is that of another folder.
    """
    from tuicrm.store.private import find_git_dir
    from tuicrm.sync.gitdir import look_over

    git_dir = find_git_dir(root)
    if git_dir:
        look_over(git_dir)
    return Git(root, git_dir, environ, interactive=interactive, cancelled=cancelled) if git_dir else None


def make_repository(
    root: str,
    environ: Mapping[str, str],
    *,
    interactive: bool = False,
    cancelled: Callable[[], bool] = lambda: False,
) -> Git:
    """Make a folder a repository with the branch main, without the user's templates, and return its git."""
    if os.path.lexists(os.path.join(root, ".git")):
        raise Decision(
            f"{root}/.git is there already, and is no repository of this folder",
            hint="Remove it, or bring back its own.",
        )
    git = Git(root, os.path.join(root, ".git"), environ, interactive=interactive, cancelled=cancelled)
    # Named directories would be written down as the repository's work tree.
    bare = Git(root, git.git_dir, environ, cancelled=cancelled)
    bare._base = (bare._base[0], *OPTIONS)
    bare.run("init", "--quiet", "--template=", "--initial-branch=main", "--", git.root)
    # git itself goes by the umask.
    os.chmod(git.git_dir, 0o700)
    return git


def environment(environ: Mapping[str, str], *, interactive: bool = False) -> dict[str, str]:
    """Return the environment for git: what it, ssh and credential helpers need, and nothing that steers git."""
    kept = {
        name: value
        for name, value in environ.items()
        if name in _NEEDED or name.startswith(_NEEDED_BY_HELPERS) or (interactive and name in _ASKING)
    }
    # A relative folder would be one inside the workspace.
    kept["PATH"] = os.pathsep.join(one for one in kept.get("PATH", os.defpath).split(os.pathsep) if os.path.isabs(one))
    return kept | _FIXED | ({} if interactive else {"GIT_TERMINAL_PROMPT": "0"})


def program(environ: Mapping[str, str]) -> str:
    """Return where git is, or raise NotFound."""
    for folder in environ.get("PATH", "").split(os.pathsep):
        path = os.path.join(folder, "git")
        if folder and os.access(path, os.X_OK) and not os.path.isdir(path):
            return path
    raise missing()


def missing() -> NotFound:
    """Return the error for a machine without git."""
    return NotFound("git is not installed here", hint="Install git, or ask whoever looks after this machine.")


def failed(name: str, ran: Ran) -> TuicrmError:
    """Return git's refusal as one sentence, without its prefix."""
    told = "\n".join(ran.said).lower()
    if any(one in told for one in DISK_FULL):
        return ReadOnly(
            f"the disk is full, so git {name} failed", hint="Make room, then sync again: what is here is safe."
        )
    if "couldn't write '" in told:
        return ReadOnly(f"git {name} failed: {why(ran)}", hint="Make room or fix it, then sync again.")
    return GitFailed(f"git {name} failed: {why(ran)}", status=ran.code, said=ran.said)


def why(ran: Ran) -> str:
    """Return git's own reason: its last complaint, without prefix and full stop."""
    if ran.code < 0 and not ran.said:
        return f"it was ended by signal {-ran.code}"
    told = next((one for one in ran.said if one.startswith("fatal:")), "")
    told = told or next((one for one in reversed(ran.said) if one.startswith("error:")), "")
    told = told.partition(": ")[2] if told else (ran.said[-1] if ran.said else "")
    return told.rstrip(". ") or "it did not say why"


def _name(words: Sequence[str]) -> str:
    """Return the command's name, which may stand behind settings of its own."""
    at = 0
    while at < len(words) and words[at] == "-c":
        at += 2
    return words[at] if at < len(words) else ""
