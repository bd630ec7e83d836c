"""A small team for tests of sync: people with a home each, their clones, the bare repository between them.

`Team` is the folder that holds it all; `Clone` runs tuicrm (in this process, or as one of its own) and plain git in
one person's workspace, with an environment that has nothing of the machine's in it.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tuicrm.store.changes import Remove, Write
from tuicrm.store.contenthash import content, content_hash
from tuicrm.store.leaves import canonical_json
from tuicrm.store.ulid import Clock
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tuicrm.crm.session import Session
    from tuicrm.sync.report import Report

Record = dict[str, Any]
SOURCE = Path(__file__).resolve().parents[2]
DAY = 86_400_000
"""Milliseconds of a day, for clocks that are off."""
MARKERS = (b"<<<<<<< ", b"=======", b">>>>>>> ", b"||||||| ")
NOTHING: Mapping[str, str] = MappingProxyType({})
_NAMES = {"ann": "Ann Lee", "bob": "Bob Ray", "eve": "Eve Orr"}


@dataclass
class Ran:
    """What a command gave."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Team:
    """A folder with `remote.git` and one home for each person."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.remote = self.bare("remote.git")

    def bare(self, name: str, branch: str = "main") -> Path:
        """Make an empty bare repository."""
        path = self.folder / name
        git(self.folder, self.environ("host"), "init", "--quiet", "--bare", f"--initial-branch={branch}", str(path))
        return path

    def home(self, user: str) -> Path:
        """A person's home with a git configuration in it, made where missing."""
        path = self.folder / "homes" / user
        if not path.is_dir():
            path.mkdir(parents=True)
            name = _NAMES.get(user, user.title())
            path.joinpath(".gitconfig").write_text(
                f"[user]\n\tname = {name}\n\temail = {user}@acme.example\n"
                "[init]\n\tdefaultBranch = main\n[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n"
                "[core]\n\tfsync = none\n"
            )
        return path

    def environ(self, user: str, **more: str) -> dict[str, str]:
        """The whole environment of a person's commands."""
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self.home(user)),
            "LC_ALL": "C.UTF-8",
            "LOGNAME": user,
            "TZ": "UTC",
            "TUICRM_USER": user,
            "PYTHONPATH": str(SOURCE),
            "GIT_CONFIG_NOSYSTEM": "1",
            **more,
        }

    def start(self, user: str = "ann", *, remote: Path | str | None = None, name: str = "") -> Clone:
        """Make a workspace with a remote that it has not been pushed to yet."""
        clone = self.alone(user, name=name)
        clone.git("remote", "add", "origin", str(remote or self.remote))
        return clone

    def alone(self, user: str = "ann", *, name: str = "") -> Clone:
        """Make a workspace without a remote."""
        root = self.folder / (name or user)
        env = self.environ(user)
        ran = tuicrm(env, "init", str(root), "--name", "Acme", "--user", user, "--currency", "EUR")
        assert ran.code == 0, ran.err
        clone = Clone(self, root, user)
        clone.git("symbolic-ref", "HEAD", "refs/heads/main")
        return clone

    def join(self, user: str, *, name: str = "", url: Path | str | None = None) -> Clone:
        """Clone the remote with plain git, as somebody does who has not read the manual; the user is added by hand."""
        root = self.folder / (name or user)
        git(self.folder, self.environ(user), "clone", "--quiet", str(url or self.remote), str(root))
        return Clone(self, root, user)

    def clones(self, *users: str) -> list[Clone]:
        """Make a workspace, sync it, and let each of the others join it; the first user is the one who made it."""
        first = self.start(users[0])
        first.sync()
        return [first, *(self.join(user) for user in users[1:])]


