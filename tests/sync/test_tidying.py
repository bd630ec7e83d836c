"""Small packs are put together when there are many, and everything that was there still is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sync.plain import Repository
from tuicrm.sync import tidying
from tuicrm.sync.objects import Objects, tree
from tuicrm.sync.tidying import tidy
from tuicrm.sync.writing import NewCommit, write

if TYPE_CHECKING:
    from pathlib import Path

REF = "refs/tuicrm/made"


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    monkeypatch.setattr(tidying, "MOST_PACKS", 8)
    return Repository(tmp_path / "work")


def grown(repo: Repository, commits: int, tip: str = "") -> str:
    for n in range(commits):
        files = {f"data/deal/{n % 3}.jsonl": b"line\n" * 1_000 + b"%d\n" % n}
        tip = write(repo.api, NewCommit((tip,) if tip else (), files, "x", "", "A", "a@x", n), REF)
    return tip


def packs(repo: Repository) -> list[Path]:
    return sorted((repo.root / ".git/objects/pack").glob("*.pack"))


def test_few_packs_are_left_as_they_are(repo: Repository) -> None:
    assert not tidy(repo.api)
    grown(repo, 8)
    before = packs(repo)
    assert not tidy(repo.api)
    assert packs(repo) == before


def test_many_packs_become_few_and_nothing_is_lost(repo: Repository) -> None:
    tip = grown(repo, 30)
    unreachable = repo.blob(b"nobody refers to this")
    with Objects(repo.api) as objects:
        history = [objects.commit(f"{tip}~{n}") for n in range(30)]
        blobs = objects.blobs(oid for _, oid in tree(repo.api, tip).values())
        assert tidy(repo.api)
        assert len(packs(repo)) <= 2
        assert [objects.commit(f"{tip}~{n}") for n in range(30)] == history
        assert objects.blobs(blobs) == blobs
        assert objects.blob(unreachable) == b"nobody refers to this"
    assert repo.git("fsck", "--strict", "--no-dangling") == ""
    assert not tidy(repo.api)


def test_packs_do_not_pile_up(repo: Repository) -> None:
    tip, most = "", 0
    for _ in range(12):
        tip = grown(repo, 5, tip)
        tidy(repo.api)
        most = max(most, len(packs(repo)))
    assert most <= 13
    assert repo.git("rev-list", "--count", tip) == "60"


def test_a_pack_that_somebody_keeps_stays(repo: Repository) -> None:
    grown(repo, 5)
    first = packs(repo)[0]
    first.with_suffix(".keep").touch()
    grown(repo, 20)
    assert tidy(repo.api)
    assert first in packs(repo)


def test_what_cannot_be_done_can_wait(repo: Repository) -> None:
    tip = grown(repo, 20)
    (repo.root / ".git/objects/pack/pack-1.pack").write_text("damaged")
    repo.git("config", "pack.windowMemory", "nonsense")
    assert not tidy(repo.api)
    assert repo.git("rev-list", "--count", tip) == "20"
