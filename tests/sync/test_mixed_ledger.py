"""What the ledger and the history of a record say after a team worked apart: who, when, and nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.sync.repos import DAY, Clone, settle

if TYPE_CHECKING:
    from tests.sync.repos import Team

Trio = tuple[Clone, Clone, Clone, str]


@pytest.fixture
def trio(team: Team) -> Trio:
    """Three who sync, with one deal."""
    ann, bob, eve = team.clones("ann", "bob", "eve")
    ann.ok("user", "edit", "ann", "--name", "Ann Lee", "--email", "ann@acme.example")
    for name in ("Bob Ray", "Eve Orr"):
        handle = name[:3].casefold()
        ann.ok("user", "add", name, "--handle", handle, "--email", f"{handle}@acme.example")
    deal = ann.id("deal", "add", "Acme renewal", "--next-step", "call", "--tag", "cold")
    settle(ann, bob, eve)
    return ann, bob, eve, deal


def open_conflicts(clone: Clone) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = clone.json("conflict", "list")
    return found


def test_both_sides_of_a_conflict_have_their_author_on_every_clone(trio: Trio) -> None:
    ann, bob, eve, deal = trio
    bob.ok("deal", "edit", deal, "--next-step", "by bob")
    ann.ok("deal", "edit", deal, "--next-step", "by ann")
    settle(bob, ann, eve)
    for one in (ann, bob, eve):
        (told,) = open_conflicts(one)
        assert (told["lost"], told["current"]) == ("by bob", "by ann")
        assert (told["lost_by"], told["current_by"]) == ("bob", "ann"), one.user
        assert told["mine"] is (one is bob), one.user


def test_the_loser_of_who_syncs_last_has_an_author_on_the_other_clones(trio: Trio) -> None:
    """It was never in a commit of its own: the merge that brought it made it give way at once."""
    ann, bob, eve, deal = trio
    bob.ok("deal", "edit", deal, "--next-step", "by bob")
    ann.ok("deal", "edit", deal, "--next-step", "by ann")
    settle(ann, bob, eve)
    for one in (ann, bob, eve):
        (told,) = open_conflicts(one)
        assert (told["lost"], told["current"]) == ("by bob", "by ann")
        assert (told["lost_by"], told["current_by"]) == ("bob", "ann"), one.user


def test_deleted_here_edited_there_restored_elsewhere(trio: Trio) -> None:
    ann, bob, eve, deal = trio
    ann.ok("deal", "rm", deal)
    ann.sync()
    eve.sync()
    eve.ok("deal", "restore", deal)
    bob.ok("deal", "edit", deal, "--next-step", "by bob")
    settle(eve, bob, ann)
    assert ann.get("deal", deal)["next_step"] == "by bob"
    # Eve saw the deletion and took it back: no conflict with her, but bob did not know of it.
    assert [one["lost"] for one in open_conflicts(bob)] in ([], ["deleted by ann"])
    story = json.dumps(bob.json("history", deal))
    for said in ("deleted", "restored", "by bob"):
        assert said in story, story


def test_deleted_by_two_and_edited_by_the_third(trio: Trio) -> None:
    ann, bob, eve, deal = trio
    ann.ok("deal", "rm", deal)
    bob.ok("deal", "rm", deal)
    eve.ok("deal", "edit", deal, "--next-step", "by eve")
    settle(ann, bob, eve)
    assert ann.get("deal", deal)["next_step"] == "by eve"
    assert {one["lost_by"] for one in open_conflicts(ann)} >= {"bob"}
    ann.ok("deal", "rm", deal)
    settle(ann, bob, eve)
    assert deal not in eve.records("deal")


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (1, 2, 0)])
def test_purged_here_and_edited_there(trio: Trio, order: tuple[int, ...]) -> None:
    """What was erased stays erased, what was written without knowing of it comes back, and the ledger says why."""
    ann, bob, eve, _ = trio
    contact = ann.id("contact", "add", "Zoe Quux", "--email", "zoe@quux.example")
    settle(ann, bob, eve)
    with ann.opened() as ws:
        from tuicrm.store.changes import Purge, Remove

        ws.commit([Remove("contact", contact), Purge("contact", contact)], by="ann", note="erased")
    bob.edit("contact", contact, notes="wants a call")
    clones = [ann, bob, eve]
    settle(*(clones[at] for at in order))
    for one in clones:
        record = one.get("contact", contact)
        assert record["notes"] == "wants a call"
        assert "emails" not in record
        assert "zoe@quux.example" not in json.dumps(one.ledger())
        (told,) = open_conflicts(one)
        assert told["lost_by"] == "ann"
        one.ok("contact", "show", contact)
        one.ok("contact", "list")
        one.ok("history", contact)
        one.ok("conflict", "show", told["id"])


def test_tags_and_e_mails_added_and_taken_out_on_both_sides(trio: Trio) -> None:
    ann, bob, eve, _ = trio
    contact = ann.id("contact", "add", "Zoe Quux", "--email", "zoe@quux.example", "--tag", "vip")
    settle(ann, bob, eve)
    bob.ok("contact", "edit", contact, "--untag", "vip")
    bob.edit("contact", contact, emails={"zoe@home.example": {"label": "home", "rank": 1}})
    ann.ok("contact", "edit", contact, "--tag", "board")
    work = {"zoe@work.example": {"label": "work", "rank": 2}}
    eve.edit("contact", contact, emails={**eve.get("contact", contact)["emails"], **work})
    eve.ok("contact", "edit", contact, "--untag", "vip")
    settle(ann, bob, eve)
    for one in (ann, bob, eve):
        record = one.get("contact", contact)
        assert record["tags"] == ["board"]
        assert set(record["emails"]) == {"zoe@home.example", "zoe@work.example"}
        assert open_conflicts(one) == []
    bob.ok("contact", "edit", contact, "--tag", "vip")
    bob.ok("contact", "edit", contact, "--untag", "vip")
    ann.ok("contact", "edit", contact, "--tag", "vip")
    settle(bob, ann, eve)
    assert eve.get("contact", contact)["tags"] == ["board", "vip"]


def test_items_of_a_deal_changed_on_both_sides(trio: Trio) -> None:
    ann, bob, eve, deal = trio
    ann.edit("deal", deal, items={"A": {"name": "seats", "quantity": 1}, "B": {"name": "days", "quantity": 2}})
    settle(ann, bob, eve)
    ann.edit("deal", deal, items={"A": {"name": "seats", "quantity": 5}})
    bob.edit("deal", deal, items={"A": {"name": "seats", "quantity": 7}, "B": {"name": "weeks", "quantity": 2}})
    settle(ann, bob, eve)
    assert eve.get("deal", deal)["items"]["A"]["quantity"] == 7
    held = {(one["field"], one.get("form", ""), one.get("value", "")) for one in eve.ledger()}
    assert ("items/A/quantity", "json", "5") in held
    assert ("items/B/name", "absent", "") in held
    for told in open_conflicts(eve):
        assert told["lost_by"] == "ann", told
        eve.ok("conflict", "resolve", told["id"], "--keep", "current")
    settle(eve, ann, bob)
    assert open_conflicts(ann) == []


@pytest.mark.parametrize("years", [-12, 9])
def test_a_resolution_holds_whatever_the_clocks_say(trio: Trio, years: int) -> None:
    ann, bob, eve, deal = trio
    bob.skew_ms = years * 365 * DAY
    bob.edit("deal", deal, next_step="by bob")
    ann.edit("deal", deal, next_step="by ann")
    settle(ann, bob, eve)
    (told,) = open_conflicts(eve)
    eve.ok("conflict", "resolve", told["id"], "--keep", "lost")
    settle(eve, ann, bob)
    for one in (ann, bob, eve):
        assert one.get("deal", deal)["next_step"] == told["lost"]
        assert open_conflicts(one) == []
    story = ann.json("history", deal)
    assert [one["by"] for one in story if told["current"] in one["text"]] != []


def test_a_conflict_settled_by_two_in_two_ways_is_a_conflict_again(trio: Trio) -> None:
    ann, bob, eve, deal = trio
    bob.edit("deal", deal, next_step="by bob")
    ann.edit("deal", deal, next_step="by ann")
    settle(ann, bob, eve)
    (told,) = open_conflicts(eve)
    eve.ok("conflict", "resolve", told["id"], "--keep", "eve's own")
    bob.ok("conflict", "resolve", told["id"], "--keep", "bob's other")
    settle(eve, bob, ann)
    stands = ann.get("deal", deal)["next_step"]
    (again,) = open_conflicts(ann)
    assert {stands, again["lost"]} == {"eve's own", "bob's other"}


def test_history_tells_the_same_people_before_and_after_a_sync(trio: Trio) -> None:
    ann, bob, eve, deal = trio
    bob.ok("deal", "edit", deal, "--next-step", "mail")
    before = [(one["by"], one["text"]) for one in bob.json("history", deal)]
    settle(bob, ann, eve)
    for one in (ann, bob, eve):
        assert [(line["by"], line["text"]) for line in one.json("history", deal)] == before, one.user


def test_typed_values_belong_to_who_committed_them(trio: Trio) -> None:
    ann, bob, eve, deal = trio
    eve.edit_by_hand("deal", deal, next_step="typed by eve")
    eve.commit_by_hand()
    settle(eve, bob, ann)
    (line,) = [one for one in ann.json("history", deal) if "typed by eve" in one["text"]]
    assert line["by"] == "Eve Orr"
    bob.edit_by_hand("deal", deal, next_step="typed by bob, not committed")
    settle(bob, ann, eve)
    (line,) = [one for one in ann.json("history", deal) if "typed by bob" in one["text"] and "eve" in one["text"]]
    assert line["by"] == "Bob Ray"


def test_a_loser_that_only_a_rebased_commit_holds_belongs_to_its_author(trio: Trio) -> None:
    ann, bob, eve, deal = trio
    eve.edit("deal", deal, next_step="by eve")
    eve.commit_by_hand()
    bob.edit("deal", deal, next_step="by bob")
    bob.sync()
    eve.git("pull", "--quiet", "--rebase")
    eve.git("push", "--quiet", "origin", "HEAD:main")
    ann.sync()
    (told,) = open_conflicts(ann)
    assert (told["lost"], told["lost_by"], told["current_by"]) == ("by eve", "eve", "bob")


def test_one_id_made_on_two_clones_is_joined_and_both_are_readable(trio: Trio) -> None:
    ann, bob, eve, _ = trio
    with ann.opened() as ws:
        key = ws.new_id()
    for one in (ann, bob):
        path = one.file_of("company", key)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a") as file:
            file.write(json.dumps({"id": key, "name": f"by {one.user}"}, separators=(",", ":"), sort_keys=True) + "\n")
    settle(ann, bob, eve)
    assert {eve.get("company", key)["name"], *eve.lost(key)} == {"by ann", "by bob"}
    for one in (ann, bob, eve):
        (told,) = open_conflicts(one)
        assert {told["lost"], told["current"]} == {"by ann", "by bob"}
        one.ok("history", key)
    eve.ok("conflict", "resolve", told["id"], "--keep", "lost")
    settle(eve, ann, bob)
    assert ann.get("company", key)["name"] == told["lost"]


def test_a_field_cleared_here_and_written_there(trio: Trio) -> None:
    ann, bob, eve, deal = trio
    bob.ok("deal", "edit", deal, "--next-step", "")
    ann.ok("deal", "edit", deal, "--next-step", "by ann")
    eve.edit_by_hand("deal", deal, next_step="typed by eve")
    settle(ann, bob, eve)
    told = {one["lost"] or "(nothing)": one for one in open_conflicts(ann)}
    assert len(told) == 2, told
    assert {one["current"] for one in told.values()} == {"by ann"}
    cleared = next(one for one in told.values() if "typed" not in one["lost"])
    assert cleared["lost_by"] == "bob"
    bob.ok("conflict", "resolve", cleared["id"], "--keep", "lost")
    settle(bob, ann, eve)
    assert "next_step" not in eve.get("deal", deal)


def test_conflicts_of_kinds_and_fields_that_nobody_here_knows(trio: Trio) -> None:
    ann, bob, eve, _ = trio
    ticket = ann.add("ticket", name="Broken", weight={"kg": 2}, steps=["a"])
    settle(ann, bob, eve)
    bob.edit("ticket", ticket, weight={"kg": 3}, steps=["a", "b"], name=None)
    ann.edit("ticket", ticket, weight={"kg": 4}, steps=["c"], name="Mended")
    settle(ann, bob, eve)
    for one in (ann, bob, eve):
        found = open_conflicts(one)
        assert found, one.user
        for told in found:
            one.ok("conflict", "show", told["id"])
            assert told["lost_by"] == "bob", told
    for told in open_conflicts(eve):
        eve.ok("conflict", "resolve", told["id"], "--keep", "lost")
    settle(eve, ann, bob)
    assert ann.get("ticket", ticket)["weight"] == {"kg": 3}
    assert open_conflicts(ann) == []


def test_a_ledger_that_somebody_tampered_with_agrees_everywhere(trio: Trio) -> None:
    ann, bob, eve, deal = trio
    bob.edit("deal", deal, next_step="by bob")
    ann.edit("deal", deal, next_step="by ann")
    settle(ann, bob, eve)
    (entry,) = eve.ledger()
    eve.edit_by_hand("conflict", str(entry["id"]), value="never written", record=7, field=["x"])
    path = bob.file_of("conflict", str(entry["id"]))
    path.write_text("")
    bob.commit_by_hand("no ledger")
    settle(bob, eve, ann)
    for one in (ann, bob, eve):
        one.ok("conflict", "list")
        one.ok("conflict", "list", "--all", "--json")
        assert str(entry["id"]) in one.records("conflict")


def test_a_typed_value_is_as_old_as_its_commit_and_not_as_what_it_replaced(trio: Trio) -> None:
    ann, bob, eve, _ = trio
    ann.skew_ms = -400 * DAY
    deal = ann.add("deal", name="From last year", next_step="call")
    ann.skew_ms = 0
    settle(ann, bob, eve)
    eve.edit_by_hand("deal", deal, next_step="typed by eve")
    eve.commit_by_hand()
    bob.edit("deal", deal, next_step="by bob")
    settle(eve, bob, ann)
    (told,) = open_conflicts(ann)
    assert (told["lost"], told["lost_by"]) == ("typed by eve", "eve")
    assert told["lost_at"][:4] == told["current_at"][:4]
    (line,) = [one for one in ann.json("history", deal) if "typed by eve" in one["text"] and "call" in one["text"]]
    assert line["at"][:10] == told["lost_at"][:10]
