"""Damaged files of every format through the whole import: all of it, or nothing, and one undo takes it back."""

from __future__ import annotations

from tests.prove import imports


def test_damaged_files_are_taken_whole_or_not_at_all() -> None:
    told = imports.run(140, seed=11)
    assert told.problems == []
    assert told.files == 140
    assert told.refused > 10
    assert told.taken > 30
