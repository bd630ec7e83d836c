"""Sync from the TUI: in the background, its state in the status line, what it brought, and what it says if it fails."""

from __future__ import annotations

import json
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from tuicrm.crm.edit import add
from tuicrm.crm.session import Session
from tuicrm.sync.report import Last, remember
from tuicrm.tui import syncchild

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from tests.tui.conftest import Driver

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]

REMOTE = "ssh://git.example/acme.git"
REPORT: dict[str, Any] = {
    "commit": "0" * 40,
    "remote": REMOTE,
    "pushed": True,
    "went": {"deal": 2},
    "came": {},
    "changed": [],
    "conflicts": 0,
    "notes": [],
    "problem": None,
    "said": "2 deals went",
}


class Stub:
    """A process in place of `tuicrm sync`: it waits until it is let go on, then writes what a sync would."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.runs = 0
        self.words: tuple[str, ...] = ()
        self.gate: Path | None = None
        self.answer(REPORT)

    def answer(self, report: dict[str, Any] | None, *, err: str = "", code: int = 0) -> None:
        """Say what the next sync writes, and how it ends."""
        self.out, self.err, self.code = json.dumps(report) if report is not None else "", err, code

    def hold(self) -> None:
        """Let the next sync go on only when told."""
        self.gate = self.folder / "gate"

    def let_go(self) -> None:
        assert self.gate is not None
        self.gate.touch()

    def command(self, root: Path, *words: str) -> list[str]:
        self.runs += 1
        self.words = words
        code = (
            "import os, sys, time\n"
            "gate, started, out, err, code = sys.argv[1:]\n"
            "open(started, 'w').write(str(os.getpid()))\n"
            "while gate and not os.path.exists(gate): time.sleep(0.01)\n"
            "sys.stdout.write(out); sys.stderr.write(err); sys.exit(int(code))\n"
        )
        gate = str(self.gate or "")
        return [
            sys.executable,
            "-S",
            "-c",
            code,
            gate,
            str(self.folder / "started"),
            self.out,
            self.err,
            str(self.code),
        ]

    @property
    def pid(self) -> int:
        with suppress(OSError, ValueError):
            return int((self.folder / "started").read_text())
        return 0


@pytest.fixture
def stub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stub]:
    folder = tmp_path / "stub"
    folder.mkdir()
    made = Stub(folder)
    monkeypatch.setattr(syncchild, "command", made.command)
    yield made
    (folder / "gate").touch()


async def synced(tui: Driver) -> None:
    """Wait until no sync is going on, and what it brought is shown."""
    syncing = tui.app.syncing
    assert syncing is not None
    await tui.until(lambda: not syncing.running)
    await tui.settle()


def config(tmp_path: Path, text: str) -> None:
    (tmp_path / ".config" / "tuicrm").mkdir(parents=True)
    (tmp_path / ".config" / "tuicrm" / "config.toml").write_text(text)


def with_remote(session: Session) -> None:
    """Let the workspace's repository name a remote."""
    file = session.ws.private.parent / "config"
    file.write_text(f'{file.read_text() if file.exists() else ""}[remote "origin"]\n\turl = {REMOTE}\n')


async def test_keys_go_on_while_a_sync_runs_and_its_end_is_said(drive: Drive, stub: Stub, tmp_path: Path) -> None:
    config(tmp_path, "[sync]\nevery_minutes = 0\n")
    stub.hold()
    async with drive(size=(100, 24)) as tui:
        await tui.pilot.press("S")
        await tui.until(lambda: stub.pid > 0)
        assert "syncing …" in tui.status
        assert tui.status.rstrip().endswith("acme-sales  ann  syncing")
        before = tui.board.place.rows[0]
        await tui.pilot.press("j")
        assert tui.board.place.rows[0] == before + 1
        await tui.pilot.press("S")
        assert "syncing already; ctrl+c stops it" in tui.status
        assert stub.runs == 1
        stub.let_go()
        await synced(tui)
        assert tui.status.strip().startswith("2 deals went")
        assert stub.words == ("--json",)


async def test_an_edit_made_during_a_sync_stays_and_so_does_the_cursor(
    drive: Drive, stub: Stub, session: Session
) -> None:
    stub.hold()
    async with drive() as tui:
        await tui.press("l", "l", "j")
        card = tui.board.place.card
        assert card is not None
        await tui.pilot.press("S")
        await tui.until(lambda: stub.pid > 0)
        other = Session(session.ws, user="bob", now=session.now)
        plan = add(other, "deal", {"name": ["Came Meanwhile"]})
        other.commit(plan)
        await tui.pilot.press("C", *"30", "space", *"nov", "enter")
        stub.answer({**REPORT, "changed": [{"kind": "deal", "id": plan.ids[0]}]})
        stub.let_go()
        await synced(tui)
        assert tui.board.place.card is not None
        assert tui.board.place.card.id == card.id
        held = session.ws.get("deal", card.id)
        assert held is not None
        assert held["expected_close"] == "2026-11-30"


