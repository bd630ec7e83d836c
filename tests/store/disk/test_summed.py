"""Logs of this machine whose lines carry a checksum, and lines from before that."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tuicrm.store import summed
from tuicrm.store.changes import Write
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

LINE = b'{"a":"b","c":[1,2]}'


def test_a_line_is_sound_until_a_bit_of_it_differs() -> None:
    sealed = summed.seal(LINE)
    assert summed.is_sound(sealed)
    assert summed.is_sound(LINE)
    start = sealed.index(b',"sum"')
    for bit in range(len(sealed) * 8):
        flipped = bytearray(sealed)
        flipped[bit // 8] ^= 1 << bit % 8
        # A turned bit in the member's own name makes a line without a checksum, whose other members are as they were.
        assert not summed.is_sound(bytes(flipped)) or bytes(flipped[:start]) == LINE[:-1]


@pytest.mark.parametrize("kept", [True, False])
def test_undo_passes_over_a_line_that_is_not_as_it_was_written(root: Path, kept: bool) -> None:
    ws = Workspace.open(root)
    for number in range(2):
        ws.commit([Write("deal", ws.new_id(), {"n": str(number)})], by="ann", note=f"step {number}")
    log = ws.private / "undo.jsonl"
    data = log.read_bytes()
    assert b'"sum":"' in data
    log.write_bytes(re.sub(rb',"sum":"[0-9a-f]{8}"', b"", data) if kept else data.replace(b"step 1", b"step 2"))
    assert [entry.note for entry in Workspace.open(root).undo_log()] == (["step 0", "step 1"] if kept else ["step 0"])
