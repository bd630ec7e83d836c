"""Stock TinyDB with its JSONStorage, as its manual shows it, in the place of a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tinydb import TinyDB, where

from tests.prove import deeds
from tests.prove.plain import Book, Fact, Facts, Key
from tests.prove.writer import SHARED, Said
from tests.prove.writers import Seen, _numbers
from tuicrm.store.changes import Remove, Write
from tuicrm.store.ulid import Clock

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from tuicrm.store.changes import Change

NAME = "db.json"


class Stock:
    """A file of TinyDB; `most` records a transaction, each written by a call of its own, as there is nothing else."""

    trash = False

    def __init__(self, most: int) -> None:
        self.most = most

    def make(self, root: Path) -> None:
        root.mkdir()
        with TinyDB(root / NAME) as db:
            db.table("deal").insert({"id": SHARED, "name": "everybody's"})

    def begin(self, books: list[Book]) -> None:
        for book in books[:-1]:
            book.facts["deal", SHARED] = Fact({})
        books[-1].facts["deal", SHARED] = Fact({"name": "everybody's"})

    def writer(self, root: Path, who: int, book: Book, chance: random.Random, say: Callable[[Said], None]) -> Writer:
        return Writer(root, self.most, who, book, chance, say)

    def facts(self, root: Path) -> Facts:
        with TinyDB(root / NAME) as db:
            return {
                (kind, one["id"]): Fact({name: value for name, value in one.items() if name != "id"})
                for kind in db.tables()
                for one in db.table(kind)
            }

    def goes_on(self, root: Path, book: Book) -> str:
        key = "contact", Clock().new()
        with TinyDB(root / NAME) as db:
            _put(db, key, {"name": "after"})
        book.facts[key] = Fact({"name": "after"})
        return ""


class Writer:
    """Somebody at work with TinyDB: what changes a record replaces it, what has to go is removed."""

    def __init__(
        self, root: Path, most: int, who: int, book: Book, chance: random.Random, say: Callable[[Said], None]
    ) -> None:
        self._most, self._who, self._book, self._chance, self._say = most, who, book, chance, say
        self._db = TinyDB(root / NAME)
        self._clock = Clock()

    def deed(self) -> None:
        held = {key: fact for key, fact in self._book.facts.items() if key[1] != SHARED and not fact.dead}
        changes = deeds.several(self._chance, held, self._clock.new, most=self._most, trash=False)[: self._most]
        after = self._after(changes)
        self._say(Said(self._who, "try", after))
        for key, fact in after.items():
            if fact.dead:
                self._db.table(key[0]).remove(where("id") == key[1])
            else:
                _put(self._db, key, fact.fields)
        self._say(Said(self._who, "done", {}))
        self._book.facts.update(after)

    def _after(self, changes: Sequence[Change]) -> Facts:
        after: Facts = {}
        for one in changes:
            key = one.kind, one.id
            old = after.get(key) or self._book.facts.get(key)
            if isinstance(one, Remove):
                after[key] = Fact({}, dead=True)
            elif isinstance(one, Write):
                after[key] = Fact({**(old.fields if old else {}), **one.fields})
        return after


class Open:
    """An open file of TinyDB, for many writers at once."""

    def __init__(self, root: Path) -> None:
        self.db = TinyDB(root / NAME)

    def does(self, who: int, number: int) -> None:
        told: dict[str, Any] = {"writer": who, "number": number}
        self.db.table("deal").insert({"id": f"{who}/{number}", **told})
        self.db.table("activity").insert({"deal": f"{who}/{number}", **told})
        self.db.table("contact").upsert(told, where("writer") == who)
        self.db.table("deal").update({f"w{who}": number}, where("id") == SHARED)

    def tidy(self) -> None:
        """There is nothing to tidy."""

    def look(self) -> Seen:
        self.db.clear_cache() if hasattr(self.db, "clear_cache") else None
        deals = list(self.db.table("deal"))
        shared: Mapping[str, Any] = next((one for one in deals if one.get("id") == SHARED), {})
        return Seen(
            _numbers(one for one in deals if "number" in one),
            _numbers(self.db.table("activity")),
            {one["writer"]: one["number"] for one in self.db.table("contact")},
            {int(name[1:]): value for name, value in shared.items() if name[0] == "w"},
        )


def _put(db: TinyDB, key: Key, fields: Mapping[str, Any]) -> None:
    db.table(key[0]).upsert({**fields, "id": key[1]}, where("id") == key[1])
