"""A workspace of its own for each test, and a way to run commands in it."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

NOW = "2026-10-08T09:00:00Z"


class Shell:
    """Runs tuicrm in this process; `out` and `err` are what the last command wrote."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.out = ""
        self.err = ""

    def run(self, *words: str) -> int:
        from tuicrm.__main__ import main

        out = io.TextIOWrapper(io.BytesIO(), "utf-8")
        err = io.TextIOWrapper(io.BytesIO(), "utf-8", errors="backslashreplace")
        with redirect_stdout(out), redirect_stderr(err):
            code = main(list(words))
        self.out, self.err = (_written(one) for one in (out, err))
        return code

    def ok(self, *words: str) -> str:
        code = self.run(*words)
        assert code == 0, self.err
        return self.out

    def id(self, *words: str) -> str:
        """The one id that a command printed."""
        (found,) = self.ok(*words).split()
        return found

    def json(self, *words: str) -> Any:
        return json.loads(self.ok(*words, "--json"))

    def error(self, *words: str) -> dict[str, Any]:
        """The error that a failing command reports as JSON, with its exit code beside it."""
        code = self.run(*words, "--json")
        found: dict[str, Any] = json.loads(self.err.splitlines()[-1])["error"]
        return {**found, "exit": code}

    def spawn(self, *words: str | bytes, **settings: Any) -> subprocess.CompletedProcess[bytes]:
        """Run in a process of its own."""
        settings = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **settings}
        return subprocess.run([sys.executable, "-m", "tuicrm", *words], check=False, timeout=60, **settings)


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    data: bytes = stream.buffer.getvalue()  # type: ignore[attr-defined]
    return data.decode()


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell with a home, a clock and a folder of its own, and no workspace."""
    home = tmp_path / "home"
    work = tmp_path / "work"
    home.mkdir()
    work.mkdir()
    for name in ("TUICRM_WORKSPACE", "TUICRM_USER", "XDG_STATE_HOME", "XDG_DATA_HOME", "COLUMNS", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("LOGNAME", "ann")
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("TUICRM_NOW", NOW)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).resolve().parents[2]))
    monkeypatch.chdir(work)
    return Shell(work)


@pytest.fixture
def shell(bare: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell inside a fresh workspace of ann's."""
    bare.ok("init", "acme", "--user", "ann", "--currency", "EUR")
    bare.folder = bare.folder / "acme"
    monkeypatch.chdir(bare.folder)
    return bare


@pytest.fixture
def stocked(shell: Shell) -> Shell:
    """A workspace with a company, a contact and a deal."""
    shell.ok("company", "add", "Acme GmbH", "--domain", "acme.example", "--city", "Berlin")
    shell.ok("contact", "add", "Jane Roe", "--email", "jane@acme.example", "--company", "Acme GmbH")
    shell.ok("deal", "add", "Acme renewal", "--company", "Acme GmbH", "--value", "12k", "--close", "2026-11-30")
    return shell
