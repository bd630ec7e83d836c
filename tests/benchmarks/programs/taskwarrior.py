"""taskwarrior: tasks in a few files of lines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, ClassVar

from tests.benchmarks.launch import Call
from tests.benchmarks.people import people
from tests.benchmarks.programs.program import Program

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


class Taskwarrior(Program):
    """A task about each person."""

    name = "taskwarrior"
    command = "task"
    remarks: ClassVar[Mapping[str, str]] = {"list": "`task list`", "export": "`task export`"}

    def version(self) -> str:
        self._settings()
        return super().version()

    def _settings(self) -> None:
        rc = self.folder / "taskrc"
        rc.write_text(f"data.location={self.data()}\nconfirmation=off\nhooks=off\nverbose=nothing\n", encoding="utf-8")
        self.env["TASKRC"] = str(rc)

    def prepare(self) -> None:
        self._settings()
        self.data().mkdir()
        told = [{"description": " ".join(one), "status": "pending"} for one in people(self.count)]
        (self.folder / "tasks.json").write_text(json.dumps(told), encoding="utf-8")

    def call(self, action: str, number: int) -> Sequence[Call]:
        words = {
            "start": ["--version"],
            "import": ["import", str(self.folder / "tasks.json")],
            "list": ["list"],
            "search": [f"/{self.last().name}/", "list"],
            "edit": [str(self.count), "modify", f"{' '.join(self.last())} {number}"],
            "add": ["add", f"More {number}"],
            "export": ["export"],
        }.get(action)
        return [Call(["task", *words])] if words else self.sync()

    def data(self) -> Path:
        return self.folder / "tasks"
