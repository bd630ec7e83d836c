"""Erasing a person: out of the record, the log, the follow-ups, the ledger, and what this machine remembers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.sync.repos import Team
from tuicrm.store.changes import Write

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sync.repos import Clone

NEEDLES = (b"zeb quux", b"zeb@", b"quux.example", b"secret words", b"+49305550142")


@pytest.fixture
def ann(tmp_path: Path) -> Clone:
    """Ann's workspace with Zeb in many places."""
    one = Team(tmp_path).alone("ann")
    one.ok("contact", "add", "Jane Roe", "--email", "jane@acme.example")
    one.ok("deal", "add", "Acme renewal", "--value", "12k")
    one.ok("contact", "add", "Zeb Quux", "--email", "zeb@home.example", "--title", "secret words")
    one.ok("contact", "edit", "Zeb Quux", "--email", "zeb@quux.example", "--phone", "+49 30 555 0142")
    return one


def held(one: Clone) -> list[str]:
    """Return the files, of the data and of the private folder, in which Zeb still stands."""
    places = [*(one.root / "data").rglob("*.jsonl"), *(path for path in one.private.rglob("*") if path.is_file())]
    return [str(path) for path in places if any(needle in path.read_bytes().lower() for needle in NEEDLES)]


def erase(one: Clone, *words: str) -> Any:
    """Erase Zeb and return what was done."""
    return one.json("contact", "erase", "zeb@quux.example", "--yes", *words)


def test_nothing_of_the_person_is_left_in_the_data_or_on_this_machine(ann: Clone) -> None:
    zeb = ann.id("contact", "edit", "Zeb Quux", "--notes", "secret words")
    alone = ann.id("log", "email", "Zeb Quux: secret words", "--with", "Zeb")
    shared = ann.id("log", "call", "Zeb Quux <zeb@quux.example> wants tea", "--with", "Zeb", "--with", "Jane")
    of_deal = ann.id("log", "email", "secret words", "--with", "Zeb", "--deal", "Acme renewal")
    todo = ann.id("followup", "add", "call Zeb Quux", "--due", "tomorrow", "--contact", "Zeb")
    deal = ann.id("deal", "edit", "Acme renewal", "--contact", "Zeb", "--notes", "Zeb Quux decides")
    gone = ann.id("log", "note", "secret words", "--with", "Zeb")
    ann.ok("activity", "rm", gone)
    assert held(ann)
    done = erase(ann)
    assert {one["id"] for one in done["purged"]} == {alone, todo, gone}
    assert {one["id"] for one in done["cleaned"]} == {shared, of_deal, deal}
    assert (done["mentions"], done["remains"]) == ([], [])
    assert held(ann) == []
    assert zeb not in ann.records("contact")
    kept = ann.get("activity", shared)
    assert (kept["subject"], len(kept["contacts"])) == ("(erased) <(erased)> wants tea", 1)
    kept = ann.get("activity", of_deal)
    assert (kept["subject"], kept["deal"], "contacts" in kept) == ("(erased)", deal, False)
    assert ann.get("deal", deal)["notes"] == "(erased) decides"
    assert "contacts" not in ann.get("deal", deal)
    ann.ok("doctor")


def test_undo_neither_brings_it_back_nor_stands_in_the_way_of_what_was_done_before(ann: Clone) -> None:
    ann.ok("deal", "edit", "Acme renewal", "--value", "15k")
    erase(ann)
    ann.ok("undo")
    (deal,) = ann.records("deal").values()
    assert deal["value"] == "12000.00"
    assert held(ann) == []
    assert "Zeb" not in ann.ok("undo", "--list")


def test_an_import_of_many_can_still_be_undone_for_the_others(ann: Clone) -> None:
    path = ann.put("people.csv", "name,email\nZoe One,zoe@one.example\nYan Two,yan@two.example\n")
    ann.ok("import", str(path), "--as", "contact")
    ann.json("contact", "erase", "Zoe One", "--yes")
    ann.ok("undo")
    assert {one["name"] for one in ann.records("contact").values()} == {"Jane Roe", "Zeb Quux"}


def test_what_is_only_named_elsewhere_is_listed_for_a_person_to_look_at(ann: Clone) -> None:
    company = ann.id("company", "add", "Halden", "--notes", "ask zeb quux")
    ann.ok("lead", "add", "Z. Quux", "--email", "zeb@quux.example")
    done = erase(ann)
    assert {(one["kind"], one["field"]) for one in done["mentions"]} == {("company", "notes"), ("lead", "emails")}
    assert ann.get("company", company)["notes"] == "ask zeb quux"
    ann.json("lead", "erase", "zeb@quux.example", "--yes")
    assert ann.records("lead") == {}


