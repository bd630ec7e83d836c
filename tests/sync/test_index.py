"""git's index after a sync: the workspace's own paths as the commit has them, the user's staged work as it was."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.sync.repos import Team, git
from tuicrm.sync import index
from tuicrm.sync.git import Git
from tuicrm.sync.objects import Entry, tree

if TYPE_CHECKING:
    pass

ONE = "data/deal/AA.jsonl"
TWO = "data/deal/BB.jsonl"


class Repo:
    """A repository with a git of its own, and commits made without touching its index."""

    def __init__(self, team: Team, root: Path) -> None:
        self.env = team.environ("ann")
        self.root = root
        root.mkdir()
        self("init", "-q", "-b", "main")
        self.git = Git(str(root), str(root / ".git"), self.env)
        self.private = root / ".git" / "tuicrm"
        self.private.mkdir(mode=0o700)

    def __call__(self, *words: str, ok: bool = True) -> str:
        done = subprocess.run(
            ["git", *words], cwd=self.root, env=self.env, capture_output=True, text=True, check=False, timeout=30
        )
        assert not ok or done.returncode == 0, done.stderr
        return done.stdout

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def commit(self, **texts: str) -> str:
        for path, text in texts.items():
            self.write(path, text)
            self("add", path)
        self("commit", "-qm", "x")
        return self("rev-parse", "HEAD").strip()

    def aside(self, files: dict[str, str | None]) -> str:
        """A commit upon HEAD that neither the index nor the work tree knows of."""
        other = {**self.env, "GIT_INDEX_FILE": str(self.root / ".git" / "aside")}
        run = lambda *words, data="": subprocess.run(  # noqa: E731
            ["git", *words], cwd=self.root, env=other, input=data, capture_output=True, text=True, check=True
        ).stdout.strip()
        head = self("rev-parse", "-q", "--verify", "HEAD", ok=False).strip()
        if head:
            run("read-tree", "HEAD")
        for path, text in files.items():
            if text is None:
                run("rm", "-q", "--cached", path)
            else:
                oid = run("hash-object", "-w", "--stdin", data=text)
                run("update-index", "--add", "--cacheinfo", f"100644,{oid},{path}")
        parent = ("-p", head) if head else ()
        return run("commit-tree", run("write-tree"), *parent, "-m", "aside")

    def update(self, commit: str, *paths: str) -> None:
        held = tree(self.git, commit)
        entries: dict[str, Entry | None] = {path: held.get(path) for path in paths}
        index.update(self.git, self.private, entries, commit)

    def staged(self, commit: str) -> str:
        return self("diff", "--cached", "--name-status", commit)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(Team(tmp_path), tmp_path / "work")


def test_own_paths_are_as_the_commit_has_them(repo: Repo) -> None:
    repo.commit(**{ONE: "one\n", TWO: "two\n", "notes.txt": "n\n"})
    made = repo.aside({ONE: "other\n", "data/deal/CC.jsonl": "three\n", TWO: None})
    repo.update(made)
    assert repo.staged(made) == ""
    assert sorted(os.listdir(repo.private)) == []


def test_staged_work_beside_them_stays(repo: Repo) -> None:
    repo.commit(**{ONE: "one\n", "notes.txt": "n\n", "plan.txt": "p\n"})
    repo.write("notes.txt", "staged\n")
    repo("add", "notes.txt")
    repo.write("new.txt", "new\n")
    repo("add", "new.txt")
    made = repo.aside({ONE: "other\n", "plan.txt": "theirs\n", "more.txt": "m\n"})
    repo.update(made, ONE, "plan.txt", "more.txt")
    repo("update-ref", "HEAD", made)
    assert repo.staged("HEAD") == "A\tnew.txt\nM\tnotes.txt\n"


def test_what_was_staged_of_ours_is_in_the_commit_or_gives_way(repo: Repo) -> None:
    repo.commit(**{ONE: "one\n"})
    repo.write(ONE, "staged\n")
    repo("add", ONE)
    made = repo.aside({TWO: "two\n"})
    repo.update(made, TWO)
    assert repo.staged(made) == ""


def test_unmerged_entries_of_ours_are_settled(repo: Repo) -> None:
    repo.commit(**{ONE: "base\n", TWO: "base\n"})
    repo("checkout", "-qb", "side")
    repo.commit(**{ONE: "side\n"})
    repo("rm", "-q", TWO)
    repo("commit", "-qm", "gone")
    repo("checkout", "-q", "main")
    repo.commit(**{ONE: "main\n", TWO: "main\n"})
    repo("merge", "side", ok=False)
    assert len(repo("ls-files", "-u").splitlines()) == 5
    made = repo.aside({ONE: "both\n"})
    repo.update(made, ONE)
    assert repo("ls-files", "-u") == ""
    assert repo.staged(made) == ""


def test_without_an_index_one_is_made(repo: Repo) -> None:
    made = repo.aside({ONE: "one\n", "notes.txt": "n\n"})
    assert not (repo.root / ".git" / "index").exists()
    repo.update(made, ONE, "notes.txt")
    assert repo.staged(made) == ""


def test_before_the_first_commit_staged_work_stays(repo: Repo) -> None:
    repo.write("mine.txt", "m\n")
    repo("add", "mine.txt")
    made = repo.aside({ONE: "one\n", "mine.txt": "theirs\n", "notes.txt": "n\n"})
    repo.update(made, ONE, "mine.txt", "notes.txt")
    assert repo.staged(made) == "M\tmine.txt\n"


@pytest.mark.parametrize("setting", ["index.version=4", "core.splitIndex=true", "feature.manyFiles=true"])
def test_every_kind_of_index_works(repo: Repo, setting: str) -> None:
    repo("config", *setting.split("="))
    repo.commit(**{ONE: "one\n", TWO: "two\n", "notes.txt": "n\n"})
    made = repo.aside({ONE: "other\n", "notes.txt": "m\n"})
    repo.update(made, ONE, "notes.txt")
    assert repo.staged(made) == ""


def test_the_index_is_not_touched_where_nothing_differs(repo: Repo) -> None:
    made = repo.commit(**{ONE: "one\n"})
    before = os.stat(repo.root / ".git" / "index").st_ino
    repo.update(made, ONE)
    assert os.stat(repo.root / ".git" / "index").st_ino == before


def test_what_a_killed_one_left_behind_is_in_nobodys_way(repo: Repo) -> None:
    repo.commit(**{ONE: "one\n"})
    made = repo.aside({ONE: "other\n"})
    for name in ("tuicrm-index.1", "tuicrm-index.1.lock", f"tuicrm-index.{os.getpid()}.lock"):
        (repo.private / name).write_text("left")
    repo.update(made, ONE)
    assert repo.staged(made) == ""
    assert os.listdir(repo.private) == []


def test_it_works_while_the_lock_on_the_index_is_held(repo: Repo) -> None:
    repo.commit(**{ONE: "one\n"})
    made = repo.aside({ONE: "other\n"})
    (repo.root / ".git" / "index.lock").write_text("tuicrm is at work")
    repo.update(made, ONE)
    os.unlink(repo.root / ".git" / "index.lock")
    assert repo.staged(made) == ""


def test_names_that_are_not_plain_text_pass_through(repo: Repo) -> None:
    repo.commit(**{ONE: "one\n"})
    name = "Räd\tA\n[x].txt"
    made = repo.aside({name: "n\n"})
    repo.update(made, name)
    assert repo.staged(made) == ""


def test_a_repository_of_sha256_works(tmp_path: Path) -> None:
    team = Team(tmp_path)
    env = team.environ("ann")
    git(tmp_path, env, "init", "-q", "--object-format=sha256", str(tmp_path / "work"))
    repo = Repo.__new__(Repo)
    repo.env, repo.root, repo.private = env, tmp_path / "work", tmp_path / "work" / ".git" / "tuicrm"
    repo.private.mkdir()
    repo.git = Git(str(repo.root), str(repo.root / ".git"), env)
    repo.commit(**{ONE: "one\n", TWO: "two\n"})
    made = repo.aside({ONE: "other\n", TWO: None})
    repo.update(made, ONE, TWO)
    assert repo.staged(made) == ""
