"""What a remote sent is refused where a workspace may not hold it, with the path, who it came from and the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sync.plain import Repository
from tuicrm.errors import Decision
from tuicrm.sync import incoming
from tuicrm.sync.incoming import check, is_git_like
from tuicrm.sync.objects import FILE, Objects

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Check = "Callable[..., None]"
LINK = "120000"
MODULE = "160000"
NONE = "0" * 40


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    repo = Repository(tmp_path / "work")
    repo.commit({"data/deal/AB.jsonl": "1\n", "tuicrm.json": "{}", ".gitattributes": "x -text\n", "README.md": "hello"})
    return repo


@pytest.fixture
def look(repo: Repository) -> Callable[[str, str], None]:
    def run(tip: str, known: str = "") -> None:
        with Objects(repo.api) as objects:
            check(repo.api, objects, tip, known)

    return run


@pytest.mark.parametrize(
    "path",
    ["data/deal/0Z.jsonl", "data/deal/Z9.jsonl", "data/activity/2026/01-02.jsonl", "data/later_kind/AB.jsonl",
     "data/deal/AB (copy 1).jsonl", "data/deal/Größe.jsonl", "tuicrm.json", ".gitattributes", "docs/data/deal/x",
     "docs/tuicrm.json/x",
     ".github/workflows/x.yml", ".gitignore", "database/x", "Größe", "a\nb", "docs/.gitattributes"],
)  # fmt: skip
def test_what_a_workspace_may_hold_is_let_in(repo: Repository, look: Callable[..., None], path: str) -> None:
    blob = repo.blob(b"x\n")
    look(repo.planted((path, FILE, blob)))
    look(repo.planted((path, "100755", blob)), repo.head)


@pytest.mark.parametrize(
    ("path", "mode", "says"),
    [
        ("data/deal/AB.jsonl", LINK, "is a symbolic link, which a workspace may not contain"),
        ("data/deal", LINK, "is a symbolic link"),
        ("data", LINK, "is no folder, and data/ must be one"),
        ("data", FILE, "is no folder"),
        ("tuicrm.json", LINK, "is a symbolic link"),
        (".gitattributes", LINK, "is a symbolic link"),
        ("tuicrm.json/x", FILE, "is inside tuicrm.json, which must be a file"),
        ("data/deal/AB.jsonl", MODULE, "is a repository of its own (a submodule)"),
        ("data/deal", MODULE, "is a repository of its own"),
        ("data/deal/notes.txt", FILE, "is no data file: under data/ there is only data/<kind>/<name>.jsonl"),
        ("data/.gitattributes", FILE, "is no data file"),
        ("data/deal/.gitattributes", FILE, "is no data file"),
        ("data/AB.jsonl", FILE, "is no data file"),
        ("data/deal/2026/01/02.jsonl", FILE, "is no data file"),
        ("data/deal/x/AB.jsonl", FILE, "is no data file"),
        ("data/Deal/AB.jsonl", FILE, "is no data file"),
        ("data/deal/.AB.jsonl", FILE, "is no data file"),
        ("data/deal/A:B.jsonl", FILE, "is no data file"),
        ("data/deal/a\\b.jsonl", FILE, "is no data file"),
        ("data/deal/A\x1b[2J.jsonl", FILE, "is no data file"),
        ("data/deal/..", FILE, "has a name that git keeps for itself"),
        ("data/.git/config", FILE, "has a name that git keeps for itself"),
        (".git/hooks/post-commit", "100755", "has a name that git keeps for itself"),
        ("docs/.GIT/config", FILE, "has a name that git keeps for itself"),
        ("docs/git~1/config", FILE, "has a name that git keeps for itself"),
        ("docs/.g\u200cit/config", FILE, "has a name that git keeps for itself"),
        ("docs/.git . /config", FILE, "has a name that git keeps for itself"),
        ("docs/.git::$INDEX_ALLOCATION/config", FILE, "has a name that git keeps for itself"),
        ("docs\\.git\\config", FILE, "has a name that git keeps for itself"),
        ("Data/deal/AB.jsonl", FILE, "differs from data only in how it is spelt"),
        ("DATA", FILE, "differs from data only in how it is spelt"),
        ("TuiCRM.json", FILE, "differs from tuicrm.json only in how it is spelt"),
        (".gitAttributes", FILE, "differs from .gitattributes only in how it is spelt"),
        ("tuicrm.js\u200don", FILE, "differs from tuicrm.json only in how it is spelt"),
        (".tuicrm/journal", FILE, "belongs to one machine and must not be committed"),
        (".TuiCRM/lock", FILE, "belongs to one machine and must not be committed"),
    ],
)
def test_what_it_may_not_hold_is_refused(
    repo: Repository, look: Callable[..., None], path: str, mode: str, says: str
) -> None:
    oid = repo.head if mode == MODULE else repo.blob(b"/etc/passwd")
    tip = repo.planted(("README.md", FILE, repo.blob(b"x")), (path, mode, oid), parent=repo.head)
    for known in ("", repo.head):
        with pytest.raises(Decision) as caught:
            look(tip, known)
        assert says in str(caught.value)
        assert f"it came with the commit {tip[:10]} by Ann Lee." in str(caught.value)
        assert "git rm --cached -- " in caught.value.hint
        assert not any(ord(one) < 32 for one in f"{caught.value}{caught.value.hint}")


def test_the_commit_that_brought_it_is_named(repo: Repository, look: Callable[..., None]) -> None:
    start = repo.head
    repo.env["GIT_AUTHOR_NAME"] = "Eve \x1b]0;x\x07\u202eOrr"
    bad = repo.commit({"data/deal/notes.txt": "x"})
    repo.commit({"README.md": "more"})
    with pytest.raises(Decision) as caught:
        look(repo.commit({"README.md": "still more"}), start)
    assert f"commit {bad[:10]} by Eve" in str(caught.value)
    assert not {"\x1b", "\x07", "\u202e"} & set(str(caught.value))


def test_what_was_there_before_or_is_gone_is_not_looked_at_again(repo: Repository, look: Callable[..., None]) -> None:
    bad = repo.commit({"data/deal/notes.txt": "x"})
    later = repo.commit({"README.md": "more"})
    look(later, bad)
    look(repo.commit({"data/deal/notes.txt": None}), bad)
    look(later, later)
    with pytest.raises(Decision):
        look(later)


def test_the_way_out_of_what_was_committed_here(repo: Repository) -> None:
    start = repo.head
    bad = repo.commit({"data/deal/notes.txt": "x"})
    with Objects(repo.api) as objects, pytest.raises(Decision, match=r"data/deal/notes\.txt is no data file") as caught:
        check(repo.api, objects, bad, start, here=True)
    assert caught.value.hint == "git rm --cached -- data/deal/notes.txt; commit, then sync again."


def test_names_that_differ_only_in_case_are_refused_when_they_come(repo: Repository, look: Callable[..., None]) -> None:
    blob, old = repo.blob(b"x\n"), repo.blob(b"1\n")
    for names in (("AB", "ab"), ("Ab", "AB")):
        tip = repo.planted(*((f"data/deal/{name}.jsonl", FILE, blob if name != "AB" else old) for name in names))
        fresh = next(name for name in names if name != "AB")
        with pytest.raises(Decision, match=rf"data/deal/{fresh}\.jsonl differs from data/deal/AB\.jsonl only in case"):
            look(tip, repo.head)
        with pytest.raises(Decision, match="only in case"):
            look(tip)
        look(tip, tip)


def test_other_files_may_be_links_modules_and_of_any_size(
    repo: Repository, look: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming, "MOST_BLOB", 10)
    blob = repo.blob(b"x" * 11)
    look(repo.planted(("docs/link", LINK, blob), ("vendor", MODULE, repo.head), ("large", FILE, blob)))


def test_a_huge_file_is_refused_by_its_size_alone(
    repo: Repository, look: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming, "MOST_BLOB", 10)
    monkeypatch.setattr(Objects, "blobs", None)
    for path in ("data/deal/AB.jsonl", "tuicrm.json"):
        tip = repo.planted((path, FILE, repo.blob(b"x" * 11)))
        with pytest.raises(Decision, match="has 11 bytes, and a file of a workspace has at most 10"):
            look(tip, repo.head)
        look(repo.planted((path, FILE, repo.blob(b"x" * 10))), repo.head)


@pytest.mark.parametrize("name", [".gitignore", ".github", "git", "git~2", "x.git", ".git2", "..git", ".gi", "."])
def test_ordinary_names_are_not_gits(name: str) -> None:
    assert not is_git_like(name)