def test_the_ledger_forgets_with_it(ann: Clone) -> None:
    zeb = ann.id("contact", "edit", "Zeb", "--city", "Bonn")
    with ann.opened() as ws:
        entry = ws.new_id()
        loser = {"of": "contact", "record": zeb, "field": "title", "version": entry, "value": "secret words"}
        ws.commit([Write("conflict", entry, loser)], by="ann", note="")
    assert {"kind": "conflict", "id": entry} in erase(ann)["purged"]
    assert held(ann) == []
    assert ann.json("conflict", "list", "--all") == []


def test_git_s_memory_is_counted(ann: Clone) -> None:
    ann.ok("sync")
    ann.ok("contact", "edit", "Zeb", "--city", "Bonn")
    ann.ok("sync")
    ran = ann.run("contact", "erase", "Zeb", "--yes", "--json")
    done = json.loads(ran.out)
    assert (done["commits"], done["first_commit"] <= done["last_commit"]) == (2, True)
    assert "2 commits" in ran.err
    assert "docs/erasing.md" in ran.err
    ann.ok("sync")
    assert json.loads(ann.ok("contact", "erase", done["id"], "--yes", "--json"))["commits"] == 2


def test_a_dry_run_changes_nothing_and_without_a_yes_nothing_happens(ann: Clone) -> None:
    before = ann.content()
    assert ann.json("contact", "erase", "Zeb", "--dry-run")["erased"] is False
    assert "--yes" in ann.fails(2, "contact", "erase", "Zeb")
    assert ann.content() == before
    ann.fails(3, "contact", "erase", "Nobody At All", "--yes")


def test_on_a_terminal_the_name_has_to_be_typed(ann: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tuicrm.cli.progress.can_ask", lambda: True)
    monkeypatch.setattr("click.prompt", lambda *_, **__: "Jane Roe")
    assert ann.run("contact", "erase", "Zeb").code == 130
    assert len(ann.records("contact")) == 2
    monkeypatch.setattr("click.prompt", lambda *_, **__: " zeb  QUUX ")
    ann.ok("contact", "erase", "Zeb")
    assert len(ann.records("contact")) == 1


def test_who_is_in_the_trash_can_be_erased_too(ann: Clone) -> None:
    ann.ok("contact", "rm", "Zeb")
    zeb = ann.json("contact", "erase", "Zeb Quux", "--yes")["id"]
    assert held(ann) == []
    ann.fails(5, "contact", "restore", zeb, says="erased for good")


def test_one_word_that_may_be_anybody_is_not_replaced_in_the_log(ann: Clone) -> None:
    li = ann.id("contact", "add", "Li", "--email", "li@x.example")
    log = ann.id("log", "call", "Li and limits, li@x.example", "--with", li, "--with", "Jane")
    done = ann.json("contact", "erase", li, "--yes")
    assert ann.get("activity", log)["subject"] == "Li and limits, (erased)"
    assert done["mentions"] == [{"kind": "activity", "id": log, "field": "subject"}]


def test_what_was_merged_goes_along_when_all_of_it_is_in_the_trash(ann: Clone) -> None:
    first = ann.id("contact", "add", "Zed Q", "--title", "secret words")
    second = ann.id("contact", "add", "Zed Quuks", "--title", "secret words")
    call = ann.id("log", "call", "secret words", "--with", first)
    deal = ann.id("deal", "edit", "Acme renewal", "--contact", second, "--notes", "Zeb Quux decides")
    zeb = ann.ok("contact", "merge", second, first) and ann.ok("contact", "merge", "zeb@quux.example", second).strip()
    ann.ok("contact", "rm", zeb)
    done = ann.json("contact", "erase", zeb, "--yes")
    assert {one["id"] for one in done["purged"]} >= {first, second, call}
    assert (done["mentions"], done["remains"]) == ([], [])
    assert held(ann) == []
    assert "contacts" not in ann.get("deal", deal)


def test_an_address_that_another_record_remembers_among_its_versions_is_told(ann: Clone) -> None:
    jane = ann.id("contact", "merge", "Jane Roe", "zeb@quux.example")
    ann.ok("undo")
    assert {"kind": "contact", "id": jane, "field": "_v"} in erase(ann)["mentions"]
