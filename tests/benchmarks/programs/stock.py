"""TinyDB with the storage that it comes with: one JSON file."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests.benchmarks.launch import Call
from tests.benchmarks.people import write_csv
from tests.benchmarks.programs.program import Program

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SCRIPT = """
import csv, sys
from tinydb import TinyDB, where
action, source, file, target, name, number = sys.argv[1:]
fields = ["name", "email", "phone", "title"]
if action != "start":
    with TinyDB(file) as db:
        if action == "import":
            with open(source, newline="", encoding="utf-8") as rows:
                db.insert_multiple(csv.DictReader(rows))
        elif action == "list":
            for one in db:
                print(one["name"], one["email"], one["phone"])
        elif action == "search":
            for one in db.search(where("name") == name):
                print(one["name"])
        elif action == "edit":
            db.update({"title": "Buyer " + number}, where("name") == name)
        elif action == "add":
            db.insert({"name": "More " + number, "email": f"more{number}@more.example", "phone": ""})
        else:
            with open(target, "w", newline="", encoding="utf-8") as out:
                writer = csv.DictWriter(out, fields)
                writer.writeheader()
                writer.writerows(db)
"""


class Stock(Program):
    """A script of a few lines on stock TinyDB."""

    name = "stock TinyDB"
    command = sys.executable

    def version(self) -> str:
        from importlib.metadata import version

        return version("tinydb")

    def prepare(self) -> None:
        self.data().mkdir()
        write_csv(self.folder / "people.csv", self.count)

    def call(self, action: str, number: int) -> Sequence[Call]:
        if action == "sync":
            return self.sync()
        source, file, target = self.folder / "people.csv", self.data() / "db.json", self.folder / "out.csv"
        words = [action, str(source), str(file), str(target), self.last().name, str(number)]
        return [Call([sys.executable, "-c", SCRIPT, *words])]

    def data(self) -> Path:
        return self.folder / "data"
