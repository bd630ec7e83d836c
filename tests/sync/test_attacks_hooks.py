"""Hooks, filters and helpers that lie in wait, here and in a remote on the same machine: none of them runs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.sync.attacks import Plant, Watch, harmless

if TYPE_CHECKING:
    from tests.sync.repos import Clone, Team

LOCAL = (
    "pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "pre-merge-commit", "post-merge", "pre-rebase",
    "post-checkout", "post-rewrite", "pre-push", "pre-auto-gc", "reference-transaction", "post-index-change",
    "fsmonitor-watchman", "applypatch-msg", "sendemail-validate", "push-to-checkout",
)  # fmt: skip
REMOTE = (
    "pre-receive",
    "update",
    "proc-receive",
    "post-receive",
    "post-update",
    "reference-transaction",
    "pre-auto-gc",
)
EVERYTHING = "* filter=evil diff=evil merge=evil text eol=crlf ident\n"


def planted(clone: Clone, plant: Plant) -> None:
    """Plant every hook, filter and driver in the local repository, and a fsmonitor."""
    for name in LOCAL:
        plant.hook(clone.root / ".git" / "hooks", name)
    program = plant.program("program")
    for key in ("filter.evil.clean", "filter.evil.smudge", "diff.evil.textconv", "diff.external", "core.fsmonitor"):
        clone.git("config", key, str(program))
    clone.git("config", "merge.evil.driver", f"{program} %A")
    clone.put(".git/info/attributes", EVERYTHING)


def test_every_hook_and_filter_of_the_local_repository_stays_quiet(team: Team) -> None:
    plant = Plant(team)
    ann, bob = team.clones("ann", "bob")
    deal = ann.add("deal", name="Acme renewal")
    ann.sync()
    bob.sync()
    planted(bob, plant)
    bob.put(".gitattributes", EVERYTHING)
    ann.edit("deal", deal, name="Acme extension")
    ann.add("deal", name="Another")
    ann.sync()
    bob.edit("deal", deal, next_step="call")
    watch = Watch(team, ann.root, bob.root)
    for command in (("sync", "--status"), ("sync",), ("sync",), ("history", deal), ("conflict", "list"), ("doctor",)):
        harmless(bob.run(*command), watch, 0)
    assert bob.get("deal", deal)["name"] == "Acme extension"
    assert bob.tip == bob.head


def fresh(clone: Clone) -> None:
    """Leave a file that is as young as the index, so that git would read it to be sure that it is unchanged."""
    path = clone.put("notes.txt", "one\n")
    os.utime(path, (2**32 - 1, 2**32 - 1))
    clone.git("add", "notes.txt")


def test_a_file_as_young_as_the_index_is_not_read_through_a_filter(team: Team) -> None:
    plant = Plant(team)
    (ann,) = team.clones("ann")
    fresh(ann)
    planted(ann, plant)
    ann.add("deal", name="Acme renewal")
    watch = Watch(team, ann.root)
    harmless(ann.run("sync"), watch, 0)
    assert ann.git("ls-files", "notes.txt") == "notes.txt"
    ann.git("update-index", "--index-info", data=b"")
    assert "program" in plant.marks(), "plain git does read it"


def test_an_edit_as_young_as_the_index_is_still_seen_by_git_after_a_sync(team: Team) -> None:
    (ann,) = team.clones("ann")
    ann.git("config", "core.trustctime", "false")
    fresh(ann)
    path = ann.root / "notes.txt"
    index = ann.root / ".git" / "index"
    os.utime(index, (2**32 - 1, 2**32 - 1))
    path.write_text("two\n")
    os.utime(path, (2**32 - 1, 2**32 - 1))
    ann.add("deal", name="Acme renewal")
    ann.ok("sync")
    assert ann.git("status", "--porcelain") == "AM notes.txt"


def test_the_same_plants_do_fire_under_plain_git(team: Team) -> None:
    """What the tests above plant is live: plain git runs it."""
    plant = Plant(team)
    ann = team.start("ann")
    ann.add("deal", name="Acme renewal")
    planted(ann, plant)
    ann.commit_by_hand()
    ann.git("push", "--quiet", "origin", "main", ok=False)
    assert {"program", "hook-pre-commit", "hook-post-commit", "hook-pre-push"} <= set(plant.marks())


@pytest.mark.parametrize("where", ["hooks", "hooksPath"])
def test_hooks_of_a_remote_on_this_machine_stay_quiet(team: Team, where: str) -> None:
    plant = Plant(team)
    ann, bob = team.clones("ann", "bob")
    folder = team.remote / "hooks" if where == "hooks" else team.folder / "hooks"
    for name in REMOTE:
        plant.hook(folder, name)
    ann.git("--git-dir", str(team.remote), "config", "receive.procReceiveRefs", "refs/heads/never")
    if where == "hooksPath":
        ann.git("--git-dir", str(team.remote), "config", "core.hooksPath", str(folder))
    ann.add("deal", name="Acme renewal")
    watch = Watch(team, ann.root, bob.root)
    harmless(ann.run("sync"), watch, 0)
    harmless(bob.run("sync"), watch, 0)
    assert (plant.marks(), ann.tip, bob.head) == ([], ann.head, ann.head)


def test_the_same_remote_hooks_do_fire_under_plain_git(team: Team) -> None:
    plant = Plant(team)
    ann = team.start("ann")
    for name in REMOTE:
        plant.hook(team.remote / "hooks", name)
    ann.commit_by_hand()
    ann.git("push", "--quiet", "origin", "main")
    assert {"hook-pre-receive", "hook-update", "hook-post-receive", "hook-reference-transaction"} <= set(plant.marks())


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("core.fsmonitor", "{program}"),
        ("core.alternateRefsCommand", "{program}"),
        ("core.sshCommand", "{program}"),
        ("core.askPass", "{program}"),
        ("uploadpack.packObjectsHook", "{program}"),
        ("gc.auto", "1"),
        ("receive.autogc", "true"),
        ("receive.updateServerInfo", "true"),
        ("gpg.program", "{program}"),
        ("receive.certNonceSeed", "x"),
        ("receive.advertisePushOptions", "true"),
        ("receive.denyCurrentBranch", "updateInstead"),
        ("uploadpack.allowFilter", "true"),
        ("core.logAllRefUpdates", "always"),
    ],
)
def test_the_configuration_of_a_remote_on_this_machine_runs_nothing(team: Team, key: str, value: str) -> None:
    plant = Plant(team)
    ann, bob = team.clones("ann", "bob")
    ann.git("--git-dir", str(team.remote), "config", key, value.format(program=plant.program("program")))
    alternates = team.bare("alternates.git")
    team.remote.joinpath("objects/info/alternates").write_text(f"{alternates}/objects\n")
    for name in REMOTE:
        plant.hook(team.remote / "hooks", name)
    ann.add("deal", name="Acme renewal")
    watch = Watch(team, ann.root, bob.root)
    harmless(ann.run("sync"), watch, 0)
    harmless(bob.run("sync"), watch, 0)
    assert (plant.marks(), bob.head) == ([], ann.head)


def test_a_remote_that_is_somebodys_work_tree_keeps_its_files(team: Team) -> None:
    """A push into a repository with a work tree is refused by it, and says so in one sentence."""
    ann = team.alone("ann")
    ann.commit_by_hand()
    bob = team.join("bob", url=ann.root)
    bob.add("deal", name="Acme renewal")
    watch = Watch(team, bob.root, ann.root / ".git")
    harmless(bob.run("sync"), watch, 6)


@pytest.mark.parametrize("name", ["update", "pre-receive"])
def test_a_refusal_by_the_hosts_rules_is_told_in_its_own_cleaned_words(team: Team, name: str) -> None:
    """Over ssh the other side's hooks do run, there: a protected branch says no, with escape sequences in it."""
    plant = Plant(team)
    (ann,) = team.clones("ann")
    ann.git("remote", "set-url", "origin", plant.fake_ssh(ann))
    hook = team.remote / "hooks" / name
    hook.write_text("#!/bin/sh\nprintf 'main is protected \\033[2J\\033]0;x\\007 \\302\\233 \\r\\n' >&2\nexit 1\n")
    hook.chmod(0o755)
    ann.add("deal", name="Acme renewal")
    watch = Watch(team, ann.root)
    harmless(ann.run("sync"), watch, 6, says="protected")
    hook.unlink()
    harmless(ann.run("sync"), watch, 0)
    assert ann.tip_at(team.remote) == ann.head
