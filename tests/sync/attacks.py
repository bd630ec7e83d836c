"""Planting attacks on somebody who syncs, and seeing that none of them came to anything.

Every planted command writes a file into `pwned/`. `Watch` remembers all that lies around a workspace, links and modes
included, and tells what is different afterwards.
"""

from __future__ import annotations

import os
import stat
from hashlib import sha256
from typing import TYPE_CHECKING

from tests.sync.repos import NOTHING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.sync.repos import Clone, Ran, Team

STEERING = frozenset(
    (
        *map(chr, (*range(9), 11, 12, 13, *range(14, 32), *range(0x7F, 0xA0))),
        *"\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff",
    )
)
"""What must never reach a terminal from elsewhere."""
SECRET = "-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0\n"


class Plant:
    """Where planted commands leave their mark, and files that no sync may read or change."""

    def __init__(self, team: Team) -> None:
        self.team = team
        self.pwned = team.folder / "pwned"
        self.outside = team.folder / "outside"
        self.tools = team.folder / "tools"
        for folder in (self.pwned, self.outside, self.tools):
            folder.mkdir(exist_ok=True)
        self.secret = self.outside / "id_ed25519"
        self.secret.write_text(SECRET)

    def command(self, name: str) -> str:
        """A shell command that leaves a mark."""
        return f"touch {self.pwned / name}"

    def program(self, name: str, then: str = "cat") -> Path:
        """An executable that leaves a mark, then behaves as a filter."""
        path = self.tools / name
        path.write_text(f"#!/bin/sh\n{self.command(name)}\n{then}\n")
        path.chmod(0o755)
        return path

    def hook(self, folder: Path, name: str) -> None:
        """An executable hook that leaves a mark; `name` is git's name for it."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / name
        path.write_text(f"#!/bin/sh\n{self.command(f'hook-{name}')}\nexit 0\n")
        path.chmod(0o755)

    def marks(self) -> list[str]:
        """What planted commands ran."""
        return sorted(path.name for path in self.pwned.iterdir())

    def wipe(self) -> None:
        for path in self.pwned.iterdir():
            path.unlink()

    def fake_ssh(self, clone: Clone) -> str:
        """Let a person's own git configuration name an ssh that stays on this machine; return a URL of the remote."""
        path = self.tools / "ssh"
        path.write_text('#!/bin/sh\nfor last; do :; done\nexec sh -c "$last"\n')
        path.chmod(0o755)
        home = self.team.home(clone.user)
        with (home / ".gitconfig").open("a") as file:
            file.write(f"[core]\n\tsshCommand = {path}\n[ssh]\n\tvariant = ssh\n")
        return f"ssh://git.example{self.team.remote}"


class Watch:
    """All that lies around the given folders, as it was; what tuicrm keeps for its user may change."""

    def __init__(self, team: Team, *inside: Path) -> None:
        self.root = team.folder
        self.inside = {*inside, team.remote}
        self.before = self._look()

    def changes(self) -> list[str]:
        """Every path that came, went or changed."""
        after = self._look()
        return sorted(path for path in {**self.before, **after} if self.before.get(path) != after.get(path))

    def _look(self) -> dict[str, tuple[int, str]]:
        found: dict[str, tuple[int, str]] = {}
        for folder, folders, names in os.walk(self.root):
            here = self.root / os.path.relpath(folder, self.root)
            folders[:] = [
                one
                for one in folders
                if here / one not in self.inside and not (one in (".local", ".cache") and "homes" in here.parts)
            ]
            for name in (*folders, *names):
                path = here / name
                if path in self.inside:
                    continue
                held = path.lstat()
                if stat.S_ISLNK(held.st_mode):
                    told = os.readlink(path)
                elif stat.S_ISREG(held.st_mode):
                    told = sha256(path.read_bytes()).hexdigest()
                else:
                    told = ""
                found[str(path.relative_to(self.root))] = (held.st_mode, told)
        return found


def harmless(ran: Ran, watch: Watch, *codes: int, says: str = "") -> None:
    """Check that a command ended in one of some ways, in few clean words, and that nothing around it changed."""
    assert ran.code in (codes or (0,)), ran
    assert "Traceback" not in ran.err, ran
    assert "something unexpected" not in ran.err, ran
    assert len(ran.err.splitlines()) <= 6, ran
    assert says in ran.err, ran
    for text in (ran.out, ran.err):
        assert not STEERING & set(text), (STEERING & set(text), text)
    if ran.code:
        assert ran.err.strip(), "failed without a word"
    assert watch.changes() == []


class Tree:
    """Trees and commits of any shape, made by plumbing in a scratch repository and pushed by force."""

    def __init__(self, team: Team, who: Clone) -> None:
        self.who = who
        self.team = team

    def blob(self, data: bytes | str) -> str:
        raw = data.encode() if isinstance(data, str) else data
        return self.who.git("hash-object", "-w", "--stdin", "--no-filters", data=raw)

    def entries(self, tree: str) -> dict[str, str]:
        """Name to `mode type oid` of one level."""
        listed = self.who.git("ls-tree", "-z", tree) if tree else ""
        return {line.partition("\t")[2]: line.partition("\t")[0] for line in listed.split("\0") if line}

    def make(self, entries: dict[str, str]) -> str:
        data = "".join(f"{told}\t{name}\0" for name, told in entries.items()).encode()
        return self.who.git("mktree", "-z", "--missing", data=data)

    def put(self, tree: str, path: str, told: str) -> str:
        """The tree with one entry (`mode type oid`; "" removes it) at a path, folders made where missing."""
        name, _, rest = path.partition("/")
        held = self.entries(tree)
        if rest:
            inner = held.get(name, "").split(" ")
            below = inner[2] if inner[0] == "040000" else ""
            told = f"040000 tree {self.put(below, rest, told)}"
        held.pop(name, None)
        return self.make({**held, **({name: told} if told else {})})

    def file(self, data: bytes | str) -> str:
        return f"100644 blob {self.blob(data)}"

    def link(self, target: str | Path) -> str:
        return f"120000 blob {self.blob(str(target))}"

    def commit(
        self, tree: str, *parents: str, message: str = "from elsewhere", also: Mapping[str, str] = NOTHING
    ) -> str:
        words = [word for parent in parents for word in ("-p", parent)]
        return self.who.git("commit-tree", tree, *words, data=message.encode(), also=also)

    def push(
        self, entries: dict[str, str], *, message: str = "from elsewhere", also: Mapping[str, str] = NOTHING
    ) -> str:
        """Put entries on top of the remote's main and push that; return the commit."""
        self.who.git("fetch", "--quiet", str(self.team.remote), "+refs/heads/main:refs/scratch/tip")
        tip = self.who.git("rev-parse", "refs/scratch/tip")
        tree = self.who.tree(tip)
        for path, told in entries.items():
            tree = self.put(tree, path, told)
        made = self.commit(tree, tip, message=message, also=also)
        self.who.git("push", "--quiet", "--force", str(self.team.remote), f"{made}:refs/heads/main")
        return made
