"""Reading commits, trees and blobs: all there is, as it is, and one clear sentence for what is not."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from tests.sync.plain import Repository
from tuicrm.errors import Damaged, Decision
from tuicrm.sync import objects as reading
from tuicrm.sync.objects import FILE, Objects, ahead_behind, bases, changes, is_ancestor, state_trailer, tree
from tuicrm.sync.writing import NewCommit, write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ODD = ('data/a "b"\\c.jsonl', "data/new\nline", "data/tab\there", "data/Größe", "-n")


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "work")


@pytest.fixture
def objects(repo: Repository) -> Iterator[Objects]:
    with Objects(repo.api) as found:
        yield found


def test_many_large_blobs_come_through_without_a_deadlock(repo: Repository, objects: Objects) -> None:
    contents = [os.urandom(50) * 3_000 for _ in range(20)] + [b"", b"\n", b"x" * 70_000]
    ids = [repo.blob(one) for one in contents]
    assert objects.blobs(ids * 40) == dict(zip(ids, contents, strict=True))
    assert objects.sizes(ids) == {oid: len(one) for oid, one in zip(ids, contents, strict=True)}


def test_a_missing_blob_is_one_sentence_and_the_next_question_is_answered(repo: Repository, objects: Objects) -> None:
    there = repo.blob(b"there")
    with pytest.raises(Damaged, match="is missing from this repository"):
        objects.blobs(["1" * 40, there, there])
    assert objects.blob(there) == b"there"
    with pytest.raises(Damaged):
        objects.blob(repo.git("mktree"))
    assert objects.sizes(["1" * 40, there]) == {there: 5}


def test_a_huge_blob_is_never_read(repo: Repository, objects: Objects, monkeypatch: pytest.MonkeyPatch) -> None:
    small, large = repo.blob(b"1234"), repo.blob(b"12345")
    monkeypatch.setattr(reading, "MOST_BLOB", 4)
    with pytest.raises(Decision, match="has 5 bytes; a file of a workspace has at most 4"):
        objects.blobs([small, large])
    assert objects.blob(small) == b"1234"


def test_a_git_that_dies_is_one_sentence(repo: Repository, objects: Objects) -> None:
    oid = repo.blob(b"x")
    objects.blob(oid)
    process = objects._process
    assert process is not None
    process.send_signal(signal.SIGKILL)
    process.wait()
    with pytest.raises(Damaged, match="git stopped"):
        objects.blob(oid)
    assert objects.blob(oid) == b"x"


def test_a_commit_tells_who_when_and_from_what(repo: Repository, objects: Objects) -> None:
    first = repo.commit({"a": "1"}, "one\n\nmore\n")
    repo.git("tag", "-a", "-m", "tagged", "v1")
    second = repo.commit({"a": "2"})
    found = objects.commit("v1")
    assert found is not None
    assert (found.oid, found.parents, found.author, found.email, found.at) == (
        first, (), "Ann Lee", "ann@acme.example", 1_700_000_000,
    )  # fmt: skip
    assert found.message == "one\n\nmore\n"
    assert found.tree == repo.git("rev-parse", f"{first}^{{tree}}")
    later = objects.commit("refs/heads/main")
    assert later is not None
    assert (later.oid, later.parents) == (second, (first,))


@pytest.mark.parametrize("name", ["", "nope", "refs/heads/other", "HEAD\ncontents HEAD", "1" * 40, "main:a", "a b"])
def test_what_names_no_commit_is_none(repo: Repository, objects: Objects, name: str) -> None:
    repo.commit({"a": "1"})
    assert objects.commit(name) is None
    assert objects.commit("HEAD") is not None


def test_a_commit_in_another_encoding_or_without_a_name_is_read(repo: Repository, objects: Objects) -> None:
    made = repo.git("mktree")
    head = f"tree {made}\nauthor J\xf6rg <j@x> 5 +0000\ncommitter J <j@x> 5 +0000\nencoding ISO-8859-1\n\nGr\xfc\xdfe\n"
    oid = repo.git("hash-object", "-t", "commit", "-w", "--stdin", data=head.encode("latin-1"))
    bare = f"tree {made}\nauthor <> 5 +0000\ncommitter <> 5 +0000\nencoding nonsense\n\n\xff\n".encode("latin-1")
    other = repo.git("hash-object", "-t", "commit", "-w", "--stdin", "--literally", data=bare)
    found, nameless = objects.commit(oid), objects.commit(other)
    assert found is not None
    assert nameless is not None
    assert (found.author, found.message) == ("Jörg", "Grüße\n")
    assert (nameless.author, nameless.email, nameless.message) == ("", "", "\ufffd\n")


def test_only_an_unchanged_commit_of_tuicrm_counts_as_its_own(repo: Repository, objects: Objects) -> None:
    start = repo.commit({"a": "1"})
    new = NewCommit((start,), {"a": b"2"}, "1 deal", "", "Ann", "ann@x", 1)
    repo.git("reset", "--quiet", "--hard", write(repo.api, new, "refs/tuicrm/made"))

    def own() -> bool:
        commit = objects.commit("HEAD")
        assert commit is not None
        return objects.is_own(commit)

    assert own()
    message = repo.git("log", "-1", "--format=%B")
    repo.git("commit", "--quiet", "--amend", "-m", f"Better said\n\n{message}\nSigned-off-by: Ann <ann@x>")
    assert own()
    repo.put("a", "3")
    repo.git("commit", "--quiet", "--amend", "--all", "--no-edit")
    assert not own()
    repo.git("reset", "--quiet", "--hard", "refs/tuicrm/made")
    repo.git("branch", "other", start)
    repo.git("switch", "--quiet", "other")
    repo.commit({"b": "1"})
    repo.git("cherry-pick", "main")
    assert not own()
    repo.git("switch", "--quiet", "main")
    assert own()
    repo.git("rebase", "--quiet", "--onto", "other~1", "main~1")
    assert not own()
    repo.commit({"c": "1"}, "no trailer")
    assert not own()


def test_the_trailer_knows_tree_and_parents() -> None:
    made = {state_trailer("a", ()), state_trailer("a", ("b",)), state_trailer("a", ("b", "c")), state_trailer("b", ())}
    assert len(made) == 4
    assert all(one.startswith("Tuicrm-State: 1 ") and len(one) == 32 for one in made)


def test_trees_list_every_path_as_it_is(repo: Repository) -> None:
    repo.commit({**dict.fromkeys(ODD, "x"), "data/deal/AB.jsonl": "y", "run": "z"})
    repo.git("update-index", "--chmod=+x", "run")
    repo.commit()
    blob = repo.git("rev-parse", "HEAD:data/deal/AB.jsonl")
    found = tree(repo.api, "HEAD")
    assert set(found) == {*ODD, "data/deal/AB.jsonl", "run"}
    assert found["data/deal/AB.jsonl"] == (FILE, blob)
    assert tree(repo.api, "HEAD", "data/deal", "missing") == {"data/deal/AB.jsonl": (FILE, blob)}


def test_a_path_that_is_no_utf_8_goes_there_and_back(repo: Repository) -> None:
    (repo.root / os.fsdecode(b"\xff\xfe")).write_bytes(b"x")
    first = repo.commit()
    (name,) = tree(repo.api, first)
    assert os.fsencode(name) == b"\xff\xfe"
    second = write(repo.api, NewCommit((first,), {name: None}, "x", "", "A", "a@x", 1), "refs/tuicrm/made")
    assert changes(repo.api, first, second) == {name: ((FILE, repo.blob(b"x")), None)}


def test_changes_are_what_differs(repo: Repository) -> None:
    first = repo.commit({"same": "1", "edited": "1", "gone": "1", "data/x": "1"})
    second = repo.commit({"edited": "2", "gone": None, "fresh": "3", "data/x": "2"})
    one, two, three = (repo.blob(x) for x in (b"1", b"2", b"3"))
    found = changes(repo.api, first, second)
    assert found == {
        "edited": ((FILE, one), (FILE, two)),
        "gone": ((FILE, one), None),
        "fresh": (None, (FILE, three)),
        "data/x": ((FILE, one), (FILE, two)),
    }
    assert set(changes(repo.api, first, second, "data")) == {"data/x"}
    assert changes(repo.api, first, first) == {}
    assert changes(repo.api, "", first) == {path: (None, entry) for path, entry in tree(repo.api, first).items()}


def test_every_base_of_a_criss_cross_is_found(repo: Repository) -> None:
    start = repo.commit({"x": "0"})
    one = repo.git("commit-tree", "HEAD^{tree}", "-p", start, "-m", "one")
    two = repo.git("commit-tree", "HEAD^{tree}", "-p", start, "-m", "two")
    left = repo.git("commit-tree", "HEAD^{tree}", "-p", one, "-p", two, "-m", "left")
    right = repo.git("commit-tree", "HEAD^{tree}", "-p", two, "-p", one, "-m", "right")
    apart = repo.git("commit-tree", "HEAD^{tree}", "-m", "apart")
    assert sorted(bases(repo.api, left, right)) == sorted([one, two])
    assert bases(repo.api, left, apart) == []
    assert is_ancestor(repo.api, start, left)
    assert is_ancestor(repo.api, left, left)
    assert not is_ancestor(repo.api, left, start)
    assert not is_ancestor(repo.api, apart, left)
    assert ahead_behind(repo.api, left, one) == (2, 0)
    assert ahead_behind(repo.api, one, right) == (0, 2)
    assert ahead_behind(repo.api, left, right) == (1, 1)


def test_replace_refs_and_grafts_change_nothing(repo: Repository, objects: Objects) -> None:
    first = repo.commit({"a": "1"})
    second = repo.commit({"a": "2"})
    repo.git("replace", second, first)
    (repo.root / ".git/info").mkdir(exist_ok=True)
    (repo.root / ".git/info/grafts").write_text(f"{second}\n")
    found = objects.commit("HEAD")
    assert found is not None
    assert found.parents == (first,)
    assert is_ancestor(repo.api, first, second)


@pytest.mark.parametrize("form", ["sha1", "sha256"])
def test_both_kinds_of_ids_work(tmp_path: Path, form: str) -> None:
    repo = Repository(tmp_path / "other", form=form)
    first = repo.commit({"data/deal/AB.jsonl": "1"})
    with Objects(repo.api) as objects:
        commit = objects.commit("HEAD")
        assert commit is not None
        assert commit.oid == first
        assert objects.blobs(oid for _, oid in tree(repo.api, first).values()) == {repo.blob(b"1"): b"1"}
        assert changes(repo.api, "", first) == {"data/deal/AB.jsonl": (None, (FILE, repo.blob(b"1")))}