async def test_what_came_is_said_listed_and_opened(drive: Drive, stub: Stub, session: Session) -> None:
    bob = Session(session.ws, user="bob", now=session.now)
    plan = add(bob, "company", {"name": ["Freshly [red]Added"]})
    bob.commit(plan)
    refs = [{"kind": "company", "id": plan.ids[0]}, {"kind": "nonsense", "id": "x"}, {"kind": "deal"}]
    stub.answer({**REPORT, "said": "1 company came", "changed": refs})
    async with drive() as tui:
        await tui.press("S")
        await synced(tui)
        assert "1 company came. P, then synced, lists what came" in " ".join(tui.text.split())
        tui.app.action_sync_changes()
        await tui.settle()
        assert "Synced: 1 change" in tui.text
        assert "added company Freshly [red]Added" in tui.text
        await tui.press("enter")
        assert tui.app.main.pane is not None
        assert tui.app.main.pane.targets() == [("company", plan.ids[0])]


async def test_the_list_gathers_what_several_syncs_brought_until_it_is_looked_at(
    drive: Drive, stub: Stub, session: Session
) -> None:
    bob = Session(session.ws, user="bob", now=session.now)
    ids: list[str] = []
    for name in ("First", "Second", "Third"):
        plan = add(bob, "company", {"name": [name]})
        bob.commit(plan)
        ids += plan.ids
    async with drive() as tui:
        assert tui.app.syncing is not None
        for one in ids[:2]:
            stub.answer({**REPORT, "changed": [{"kind": "company", "id": one}]})
            await tui.press("S")
            await synced(tui)
        assert [key for _, key in tui.app.syncing.came] == [ids[1], ids[0]]
        tui.app.action_sync_changes()
        await tui.press("escape")
        stub.answer({**REPORT, "changed": [{"kind": "company", "id": ids[2]}]})
        await tui.press("S")
        await synced(tui)
        assert [key for _, key in tui.app.syncing.came] == [ids[2]]


async def test_nothing_came_is_said_as_well(drive: Drive, stub: Stub) -> None:
    async with drive() as tui:
        tui.app.action_sync_changes()
        await tui.settle()
        assert "no sync has brought anything here yet" in tui.status


PROBLEMS = [
    (
        {"code": "unreachable", "message": "git.example cannot be reached"},
        "not synced: git.example cannot be reached; what you change is kept, and goes with the next sync",
        "sync: offline",
    ),
    (
        {"code": "needs_credentials", "message": "git.example asks for a password", "hint": "Set up a key."},
        "not synced: git.example asks for a password; run `tuicrm sync` in a shell, where it can ask",
        "sync: asks you",
    ),
    (
        {"code": "decision", "message": "a rebase is going on", "hint": "Run git rebase --continue."},
        "not synced: a rebase is going on; run git rebase --continue",
        "sync: asks you",
    ),
    ({"message": "the remote refuses \x1b[2J this"}, "not synced: the remote refuses ␛[2J this", "sync: failed"),
]


@pytest.mark.parametrize("where", ["report", "stderr"])
@pytest.mark.parametrize(("problem", "said", "short"), PROBLEMS)
async def test_a_sync_that_fails_says_why_and_what_to_do(
    drive: Drive, stub: Stub, problem: dict[str, str], said: str, short: str, where: str
) -> None:
    if where == "report":
        stub.answer({**REPORT, "problem": problem, "said": "1 deal went no further"}, code=1)
    else:
        stub.answer(None, err=f"{json.dumps({'error': problem})}\n", code=6)
    async with drive(size=(140, 30)) as tui:
        await tui.press("S")
        await synced(tui)
        assert said in " ".join(tui.text.split())
        assert short in tui.status or len(said) > 80
        await tui.press("j")
        assert short in tui.status


async def test_ctrl_c_stops_a_sync_and_its_process(drive: Drive, stub: Stub) -> None:
    stub.hold()
    async with drive() as tui:
        await tui.pilot.press("S")
        await tui.until(lambda: stub.pid > 0)
        await tui.pilot.press("ctrl+c")
        await synced(tui)
        assert "sync stopped: the next one goes on from there" in tui.text
        assert not alive(stub.pid)


