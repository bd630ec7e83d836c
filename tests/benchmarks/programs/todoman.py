"""todoman: things to do as iCalendar files, one each, with an index of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tests.benchmarks.launch import Call
from tests.benchmarks.people import write_todos
from tests.benchmarks.programs.program import Program

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


class Todoman(Program):
    """A thing to do about each person."""

    name = "todoman"
    command = "todo"
    remarks: ClassVar[Mapping[str, str]] = {
        "import": "none of its own; what is measured is its first list, which makes its index",
        "export": "`todo --porcelain list`",
    }

    def prepare(self) -> None:
        write_todos(self.data(), self.count)
        words = f'path = "{self.data()}"\ndefault_list = "todos"\ncache_path = "{self.folder}/index.sqlite3"\n'
        (self.folder / "todoman.py").write_text(words, encoding="utf-8")

    def call(self, action: str, number: int) -> Sequence[Call]:
        words = {
            "start": ["--version"],
            "import": ["list"],
            "list": ["list"],
            "search": ["list", "--grep", self.last().name],
            "edit": ["edit", "--location", f"Room {number}", "1"],
            "add": ["new", f"More {number}"],
            "export": ["--porcelain", "list"],
        }.get(action)
        return [Call(["todo", "-c", str(self.folder / "todoman.py"), *words])] if words else self.sync()

    def data(self) -> Path:
        return self.folder / "todos"
