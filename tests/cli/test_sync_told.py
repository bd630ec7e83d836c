"""What `sync` says about the less usual: commits sent late, files left alone, another remote, what is in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sync.repos import Clone, Team, tuicrm

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Clone, Clone]:
    """Ann's workspace, sent to the repository, and Bob's clone of it."""
    ann, bob = Team(tmp_path).clones("ann", "bob")
    return ann, bob


def test_what_was_committed_offline_counts_as_sent_once_it_is(pair: tuple[Clone, Clone]) -> None:
    ann, _ = pair
    away = ann.team.remote.with_name("away.git")
    ann.team.remote.rename(away)
    for name in ("One", "Two"):
        ann.add("deal", name=name)
        ran = ann.run("sync")
        assert (ran.code, ran.err.splitlines()[0]) == (7, "committed 1 deal")
    away.rename(ann.team.remote)
    assert ann.run("sync").err == "sent 2 commits made before; nothing came\n"
    assert ann.run("sync").err == "nothing to send; nothing came\n"


def test_all_of_it_counts_as_sent_with_what_is_fresh(tmp_path: Path) -> None:
    team = Team(tmp_path)
    alone = team.alone("ann")
    alone.ok("sync")
    alone.add("deal", name="Acme")
    told = alone.json("sync", "--remote", str(team.remote))
    assert (told["went"], told["earlier"]) == ({"deal": 1}, 1)
    assert told["said"] == "sent 1 deal and 1 commit made before; nothing came"


def test_offline_says_what_becomes_of_it(pair: tuple[Clone, Clone]) -> None:
    ann, _ = pair
    ann.git("remote", "set-url", "origin", "https://nohost.invalid/sales.git")
    ran = ann.run("sync")
    assert ran.code == 7
    assert ran.err.splitlines()[-1] == "All is committed here; the next sync that works sends it."


def test_progress_names_each_step_in_our_words(pair: tuple[Clone, Clone]) -> None:
    ann, _ = pair
    ann.add("deal", name="Acme")
    told: list[str] = []
    ann.sync(said=told.append)
    assert [one for one in told if one in ("fetching", "joining", "sending")] == ["fetching", "joining", "sending"]
    assert not [one for one in told if one.startswith(("warning", "hint")) or "git config" in one]


def test_a_url_with_nothing_behind_it_is_to_be_checked(pair: tuple[Clone, Clone]) -> None:
    ann, _ = pair
    before = ann.git("remote", "get-url", "origin")
    ann.add("deal", name="Acme")
    head, files = ann.head, ann.files()
    ran = ann.run("sync", "--remote", str(ann.team.folder / "typo.git"))
    assert ran.code == 7
    assert "Check the URL" in ran.err
    assert (ann.git("remote", "get-url", "origin"), ann.head, ann.files()) == (before, head, files)
    other = str(ann.team.bare("other.git"))
    assert f"the remote was {before}" in ann.run("sync", "--remote", other).err
    assert "the remote was" not in ann.run("sync", "--remote", other).err


def test_files_that_somebody_is_working_on_are_named(pair: tuple[Clone, Clone]) -> None:
    ann, bob = pair
    ann.put("notes.txt", "one\n")
    ann.commit_by_hand()
    ann.sync()
    bob.ok("sync")
    ann.put("notes.txt", "two\n")
    ann.commit_by_hand()
    ann.sync()
    bob.put("notes.txt", "mine\n")
    ran = bob.run("sync")
    assert ran.code == 0
    assert "  left as it is here, because it was being changed: notes.txt (git diff HEAD compares)" in ran.err
    assert bob.root.joinpath("notes.txt").read_text() == "mine\n"
    assert "left as" not in bob.run("sync").err


def test_init_and_clone_say_where_without_detours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    team = Team(tmp_path)
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    env = team.environ("ann")
    made = tuicrm(env, "init", "../ann", "--user", "ann", "--remote", str(team.remote))
    assert (made.code, made.out) == (0, f"{tmp_path / 'ann'}\n")
    fetched = tuicrm(env, "clone", str(team.remote), "../again")
    assert (fetched.code, fetched.out) == (0, f"{tmp_path / 'again'}\n")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("checkout", "--quiet", "--detach"), "git switch"),
        (("config", "core.sshCommand", "echo"), "tuicrm sync --allow core.sshcommand"),
        (("bisect", "start", "HEAD"), "git bisect reset"),
    ],
)
def test_status_says_what_is_in_the_way_and_nothing_that_it_does_not_know(
    pair: tuple[Clone, Clone], words: tuple[str, ...], told: str
) -> None:
    ann, _ = pair
    ann.add("deal", name="Acme")
    ann.git(*words)
    shown = ann.ok("sync", "--status")
    assert "in the way" in shown
    assert told in shown
    for unknown in ("changed here", "to send", "remote"):
        assert unknown not in shown
    facts = ann.json("sync", "--status")
    assert facts["said"] == facts["problem"]
    assert told in facts["hint"]
    assert facts["problem"] in ann.run("sync").err
