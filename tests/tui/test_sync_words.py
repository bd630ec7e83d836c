"""What the TUI makes of a sync's output, of how things stand, and of the configuration of sync."""

from __future__ import annotations

import json
import sys
from threading import Event
from typing import TYPE_CHECKING

import pytest

from tests.tui.test_sync import REPORT, config
from tuicrm.sync.report import Last
from tuicrm.tui import syncchild, userconfig
from tuicrm.tui.standing import fitted, sync_said, waiting_said
from tuicrm.tui.syncing import has_remote

if TYPE_CHECKING:
    from pathlib import Path


def test_a_process_that_writes_no_json_is_quoted() -> None:
    found = syncchild.outcome(1, b"", b"warning\ntuicrm: something else\n")
    assert found.said == "not synced: something else"
    assert not found.ok
    assert syncchild.outcome(-9, b"", b"").said == "not synced: it ended with code -9"


def test_what_cannot_be_started_is_said(tmp_path: Path) -> None:
    found = syncchild.sync([str(tmp_path / "none")], {}, Event(), Event())
    assert found is not None
    assert found.said == "sync cannot be started: no such file or directory"


def test_garbage_in_the_report_is_left_out() -> None:
    report = {
        **REPORT,
        "changed": [1, {"kind": 2, "id": "x"}, {"kind": "deal", "id": "y"}],
        "notes": 3,
        "conflicts": "x",
    }
    found = syncchild.outcome(0, json.dumps(report).encode(), b"")
    assert (found.changed, found.notes, found.conflicts) == ((("deal", "y"),), (), 0)


@pytest.mark.parametrize(
    ("last", "running", "remote", "short", "said"),
    [
        (None, True, True, "", "syncing"),
        (None, False, False, "", ""),
        (None, False, True, "", "not synced"),
        (Last("2026-10-08T08:59:50Z", True, ""), False, True, "", "sync ok"),
        (Last("2026-10-08T09:00:50Z", True, ""), False, True, "", "sync ok"),
        (Last("2026-10-08T08:58:00Z", True, ""), False, True, "", "sync 2m ok"),
        (Last("2026-10-08T06:00:00Z", True, ""), False, True, "", "sync 3h ok"),
        (Last("2026-10-01T09:00:00Z", False, ""), False, True, "", "sync failed 7d"),
        (Last("2026-10-08T08:58:00Z", False, ""), False, True, "offline", "sync: offline"),
        (Last("garbage", True, ""), False, True, "", "sync ok"),
    ],
)
def test_the_state_in_words(last: Last | None, running: bool, remote: bool, short: str, said: str) -> None:
    now = 1_791_450_000.0  # 2026-10-08T09:00:00Z
    assert sync_said(last, now, running=running, remote=remote, short=short)[0] == said


def test_on_narrow_screens_what_waits_for_somebody_stays() -> None:
    parts = (("acme-sales", "muted"), ("ann", "muted"), ("sync 2m ok", "muted"), *waiting_said(2, 1))
    text = "".join(one for one, _ in fitted(parts, 60))
    assert text == "acme-sales  ann  sync 2m ok  !1 bad line  !2 conflicts"
    assert "".join(one for one, _ in fitted(parts, 40)) == "sync 2m ok  !1 bad line  !2 conflicts"
    assert "".join(one for one, _ in fitted(parts, 8)) == "!2 conf…"
    assert fitted((), 8) == []


def test_where_a_remote_is_named(tmp_path: Path) -> None:
    private = tmp_path / "git" / "tuicrm"
    private.mkdir(parents=True)
    assert not has_remote(private)
    (tmp_path / "git" / "config").write_text('[core]\n[Remote "x"]\n\turl = y\n')
    assert has_remote(private)
    tree = tmp_path / "git" / "worktrees" / "one" / "tuicrm"
    tree.mkdir(parents=True)
    (tree.parent / "commondir").write_text("../..\n")
    assert has_remote(tree)


@pytest.mark.parametrize(
    ("text", "minutes", "at_exit", "problem"),
    [
        ("", 0, False, ""),
        ("[sync]\nevery_minutes = 15\nat_exit = true\n", 15, True, ""),
        ("[sync]\nevery_minutes = true\n", 0, False, "every_minutes must be a whole number of minutes"),
        ("[sync]\nevery_minutes = -1\n", 0, False, "every_minutes must be a whole number of minutes"),
        ('[sync]\nat_exit = "yes"\n', 0, False, "at_exit must be true or false"),
        ("[sync]\nevery_minute = 5\n", 0, False, "did you mean every_minutes?"),
        ("sync = 5\n", 0, False, "sync must be a table"),
    ],
)
def test_the_configuration(tmp_path: Path, text: str, minutes: int, at_exit: bool, problem: str) -> None:
    config(tmp_path, text)
    found = userconfig.read({"HOME": str(tmp_path)})
    assert (found.sync.every_minutes, found.sync.at_exit) == (minutes, at_exit)
    assert problem in " ".join(found.problems)
    assert bool(found.problems) == bool(problem)


def test_the_folder_at_hand_is_no_place_for_modules(tmp_path: Path) -> None:
    words = syncchild.command(tmp_path, "--json")
    assert words[:2] == [sys.executable, "-P"]
    assert words[-4:] == ["--workspace", str(tmp_path), "sync", "--json"]
    assert syncchild.surroundings({"TUICRM_USER": "x", "HOME": "/h"}, "ann") == {"TUICRM_USER": "ann", "HOME": "/h"}