class Clone:
    """One person's workspace."""

    def __init__(self, team: Team, root: Path, user: str) -> None:
        self.team = team
        self.root = root
        self.user = user
        self.skew_ms = 0
        """How far this machine's clock is off."""

    # -- running things -------------------------------------------------------------------------------------------

    @property
    def env(self) -> dict[str, str]:
        """The environment of the next command; a clock that is off shows in TUICRM_NOW."""
        more = {}
        if self.skew_ms:
            now = datetime.fromtimestamp((time.time_ns() // 1_000_000 + self.skew_ms) / 1000, UTC)
            more["TUICRM_NOW"] = now.isoformat(timespec="milliseconds")
        return self.team.environ(self.user, **more)

    def run(self, *words: str) -> Ran:
        """Run tuicrm in this process, whatever comes of it."""
        return tuicrm(self.env, "--workspace", str(self.root), *words)

    def ok(self, *words: str) -> str:
        """Run a command that has to work and return what it printed."""
        ran = self.run(*words)
        assert ran.code == 0, (words, ran)
        return ran.out

    def id(self, *words: str) -> str:
        """The one id that a command printed."""
        (found,) = self.ok(*words).split()
        return found

    def json(self, *words: str) -> Any:
        return json.loads(self.ok(*words, "--json"))

    def fails(self, code: int, *words: str, says: str = "") -> str:
        """Run a command that has to fail with a code and one sentence; return what it wrote to stderr."""
        ran = self.run(*words)
        assert ran.code == code, (words, ran)
        assert says in ran.err, (words, ran.err)
        assert "Traceback" not in ran.err
        return ran.err

    def spawn(
        self, *words: str, before: tuple[str, ...] = (), timeout: float = 120, also: Mapping[str, str] = NOTHING
    ) -> Ran:
        """Run tuicrm as a process of its own; `before` goes in front of the command line (strace and the like)."""
        line = [*before, sys.executable, "-m", "tuicrm", "--workspace", str(self.root), *words]
        done = subprocess.run(
            line, env={**self.env, **also}, cwd=self.root, capture_output=True, timeout=timeout, check=False
        )
        return Ran(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))

    def git(self, *words: str, ok: bool = True, data: bytes = b"", also: Mapping[str, str] = NOTHING) -> str:
        """Run plain git as this person, with some more variables; its output without the last newline."""
        return git(self.root, {**self.env, **also}, *words, ok=ok, data=data).out.rstrip("\n")

    # -- the workspace, without the command line ------------------------------------------------------------------

    @contextmanager
    def opened(self) -> Iterator[Workspace]:
        """The workspace, closed (and so checkpointed) at the end."""
        from tuicrm.records.registry import groups

        clock = Clock(now_ms=lambda: time.time_ns() // 1_000_000 + self.skew_ms)
        with Workspace.open(self.root, clock=clock, groups=groups) as workspace:
            yield workspace

    def add(self, kind: str, **fields: Any) -> str:
        """Write a record of the given fields and return its id."""
        with self.opened() as ws:
            key = ws.new_id()
            ws.commit([Write(kind, key, fields)], by=self.user, note=f"added {kind}")
            return key

    def edit(self, kind: str, key: str, **fields: Any) -> None:
        with self.opened() as ws:
            ws.commit([Write(kind, key, fields)], by=self.user, note=f"edited {kind}")

    def remove(self, kind: str, key: str) -> None:
        with self.opened() as ws:
            ws.commit([Remove(kind, key)], by=self.user, note=f"removed {kind}")

    def records(self, kind: str) -> dict[str, Record]:
        """All live records of a kind by id."""
        with self.opened() as ws:
            return {key: dict(record) for key, record in ws.all(kind).items()}

    def get(self, kind: str, key: str) -> Record:
        return self.records(kind)[key]

    def ledger(self) -> list[Record]:
        """The records of what gave way, oldest first."""
        return sorted(self.records("conflict").values(), key=lambda one: str(one["id"]))

    def lost(self, record: str = "", field: str = "") -> list[Any]:
        """The values in the ledger, of one record or field where named."""
        found = [one for one in self.ledger() if record in ("", one["record"]) and field in ("", one["field"])]
        return [one.get("value") for one in found]

    def content(self) -> dict[str, dict[str, Record]]:
        """All records by kind and id, the dead ones and those of unknown kinds included."""
        with self.opened() as ws:
            return content(ws)

    def hash(self) -> str:
        """One hash of all records: equal exactly where two clones hold the same."""
        return content_hash(self.content())

    def session(self) -> Session:
        """A session as a command gets it; the caller closes `session.ws`."""
        from tuicrm.crm.opening import open_session

        return open_session(self.root, self.env)

    def sync(self, **settings: Any) -> Report:
        """Sync in this process: the engine itself, without the command line around it."""
        from tuicrm.sync.syncing import sync

        session = self.session()
        try:
            return sync(session, environ=self.env, **settings)
        finally:
            session.ws.close()

    # -- files and history ----------------------------------------------------------------------------------------

    @property
    def private(self) -> Path:
        return self.root / ".git" / "tuicrm"

    @property
    def head(self) -> str:
        return self.git("rev-parse", "HEAD")

    @property
    def tip(self) -> str:
        """The commit of main in the remote that this clone talks to; empty before the first push."""
        return self.tip_at(self.git("remote", "get-url", "origin"))

    def tip_at(self, where: Path | str) -> str:
        """The commit of main in a repository."""
        return git(self.root, self.env, "ls-remote", str(where), "refs/heads/main").out.split("\t")[0]

    def tree(self, rev: str = "HEAD") -> str:
        """The id of a commit's tree."""
        return self.git("rev-parse", "--verify", f"{rev}^{{tree}}")

    def files(self) -> dict[str, bytes]:
        """The data files of the work tree by path."""
        return {
            str(path.relative_to(self.root)): path.read_bytes()
            for path in sorted((self.root / "data").rglob("*"))
            if path.is_file() and not path.is_symlink()
        }

    def file_of(self, kind: str, key: str) -> Path:
        """The data file that holds a record."""
        from tuicrm.store.segments import home

        return self.root / "data" / kind / home(kind, key)

    def line(self, kind: str, key: str) -> str:
        """A record's line as it is in its file."""
        (found,) = [one for one in self.file_of(kind, key).read_text().splitlines() if f'"id":"{key}"' in one]
        return found

    def put(self, name: str, text: str) -> Path:
        """Write a file below the workspace, folders made where missing."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def edit_by_hand(self, kind: str, key: str, **fields: Any) -> None:
        """Change fields in the file itself as an editor does, leaving `_v` alone."""
        path, old = self.file_of(kind, key), self.line(kind, key)
        changed = canonical_json({**json.loads(old), **fields}).decode()
        path.write_text(path.read_text().replace(old, changed))

    def commit_by_hand(self, message: str = "by hand", *, ok: bool = True) -> str:
        """Commit all of the work tree with plain git and return the commit."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message, ok=ok)
        return self.head

    def markers(self) -> list[str]:
        """The lines in data files that are git's conflict markers; there must never be any."""
        return [
            f"{name}: {line!r}"
            for name, data in self.files().items()
            for line in data.split(b"\n")
            if line.startswith(MARKERS)
        ]

    def clean(self) -> bool:
        """Whether plain git sees no difference between HEAD, index and data files."""
        return self.git("status", "--porcelain") == ""


def settle(*clones: Clone, rounds: int = 0) -> str:
    """Sync all clones until nothing moves, and return the one content hash that they end with."""
    for _ in range(rounds or len(clones) + 3):
        before = [clone.head for clone in clones]
        for clone in clones:
            clone.sync()
        if [clone.head for clone in clones] == before and len(set(before)) == 1:
            break
    hashes = {clone.user: clone.hash() for clone in clones}
    assert len(set(hashes.values())) == 1, hashes
    for clone in clones:
        assert clone.markers() == [], clone.user
    return clones[0].hash()


def tuicrm(env: dict[str, str], *words: str) -> Ran:
    """Run a tuicrm command in this process with an environment of its own."""
    from tuicrm.cli.run import run

    out = io.TextIOWrapper(io.BytesIO(), "utf-8", newline="")
    err = io.TextIOWrapper(io.BytesIO(), "utf-8", errors="backslashreplace", newline="")
    with redirect_stdout(out), redirect_stderr(err):
        code = run(list(words), env)
    return Ran(code, _written(out), _written(err))


def git(folder: Path, env: dict[str, str], *words: str, ok: bool = True, data: bytes = b"") -> Ran:
    """Run plain git in a folder; with `ok` a failure is the test's."""
    done = subprocess.run(
        ["git", *words], cwd=folder, env=env, input=data, capture_output=True, timeout=60, check=False
    )
    ran = Ran(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))
    assert ran.code == 0 or not ok, (words, ran)
    return ran


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    data: bytes = stream.buffer.getvalue()  # type: ignore[attr-defined]
    return data.decode("utf-8", "replace")
