"""A remote in a folder and work trees beside it, for tests of what goes over and back."""

from __future__ import annotations

import os
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tuicrm.sync.git import Git, find
from tuicrm.sync.remote import Remote
from tuicrm.sync.trust import Config, read

MAIN = "refs/heads/main"


@dataclass
class Place:
    """A bare repository, and work trees beside it."""

    folder: Path

    def __post_init__(self) -> None:
        (self.folder / "home").mkdir()
        (self.folder / "home" / ".gitconfig").write_text(
            "[user]\n\tname = Ann\n\temail = ann@acme.example\n[init]\n\tdefaultBranch = main\n[core]\n\tfsync = none\n"
        )
        self.plain(self.folder, "init", "-q", "--bare", "remote.git")

    @property
    def environ(self) -> dict[str, str]:
        home = str(self.folder / "home")
        return {"PATH": os.environ["PATH"], "HOME": home, "GIT_CONFIG_NOSYSTEM": "1"}

    @property
    def bare(self) -> Path:
        return self.folder / "remote.git"

    def plain(self, at: Path | str, *words: str, data: str = "") -> str:
        """Run git as a person would."""
        done = subprocess.run(
            ["git", *words], cwd=at, env=self.environ, check=True, capture_output=True, text=True, input=data
        )
        return done.stdout.strip()

    def work(self, name: str, url: str = "../remote.git") -> Git:
        """A work tree with the remote as its origin."""
        root = self.folder / name
        self.plain(self.folder, "init", "-q", name)
        self.plain(root, "remote", "add", "origin", url)
        git = find(str(root), self.environ)
        assert git is not None
        return git

    def commit(self, git: Git, text: str = "one", name: str = "a") -> str:
        """Commit a file in a work tree."""
        Path(git.root, name).write_text(text)
        self.plain(git.root, "add", name)
        self.plain(git.root, "commit", "-q", "-m", "x")
        return self.plain(git.root, "rev-parse", "HEAD")

    def tip(self) -> str:
        return self.plain(self.bare, "rev-parse", "main")

    def ssh(self, body: str = 'for last; do :; done; exec sh -c "$last"') -> str:
        """Let the user's own configuration name an ssh that runs here; returns a URL of the bare repository."""
        path = self.folder / "ssh"
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)
        with (self.folder / "home" / ".gitconfig").open("a") as file:
            file.write(f"[core]\n\tsshCommand = {path}\n[ssh]\n\tvariant = ssh\n")
        return f"ssh://git.example{self.bare}"

    def mark(self, name: str) -> str:
        """A shell command that leaves a trace."""
        (self.folder / "marks").mkdir(exist_ok=True)
        return f"touch {shlex.quote(str(self.folder / 'marks' / name))}"

    def marks(self) -> list[str]:
        return sorted(one.name for one in (self.folder / "marks").iterdir())

    def hook(self, name: str, body: str = "", at: Path | None = None) -> None:
        """A hook in the bare repository that leaves a trace."""
        path = (at or self.bare) / "hooks" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{self.mark(name)}\n{body}\n")
        path.chmod(0o755)


def origin(git: Git, branch: str = MAIN) -> Remote:
    return Remote(git, read(git, MAIN), branch)


def elsewhere(git: Git, url: str) -> Remote:
    return Remote(git, Config((), remote="origin", url=url), MAIN)
