"""What a program is to the benchmark: the command lines of each action, on data of a given size."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, ClassVar

from tests.benchmarks.launch import Call, bytes_below, launch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tests.benchmarks.people import Person

ACTIONS = ("start", "import", "list", "search", "edit", "add", "export", "sync")


class Program:
    """A program with a folder of its own; its actions are command lines."""

    name: ClassVar[str]
    command: ClassVar[str]
    """What it is started by; where that is not found, the program is left out."""
    asks_version: ClassVar[tuple[str, ...]] = ("--version",)
    remarks: ClassVar[Mapping[str, str]] = {}
    """How an action is done where that does not go without saying, or why it cannot be done."""

    def __init__(self, folder: Path, env: Mapping[str, str], count: int) -> None:
        self.folder = folder
        self.env = dict(env)
        self.count = count
        folder.mkdir()

    @classmethod
    def found(cls) -> bool:
        """Whether it is installed."""
        return shutil.which(cls.command) is not None

    def version(self) -> str:
        """Return what it says of its version."""
        out = launch(Call([self.command, *self.asks_version]), self.folder, self.env).out.decode().split()
        return next((word.strip("v,") for word in out if word.lstrip("v")[:1].isdigit()), "?")

    def prepare(self) -> None:
        """Write what its import reads; where it has no import, its own files."""
        raise NotImplementedError

    def call(self, action: str, number: int) -> Sequence[Call]:
        """Return the command lines of an action, the `number`-th time; none where it cannot be done."""
        raise NotImplementedError

    def data(self) -> Path:
        """Where its data lies."""
        raise NotImplementedError

    def last(self) -> Person:
        """Somebody who must be found."""
        from tests.benchmarks.people import people

        *_, one = people(self.count)
        return one

    def size(self) -> int:
        """Return the bytes that its data takes."""
        return bytes_below(self.data())

    def before_sync(self, first: bool, number: int) -> Sequence[Call]:
        """Return what is done, and not measured, before a sync: at first all that git needs; a change."""
        begun = _git_begun(self.data()) if first else ()
        return [*begun, *(self.call("edit", 1000 + number) or self.call("add", 1000 + number))]

    def sync(self) -> Sequence[Call]:
        """Return what sends a change away."""
        git = ["git", "-C", str(self.data())]
        return [Call([*git, "add", "-A"]), Call([*git, "commit", "-qm", "more"]), Call([*git, "push", "-q", "origin"])]


def _git_begun(data: Path) -> Sequence[Call]:
    git = ["git", "-C", str(data), "-c", "gc.auto=0"]
    remote = str(data.with_name("remote.git"))
    lines = (
        ["git", "init", "-q", "--bare", remote],
        [*git, "init", "-q"],
        [*git, "config", "user.email", "me@bench.example"],
        [*git, "config", "user.name", "me"],
        [*git, "config", "push.autoSetupRemote", "true"],
        [*git, "remote", "add", "origin", remote],
        [*git, "add", "-A"],
        [*git, "commit", "-qm", "first"],
        [*git, "push", "-q", "origin"],
    )
    return [Call(line) for line in lines]
