"""Discounts as people give them: with a reason, up to a limit, above it by somebody's yes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Shell


@pytest.fixture
def limited(stocked: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Bob, a rep, acts; Ann is his manager, and Eve may give anything."""
    stocked.ok("user", "edit", "ann", "--role", "manager")
    stocked.ok("user", "add", "Bob Ray", "--handle", "bob", "--role", "rep", "--manager", "ann")
    stocked.ok("user", "add", "Eve Orr", "--handle", "eve")
    stocked.ok("config", "set", "discount_limits", "rep 10, manager 25%, eve 100")
    monkeypatch.setenv("TUICRM_USER", "bob")
    return stocked


def given(shell: Shell) -> list[tuple[Any, Any, Any]]:
    found = shell.json("deal", "discount", "Acme renewal")
    return [(one["item_name"], one["discount"], one["asked"]) for one in found]


def texts(shell: Shell) -> list[str]:
    return [one["text"] for one in shell.json("history", "Acme renewal")]


def test_without_limits_anything_goes_but_not_without_a_reason(stocked: Shell) -> None:
    assert stocked.error("deal", "discount", "Acme renewal", "12.5")["field"] == "reason"
    stocked.ok("deal", "discount", "Acme renewal", "12.5%", "--reason", "three years")
    assert "the value stays EUR 12000.00" in stocked.err
    assert given(stocked) == [(None, "12.5", None)]
    assert texts(stocked)[0] == "discount: 12.5 % (three years)"
    assert "12.5 % (three years)" in stocked.ok("deal", "show", "Acme renewal")
    stocked.ok("deal", "discount", "Acme renewal", "none")
    assert given(stocked) == []
    stocked.ok("undo")
    assert given(stocked) == [(None, "12.5", None)]


def test_line_items_hold_their_own(stocked: Shell) -> None:
    stocked.ok("product", "add", "Suite", "--price", "100")
    stocked.ok("deal", "edit", "Acme renewal", "--product", "Suite")
    stocked.ok("deal", "discount", "Acme renewal", "10", "--reason", "loyal", "--item", "suite")
    (item,) = stocked.json("deal", "show", "Acme renewal")["items"].values()
    assert (item["discount"], item["discount_reason"], item["price"]) == ("10", "loyal", "100.00")
    assert given(stocked) == [("Suite", "10", None)]
    assert stocked.error("deal", "discount", "Acme renewal", "10", "--reason", "x", "--item", "7")["exit"] == 3


