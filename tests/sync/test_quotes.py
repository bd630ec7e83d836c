"""Quotes made on two clones at once: one number twice stays readable, and every clone says the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sync.repos import settle

if TYPE_CHECKING:
    from tests.sync.repos import Clone, Team


def numbers(clone: Clone) -> list[str]:
    """What the quotes are called on a clone, oldest first."""
    rows = clone.ok("quote", "list", "--sort", "created_at", "--format", "ids").split()
    return [clone.ok("quote", "print", one).partition("Quote ")[2].partition("\n")[0] for one in rows]


def begun(team: Team) -> tuple[Clone, Clone]:
    ann, bob = team.clones("ann", "bob")
    bob.ok("user", "add", "Bob Ray", "--handle", "bob")
    for name in ("Big", "Small"):
        ann.ok("deal", "add", name)
        ann.ok("deal", "item", "add", name, "--name", "Seat", "--price", "10")
    settle(ann, bob)
    return ann, bob


def test_a_number_given_twice_goes_to_what_was_sent_and_the_draft_says_which_it_is(team: Team) -> None:
    ann, bob = begun(team)
    first = ann.ok("quote", "add", "Big").strip()
    ann.ok("quote", "edit", first, "--terms", "ours")
    second = bob.ok("quote", "add", "Small").strip()
    bob.ok("quote", "send", second)
    settle(ann, bob)
    assert numbers(ann) == numbers(bob) == [f"Q-2026-0001-{first[-4:]}", "Q-2026-0001"]
    ann.ok("quote", "send", f"Q-2026-0001-{first[-4:]}")
    settle(ann, bob)
    bob.ok("quote", "rm", second)
    settle(ann, bob)
    # What left the house keeps the number that it left with.
    assert numbers(ann) == numbers(bob) == [f"Q-2026-0001-{first[-4:]}"]
    bob.ok("quote", "add", "Small")
    assert numbers(bob)[1] == "Q-2026-0002"


def test_two_that_were_sent_with_one_number_both_keep_it_and_are_told_apart_by_id(team: Team) -> None:
    ann, bob = begun(team)
    first = ann.ok("quote", "add", "Big").strip()
    second = bob.ok("quote", "add", "Small").strip()
    ann.ok("quote", "send", first)
    bob.ok("quote", "send", second)
    settle(ann, bob)
    assert numbers(ann) == numbers(bob) == ["Q-2026-0001", "Q-2026-0001"]
    ann.fails(4, "quote", "show", "Q-2026-0001", says="fits 2 quotes")
    assert "another quote has the number" in ann.run("quote", "accept", first).err
    settle(ann, bob)
    assert [one["status"] for one in bob.json("quote", "list", "--sort", "created_at")] == ["accepted", "sent"]


def test_accepted_here_and_declined_there_is_one_answer_whole(team: Team) -> None:
    ann, bob = begun(team)
    key = ann.ok("quote", "add", "Big").strip()
    ann.ok("quote", "send", key)
    settle(ann, bob)
    ann.ok("quote", "accept", key)
    bob.ok("quote", "decline", key, "--reason", "price")
    bob.ok("deal", "item", "edit", "Big", "1", "--discount", "5")
    ann.ok("deal", "item", "edit", "Big", "1", "--quantity", "2")
    settle(ann, bob)
    found = [one.json("quote", "show", key) for one in (ann, bob)]
    assert found[0] == found[1]
    assert (found[0]["status"], found[0]["reason"]) in (("accepted", None), ("declined", "price"))
    (item,) = ann.json("deal", "item", "list", "Big")
    assert (item["quantity"], item["discount"], item["net"]) == ("2", "5", "19.00")