async def test_leaving_does_not_wait_for_a_sync_which_ends_by_itself(drive: Drive, stub: Stub) -> None:
    stub.hold()
    async with drive() as tui:
        await tui.pilot.press("S")
        await tui.until(lambda: stub.pid > 0)
        await tui.pilot.press("q")
    assert alive(stub.pid)
    stub.let_go()
    deadline = time.monotonic() + 20
    while alive(stub.pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not alive(stub.pid)


def alive(pid: int) -> bool:
    """Tell whether a process goes on; one that has ended and waits to be asked about does not."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("said", [True, False])
async def test_that_it_can_go_by_itself_is_said_once_and_only_where_nothing_is_set(
    drive: Drive, stub: Stub, tmp_path: Path, said: bool
) -> None:
    if not said:
        config(tmp_path, "[sync]\nat_exit = false\n")
    async with drive() as tui:
        await tui.press("S")
        await synced(tui)
        assert ("every_minutes = 10" in tui.text) == said
        await tui.press("S")
        await synced(tui)
        assert "2 deals went" in tui.text
        assert "every_minutes = 10" not in tui.text


async def test_without_a_remote_it_is_not_said(drive: Drive, stub: Stub) -> None:
    stub.answer({**REPORT, "remote": ""})
    async with drive() as tui:
        await tui.press("S")
        await synced(tui)
        assert "every_minutes" not in tui.text


async def test_it_goes_by_itself_where_that_is_wanted(
    drive: Drive, stub: Stub, tmp_path: Path, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    config(tmp_path, "[sync]\nevery_minutes = 10\n")
    monkeypatch.setattr("tuicrm.tui.syncing.FIRST_SECONDS", 0.3)
    monkeypatch.setattr("tuicrm.tui.syncing.SETTLE_SECONDS", 0.05)
    with_remote(session)
    async with drive() as tui:
        await tui.until(lambda: stub.runs == 1)
        await synced(tui)
        # Nothing came, so that there is nothing to say.
        assert tui.app.main.note is None
        stub.answer(
            None, err='{"error": {"code": "unreachable", "message": "git.example cannot be reached"}}\n', code=1
        )
        assert tui.app.syncing is not None
        for _ in range(2):
            tui.app.syncing.now(asked=False)
            await synced(tui)
            assert "sync: offline" in tui.status or tui.app.main.note is not None
        told = [text for _, text, _ in tui.app.main.said if "git.example" in text]
        assert len(told) == 1


async def test_not_by_itself_without_a_remote_or_so_soon_after_another(
    drive: Drive, stub: Stub, tmp_path: Path, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    config(tmp_path, "[sync]\nevery_minutes = 10\n")
    monkeypatch.setattr("tuicrm.tui.syncing.FIRST_SECONDS", 1000)
    async with drive() as tui:
        syncing = tui.app.syncing
        assert syncing is not None
        syncing.look()
        await tui.settle()
        syncing._in_time()
        assert not syncing.running
        with_remote(session)
        remember(session.ws.private, Last("2026-10-08T08:55:00Z", True, "synced"))
        syncing.look()
        await tui.settle()
        syncing._in_time()
        assert not syncing.running
        remember(session.ws.private, Last("2026-10-08T08:50:00Z", True, "synced"))
        syncing.look()
        await tui.settle()
        syncing._in_time()
        assert syncing.running
        await synced(tui)


async def test_the_status_line_tells_of_a_sync_made_elsewhere(drive: Drive, session: Session) -> None:
    with_remote(session)
    async with drive() as tui:
        assert tui.app.syncing is not None
        tui.app.syncing.look()
        await tui.until(lambda: "not synced" in tui.status)
        remember(session.ws.private, Last("2026-10-08T08:58:00Z", True, "synced"))
        tui.app.syncing.look()
        await tui.until(lambda: "sync 2m ok" in tui.status)
        assert tui.status.rstrip().endswith("acme-sales  ann  sync 2m ok")


async def test_why_it_failed_stays_until_one_has_worked(drive: Drive, stub: Stub, session: Session) -> None:
    with_remote(session)
    remember(session.ws.private, Last("2026-10-08T08:50:00Z", True, "synced"))
    stub.answer(None, err='{"error": {"code": "unreachable", "message": "git.example cannot be reached"}}', code=1)
    async with drive() as tui:
        syncing = tui.app.syncing
        assert syncing is not None
        syncing.look()
        await tui.until(lambda: "sync 10m ok" in tui.status)
        await tui.press("S")
        await synced(tui)
        remember(session.ws.private, Last("2026-10-08T08:59:59Z", False, "offline"))
        syncing.look()
        await tui.settle()
        await tui.press("j")
        assert "sync: offline" in tui.status
        remember(session.ws.private, Last("2026-10-08T09:00:00Z", True, "synced"))
        syncing.look()
        await tui.until(lambda: "sync ok" in tui.status)


async def test_bad_lines_are_counted_in_the_status_line(drive: Drive, session: Session) -> None:
    held = next((session.ws.root / "data" / "deal").glob("*.jsonl"))
    held.write_bytes(held.read_bytes() + b'{"id": 3}\n')
    async with drive() as tui:
        await tui.until(lambda: "!1 bad line" in tui.status)
