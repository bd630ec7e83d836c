"""doctor explains what it sees of merges by hand, clocks, copies, and what is in the next sync's way."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

from tests.sync.repos import DAY, Clone

if TYPE_CHECKING:
    from tests.sync.repos import Team


def said(clone: Clone, *words: str) -> list[str]:
    """What doctor says, a line for each finding."""
    found: list[dict[str, Any]] = json.loads(clone.run("doctor", "--json", *words).out)
    return [f"{one['path']}: {one['message']}" for one in found]


def about(clone: Clone, word: str, *words: str) -> list[str]:
    return [line for line in said(clone, *words) if word in line]


def test_a_synced_workspace_has_nothing_to_be_noted(team: Team) -> None:
    ann, bob = team.clones("ann", "bob")
    ann.add("company", name="Acme")
    ann.ok("sync")
    bob.ok("sync")
    assert (said(ann), said(bob)) == ([], [])


def test_markers_and_doubled_lines_are_explained_and_mended(team: Team) -> None:
    ann = team.alone("ann")
    key = ann.add("company", name="Acme")
    path = ann.file_of("company", key)
    line = path.read_text()
    path.write_text(f"<<<<<<< HEAD\n{line}=======\n{line.replace('Acme', 'Acme GmbH')}>>>>>>> theirs\n")
    (markers,) = about(ann, "conflict markers")
    (doubled,) = about(ann, "more than one line")
    assert "doctor --fix" in markers
    assert path.name in doubled
    assert (about(ann, "conflict markers", "--fix"), ann.markers()) == ([], [])


def test_a_clock_from_the_future_is_told_once_however_many_records_it_wrote(team: Team) -> None:
    ann = team.alone("ann")
    ann.skew_ms = 800 * DAY
    for number in range(30):
        ann.add("company", name=f"Acme {number}")
    ann.skew_ms = 0
    assert len(about(ann, "a clock was wrong")) == 1
    shown = ann.ok("doctor").splitlines()
    assert sum("a clock was wrong" in line for line in shown) == 1
    ann.skew_ms = 800 * DAY
    assert about(ann, "a clock was wrong") == []


def test_a_copied_folder_is_told_until_it_was_taken_note_of(team: Team) -> None:
    ann = team.alone("ann")
    ann.add("company", name="Acme")
    assert about(ann, "copy") == []
    shutil.copytree(ann.root, team.folder / "copy", symlinks=True)
    copy = Clone(team, team.folder / "copy", "ann")
    (told,) = about(copy, "copy of")
    assert str(ann.root) in told
    assert about(ann, "copy") == []
    ann.root.rename(team.folder / "away")
    assert about(copy, "restored")
    assert (about(copy, "copy", "--fix"), about(copy, "copy")) == ([], [])


def test_a_moved_folder_is_no_copy(team: Team) -> None:
    ann = team.alone("ann")
    said(ann)
    ann.root.rename(team.folder / "moved")
    assert about(Clone(team, team.folder / "moved", "ann"), "copy") == []


def test_settings_and_states_in_the_way_are_named_with_the_way_out(team: Team) -> None:
    ann, _ = team.clones("ann", "bob")
    ann.git("config", "core.sshCommand", "evil")
    ann.git("checkout", "--quiet", "--detach")
    (setting,) = about(ann, "core.sshcommand")
    assert "--allow" in setting
    (state,) = about(ann, "detached")
    assert "git switch" in state


def test_a_sync_that_was_cut_short_or_failed_is_told(team: Team) -> None:
    ann, _ = team.clones("ann", "bob")
    ann.private.joinpath("sync.underway").write_text(
        json.dumps({"commit": ann.head, "head": ann.head, "branch": "refs/heads/main"})
    )
    assert about(ann, "cut short")
    ann.ok("sync")
    assert about(ann, "cut short") == []
    ann.git("remote", "set-url", "origin", str(team.folder / "nowhere.git"))
    ann.add("company", name="Acme")
    assert ann.run("sync").code != 0
    assert about(ann, "did not end well")


def test_attributes_without_our_line_are_told(team: Team) -> None:
    ann = team.alone("ann")
    ann.put(".gitattributes", "*.png binary\n")
    (told,) = about(ann, "merge=union")
    assert told.startswith(".gitattributes: ")
