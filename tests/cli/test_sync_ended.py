"""A sync or a clone that is told to end while its remote says nothing: nothing stays behind, and it says so."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.test_sync import is_idle
from tests.sync.repos import Team

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("words", [("sync",), ("sync", "--json"), ("clone", "ann@example.com:sales.git")])
def test_it_ends_as_cancelled_and_takes_what_it_started_along(
    tmp_path: Path, how: signal.Signals, words: tuple[str, ...]
) -> None:
    team = Team(tmp_path)
    ann = team.start("ann", remote="ann@example.com:sales.git")
    ssh, alive = tmp_path / "ssh", tmp_path / "alive"
    os.mkfifo(alive)
    ssh.write_text(f'#!/bin/sh\ncase "$1" in -G) exit 1;; esac\nexec 3>"{alive}"\nexec sleep 1000\n')
    ssh.chmod(0o755)
    ann.git("config", "--global", "core.sshCommand", str(ssh))
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    line = [sys.executable, "-m", "tuicrm", *(["--workspace", str(ann.root)] if "sync" in words else []), *words]
    # What is started under nohup hands on that the terminal's end means nothing.
    before = signal.signal(how, signal.SIG_DFL)
    child = subprocess.Popen(line, env=ann.env, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    signal.signal(how, before)
    held = os.open(alive, os.O_RDONLY)
    # A signal in the very moment in which Python starts a program loses sight of that program.
    assert is_idle(child.pid)
    child.send_signal(how)
    out, err = child.communicate(timeout=60)
    assert (child.returncode, out) == (130, b"")
    if "--json" in words:
        assert json.loads(err)["error"] == {"code": "cancelled", "message": "cancelled"}
    else:
        assert err == b"tuicrm: cancelled\n"
    assert select.select([held], [], [], 30)[0], "ssh was left behind"
    os.close(held)
    assert list(folder.iterdir()) == []
