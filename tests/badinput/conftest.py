"""A stocked workspace for each test, and a runner that accepts no traceback and no steering byte from any command."""

from __future__ import annotations

import io
import json
import os
import shutil
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = "2026-10-08T09:00:00Z"
KINDS = ("company", "contact", "deal", "product", "activity", "followup", "user", "pipeline", "view", "setting")
STEERING = frozenset(
    (
        *map(chr, (*range(9), 11, 12, 13, *range(14, 32), *range(0x7F, 0xA0))),
        *"\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff",
    )
)
"""What must never reach a terminal from data: controls, escape sequences, reordering and hidden characters."""


class Shell:
    """Runs tuicrm in this process; `out`, `err` and `code` are what the last command gave."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.out = ""
        self.err = ""
        self.code = 0

    def run(self, *words: str) -> int:
        """Run a command; whatever it does, it neither crashes nor writes what could steer a terminal."""
        from tuicrm.__main__ import main

        out = io.TextIOWrapper(io.BytesIO(), "utf-8", newline="")
        err = io.TextIOWrapper(io.BytesIO(), "utf-8", errors="backslashreplace", newline="")
        with redirect_stdout(out), redirect_stderr(err):
            self.code = main(list(words))
        self.out, self.err = _written(out), _written(err)
        shown = [one[:60] for one in words]
        assert self.code in (0, 2, 3, 4, 5, 6, 7, 8), (shown, self.code, self.err)
        assert "Traceback" not in self.err, (shown, self.err)
        for text in (self.out.replace("\r\n", "\n"), self.err):
            found = STEERING & set(text)
            assert not found, (shown, found, text[:500])
        if self.code:
            assert self.err.strip(), (shown, "failed without a word")
        return self.code

    def ok(self, *words: str) -> str:
        """Run a command that has to work and return what it printed."""
        code = self.run(*words)
        assert code == 0, (words, self.err)
        return self.out

    def fails(self, code: int, *words: str, says: str = "") -> str:
        """Run a command that has to fail with a code, in few lines and with `says` in them; the data stay as they are.

        Returns what it wrote to stderr.
        """
        before = self.files()
        assert self.run(*words) == code, (words, self.code, self.err)
        assert says in self.err, (words, self.err)
        assert self.files() == before, words
        assert self.out == "", (words, self.out)
        return self.err

    def error(self, *words: str) -> dict[str, Any]:
        """The error that a failing command reports as JSON, with its exit code as `exit`."""
        before = self.files()
        code = self.run(*words, "--json")
        assert code != 0, words
        assert self.files() == before, words
        found: dict[str, Any] = json.loads(self.err.splitlines()[-1])["error"]
        return {**found, "exit": code}

    def id(self, *words: str) -> str:
        """The one id that a command printed."""
        (found,) = self.ok(*words).split()
        return found

    def json(self, *words: str) -> Any:
        return json.loads(self.ok(*words, "--json"))

    def records(self) -> dict[str, dict[str, Any]]:
        """Everything that is stored, by kind and id, as another process reads it."""
        from tuicrm.store.workspace import Workspace

        with Workspace.open(self.folder) as ws:
            return {kind: {**ws.all(kind), **ws.dead(kind)} for kind in ws.kinds()}

    def files(self) -> dict[str, bytes]:
        """What a change would touch: the data files and the journal."""
        paths = [self.journal, self.folder / "tuicrm.json", *(self.folder / "data").rglob("*")]
        return {str(path): path.read_bytes() for path in paths if path.is_file()}

    @property
    def private(self) -> Path:
        return self.folder / ".git" / "tuicrm"

    @property
    def journal(self) -> Path:
        return self.private / "journal"


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    data: bytes = stream.buffer.getvalue()  # type: ignore[attr-defined]
    return data.decode()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a company, a contact, a product, two deals, a follow-up and an activity."""
    home = tmp_path_factory.mktemp("template")
    with pytest.MonkeyPatch.context() as patch:
        surround(patch, home)
        shell = Shell(home)
        shell.ok("init", "acme", "--user", "ann", "--currency", "EUR")
        patch.chdir(home / "acme")
        shell.ok("company", "add", "Acme GmbH", "--domain", "acme.example", "--city", "Berlin")
        shell.ok("contact", "add", "Jane Roe", "--email", "jane@acme.example", "--company", "Acme GmbH")
        shell.ok("product", "add", "Report", "--price", "100", "--currency", "EUR")
        for name, value in (("Acme renewal", "12k"), ("Acme pilot", "500")):
            shell.ok("deal", "add", name, "--company", "Acme GmbH", "--value", value, "--close", "2026-11-30")
        shell.ok("log", "call", "Wants the report", "--with", "Jane Roe", "--deal", "Acme renewal")
        shell.ok("followup", "add", "Send the report", "--due", "2026-10-09", "--deal", "Acme renewal")
        shell.ok("view", "add", "big", "--where", "value>10k")
        shell.ok("report", "add", "Worth", "--measure", "sum:value")
    return home / "acme"


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where the system has one: these tests write much and wait for no disk."""
    shared = Path("/dev/shm")
    if not os.access(shared, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=shared) as folder:
        yield Path(folder)


@pytest.fixture
def shell(template: Path, memory: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell in a copy of the template."""
    surround(monkeypatch, memory)
    folder = memory / "acme"
    shutil.copytree(template, folder, symlinks=True)
    monkeypatch.chdir(folder)
    return Shell(folder)


def surround(patch: pytest.MonkeyPatch, home: Path) -> None:
    """Give commands a home, a clock and nothing of the user's own."""
    for name in ("TUICRM_WORKSPACE", "TUICRM_USER", "XDG_STATE_HOME", "XDG_DATA_HOME", "COLUMNS", "NO_COLOR"):
        patch.delenv(name, raising=False)
    for name, value in (("HOME", str(home)), ("LOGNAME", "ann"), ("TZ", "UTC"), ("TUICRM_NOW", NOW)):
        patch.setenv(name, value)
    patch.setenv("PYTHONPATH", str(Path(__file__).resolve().parents[2]))
    patch.chdir(home)
