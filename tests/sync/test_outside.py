"""Files beside the data: one side's change is taken, two are a person's decision, and nobody's work is overwritten."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sync.plain import Repository
from tuicrm.errors import Decision, Invalid, TuicrmError
from tuicrm.store.manifest import RULE
from tuicrm.sync.objects import FILE, Objects
from tuicrm.sync.ours import merge_ours
from tuicrm.sync.outside import check_out, merge_outside

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tuicrm.sync.objects import Change, Entry

Tree = dict[str, tuple[str, str]]
HERE, THERE = "01J9ZC0V8Q4N7R2T5W8Y1B3D6F", "01J9ZC0V8Q4N7R2T5W8Y1B3D6G"
A, B, C = (FILE, "a" * 40), (FILE, "b" * 40), (FILE, "c" * 40)
RUN = ("100755", "a" * 40)


def merged(bases: list[Tree], ours: Tree, theirs: Tree) -> Tree:
    """The tree that comes out."""
    result = dict(ours)
    for path, entry in merge_outside(bases, ours, theirs).items():
        result.pop(path, None)
        if entry is not None:
            result[path] = entry
    return result


# -- merging ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "result"),
    [
        ({"x": A}, {"x": A}, {"x": B}, {"x": B}),
        ({"x": A}, {"x": B}, {"x": A}, {"x": B}),
        ({"x": A}, {"x": B}, {"x": B}, {"x": B}),
        ({"x": A}, {"x": A}, {}, {}),
        ({"x": A}, {}, {"x": A}, {}),
        ({"x": A}, {}, {}, {}),
        ({}, {"x": A}, {"y": B}, {"x": A, "y": B}),
        ({}, {}, {"x": A}, {"x": A}),
        ({"x": A}, {"x": A}, {"x": RUN}, {"x": RUN}),
        ({"x": A}, {"x": A}, {"x": ("120000", "d" * 40)}, {"x": ("120000", "d" * 40)}),
        ({"x": A}, {"x": A}, {"x/y": B}, {"x/y": B}),
        ({"x/y": A}, {"x/y": A}, {"x": B}, {"x": B}),
    ],
)
def test_a_change_on_one_side_is_taken(base: Tree, ours: Tree, theirs: Tree, result: Tree) -> None:
    assert merged([base], ours, theirs) == result
    assert merged([base], theirs, ours) == result


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "named"),
    [
        ({"x": A}, {"x": B}, {"x": C}, "x was changed"),
        ({"x": A}, {}, {"x": B}, "x was changed"),
        ({}, {"x": A}, {"x": B}, "x was changed"),
        ({"x": A}, {"x": RUN}, {"x": B}, "x was changed"),
        ({}, {"x": A}, {"x/y": B}, "x/y was changed"),
        ({}, {"x/y/z": A}, {"x": B}, "x/y/z was changed"),
        ({}, dict.fromkeys("abcdef", A), dict.fromkeys("abcdef", B), "a, b, c and 3 more were changed"),
        ({}, {"a\x1b[2J": A}, {"a\x1b[2J": B}, "was changed both here and in the remote"),
    ],
)
def test_changes_on_both_sides_are_a_decision(base: Tree, ours: Tree, theirs: Tree, named: str) -> None:
    for sides in ((ours, theirs), (theirs, ours)):
        with pytest.raises(Decision) as caught:
            merge_outside([base], *sides)
        assert named.replace("x/y ", "x").replace("/z", "")[:1] in str(caught.value)
        assert "\x1b" not in str(caught.value)
        assert "git pull" in caught.value.hint
    with pytest.raises(Decision, match="changed both here and in the remote") as caught:
        merge_outside([base], ours, theirs)
    if "x/" not in named:
        assert named in str(caught.value)


def test_without_a_base_only_equal_files_and_files_of_one_side_fit() -> None:
    assert merged([], {"x": A, "y": B}, {"x": A, "z": C}) == {"x": A, "y": B, "z": C}
    with pytest.raises(Decision):
        merge_outside([], {"x": A}, {"x": B})


def test_with_several_bases_the_side_that_is_further_wins() -> None:
    assert merged([{"x": A}, {"x": B}], {"x": C}, {"x": B}) == {"x": C}
    assert merged([{"x": A}, {}], {"x": A}, {"x": C}) == {"x": C}
    with pytest.raises(Decision):
        merge_outside([{"x": A}, {"x": B}], {"x": A}, {"x": B})


def test_the_workspaces_own_files_are_not_its_business() -> None:
    mine = {"data/deal/AB.jsonl": A, "tuicrm.json": A, ".gitattributes": A}
    assert merge_outside([], mine, dict.fromkeys(mine, B)) == {}
    assert merge_outside([mine], mine, {}) == {}
    assert merge_outside([], {}, {"docs/tuicrm.json": A, "database": A}) == {"docs/tuicrm.json": A, "database": A}


PATHS = st.sampled_from(["x", "x/y", "y/a", "y/b", "z"])
TREES = st.dictionaries(PATHS, st.sampled_from([A, B, C]), max_size=4).filter(lambda tree: not {"x", "x/y"} <= {*tree})


@given(st.lists(TREES, max_size=2), TREES, TREES)
def test_both_sides_come_to_the_same_tree(bases: list[Tree], ours: Tree, theirs: Tree) -> None:
    def outcome(one: Tree, other: Tree) -> object:
        try:
            return merged(bases, one, other)
        except Decision:
            return "decision"

    assert outcome(ours, theirs) == outcome(theirs, ours)
    assert outcome(ours, ours) == ours


# -- tuicrm.json and .gitattributes -----------------------------------------------------------------------------------


def manifest(name: str = "Acme", id_: str = HERE, form: int = 1) -> bytes:
    return b'{"format": %d, "id": "%s", "name": "%s"}\n' % (form, id_.encode(), name.encode())


def one(bases: list[bytes], ours: bytes | None, theirs: bytes | None, *, adopt: bool = False) -> bytes | None:
    told = merge_ours(
        [{"tuicrm.json": base} for base in bases], {"tuicrm.json": ours}, {"tuicrm.json": theirs}, adopt=adopt
    )
    return told.get("tuicrm.json")


def test_a_manifest_changed_on_one_side_is_taken() -> None:
    old, renamed = manifest(), manifest("Acme GmbH")
    assert one([old], old, renamed) == one([old], renamed, old) == renamed
    assert one([old], old, old) == old
    assert one([], None, old) == one([old], old, None) == old
    assert one([], None, None) is None


def test_a_manifest_changed_on_both_sides_is_the_same_for_both() -> None:
    left, right = manifest("Acme A"), manifest("Acme B")
    assert one([manifest()], left, right) == one([manifest()], right, left) == right
    assert one([], left, right) == right


def test_a_manifest_that_cannot_be_read_gives_way() -> None:
    for bad in (b"", b"{", b"[]", b'{"format":1}', b'{"format":"1","id":"%s"}' % HERE.encode(), b"\xff"):
        assert one([manifest()], manifest(), bad) == manifest()
        assert one([manifest()], bad, manifest()) == manifest()
    assert one([], b"{", b"[") == b"{"
    assert one([], b"\xef\xbb\xbf" + manifest(), manifest()) is not None


def test_two_workspaces_started_apart_need_a_decision() -> None:
    for bases in ([], [manifest()]):
        with pytest.raises(Decision, match="another workspace") as caught:
            one(bases, manifest(), manifest(id_=THERE))
        assert "--adopt" in caught.value.hint
        assert one(bases, manifest(), manifest(id_=THERE), adopt=True) == manifest(id_=THERE)


def test_a_later_format_is_not_taken_by_a_program_that_does_not_know_it() -> None:
    for adopt in (False, True):
        with pytest.raises(Invalid, match="has format 2, written by a later tuicrm"):
            one([manifest()], manifest(), manifest(form=2), adopt=adopt)


def lines(bases: list[str], ours: str | None, theirs: str | None) -> str | None:
    def file(text: str | None) -> dict[str, bytes | None]:
        return {".gitattributes": None if text is None else text.encode()}

    told = merge_ours([file(base) for base in bases], file(ours), file(theirs)).get(".gitattributes")
    return None if told is None else told.decode()


def test_attributes_merge_line_by_line_and_keep_the_rule() -> None:
    rule = RULE.decode()
    assert lines([rule], f"{rule}*.png binary\n", f"{rule}*.pdf binary\n") == f"{rule}*.pdf binary\n*.png binary\n"
    assert lines([f"a x\nb x\n{rule}"], f"b x\n{rule}", f"a x\n{rule}") == rule
    assert lines([f"a x\n{rule}"], f"a x\n{rule}", "b x") == f"b x\n{rule}"
    assert lines([], "same", "same") == "same"
    assert lines([], None, "a x\n") == lines([], "a x\n", None) == "a x\n"
    assert lines([], None, None) is None


ATTRIBUTES = st.lists(st.sampled_from(["a x", "b x", "# c", RULE.decode().strip(), ""]), max_size=5).map("\n".join)


@given(st.lists(ATTRIBUTES, max_size=2), ATTRIBUTES, ATTRIBUTES)
def test_attributes_are_the_same_for_both_sides(bases: list[str], ours: str, theirs: str) -> None:
    found = lines(bases, ours, theirs)
    assert found == lines(bases, theirs, ours)
    assert found is not None
    assert ours == theirs or RULE.decode().strip() in found.split("\n")


# -- checking out -----------------------------------------------------------------------------------------------------


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "work")


def entry(repo: Repository, content: bytes | None, mode: str = FILE) -> Entry | None:
    return None if content is None else (mode, repo.blob(content))


def change(repo: Repository, path: str, old: bytes | None, new: bytes | None, mode: str = FILE) -> Mapping[str, Change]:
    return {path: (entry(repo, old), entry(repo, new, mode))}


def bring(repo: Repository, changes: Mapping[str, Change]) -> list[str]:
    with Objects(repo.api) as objects:
        return check_out(str(repo.root), changes, objects.blob)


def held(repo: Repository) -> dict[str, bytes]:
    return {
        str(path.relative_to(repo.root)): path.read_bytes()
        for path in sorted(repo.root.rglob("*"))
        if path.is_file() and ".git" not in path.relative_to(repo.root).parts
    }


def test_unmodified_files_follow(repo: Repository) -> None:
    for path in ("edited", "gone/deep/x", "gone/kept", "docs", "folder/a"):
        repo.put(path, "old")
    changes = {
        **change(repo, "edited", b"old", b"new"),
        **change(repo, "gone/deep/x", b"old", None),
        **change(repo, "fresh/deep/x", None, b"new"),
        **change(repo, "docs", b"old", None),
        **change(repo, "docs/page", None, b"new"),
        **change(repo, "folder/a", b"old", None),
        **change(repo, "folder", None, b"new"),
        **change(repo, "never/was", b"old", None),
    }
    after = {"edited": b"new", "gone/kept": b"old", "fresh/deep/x": b"new", "docs/page": b"new", "folder": b"new"}
    for _ in range(2):
        assert bring(repo, changes) == []
        assert held(repo) == after
    assert not (repo.root / "gone/deep").exists()


def test_what_somebody_works_on_is_left_alone(repo: Repository) -> None:
    for path in ("edited", "gone", "fresh"):
        repo.put(path, "mine")
    (repo.root / "folder").mkdir()
    (repo.root / "folder/x").write_text("mine")
    before = held(repo)
    changes = {
        **change(repo, "edited", b"old", b"new"),
        **change(repo, "gone", b"old", None),
        **change(repo, "fresh", None, b"new"),
        **change(repo, "removed by me", b"old", b"new"),
        **change(repo, "folder", None, b"new"),
        **change(repo, "edited/inside", None, b"new"),
    }
    left = bring(repo, changes)
    assert left == ["edited", "edited/inside", "folder", "fresh", "gone", "removed by me"]
    assert held(repo) == before


def test_what_can_be_run_and_what_cannot(repo: Repository) -> None:
    path = repo.put("run", "old")
    assert bring(repo, change(repo, "run", b"old", b"old", "100755")) == []
    assert path.stat().st_mode & stat.S_IXUSR
    path.chmod(0o755)
    assert bring(repo, change(repo, "run", b"old", b"new")) == []
    assert (path.read_bytes(), bool(path.stat().st_mode & stat.S_IXUSR)) == (b"new", True)


@pytest.mark.parametrize("mode", ["120000", "160000"])
def test_links_and_modules_are_never_made_or_touched(repo: Repository, mode: str, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("target")
    (repo.root / "link").symlink_to(target)
    link = (mode, repo.blob(os.fsencode(target)))
    blob = entry(repo, b"new")
    changes: dict[str, Change] = {"fresh": (None, link), "link": (link, blob), "gone": (link, None)}
    assert bring(repo, changes) == ["fresh", "gone", "link"]
    assert (repo.root / "link").is_symlink()
    assert target.read_text() == "target"
    assert not os.path.lexists(repo.root / "fresh")


@pytest.mark.parametrize("inside", ["x", "deep/x"])
def test_no_link_is_followed(repo: Repository, tmp_path: Path, inside: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x").write_text("old")
    (repo.root / "docs").symlink_to(outside)
    (repo.root / "x").symlink_to(outside / "x")
    changes = {
        **change(repo, f"docs/{inside}", None, b"new"),
        **change(repo, "docs/x", b"old", b"new"),
        **change(repo, "x", b"old", b"new"),
    }
    assert bring(repo, changes) == sorted(changes)
    assert bring(repo, change(repo, "docs/x", b"old", None)) == ["docs/x"]
    assert [(path.name, path.read_text()) for path in outside.iterdir()] == [("x", "old")]


@pytest.mark.parametrize(
    "path",
    [".git/hooks/post-commit", ".git/config", "docs/.GIT/config", ".g\u200cit/x", "git~1/x", "../x", "a/../../x", "/x",
     "a//x", "./x", "data/deal/AB.jsonl", "tuicrm.json", "a\0b"],
)  # fmt: skip
def test_nothing_is_written_where_it_does_not_belong(repo: Repository, path: str) -> None:
    before = (repo.root / ".git/config").read_bytes()
    assert bring(repo, change(repo, path, None, b"new")) == [path]
    assert held(repo) == {}
    assert (repo.root / ".git/config").read_bytes() == before
    assert not (repo.root.parent / "x").exists()


def test_a_leftover_of_a_crash_is_not_in_the_way(repo: Repository) -> None:
    repo.put(".tuicrm-checkout", "half")
    assert bring(repo, change(repo, "x", None, b"new")) == []
    assert held(repo) == {"x": b"new"}


def test_a_pipe_in_the_place_of_a_file_blocks_nothing(repo: Repository) -> None:
    os.mkfifo(repo.root / "x")
    assert bring(repo, change(repo, "x", b"old", b"new")) == ["x"]


def test_a_blob_that_cannot_be_read_leaves_the_file(repo: Repository) -> None:
    repo.put("x", "old")

    def read(oid: str) -> bytes:
        raise Decision(f"{oid} is too large")

    assert check_out(str(repo.root), change(repo, "x", b"old", b"new"), read) == ["x"]
    assert held(repo) == {"x": b"old"}
    with pytest.raises(TuicrmError):
        bring(repo, {"x": (entry(repo, b"old"), (FILE, "1" * 40))})
    assert held(repo) == {"x": b"old"}
