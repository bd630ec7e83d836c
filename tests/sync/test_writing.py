"""Commits written without an index and a work tree: what was asked for, nothing else, and nothing left behind."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.sync.plain import Repository
from tuicrm.errors import ReadOnly
from tuicrm.sync.objects import FILE, Objects, tree
from tuicrm.sync.writing import NewCommit, write

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tuicrm.sync.objects import Commit, Entry

REF = "refs/tuicrm/made"
ODD = 'data/a "b"\\c\td.jsonl'


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "work")


def new(files: Mapping[str, bytes | Entry | None], *parents: str, **more: str) -> NewCommit:
    told = {"subject": "3 deals", "body": "", "author": "Ann Lee", "email": "ann@acme.example", **more}
    return NewCommit(parents, files, at=1_700_000_000, **told)


def read(repo: Repository, rev: str) -> Commit:
    with Objects(repo.api) as objects:
        found = objects.commit(rev)
        assert found is not None
        assert objects.is_own(found)
        return found


def state(repo: Repository) -> dict[str, tuple[int, bytes]]:
    """Every file of the repository but its objects and the one ref."""
    skipped = (".git/objects", ".git/refs/tuicrm")
    return {
        name: (path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(repo.root.rglob("*"))
        if path.is_file() and not (name := str(path.relative_to(repo.root))).startswith(skipped)
    }


@pytest.mark.parametrize("form", ["sha1", "sha256"])
def test_a_first_commit_is_what_plain_git_would_have_written(tmp_path: Path, form: str) -> None:
    repo = Repository(tmp_path / "work", form=form)
    files = {"tuicrm.json": b"{}\n", "data/deal/AB.jsonl": b'{"id":1}\n', "data/deal/0B.jsonl": b"", ODD: b"x\ny",
             "Größe/\u202e": b"\0\xff"}  # fmt: skip
    oid = write(repo.api, new(files), REF)
    assert {path: repo.content(oid, path) for path in repo.paths(oid)} == files
    repo.commit(dict(files))
    assert repo.git("rev-parse", "HEAD^{tree}") == read(repo, oid).tree
    assert repo.git("rev-parse", REF) == oid
    assert repo.git("fsck", "--strict", "--no-dangling") == ""


def test_a_commit_says_who_when_and_what(repo: Repository) -> None:
    start = repo.commit({"a": "1"})
    oid = write(repo.api, new({"a": b"2"}, start, body="More of it.\n\nAnd more.\n"), REF)
    found = read(repo, oid)
    assert (found.author, found.email, found.at, found.parents) == (
        "Ann Lee", "ann@acme.example", 1_700_000_000, (start,),
    )  # fmt: skip
    assert repo.git("log", "-1", "--format=%cn|%ce|%ct", oid) == "Ann Lee|ann@acme.example|1700000000"
    *text, trailer = found.message.rstrip("\n").split("\n\n")
    assert text == ["3 deals", "More of it.", "And more."]
    assert trailer.startswith("Tuicrm-State: 1 ")
    assert repo.git("log", "-1", "--format=%(trailers:key=Tuicrm-State,valueonly)", oid).startswith("1 ")


@pytest.mark.parametrize(
    ("name", "email", "shown"),
    [
        ("Ann <root@x>\ncommitter Eve", "a>b\n", "Ann root@x committer Eve <ab>"),
        ("", "", "tuicrm <>"),
        ("Jörg \x1b[2J", "j\x7f@x", "Jörg [2J <j @x>"),
        ("half \udc80", "x@y", "half ? <x@y>"),
    ],
)
def test_a_name_cannot_break_out_of_its_line(repo: Repository, name: str, email: str, shown: str) -> None:
    start = repo.commit({"a": "1"})
    oid = write(repo.api, new({"a": b"2"}, start, author=name, email=email), REF)
    assert repo.git("log", "-1", "--format=%an <%ae>", oid) == shown
    assert repo.git("fsck", "--strict", "--no-dangling", ok=False) == ""


def test_a_message_holds_whatever_it_holds(repo: Repository) -> None:
    subject = "done\ncommit refs/heads/main\n\x1b[2J\udc80"
    oid = write(repo.api, new({"a": b"1"}, subject=subject, body="from 1234\n"), REF)
    assert read(repo, oid).message.startswith("done\ncommit refs/heads/main\n\x1b[2J?\n\nfrom 1234\n\nTuicrm-State: ")


def test_files_go_and_change_their_nature(repo: Repository) -> None:
    start = repo.commit({"docs": "a file", "folder/a": "1", "folder/b": "1", "gone/x": "1", "kept/x": "1"})
    blob = repo.blob(b"run me")
    files: dict[str, bytes | Entry | None] = {
        "docs/page": b"2", "docs": None, "folder": b"now a file", "folder/a": None, "folder/b": None, "gone/x": None,
        "never/there": None, "run": ("100755", blob), "link": ("120000", blob), "sub": ("160000", start),
    }  # fmt: skip
    oid = write(repo.api, new(files, start), REF)
    assert {path: mode for path, (mode, _) in tree(repo.api, oid).items()} == {
        "docs/page": FILE, "folder": FILE, "kept/x": FILE, "run": "100755", "link": "120000", "sub": "160000",
    }  # fmt: skip
    assert repo.content(oid, "folder") == b"now a file"
    read(repo, oid)


def test_a_commit_may_hold_nothing(repo: Repository) -> None:
    start = repo.commit({"a": "1"})
    for commit in (new({}), new({"a": None}, start)):
        assert repo.paths(write(repo.api, commit, REF)) == []


def test_several_parents_in_their_order_and_a_tree_upon_the_first(repo: Repository) -> None:
    start = repo.commit({"a": "1"})
    left = write(repo.api, new({"a": b"2"}, start), "refs/tuicrm/left")
    right = write(repo.api, new({"b": b"3"}, start), "refs/tuicrm/right")
    oid = write(repo.api, new({"b": b"4"}, right, left), REF)
    assert read(repo, oid).parents == (right, left)
    assert (repo.content(oid, "a"), repo.content(oid, "b")) == (b"1", b"4")
    same = write(repo.api, new({}, left, right), REF)
    assert read(repo, same).tree == read(repo, left).tree


def test_a_ref_that_is_there_is_neither_a_parent_nor_in_the_way(repo: Repository) -> None:
    first = write(repo.api, new({"a": b"1"}), REF)
    second = write(repo.api, new({"b": b"1"}), REF)
    assert read(repo, second).parents == ()
    assert repo.paths(second) == ["b"]
    assert repo.git("rev-parse", REF) == second != first


def test_nothing_else_in_the_repository_or_the_work_tree_moves(repo: Repository) -> None:
    start = repo.commit({"a": "1", ".gitattributes": "* text eol=crlf ident filter=bad\n"})
    repo.put("a", "dirty")
    repo.put("staged", "x")
    repo.git("add", "staged")
    hooks = repo.root / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("reference-transaction", "post-commit", "post-index-change"):
        (hooks / name).write_text("#!/bin/sh\ntouch ../ran ran\n")
        (hooks / name).chmod(0o700)
    repo.git("config", "filter.bad.clean", "touch ran; cat")
    repo.git("config", "fastimport.unpackLimit", "0")
    before = state(repo)
    oid = write(repo.api, new({"a": b"$Id$ 2\r\n"}, start), REF)
    assert repo.content(oid, "a") == b"$Id$ 2\r\n"
    assert state(repo) == before
    assert not any((folder / "ran").exists() for folder in (repo.root, repo.root.parent, repo.root / ".git"))


@pytest.mark.parametrize("count", [1, 2_000])
def test_a_commit_is_one_pack(repo: Repository, count: int) -> None:
    oid = write(repo.api, new({f"data/deal/{n}.jsonl": b"%d" % n for n in range(count)}), REF)
    files = [path for path in (repo.root / ".git/objects").rglob("*") if path.is_file()]
    assert sorted(path.suffix for path in files) == [".idx", ".pack"]
    assert len(repo.paths(oid)) == count
    assert repo.git("fsck", "--no-dangling") == ""


def test_a_parent_that_is_not_there_leaves_nothing(repo: Repository) -> None:
    repo.commit({"a": "1"})
    before = state(repo)
    for parents in (("1" * 40,), (repo.head, "1" * 40), (repo.blob(b"x"),)):
        with pytest.raises(ReadOnly, match="git could not write the commit: ") as caught:
            write(repo.api, new({"a": b"2" * 5_000_000}, *parents), REF)
        assert "\n" not in str(caught.value)
    assert state(repo) == before
    assert repo.git("rev-parse", "--verify", "--quiet", REF, ok=False) == ""


def test_a_repository_that_cannot_be_written_is_one_sentence(repo: Repository) -> None:
    repo.commit({"a": "1"})
    packs = repo.root / ".git/objects/pack"
    packs.rmdir()
    packs.write_text("in the way")
    before = state(repo)
    with pytest.raises(ReadOnly, match=r"git could not write the commit: .*pack") as caught:
        write(repo.api, new({"a": b"1" * 5_000_000}), REF)
    assert "\n" not in str(caught.value)
    assert state(repo) == before


@pytest.mark.parametrize("left", [b"", b"fast-import"])
def test_what_a_killed_one_left_is_not_in_the_way_of_the_same_commit(repo: Repository, left: bytes) -> None:
    commit = new({"data/deal/AA.jsonl": b"one\n"})
    first = write(repo.api, commit, REF)
    packs = Path(repo.api.git_dir) / "objects" / "pack"
    (pack,) = packs.glob("*.pack")
    pack.with_suffix(".keep").write_bytes(left)
    pack.with_suffix(".keep").chmod(0o600)
    others = packs / "pack-0.keep"
    others.write_bytes(b"fetch-pack 1 on host")
    assert write(repo.api, commit, REF) == first
    assert [path.name for path in packs.glob("*.keep")] == [others.name]
