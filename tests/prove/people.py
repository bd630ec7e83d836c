"""A person with a clone: edits through tuicrm, edits in files, plain git, and syncs, all at random and all watched."""

from __future__ import annotations

import json
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.sync.repos import DAY, Clone
from tuicrm.crm.session import Session
from tuicrm.errors import Invalid
from tuicrm.records.registry import groups
from tuicrm.store.changes import Purge, Remove, Revive, Write
from tuicrm.store.join import is_dead
from tuicrm.store.leaves import canonical_json
from tuicrm.store.ulid import RANDOM_BITS, Clock
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from tests.prove.oracle import Oracle
    from tests.sync.repos import Team
    from tuicrm.store.changes import Change
    from tuicrm.sync.report import Report

Record = dict[str, Any]
YEAR = 365 * DAY
NOW = datetime(2026, 6, 1, tzinfo=UTC)
START = 1_780_000_000_000
KINDS = ("deal", "contact", "activity", "ticket")
"""Of them `ticket` is unknown to tuicrm, as one from a later version would be."""
ODD_TEXT = ("=======", "<<<<<<< HEAD", "a\nb", "größer ⇒ 大", '"quoted" \\ back', "x" * 300)
WORDS = {
    "deal": ("name", "next_step", "notes", "owner", "of_tomorrow"),
    "contact": ("name", "title", "notes", "city"),
    "activity": ("subject", "body", "outcome"),
    "ticket": ("title", "level", "words"),
}


class World:
    """What all persons of one history share: chance, time, and who watches."""

    def __init__(self, chance: Random, oracle: Oracle) -> None:
        self.chance = chance
        self.oracle = oracle
        self.tick = 0
        self.counter = 0

    def now_ms(self) -> int:
        self.tick += self.chance.randint(1, 90_000)
        return START + self.tick

    def word(self) -> str:
        """A text that nobody else ever types."""
        self.counter += 1
        odd = self.chance.choice(ODD_TEXT) if self.chance.random() < 0.05 else ""
        return f"{odd}v{self.counter}"


