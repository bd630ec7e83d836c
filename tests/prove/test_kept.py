"""A proof that was ended goes on where it was, and never on the files of another commit."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.prove import kept, page
from tests.prove.histories import Story
from tests.prove.killing import Killings
from tests.prove.oracle import Verdict
from tests.prove.page import Part, Row
from tests.prove.walking import Walked

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_what_was_found_is_read_back_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept.RESULTS, "place", tmp_path)
    part = Part("A crowd", "Ten clones.", [Row("edits", "all", "200", True)], ["one"])
    dated = kept.write("abc", "crowd", part)
    assert kept.read("abc", "crowd") == dated == replace(part, commit="abc", when=dated.when)
    assert kept.read("abc", "kills") is None
    assert kept.read("abd", "crowd") is None
    stories = [Story(1, clones=3, verdict=Verdict(typed=4, missing=["x"])), Story(2, problems=["y"])]
    kept.write_share("abc", 1, stories, 2.5)
    assert kept.read_share("abc", 1) == (stories, 2.5)
    assert kept.read_share("abc", 26) is None


def test_files_that_differ_from_a_commit_are_not_taken_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept.RESULTS, "place", tmp_path)
    kept.write("abc-dirty", "crowd", Part("A crowd", ""))
    assert kept.read("abc-dirty", "crowd") is None


def test_the_latest_run_of_an_area_is_found_and_the_page_names_its_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept.RESULTS, "place", tmp_path)
    for at, commit in enumerate(("zzz", "abc", "def-dirty")):
        kept.write(commit, "crowd", Part("A crowd", f"Run {at}.", [Row("edits", "all", str(at), at > 0)]))
        os.utime(tmp_path / commit / "crowd.json", (at, at))
    found = kept.latest("crowd")
    assert found is not None
    assert (found.commit, found.text) == ("abc", "Run 1.")
    assert kept.latest("kills") is None
    other = kept.write(
        "zzz", "kills", Part("Kills", "Many.", [Row("killed", "all", "3 of 4", False)], ["one was lost"])
    )
    text = page.write([found, other])
    assert "each at the commit that it names" in text
    assert f"Run 1. (Commit abc, {found.when}.)" in text
    assert "| killed | all | 3 of 4 | **no** |" in text
    assert "* `one was lost`" in text


def test_a_share_of_kills_and_of_walks_is_read_back_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept.RESULTS, "place", tmp_path)
    for name, share in (
        ("killing-0", Killings(kills=2, calls=Counter({"pwrite64 journal": 2}), failures=["x"])),
        ("stateful-0", Walked(examples=3, rules=Counter({"add": 4}))),
    ):
        kept.write_told("abc", name, share)
        held = kept.read_told("abc", name)
        assert held is not None
        assert type(share).of(held) == share
