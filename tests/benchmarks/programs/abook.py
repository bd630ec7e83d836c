"""abook: an address book in one file."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tests.benchmarks.launch import Call
from tests.benchmarks.people import card, people
from tests.benchmarks.programs.program import Program

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


class Abook(Program):
    """Contacts in abook's file."""

    name = "abook"
    command = "abook"
    asks_version = ("--help",)
    remarks: ClassVar[Mapping[str, str]] = {
        "edit": "only in its own screens",
        "add": "the sender of an e-mail",
    }

    def prepare(self) -> None:
        self.data().mkdir()
        with (self.folder / "people.vcf").open("w", encoding="utf-8") as file:
            file.writelines(card(number, one) for number, one in enumerate(people(self.count)))

    def call(self, action: str, number: int) -> Sequence[Call]:
        book, source, target = (str(self.folder / name) for name in ("data/book", "people.vcf", f"out-{number}.csv"))
        convert = ["--convert", "--informat"]
        words = {
            "start": ["--formats"],
            "import": [*convert, "vcard", "--infile", source, "--outformat", "abook", "--outfile", book],
            "list": ["--datafile", book, "--mutt-query", ""],
            "search": ["--datafile", book, "--mutt-query", self.last().name],
            "add": ["--datafile", book, "--add-email-quiet"],
            "export": [*convert, "abook", "--infile", book, "--outformat", "csv", "--outfile", target],
        }.get(action)
        letter = f"From: More {number} <more{number}@more.example>\nSubject: x\n\n" if action == "add" else ""
        return self.sync() if action == "sync" else [Call(["abook", *words], given=letter.encode())] if words else []

    def data(self) -> Path:
        return self.folder / "data"