class Person(Clone):
    """One clone of a history."""

    def __init__(self, team: Team, clone: Clone, world: World) -> None:
        super().__init__(team, clone.root, clone.user)
        self.world = world
        self.clock = Clock(
            now_ms=lambda: world.now_ms() + self.skew_ms, rand=lambda: world.chance.getrandbits(RANDOM_BITS)
        )
        self._staying: Workspace | None = None
        self.file_text = ""
        """What this person last wrote into a file of their own beside the data."""

    # -- through tuicrm ----------------------------------------------------------------------------------------------

    @contextmanager
    def at_work(self) -> Iterator[Workspace]:
        """The workspace: the one that stays open, as in the TUI, or one of a command, which leaves tidy files."""
        if self._staying is not None:
            yield self._staying
        else:
            with Workspace.open(self.root, clock=self.clock, groups=groups) as ws:
                yield ws

    def sit_down(self) -> None:
        """Keep the workspace open from here on."""
        if self._staying is None:
            self._staying = Workspace.open(self.root, clock=self.clock, groups=groups)

    def get_up(self) -> None:
        """Close the workspace that stayed open."""
        if self._staying is not None:
            self._staying.close()
            self._staying = None

    def commit(self, ws: Workspace, changes: Sequence[Change]) -> None:
        """Write through tuicrm, watched."""
        keys = {(change.kind, change.id) for change in changes}
        # A look of its own: what stays open looks into the files again when it writes.
        fresh = Workspace.open(self.root)
        before = {key: _any(fresh, *key) for key in keys}
        ws.commit(changes, by=self.user, note="proof")
        for kind, id_ in keys:
            after = _any(ws, kind, id_)
            assert after is not None
            self.world.oracle.watch(kind, before[kind, id_], after)

    def creates(self) -> None:
        chance = self.world.chance
        kind = chance.choice(KINDS)
        with self.at_work() as ws:
            fields = {name: self.world.word() for name in WORDS[kind] if chance.random() < 0.7}
            if kind == "deal":
                fields |= {"value": f"{chance.randint(1, 9)}000.00", "currency": "EUR"}
            self.commit(ws, [Write(kind, ws.new_id(), fields or {"notes": self.world.word()})])

    def edits(self) -> None:
        """Change one record, or several at once."""
        chance = self.world.chance
        with self.at_work() as ws:
            chosen = [self._pick(ws) for _ in range(chance.choice((1, 1, 1, 2, 5)))]
            changes = {(kind, id_): Write(kind, id_, self._fields(kind, ws)) for kind, id_ in filter(None, chosen)}
            if changes:
                self.commit(ws, list(changes.values()))

    def _fields(self, kind: str, ws: Workspace) -> dict[str, Any]:
        chance, word = self.world.chance, self.world.word
        roll = chance.random()
        if roll < 0.5:
            return {chance.choice(WORDS[kind]): word()}
        if roll < 0.6:
            return {chance.choice(WORDS[kind]): None}
        if roll < 0.7:
            return {chance.choice(WORDS[kind]): chance.choice(("yes", "no"))}
        if roll < 0.8:
            return {"tags": chance.sample(["hot", "cold", "big", "a/b", "~j5"], chance.randint(0, 3))}
        if kind == "deal":
            amount = {"value": f"{chance.randint(1, 99)}00.00", "currency": chance.choice(("EUR", "USD"))}
            return (
                amount if chance.random() < 0.6 else {"stage": chance.choice(("lead", "offer", "won")), "pipeline": "p"}
            )
        if kind == "contact":
            return {
                "emails": {f"{who}@x.example": {"label": word(), "rank": who} for who in chance.sample((1, 2, 3), 2)}
            }
        return {"later": {"deep": {"n": chance.randint(0, 10**9), "w": word()}}}

    def _pick(self, ws: Workspace, *, dead: bool = False) -> tuple[str, str] | None:
        found = [(kind, id_) for kind in KINDS for id_ in (ws.dead(kind) if dead else ws.all(kind))]
        # A few records get most of the edits, as in a team that works on the same deals.
        found = found[:4] if self.world.chance.random() < 0.6 else found
        return self.world.chance.choice(found) if found else None

    def removes(self) -> None:
        with self.at_work() as ws:
            key = self._pick(ws)
            if key is not None:
                self.commit(ws, [Remove(*key)])

    def restores(self) -> None:
        with self.at_work() as ws:
            key = self._pick(ws, dead=True)
            if key is not None and not _purged(ws, *key):
                # Somebody may have purged it, which a write is the first to find.
                with suppress(Invalid):
                    self.commit(ws, [Revive(*key)])

    def purges(self) -> None:
        with self.at_work() as ws:
            key = self._pick(ws, dead=True)
            if key is not None:
                self.commit(ws, [Purge(*key)])

    def resolves(self) -> None:
        """Mark an entry of the ledger as looked at."""
        with self.at_work() as ws:
            open_ones = [id_ for id_, one in ws.all("conflict").items() if not one.get("resolved")]
            if open_ones:
                id_ = self.world.chance.choice(open_ones)
                fields = {"resolved": f"20{self.world.counter % 70 + 10}-01-01T00:00:00Z", "resolved_by": self.user}
                self.commit(ws, [Write("conflict", id_, fields)])

    def clock_changes(self) -> None:
        chance = self.world.chance
        self.skew_ms = chance.choice((0, 0, chance.randint(-6 * YEAR, 30 * YEAR), chance.randint(-DAY, DAY)))

    def syncs(self) -> Report:
        """Sync with the engine, in the workspace that stays open or in one of its own."""
        from tuicrm.sync.syncing import sync

        with self.at_work() as ws:
            session = Session(ws, user=self.user, now=NOW)
            report = sync(session, environ=self.env)
        if report.problem is not None:
            raise report.problem
        return report

    # -- in the files ------------------------------------------------------------------------------------------------

    def edits_file(self) -> None:
        """Change a line in a data file as somebody with an editor does: the versions stay as they were."""
        chance = self.world.chance
        if self._staying is not None:
            self._staying.checkpoint()
        paths = [path for kind in KINDS for path in sorted((self.root / "data" / kind).rglob("*.jsonl"))]
        if not paths:
            return
        path = chance.choice(paths)
        lines = path.read_text(encoding="utf-8").split("\n")
        own = {number: json.loads(line) for number, line in enumerate(lines) if line.startswith("{")}
        ids = [record["id"] for record in own.values()]
        single = [number for number, record in own.items() if ids.count(record["id"]) == 1 and not is_dead(record)]
        if not single:
            return
        number = chance.choice(single)
        before = own[number]
        after = {**before, chance.choice((*WORDS[path.relative_to(self.root).parts[1]], "typed")): self.world.word()}
        lines[number] = canonical_json(after).decode()
        path.write_text("\n".join(lines), encoding="utf-8")
        self.world.oracle.watch_file(path.relative_to(self.root).parts[1], before, after)

    def writes_own_file(self) -> None:
        """Change a file beside the data that only this person has, and stage it or not."""
        self.file_text = self.world.word()
        self.root.joinpath(f"notes-{self.user}.txt").write_text(self.file_text)
        if self.world.chance.random() < 0.5:
            self.git("add", f"notes-{self.user}.txt")

    def looks_at_own_file(self) -> None:
        """Take what the own file says now, where there is one, as what it should say."""
        path = self.root / f"notes-{self.user}.txt"
        self.file_text = path.read_text() if path.exists() else ""

    def keeps_own_file(self) -> bool:
        """Whether that file still says what was written into it."""
        path = self.root / f"notes-{self.user}.txt"
        return not self.file_text or path.read_text() == self.file_text


def _any(ws: Workspace, kind: str, id_: str) -> Record | None:
    found = ws.get(kind, id_) or ws.dead(kind).get(id_)
    return None if found is None else json.loads(canonical_json(found))


def _purged(ws: Workspace, kind: str, id_: str) -> bool:
    return bool(ws.dead(kind)[id_]["_del"].get("purged"))
