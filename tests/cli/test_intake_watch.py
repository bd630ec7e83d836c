"""A watched folder: each file is taken once, and moved to where it can be found again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Shell

POST = b"name=Al&email=al%40x.example"


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_files_are_taken_and_moved_with_the_reason_beside_what_failed(shell: Shell, tmp_path: Path) -> None:
    box, outside = tmp_path / "box", tmp_path / "outside"
    box.mkdir()
    outside.write_bytes(b"name=Out&email=out%40x.example")
    (box / "a post.txt").write_bytes(POST)
    (box / "bad.json").write_text('[{"email":"ok@x.example"},{"email":"bad"}]')
    (box / "big.json").write_bytes(b"x" * 1_000_000)
    (box / "link.txt").symlink_to(outside)
    os.mkfifo(box / "pipe")
    (box / "half.part").write_bytes(POST)
    assert shell.run("intake", "--watch", str(box), "--once") == 5
    assert "1 taken, 4 failed" in shell.err
    assert sorted(path.name for path in (box / "done").iterdir()) == ["a post.txt"]
    reasons = {path.name: path.read_text() for path in (box / "failed").glob("*.reason")}
    assert reasons.keys() == {"bad.json.reason", "big.json.reason", "link.txt.reason", "pipe.reason"}
    assert "post 2: email: 'bad'" in reasons["bad.json.reason"]
    assert "is a link" in reasons["link.txt.reason"]
    assert outside.exists()
    assert (box / "half.part").exists()
    assert {one["name"] for one in shell.json("lead", "list")} == {"Al", "ok@x.example"}
    # One undo step each; what was taken is known when it comes again.
    (box / "a post.txt").write_bytes(POST)
    shell.ok("intake", "--watch", str(box), "--once")
    assert sorted(path.name for path in (box / "done").iterdir()) == ["a post-2.txt", "a post.txt"]
    assert len(shell.json("lead", "list")) == 2
    shell.ok("undo")
    assert len(shell.json("lead", "list")) == 1


def test_it_goes_on_until_ctrl_c_and_takes_files_that_are_renamed_in(shell: Shell, tmp_path: Path) -> None:
    box = tmp_path / "box"
    box.mkdir()
    words = [sys.executable, "-m", "tuicrm", "intake", "--watch", str(box), "--every", "0.2"]
    with subprocess.Popen(words, stderr=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        try:
            until((box / ".tuicrm-intake.lock").exists)
            assert shell.run("intake", "--watch", str(box), "--once") == 7
            (tmp_path / "whole").write_bytes(POST)
            (tmp_path / "whole").rename(box / "whole")
            until((box / "done" / "whole").exists)
            child.send_signal(signal.SIGINT)
            _, said = child.communicate(timeout=30)
        finally:
            child.kill()
    assert child.returncode == 0
    assert b"1 taken, 0 failed" in said
    assert shell.json("lead", "list")[0]["name"] == "Al"


def test_a_folder_that_cannot_be_watched(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "done").symlink_to(tmp_path / "elsewhere")
    assert shell.run("intake", "--watch", str(tmp_path), "--once") == 5
    assert shell.run("intake", "--watch", str(tmp_path / "none"), "--once") == 3
    assert shell.run("intake", "--watch", str(tmp_path), "--dry-run") == 2
    assert shell.run("intake", "x", "--once") == 2
