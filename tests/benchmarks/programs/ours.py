"""tuicrm with contacts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.benchmarks.launch import Call
from tests.benchmarks.measure import tuicrm
from tests.benchmarks.people import write_csv
from tests.benchmarks.programs.program import Program

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class Ours(Program):
    """Contacts in a workspace."""

    name = "tuicrm"
    command = tuicrm()[0]

    def prepare(self) -> None:
        from tests.benchmarks.launch import launch

        write_csv(self.folder / "people.csv", self.count)
        root = self.data().parent
        for line in (
            ["git", "init", "-q", "--bare", str(self.folder / "remote.git")],
            [*tuicrm(), "init", str(root), "--name", "Bench", "--user", "me"],
            ["git", "-C", str(root), "remote", "add", "origin", str(self.folder / "remote.git")],
        ):
            launch(Call(line), self.folder, self.env)

    def call(self, action: str, number: int) -> Sequence[Call]:
        source, target = str(self.folder / "people.csv"), str(self.folder / f"out-{number}.csv")
        words = {
            "start": ["--version"],
            "import": ["import", source, "--as", "contacts"],
            "list": ["contact", "list"],
            "search": ["search", self.last().name],
            "edit": ["contact", "edit", self.last().email, "--title", f"Buyer {number}"],
            "add": ["contact", "add", f"More {number}", "--email", f"more{number}@more.example"],
            "export": ["export", "contacts", target],
            "sync": ["sync"],
        }[action]
        return [Call([*tuicrm(), "--workspace", str(self.data().parent), *words])]

    def data(self) -> Path:
        return self.folder / "workspace" / "data"

    def before_sync(self, first: bool, number: int) -> Sequence[Call]:
        return [*(self.call("sync", 0) if first else ()), *self.call("edit", 1000 + number)]

    def sync(self) -> Sequence[Call]:
        return self.call("sync", 0)
