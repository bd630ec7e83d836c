"""A made-up working day in a small workspace, with a plain account of what must be there after each step of it.

The account is kept apart from the store: what a person wrote and was told is safe. Seeded: one seed, one day.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.store import codec, segments
from tuicrm.store.changes import Purge, Remove, Revive, Write
from tuicrm.store.install import NewFile
from tuicrm.store.join import apply
from tuicrm.store.local import Local
from tuicrm.store.ulid import Clock
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tuicrm.store.changes import Change

Key = tuple[str, str]
Fields = dict[str, Any]
Account = dict[Key, Fields]
"""What is where: the fields that a person sees by kind and id; `DEAD` among them in the trash."""

DEAD = "(in the trash)"
START_MS = 1_793_000_000_000
KINDS = ("deal", "contact", "activity", "gizmo")
"""The last one is of a later version of the program."""
ACTS = (
    "pair",
    "several",
    "edit",
    "edit",
    "two",
    "tags",
    "remove",
    "revive",
    "erase",
    "outside",
    "bring",
    "ledger",
    "setting",
)
TIDY = ("checkpoint", "reopen")
_HIDDEN = ("id", "_v", "_del", "_alive")
_ENDINGS = (0x155, 0x2AB, 0x3FF)


class Act(NamedTuple):
    """One step: what it does, and the account once it is done; `by_file` where each file may arrive by itself."""

    name: str
    do: Callable[[], None]
    after: Account
    by_file: bool = False


class Story:
    """The day; `put` is how somebody else's program writes a file beside us."""

    def __init__(self, root: Path, seed: int, put: Callable[[Path, bytes], None] | None = None) -> None:
        self.root = root
        self.account: Account = {}
        self.losers: set[str] = set()
        """Values that gave way to somebody else's and that the ledger has still to hear of."""
        self._chance = random.Random(seed)
        self._put = put or write_file
        self._ms = START_MS
        self._clock = Clock(self._now, self._rand)
        self._owed: dict[Key, str] = {}
        self._counter = 0
        self._ws: Workspace | None = None

    @property
    def ws(self) -> Workspace:
        if self._ws is None:
            self._ws = Workspace.open(self.root, clock=self._clock)
        return self._ws

    def create(self) -> None:
        self._ws = Workspace.create(self.root, name="Acme", clock=self._clock)

    def drop(self) -> None:
        """Let go of the workspace without a word, as a process does that dies."""
        self._ws = None

    def beside(self, root: Path) -> Story:
        """The same day in a copy of the folder, to go on there in another way."""
        other = Story(root, 0, self._put)
        other.account, other.losers, other._owed = dict(self.account), set(self.losers), dict(self._owed)
        other._chance.setstate(self._chance.getstate())
        other._ms, other._counter = self._ms, self._counter
        return other

    def acts(self, count: int) -> Iterator[Act]:
        """So many steps, each made up when it is asked for; the caller does it and calls `took` where it was done."""
        names = ["pair", *self._chance.choices(ACTS, k=count - 1)]
        for place in range(3, count, 4):
            names[place] = self._chance.choice(TIDY)
        for place in range(2, count):
            if names[place] in ("outside", "bring"):
                names[place - 1] = "edit"
        for name in names:
            yield self.plan(name)

    def plan(self, name: str) -> Act:
        """A step by its name; another one where there is nothing yet that it could be done to."""
        act: Act | None = getattr(self, f"_{name}")()
        return act or self._pair()

    def took(self, act: Act) -> None:
        """The step was done and acknowledged."""
        self.account = act.after
        if act.name in TIDY:
            self._owed.clear()

    def _now(self) -> int:
        self._ms += 1000
        return self._ms

    def _rand(self) -> int:
        # Few endings, so that a data file has several records.
        return self._chance.getrandbits(80) & ~0x3FF | self._chance.choice(_ENDINGS)

    def _word(self) -> str:
        self._counter += 1
        return self._chance.choice(("word", "ein Wört", "語", 'a "quoted" one', "line\nbreak")) + f" {self._counter}"

    def _pick(self, *, dead: bool = False, filed: bool = False) -> Key | None:
        fits = [key for key, fields in self.account.items() if (DEAD in fields) == dead and len(fields) > dead]
        if filed:
            fits = [key for key in fits if self._line(key) is not None]
            fits = [key for key in fits if key in self._owed] or fits
        return self._chance.choice(fits) if fits else None

    def _commit(self, name: str, changes: list[Change], after: Account) -> Act:
        return Act(name, lambda: self._write(changes), after)

    def _write(self, changes: list[Change]) -> None:
        self.ws.commit(changes, by="ann", note=f"step {self._counter}")
        for change in changes:
            if isinstance(change, Write) and "stage" in change.fields:
                self._owed[change.kind, change.id] = change.fields["stage"]

    def _with(self, *edits: tuple[Key, Fields]) -> Account:
        after = dict(self.account)
        for key, fields in edits:
            shown = {**after.get(key, {}), **fields}
            shown.pop(DEAD, None)
            after[key] = {name: value for name, value in shown.items() if value not in (None, [], {})}
        return after

    def _writes(self, name: str, *edits: tuple[Key, Fields]) -> Act:
        return self._commit(name, [Write(*key, fields) for key, fields in edits], self._with(*edits))

    def _pair(self) -> Act:
        deal, call = self._clock.new(), self._clock.new()
        fields = {"name": self._word(), "stage": self._word(), "tags": ["a", "b"]}
        return self._writes("pair", (("deal", deal), fields), (("activity", call), {"deal": deal, "type": "call"}))

    def _several(self) -> Act:
        made = [(self._chance.choice(KINDS), self._clock.new()) for _ in range(3)]
        later = {"x_later": {"depth": {"deeper": 7}}, "ok": True}
        return self._writes("several", *((key, {"stage": self._word(), **later}) for key in made))

    def _edit(self) -> Act | None:
        key = self._pick(filed=True) or self._pick()
        return key and self._writes("edit", (key, {"stage": self._word(), "note": self._word() * 9}))

    def _two(self) -> Act | None:
        one, other = self._pick(), self._pick()
        if one is None or other is None or one == other:
            return None
        word = self._word()
        return self._writes("two", (one, {"moved": word}), (other, {"moved": word, "note": None}))

    def _tags(self) -> Act | None:
        key = self._pick()
        return key and self._writes("tags", (key, {"tags": self._chance.choice((["b", "c"], ["d"], []))}))

    def _remove(self) -> Act | None:
        key = self._pick()
        if key is None:
            return None
        return self._commit("remove", [Remove(*key)], {**self.account, key: {**self.account[key], DEAD: True}})

    def _revive(self) -> Act | None:
        key = self._pick(dead=True)
        return key and self._commit("revive", [Revive(*key)], self._with((key, {})))

    def _erase(self) -> Act | None:
        key = self._pick()
        if key is None or key in self._owed:
            return None
        return self._commit("erase", [Remove(*key), Purge(*key)], {**self.account, key: {DEAD: True}})

    def _checkpoint(self) -> Act:
        return Act("checkpoint", lambda: self.ws.checkpoint(), dict(self.account))

    def _reopen(self) -> Act:
        return Act("reopen", self._leave, dict(self.account))

    def _leave(self) -> None:
        self.ws.close()
        self._ws = None

    def _setting(self) -> Act:
        return Act("setting", lambda: Local(self.ws.private).set("user", "ann"), dict(self.account))

    def _ledger(self) -> Act:
        return Act("ledger", self._hand_over, dict(self.account))

    def _hand_over(self) -> None:
        taken = self.ws.take_losers()
        self.ws.drop_losers(taken)
        self.losers -= {one.value for one in taken if isinstance(one.value, str)}
        self.ws.trim_kept()

    def _line(self, key: Key) -> bytes | None:
        """The file that holds a record by now; None where it is in the journal only."""
        path = self._path(key)
        data = path.read_bytes() if path.exists() else b""
        return data if f'"id":"{key[1]}"'.encode() in data else None

    def _path(self, key: Key) -> Path:
        return self.root / segments.DATA / key[0] / segments.home(*key)

    def _edited(self, key: Key, word: str) -> tuple[bytes, bytes]:
        """The file of a record, before and with a value that somebody else wrote just now."""
        before = self._path(key).read_bytes()
        records = codec.load(before).records
        records[key[1]] = apply(records[key[1]], {"stage": (word, self._clock.new())})
        return before, codec.dump(records.values(), [])

    def _overtaken(self, key: Key) -> None:
        if key in self._owed:
            self.losers.add(self._owed.pop(key))

    def _outside(self) -> Act | None:
        key = self._pick(filed=True)
        if key is None:
            return None
        word = self._word()

        def do() -> None:
            self._put(self._path(key), self._edited(key, word)[1])
            self._overtaken(key)

        return Act("outside", do, self._with((key, {"stage": word})))

    def _bring(self) -> Act | None:
        key = self._pick(filed=True)
        if key is None:
            return None
        word, made = self._word(), ("deal", self._clock.new())
        while self._path(made).exists():
            made = ("activity", self._clock.at(self._chance.randrange(START_MS)))

        def do() -> None:
            before, after = self._edited(key, word)
            line = codec.encode({"id": made[1], "name": word}) + b"\n"
            paths = [str(self._path(one).relative_to(self.root)) for one in (key, made)]
            if self.ws.install([NewFile(paths[0], before, after), NewFile(paths[1], None, line)]):
                self._overtaken(key)

        return Act("bring", do, self._with((key, {"stage": word}), (made, {"name": word})), by_file=True)


def write_file(path: Path, data: bytes) -> None:
    """Write a file as an editor does."""
    path.write_bytes(data)


def shown(ws: Workspace) -> Account:
    """What a workspace shows, in the form of an account."""
    found: Account = {}
    for kind in ws.kinds():
        for id_, record in ws.stored.all(kind).items():
            found[kind, id_] = _seen(record)
        for id_, record in ws.stored.dead(kind).items():
            found[kind, id_] = {**_seen(record), DEAD: True}
    return found


def _seen(record: Any) -> Fields:
    return {name: value for name, value in record.items() if name not in _HIDDEN}
