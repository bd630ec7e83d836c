"""`answer` as people use it: added, looked for, asked, answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sync.repos import Team, settle

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Shell


def test_questions_are_collected_once_and_answered(shell: Shell) -> None:
    key = shell.id("answer", "ask", "Do", "you", "have", "an", "office", "in", "Ghent?")
    assert shell.id("answer", "ask", "do you have an office in ghent") == key
    assert "it waits for an answer" in shell.err
    shell.ok("answer", "add", "Is there a SOC2 report?", "--answer", "Yes, type II.")
    assert [one["id"] for one in shell.json("answer", "list", "--unanswered")] == [key]
    assert shell.json("answer", "search", "ghent") == []
    shell.ok("answer", "edit", "ghent", "--answer", "No.")
    assert shell.json("answer", "list", "--unanswered") == []
    assert [one["answer"] for one in shell.json("answer", "search", "OFFICE")] == ["No."]
    assert shell.error("answer", "ask", " ")["exit"] == 5


def test_search_finds_questions_before_texts_and_the_most_used_first(shell: Shell) -> None:
    from tuicrm.crm.answers import take
    from tuicrm.crm.opening import open_session

    first = shell.id("answer", "add", "What about price?", "--answer", "See the list")
    second = shell.id("answer", "add", "A price for schools?", "--answer", "Half")
    third = shell.id("answer", "add", "Discounts?", "--answer", "No, the price holds", "--tag", "money")
    assert [one["id"] for one in shell.json("answer", "search", "price")] == [second, first, third]
    session = open_session(shell.folder, {"HOME": str(shell.folder), "TUICRM_USER": "ann"})
    for _ in range(2):
        session.ws.commit(take(session, [first]), by="ann", note="")
    session.ws.close()
    assert [one["id"] for one in shell.json("answer", "search", "price")] == [first, second, third]
    top = shell.json("answer", "list")[0]
    assert (top["id"], top["used"]) == (first, 2)
    assert [one["id"] for one in shell.json("answer", "search", "money")] == [third]


def test_uses_on_two_clones_add_up(tmp_path: Path) -> None:
    from tuicrm.crm.answers import take
    from tuicrm.crm.opening import open_session

    ann, bob = Team(tmp_path).clones("ann", "bob")
    ann.ok("user", "add", "Bob Ray", "--handle", "bob")
    key = ann.ok("answer", "add", "Price?", "--answer", "12").strip()
    settle(ann, bob)
    for clone, times in ((ann, 2), (bob, 3)):
        session = open_session(clone.root, clone.env)
        for _ in range(times):
            session.ws.commit(take(session, [key]), by=clone.user, note="")
        session.ws.close()
    settle(ann, bob)
    assert [one["used"] for one in (*ann.json("answer", "list"), *bob.json("answer", "list"))] == [5, 5]
