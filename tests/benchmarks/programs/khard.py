"""khard: an address book of vCards, a file each."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tests.benchmarks.launch import Call
from tests.benchmarks.people import write_cards
from tests.benchmarks.programs.program import Program

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_ITS_FILES = "none of its own: its files are vCards"


class Khard(Program):
    """Contacts as vCards."""

    name = "khard"
    command = "khard"
    remarks: ClassVar[Mapping[str, str]] = {"import": _ITS_FILES, "export": _ITS_FILES}

    def prepare(self) -> None:
        write_cards(self.data(), self.count)
        words = f"[addressbooks]\n[[bench]]\npath = {self.data()}\n[general]\ndefault_action = list\n"
        (self.folder / "khard.conf").write_text(words, encoding="utf-8")

    def call(self, action: str, number: int) -> Sequence[Call]:
        khard = ["khard", "-c", str(self.folder / "khard.conf")]
        if action == "edit":
            name = self.last().name.split()[1]
            form = f"First name : Person\nLast name : {name}\nNickname : Buyer {number}\n"
            file = self.folder / "form.yaml"
            return [
                Call(["sh", "-c", f"printf '{form}' > {file}"]),
                Call([*khard, "edit", "-i", str(file), self.last().name], given=b"yes\n"),
            ]
        if action == "add":
            return [Call([*khard, "new", "-a", "bench"], given=f"First name : More\nLast name : {number}\n".encode())]
        words = {"start": ["--version"], "list": ["list"], "search": ["list", self.last().name]}.get(action)
        return self.sync() if action == "sync" else [Call([*khard, *words])] if words else []

    def data(self) -> Path:
        return self.folder / "book"