def test_the_history_tells_of_a_discount_once(stocked: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = (
        ("item", "add", "Acme renewal", "--name", "Seat", "--price", "100", "--quantity", "2"),
        ("discount", "Acme renewal", "10", "--reason", "loyal", "--item", "seat"),
        ("item", "edit", "Acme renewal", "seat", "--tax", "7", "--discount", "15"),
        ("discount", "Acme renewal", "none"),
    )
    for hour, step in enumerate(steps, 10):
        monkeypatch.setenv("TUICRM_NOW", f"2026-11-02T{hour}:00:00Z")
        stocked.ok("deal", *step)
    assert sorted(one for one in texts(stocked) if one.startswith(("discount", "items"))) == [
        "discount: 10 % (loyal)",
        "discount: 10 % > 15 % (loyal)",
        "discount: cleared, was 15 %",
        "items: +Seat",
        "items: Seat tax (none) > 7",
    ]


def test_above_the_limit_it_is_refused_naming_who_may(limited: Shell) -> None:
    limited.ok("deal", "discount", "Acme renewal", "10", "--reason", "loyal")
    before = limited.json("deal", "show", "Acme renewal")
    found = limited.error("deal", "discount", "Acme renewal", "20", "--reason", "competitor")
    assert found["exit"] == 5
    assert found["message"] == "discount: 20 % is more than the 10 % that you may give; ann, Eve Orr may approve it"
    assert limited.json("deal", "show", "Acme renewal") == before


def test_a_price_below_the_list_is_a_discount(limited: Shell) -> None:
    limited.ok("product", "add", "Suite", "--price", "100")
    item = ("deal", "item", "add", "Acme renewal", "--product", "Suite")
    assert limited.run(*item, "--price", "80") == 5
    assert (
        "price: Suite would be 20 % below its list price, which is more than the 10 % that you may give" in limited.err
    )
    assert "ann, Eve Orr may approve it" in limited.err
    limited.ok(*item, "--price", "95")
    assert limited.run("deal", "item", "edit", "Acme renewal", "1", "--price", "9") == 5
    limited.ok("deal", "item", "edit", "Acme renewal", "1", "--quantity", "3", "--price", "120")
    limited.ok("product", "edit", "Suite", "--price", "500")
    limited.ok("deal", "item", "edit", "Acme renewal", "1", "--quantity", "4")


def test_asked_for_and_approved(limited: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    limited.ok("deal", "discount", "Acme renewal", "20", "--reason", "competitor", "--ask")
    assert given(limited) == [(None, None, "20")]
    (todo,) = limited.json("followup", "list")
    assert (todo["subject"], todo["owner_name"]) == ("approve 20 % discount: competitor", "ann")
    assert limited.error("deal", "approve-discount", "Acme renewal")["exit"] == 5
    monkeypatch.setenv("TUICRM_USER", "ann")
    (asked,) = limited.json("deal", "discount")
    assert (asked["asked_by_name"], asked["approvers"]) == ("Bob Ray", ["ann", "Eve Orr"])
    limited.ok("deal", "approve-discount", "Acme renewal")
    assert given(limited) == [(None, "20", None)]
    assert limited.json("deal", "discount") == []
    (told,) = limited.json("followup", "list")
    assert (told["subject"], told["owner_name"]) == ("20 % discount approved", "Bob Ray")
    assert "discount: 20 % (competitor; asked by Bob Ray)" in texts(limited)
    assert "discount asked: 20 % (competitor)" in texts(limited)
    monkeypatch.setenv("TUICRM_USER", "bob")
    limited.ok("deal", "edit", "Acme renewal", "--next-step", "send it")
    limited.ok("deal", "discount", "Acme renewal", "5", "--reason", "less will do")
    assert limited.error("deal", "approve-discount", "Acme renewal")["exit"] == 3


def test_declined(limited: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    limited.ok("deal", "discount", "Acme renewal", "20", "--reason", "competitor", "--ask")
    monkeypatch.setenv("TUICRM_USER", "ann")
    limited.ok("deal", "approve-discount", "Acme renewal", "--decline", "--reason", "15 at most")
    assert given(limited) == []
    (told,) = limited.json("followup", "list")
    assert (told["subject"], told["owner_name"]) == ("20 % discount declined: 15 at most", "Bob Ray")
    assert "discount asked: 20 % > declined (15 at most)" in texts(limited)
    limited.ok("undo")
    assert given(limited) == [(None, None, "20")]


def test_nobody_gives_more_than_the_highest_limit(limited: Shell) -> None:
    limited.ok("user", "edit", "eve", "--active", "no")
    found = limited.error("deal", "discount", "Acme renewal", "60", "--reason", "x", "--ask")
    assert (found["exit"], "nobody's limit allows it" in found["message"]) == (5, True)
    assert limited.json("followup", "list") == []


@pytest.mark.parametrize("text", ["10", "rep", "rep lots", "rep -5", "rep 101"])
def test_limits_that_make_no_sense_are_refused(stocked: Shell, text: str) -> None:
    assert stocked.run("config", "set", "discount_limits", text) == 5
    assert "discount_limits" in stocked.err


@pytest.mark.parametrize("share", ["101", "-1", "ten", "1e2", "5.1234567"])
def test_shares_that_make_no_sense_are_refused(stocked: Shell, share: str) -> None:
    assert stocked.run("deal", "discount", "--reason", "x", "--", "Acme renewal", share) == 5
    assert given(stocked) == []
