"""`conflict` as people and scripts use it, on what real syncs left."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.sync.repos import Clone, Team, settle

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Shell


@pytest.fixture
def clones(tmp_path: Path) -> tuple[Clone, Clone]:
    """Ann and Bob, with one deal between them."""
    ann, bob = Team(tmp_path).clones("ann", "bob")
    ann.ok("user", "edit", "ann", "--name", "Ann Lee", "--email", "ann@acme.example")
    ann.ok("user", "add", "Bob Ray", "--handle", "bob", "--email", "bob@acme.example")
    ann.ok("deal", "add", "Acme renewal", "--value", "12k")
    ann.ok("sync")
    bob.ok("sync")
    return ann, bob


def clash(ann: Clone, bob: Clone, mine: tuple[str, ...], theirs: tuple[str, ...]) -> None:
    """Let Ann and Bob edit the deal apart, Bob later, and sync until both know of it."""
    ann.ok("deal", "edit", "Acme renewal", *mine)
    bob.ok("deal", "edit", "Acme renewal", *theirs)
    ann.ok("sync")
    bob.ok("sync")
    ann.ok("sync")


def deal(clone: Clone) -> dict[str, object]:
    (found,) = clone.records("deal").values()
    return found


def test_both_sides_see_the_same_conflict_each_from_their_own(clones: tuple[Clone, Clone]) -> None:
    ann, bob = clones
    clash(ann, bob, ("--value", "13k"), ("--value", "15k", "--currency", "USD"))
    (hers,) = ann.json("conflict", "list")
    (his,) = bob.json("conflict", "list")
    assert hers["id"] == his["id"]
    assert (hers["label"], hers["lost"], hers["current"]) == ("value", "EUR 13,000", "USD 15,000")
    assert (hers["lost_by"], hers["current_by"]) == (his["lost_by"], his["current_by"]) == ("ann", "bob")
    assert (hers["mine"], his["mine"]) == (True, False)
    assert hers["record_name"] == "Acme renewal"


def test_a_sync_counts_what_the_list_shows(clones: tuple[Clone, Clone]) -> None:
    ann, bob = clones
    ann.ok("deal", "edit", "Acme renewal", "--value", "13k", "--currency", "CHF", "--next-step", "call")
    bob.ok("deal", "edit", "Acme renewal", "--value", "15k", "--currency", "USD", "--next-step", "write")
    ann.ok("sync")
    assert "2 values gave way" in bob.run("sync").err
    assert len(bob.json("conflict", "list")) == 2


def test_git_knows_who_wrote_what_the_log_does_not_tell(clones: tuple[Clone, Clone]) -> None:
    ann, bob = clones
    clash(ann, bob, ("--next-step", "call"), ("--next-step", "write"))
    third = ann.team.join("eve")
    for clone in (ann, bob, third):
        (found,) = clone.json("conflict", "list")
        assert (found["lost_by"], found["current_by"]) == ("ann", "bob")
    assert clone.json("conflict", "list")[0]["mine"] is False


def test_the_list_is_a_table_and_show_a_card(clones: tuple[Clone, Clone]) -> None:
    ann, bob = clones
    assert ann.run("conflict", "list").err == "no conflicts are open\n"
    clash(ann, bob, ("--next-step", "call"), ("--next-step", "write"))
    head, row = ann.ok("conflict", "list").splitlines()
    assert head.split()[:3] == ["ID", "RECORD", "WHAT"]
    assert "Acme renewal" in row
    assert "call (ann)" in row
    short = row.split()[0]
    shown = ann.ok("conflict", "show", short)
    assert "gave way  call" in shown
    assert "stands    write" in shown
    assert "by ann (you, on this machine)" in shown
    for form in ("csv", "tsv", "jsonl", "ids"):
        assert ann.ok("conflict", "list", "--format", form)


@pytest.mark.parametrize(("keep", "value"), [("mine", "call"), ("theirs", "write"), ("current", "write"),
                                             ("lost", "call"), ("ask Jane", "ask Jane")])  # fmt: skip
def test_what_is_kept_reaches_everybody(clones: tuple[Clone, Clone], keep: str, value: str) -> None:
    ann, bob = clones
    clash(ann, bob, ("--next-step", "call"), ("--next-step", "write"))
    ran = ann.run("conflict", "resolve", "Acme renewal", "--keep", keep)
    assert ran.code == 0, ran.err
    assert ran.err.startswith(f"Acme renewal: next step is {value}")
    (key,) = ran.out.split()
    settle(ann, bob)
    assert deal(bob)["next_step"] == value
    assert ann.json("conflict", "list") == bob.json("conflict", "list") == []
    (held,) = bob.json("conflict", "list", "--all")
    assert (held["id"], held["resolved"]) == (key, True)


def test_a_value_may_be_a_word_for_what_to_keep(clones: tuple[Clone, Clone]) -> None:
    ann, bob = clones
    clash(ann, bob, ("--next-step", "call"), ("--next-step", "write"))
    ann.fails(
        2, "conflict", "resolve", "Acme renewal", "--keep", "lost", "--value", "lost", says="--keep or by --value"
    )
    ann.ok("conflict", "resolve", "Acme renewal", "--value", "lost")
    assert deal(ann)["next_step"] == "lost"
    assert ann.json("conflict", "list") == []


def test_settling_can_be_undone(clones: tuple[Clone, Clone]) -> None:
    ann, bob = clones
    clash(ann, bob, ("--next-step", "call"), ("--next-step", "write"))
    ann.ok("conflict", "resolve", "Acme renewal", "--keep", "lost")
    ann.ok("undo")
    assert deal(ann)["next_step"] == "write"
    assert len(ann.json("conflict", "list")) == 1


def test_a_deletion_gives_way_to_an_edit_and_can_be_carried_out(clones: tuple[Clone, Clone]) -> None:
    ann, bob = clones
    bob.ok("deal", "rm", "Acme renewal")
    ann.ok("deal", "edit", "Acme renewal", "--next-step", "call")
    bob.ok("sync")
    ann.ok("sync")
    bob.ok("sync")
    (found,) = ann.json("conflict", "list")
    assert (found["field"], found["lost"], found["lost_by"], found["mine"]) == ("_del", "deleted by bob", "bob", False)
    assert deal(bob)["next_step"] == "call"
    ann.ok("conflict", "resolve", found["id"], "--keep", "theirs")
    settle(ann, bob)
    assert bob.records("deal") == {}
    assert bob.json("conflict", "list") == []


def test_several_are_settled_by_a_pipe_of_ids(clones: tuple[Clone, Clone]) -> None:
    ann, bob = clones
    clash(ann, bob, ("--next-step", "call", "--source", "fair"), ("--next-step", "write", "--source", "web"))
    ids = ann.ok("conflict", "list", "--format", "ids").split()
    assert len(ids) == 2
    told = json.loads(ann.ok("conflict", "resolve", *ids, "--keep", "lost", "--json"))
    assert [one["resolved"] for one in told] == [True, True]
    assert (deal(ann)["next_step"], deal(ann)["source"]) == ("call", "fair")


def test_two_who_settle_it_apart_agree_in_the_end(clones: tuple[Clone, Clone]) -> None:
    ann, bob = clones
    clash(ann, bob, ("--next-step", "call"), ("--next-step", "write"))
    ann.ok("conflict", "resolve", "Acme renewal", "--keep", "lost")
    bob.ok("conflict", "resolve", "Acme renewal", "--keep", "current")
    settle(ann, bob)
    assert deal(ann) == deal(bob)
    assert deal(ann)["next_step"] == "call"
    assert ann.json("conflict", "list") == []
    assert {one["of"] for one in ann.ledger()} == {"deal"}
    assert ann.run("doctor").code == 0


def test_what_cannot_be_says_why(clones: tuple[Clone, Clone]) -> None:
    ann, bob = clones
    clash(ann, bob, ("--next-step", "call", "--source", "fair"), ("--next-step", "write", "--source", "web"))
    ann.fails(4, "conflict", "resolve", "Acme renewal", "--keep", "lost", says="fits 2 conflicts")
    ann.fails(3, "conflict", "show", "Zork", says="no conflict answers to 'Zork'")
    ann.fails(2, "conflict", "resolve", "Acme renewal", says="--keep")
    key = ann.json("conflict", "list")[0]["id"]
    ann.ok("conflict", "resolve", key, "--keep", "current")
    ann.fails(5, "conflict", "resolve", key, "--keep", "lost", says="is settled already")
    assert "settled" in ann.ok("conflict", "show", key)


def test_a_shell_completes_the_words_for_what_to_keep(bare: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_TUICRM_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "tuicrm conflict resolve 7KQ2 --keep ")
    monkeypatch.setenv("COMP_CWORD", "5")
    told = bare.spawn().stdout.decode().split()
    assert told == ["plain,current", "plain,lost", "plain,mine", "plain,theirs"]


@pytest.mark.parametrize("verb", ["add", "edit", "rm", "restore"])
def test_nobody_writes_into_the_ledger_by_hand(clones: tuple[Clone, Clone], verb: str) -> None:
    ann, _ = clones
    ann.fails(2, "conflict", verb, says=f"there is no command '{verb}' in tuicrm conflict")
