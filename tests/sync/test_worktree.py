"""The work tree against HEAD: every change is seen, however quick or sly, and nothing is read twice without need."""

from __future__ import annotations

import os
import stat
import time
from typing import TYPE_CHECKING

import pytest

from tests.sync.plain import Repository
from tuicrm.errors import Damaged, Decision
from tuicrm.sync import worktree
from tuicrm.sync.objects import FILE
from tuicrm.sync.seen import NAME
from tuicrm.sync.worktree import Scan, blob_id, scan

if TYPE_CHECKING:
    from pathlib import Path

DEAL = "data/deal/AB.jsonl"
DAY = "data/activity/2026/01-02.jsonl"
START = {
    DEAL: '{"id":1}\n',
    "data/deal/CD.jsonl": '{"id":2}\n',
    DAY: '{"id":3}\n',
    "tuicrm.json": '{"format":1}\n',
    ".gitattributes": "data/**/*.jsonl -text merge=union\n",
    "README.md": "hello\n",
}


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    repo = Repository(tmp_path / "work")
    repo.commit(START)
    return repo


def look(repo: Repository) -> Scan:
    return scan(repo.api, str(repo.root), repo.private, repo.head)


def settle(repo: Repository) -> None:
    """Let every file be so old that a stamp tells one state from another."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        look(repo)
        held = (repo.private / NAME).read_bytes()
        if all(path.encode() in held.split(b'"files"')[1] for path in look(repo).blobs):
            return
        time.sleep(0.005)
    raise AssertionError


def test_an_untouched_work_tree_has_no_changes(repo: Repository) -> None:
    for _ in range(2):
        found = look(repo)
        assert found.changed == {}
        assert found.blobs == {path: repo.blob(START[path].encode()) for path in START if path != "README.md"}
        assert found.head_tree == {path: (FILE, repo.blob(text.encode())) for path, text in START.items()}


def test_edits_and_fresh_files_are_changes_and_absent_ones_are_not(repo: Repository) -> None:
    look(repo)
    repo.put(DEAL, "edited\n")
    repo.put("data/deal/XY.jsonl", "fresh\n")
    repo.put("data/later_kind/XY.jsonl", "unknown\n")
    repo.put("tuicrm.json", "{}")
    (repo.root / DAY).unlink()
    (repo.root / ".gitattributes").unlink()
    repo.put("README.md", "not ours")
    repo.put("data/deal/notes.txt", "not ours")
    for _ in range(2):
        found = look(repo)
        assert found.changed == {
            DEAL: b"edited\n", "data/deal/XY.jsonl": b"fresh\n", "data/later_kind/XY.jsonl": b"unknown\n",
            "tuicrm.json": b"{}",
        }  # fmt: skip
        assert DAY not in found.blobs
        assert DAY in found.head_tree
        assert ".gitattributes" not in found.blobs
        assert found.blobs[DEAL] == repo.blob(b"edited\n")


def test_a_change_back_is_no_change(repo: Repository) -> None:
    repo.put(DEAL, "edited\n")
    assert look(repo).changed
    repo.put(DEAL, START[DEAL])
    assert look(repo).changed == {}


def test_quick_edits_of_the_same_size_are_all_seen(repo: Repository) -> None:
    path = repo.root / DEAL
    for n in range(200):
        with path.open("r+b") as file:
            file.write(b'{"id":%d}\n' % (n % 10))
        found = look(repo)
        assert found.changed.get(DEAL, START[DEAL].encode()) == b'{"id":%d}\n' % (n % 10)


def test_a_file_with_whole_seconds_is_trusted_later(repo: Repository) -> None:
    settle(repo)
    os.utime(repo.root / DEAL, (time.time() // 1, time.time() // 1))
    look(repo)
    assert DEAL.encode() not in (repo.private / NAME).read_bytes().split(b'"files"')[1]


def test_settled_files_are_not_read_again(repo: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(repo)
    hashed: list[bytes] = []
    ran: list[tuple[str, ...]] = []
    monkeypatch.setattr(worktree, "blob_id", lambda data, like="": hashed.append(data) or blob_id(data, like))
    run = repo.api.run
    monkeypatch.setattr(repo.api, "run", lambda *words, **rest: ran.append(words) or run(*words, **rest))
    head = repo.head
    before = (repo.private / NAME).stat().st_mtime_ns
    assert scan(repo.api, str(repo.root), repo.private, head).changed == {}
    assert (hashed, ran) == ([], [])
    assert (repo.private / NAME).stat().st_mtime_ns == before
    repo.put(DEAL, "x\n")
    scan(repo.api, str(repo.root), repo.private, head)
    assert (hashed, ran) == ([b"x\n"], [])


def test_commits_and_checkouts_between_two_looks(repo: Repository) -> None:
    settle(repo)
    old = repo.head
    repo.put(DEAL, "edited\n")
    assert set(look(repo).changed) == {DEAL}
    repo.commit({"data/deal/new.jsonl": "n\n", "README.md": "more"})
    found = look(repo)
    assert found.changed == {}
    assert found.head_tree["data/deal/new.jsonl"] == (FILE, repo.blob(b"n\n"))
    assert found.head_tree["README.md"] == (FILE, repo.blob(b"more"))
    repo.git("checkout", "--quiet", old)
    found = look(repo)
    assert (found.changed, set(found.head_tree)) == ({}, set(START))
    repo.git("checkout", "--quiet", "--orphan", "apart")
    repo.git("rm", "--quiet", "-r", "-f", ".")
    repo.commit({"tuicrm.json": "{}"})
    assert set(look(repo).head_tree) == {"tuicrm.json"}


def test_a_commit_that_is_gone_from_the_repository_does_no_harm(repo: Repository) -> None:
    settle(repo)
    repo.git("commit", "--quiet", "--amend", "-m", "other")
    repo.git("reflog", "expire", "--expire=now", "--all")
    repo.git("gc", "--quiet", "--prune=now")
    found = look(repo)
    assert found.changed == {}
    assert set(found.head_tree) == set(START)


def test_before_the_first_commit_everything_is_a_change(tmp_path: Path) -> None:
    for form in ("sha1", "sha256"):
        repo = Repository(tmp_path / form, form=form)
        repo.put(DEAL, "x\n")
        for _ in range(2):
            found = scan(repo.api, str(repo.root), repo.private, "")
            assert found == Scan({}, {DEAL: b"x\n"}, {DEAL: repo.blob(b"x\n")})
        repo.commit()
        assert look(repo).changed == {}


def test_modes_are_kept_as_head_has_them(repo: Repository) -> None:
    repo.git("update-index", "--chmod=+x", DEAL)
    repo.git("commit", "--quiet", "-m", "mode")
    for _ in range(2):
        found = look(repo)
        assert found.head_tree[DEAL][0] == "100755"
        assert found.changed == {}


@pytest.mark.parametrize("path", [DEAL, "data/deal/fresh.jsonl", "data/activity/2027", "tuicrm.json", ".gitattributes"])
def test_links_are_refused_and_never_read(repo: Repository, tmp_path: Path, path: str) -> None:
    secret = tmp_path / "secret"
    secret.mkdir() if path.endswith("2027") else secret.write_text("secret")
    settle(repo)
    (repo.root / path).unlink(missing_ok=True)
    (repo.root / path).symlink_to(secret)
    with pytest.raises(Decision, match=r"is a symbolic link, which a workspace may not contain"):
        look(repo)


def moved_behind_a_link(repo: Repository, path: str) -> None:
    elsewhere = repo.root.parent / "elsewhere"
    (repo.root / path).rename(elsewhere)
    (repo.root / path).symlink_to(elsewhere)


def test_the_data_folder_is_no_link(repo: Repository) -> None:
    moved_behind_a_link(repo, "data")
    with pytest.raises(Damaged, match="is a link"):
        look(repo)


def test_a_kind_that_is_a_link_is_never_followed(repo: Repository) -> None:
    moved_behind_a_link(repo, "data/deal")
    found = look(repo)
    assert DEAL not in found.blobs
    assert DAY in found.blobs


def test_what_is_no_file_is_absent(repo: Repository) -> None:
    (repo.root / DEAL).unlink()
    os.mkfifo(repo.root / DEAL)
    (repo.root / "tuicrm.json").unlink()
    (repo.root / "tuicrm.json").mkdir()
    found = look(repo)
    assert found.changed == {}
    assert not {DEAL, "tuicrm.json"} & set(found.blobs)


def test_a_file_of_unlikely_size_is_a_decision(repo: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worktree, "MOST_BLOB", 40)
    repo.put(DEAL, "x" * 41)
    with pytest.raises(Decision, match=r"data/deal/AB\.jsonl has 41 bytes; a file of a workspace has at most 40"):
        look(repo)


def test_line_ends_written_by_a_checkout_are_no_change(repo: Repository) -> None:
    repo.put("tuicrm.json", START["tuicrm.json"].replace("\n", "\r\n"))
    assert look(repo).changed == {}
    assert look(repo).blobs["tuicrm.json"] == repo.blob(START["tuicrm.json"].encode())
    repo.put("tuicrm.json", '{"format": 2}\r\n')
    assert look(repo).changed == {"tuicrm.json": b'{"format": 2}\r\n'}
    repo.put(DEAL, START[DEAL].replace("\n", "\r\n"))
    assert DEAL in look(repo).changed


@pytest.mark.parametrize(
    "damage",
    [b"", b"{", b"[]", b"null", b'{"format":1}', b'{"format":1,"head":"x","tree":[],"modes":{},"files":{}}',
     b'{"format":1,"head":"x","tree":{},"modes":{},"files":{"data/deal/AB.jsonl":[1]}}',
     b'{"format":1,"head":"x","tree":{},"modes":{},"files":{"data/deal/AB.jsonl":7}}', b"\xff\0"],
)  # fmt: skip
def test_a_damaged_cache_is_no_more_than_a_slow_look(repo: Repository, damage: bytes) -> None:
    repo.put(DEAL, "edited\n")
    (repo.private / NAME).write_bytes(damage)
    assert look(repo).changed == {DEAL: b"edited\n"}
    assert look(repo).changed == {DEAL: b"edited\n"}


def test_the_cache_is_private_and_may_be_thrown_away(repo: Repository) -> None:
    settle(repo)
    path = repo.private / NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in repo.private.rglob("*") if one.is_file()] == [NAME]
    path.unlink()
    assert look(repo).changed == {}
    assert path.exists()


def test_without_a_place_for_the_cache_everything_works(repo: Repository) -> None:
    repo.private.rmdir()
    repo.put(DEAL, "edited\n")
    assert look(repo).changed == {DEAL: b"edited\n"}


@pytest.mark.parametrize(
    ("name", "says"),
    [
        (b"\xff.jsonl", "has a name that other machines cannot have"),
        (b"A:B.jsonl", "has a name that other machines cannot have"),
        (b"A\x1b[2J.jsonl", "has a name that other machines cannot have"),
        (b"A\\B.jsonl", "has a name that other machines cannot have"),
        (b"ab.jsonl", "differs from data/deal/AB.jsonl only in case"),
    ],
)
def test_a_file_that_others_would_refuse_is_not_sent_to_them(repo: Repository, name: bytes, says: str) -> None:
    path = repo.root / "data/deal" / os.fsdecode(name)
    path.write_bytes(b"x\n")
    for _ in range(2):
        with pytest.raises(Decision) as caught:
            look(repo)
        assert says in str(caught.value)
        assert str(caught.value).isprintable()
    path.rename(path.with_name("Größe (2).jsonl"))
    assert set(look(repo).changed) == {"data/deal/Größe (2).jsonl"}


def test_a_name_that_is_committed_already_is_no_obstacle(repo: Repository) -> None:
    (repo.root / "data/deal" / os.fsdecode(b"\xff.jsonl")).write_bytes(b"x\n")
    repo.commit({"data/deal/ab.jsonl": "y\n"})
    for _ in range(2):
        assert look(repo).changed == {}
    assert set(os.listdir(repo.private)) <= {NAME}


def test_a_blob_id_is_the_one_that_git_gives(repo: Repository) -> None:
    for data in (b"", b"x", os.urandom(100_000)):
        assert blob_id(data) == blob_id(data, "0" * 40) == repo.blob(data)
