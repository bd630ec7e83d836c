"""What somebody committed by hand and no workspace may hold: told here, before the remote and so everybody has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sync.repos import Team

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "path", ["data/README.md", "data/Foo/AA.jsonl", "data/deal/a/b/AA.jsonl", ".tuicrm/journal", "data/deal/.AA.jsonl"]
)
def test_it_is_not_sent(tmp_path: Path, path: str) -> None:
    ann, bob = Team(tmp_path).clones("ann", "bob")
    deal = ann.add("deal", name="Kept")
    file = ann.root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("x")
    ann.git("add", "--force", path)
    ann.git("commit", "--quiet", "-m", "by hand")
    before = ann.tip
    ran = ann.run("sync")
    assert ran.code == 6
    assert path in ran.err
    assert ann.tip == before
    bob.ok("sync")
    ann.git("rm", "--quiet", "--cached", path)
    ann.git("commit", "--quiet", "-m", "taken out again")
    ann.ok("sync")
    bob.ok("sync")
    assert bob.get("deal", deal)["name"] == "Kept"
    assert path not in bob.git("ls-files")


def test_a_link_is_not_sent(tmp_path: Path) -> None:
    ann, bob = Team(tmp_path).clones("ann", "bob")
    (ann.root / "data" / "deal").mkdir(exist_ok=True)
    (ann.root / "data" / "deal" / "AA.jsonl").symlink_to("/etc/passwd")
    ann.git("add", "data")
    ann.git("commit", "--quiet", "-m", "by hand")
    before = ann.tip
    ran = ann.run("sync")
    assert ran.code in (6, 7, 8)
    assert "symbolic link" in ran.err
    assert ann.tip == before
    bob.ok("sync")
