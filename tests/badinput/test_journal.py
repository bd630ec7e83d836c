"""Journals cut short, damaged or replaced: a torn end is ignored, everything else stops with a way out that works."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING
from zlib import crc32

import orjson
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Shell


def written(shell: Shell, *names: str) -> list[bytes]:
    """Leave a journal with a company added per name, none of them in the data files yet; returns its lines."""
    from tuicrm.store.changes import Write
    from tuicrm.store.workspace import Workspace

    ws = Workspace.open(shell.folder)
    for name in names:
        ws.commit([Write("company", ws.new_id(), {"name": name, "notes": "x" * 20})], by="", note="")
    return shell.journal.read_bytes().splitlines(keepends=True)


def names(shell: Shell) -> set[str]:
    return {one["name"] for one in shell.json("company", "list")} - {"Acme GmbH"}


def wrong_sum(line: bytes) -> bytes:
    return (b"0" if line[:1] != b"0" else b"1") + line[1:]


def framed(payload: bytes) -> bytes:
    return b"%08x %b\n" % (crc32(payload), payload)


def test_a_last_line_torn_at_any_byte_costs_only_itself(shell: Shell) -> None:
    *whole, last = written(shell, "One", "Two")
    for cut in range(len(last)):
        shell.journal.write_bytes(b"".join(whole) + last[:cut])
        assert names(shell) == {"One"}, cut
        assert shell.err == "", cut
    shell.journal.write_bytes(b"".join(whole) + last[:60])
    shell.ok("company", "add", "Three")
    assert names(shell) == {"One", "Three"}
    shell.ok("doctor")


DAMAGE: dict[str, tuple[Callable[[list[bytes]], bytes], set[str]]] = {
    "empty": (lambda lines: b"", set()),
    "other text": (lambda lines: b"hello\n", set()),
    "no header": (lambda lines: b"".join(lines[1:]), {"One", "Two", "Three"}),
    "header torn": (lambda lines: lines[0][:20], set()),
    "header with a wrong sum": (lambda lines: wrong_sum(lines[0]) + b"".join(lines[1:]), {"One", "Two", "Three"}),
    "wrong sum in the middle": (
        lambda lines: b"".join([*lines[:2], wrong_sum(lines[2]), *lines[3:]]),
        {"One", "Three"},
    ),
    "a changed byte": (lambda lines: b"".join(lines).replace(b'"Two"', b'"Tvo"'), {"One", "Three"}),
    "a line without its end": (lambda lines: b"".join([lines[0], lines[1][:50], b"\n", *lines[2:]]), {"Two", "Three"}),
    "two damaged": (lambda lines: b"".join([lines[0], wrong_sum(lines[1]), wrong_sum(lines[2]), lines[3]]), {"Three"}),
    "damaged and torn": (lambda lines: b"".join([lines[0], wrong_sum(lines[1]), lines[2], lines[3][:30]]), {"Two"}),
    "zeros": (lambda lines: b"".join([*lines[:2], b"\0" * 512, b"\n", *lines[2:]]), {"One", "Two", "Three"}),
    "no transaction": (
        lambda lines: b"".join([*lines[:2], framed(b'{"writes":[5]}'), framed(b"[]"), framed(b"{"), *lines[2:]]),
        {"One", "Two", "Three"},
    ),
}


@pytest.mark.parametrize(("damage", "readable"), DAMAGE.values(), ids=DAMAGE)
def test_damage_stops_with_a_way_out_that_keeps_what_is_readable(
    shell: Shell, damage: Callable[[list[bytes]], bytes], readable: set[str]
) -> None:
    before = damage(written(shell, "One", "Two", "Three"))
    shell.journal.write_bytes(before)
    for words in (("company", "list"), ("company", "add", "Four"), ("undo",), ("board",)):
        assert "tuicrm doctor --fix" in shell.fails(8, *words, says=str(shell.journal))
    assert shell.error("deal", "list")["code"] == "damaged"

    assert shell.run("doctor") == 8
    assert "damage:" in shell.out
    assert f"{shell.journal}, line " in shell.out
    assert shell.journal.read_bytes() == before, "looking changes nothing"

    shell.run("doctor", "--fix")
    kept = [path.read_bytes() for path in (shell.private / "quarantine").iterdir()]
    assert before in kept, "all of it is kept aside"
    assert names(shell) == readable
    shell.ok("company", "add", "Four")
    assert names(shell) == {*readable, "Four"}
    shell.ok("doctor")
    assert {one["name"] for one in shell.json("company", "list")} >= {"Acme GmbH"}


def test_a_journal_of_a_later_format_is_left_alone(shell: Shell) -> None:
    lines = written(shell, "One")
    header = orjson.dumps({**orjson.loads(lines[0][9:]), "journal": 2})
    shell.journal.write_bytes(framed(header) + lines[1])
    for words in (("company", "list"), ("company", "add", "Two"), ("doctor",), ("doctor", "--fix")):
        shell.fails(8, *words, says="later tuicrm")


def test_no_journal_is_no_damage(shell: Shell) -> None:
    shell.journal.unlink()
    shell.ok("doctor")
    shell.ok("company", "add", "One")
    shutil.rmtree(shell.private)
    assert names(shell) == {"One"}
    shell.ok("company", "add", "Two")
    assert names(shell) == {"One", "Two"}


def _to_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _to_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _to_link(path: Path) -> None:
    path.rename(path.parent.parent / "elsewhere")
    path.symlink_to(path.parent.parent / "elsewhere")


@pytest.mark.parametrize(
    ("replace", "says"), [(_to_folder, "folder"), (_to_pipe, "plain file"), (_to_link, "symbolic link")]
)
def test_what_is_no_journal_is_named(shell: Shell, replace: Callable[[Path], None], says: str) -> None:
    written(shell, "One")
    replace(shell.journal)
    for words in (("company", "list"), ("company", "add", "Two"), ("doctor",), ("undo",)):
        assert str(shell.journal) in shell.fails(8, *words, says=says)
    assert not shell.journal.is_file() or shell.journal.is_symlink()


@pytest.mark.parametrize(("replace", "code"), [(_to_folder, 7), (_to_link, 7)])
def test_what_is_no_lock_is_named_and_reading_goes_on(shell: Shell, replace: Callable[[Path], None], code: int) -> None:
    lock = shell.private / "lock"
    replace(lock)
    shell.fails(code, "company", "add", "One", says=str(lock))
    assert names(shell) == set()


def test_a_private_folder_that_is_none_is_named(shell: Shell) -> None:
    shutil.rmtree(shell.private)
    shell.private.write_text("")
    shell.fails(8, "company", "list", says=f"{shell.private}: it is a file where a folder should be")
    shell.run("company", "add", "One")
    assert shell.code in (7, 8)
    shell.private.unlink()
    shell.ok("company", "add", "One")


@pytest.mark.parametrize("line", [b"\n", b"{", b'{"tx":1}\n', b"\xff\xfe\n", b"\0" * 100, b"[[[[\n"])
def test_a_damaged_undo_log_stops_no_work(shell: Shell, line: bytes) -> None:
    shell.ok("company", "add", "One")
    log = shell.private / "undo.jsonl"
    log.write_bytes(log.read_bytes() + line)
    shell.ok("company", "add", "Two")
    assert names(shell) == {"One", "Two"}
    shell.ok("undo")
    assert names(shell) == {"One"}


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b'{"user":5}', b"\xff", b'{"user":"\\ud800"}', b"[" * 3000],
    ids=["empty", "cut", "list", "number", "bytes", "surrogate", "deep"],
)
def test_damaged_settings_of_this_machine_stop_no_work(shell: Shell, data: bytes) -> None:
    (shell.private / "local.json").write_bytes(data)
    shell.ok("company", "add", "One")
    assert names(shell) == {"One"}
