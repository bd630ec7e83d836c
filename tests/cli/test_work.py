"""A team's daily work through commands: stages, the log, follow-ups, the board, taking back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Shell


def stage(shell: Shell) -> str:
    found: str = shell.json("deal", "show", "Acme renewal")["stage"]
    return found


def test_a_deal_moves_and_its_history_tells(stocked: Shell) -> None:
    moved = stocked.ok("deal", "move", "Acme renewal", "demo")
    assert len(moved.split()) == 1
    assert "Demo" in stocked.err
    assert stage(stocked) == "demo"
    assert [one["text"] for one in stocked.json("history", "Acme renewal") if "stage" in one["text"]] == [
        "stage: Lead > Demo"
    ]


def test_a_deal_is_won_lost_and_taken_up_again(stocked: Shell) -> None:
    won = stocked.json("deal", "win", "Acme renewal", "--value", "11k", "--closed", "yesterday")
    assert (won["status"], won["value"], won["closed_on"]) == ("won", "11000.00", "2026-10-07")
    assert stocked.json("deal", "reopen", "Acme renewal")["status"] == "open"
    lost = stocked.json("deal", "lose", "Acme renewal", "--reason", "timing")
    assert (lost["status"], lost["lost_reason"], lost["closed_on"]) == ("lost", "timing", "2026-10-08")
    assert stocked.json("deal", "reopen", "Acme renewal", "--stage", "proposal")["stage"] == "proposal"


def test_several_deals_move_as_one_step(stocked: Shell) -> None:
    stocked.ok("deal", "add", "Second")
    stocked.ok("deal", "move", "Acme renewal", "Second", "proposal")
    assert {one["stage"] for one in stocked.json("deal", "list")} == {"proposal"}
    stocked.ok("undo")
    assert {one["stage"] for one in stocked.json("deal", "list")} == {"lead"}
    stocked.ok("redo")
    assert {one["stage"] for one in stocked.json("deal", "list")} == {"proposal"}


def test_a_stage_that_asks_for_fields_names_them(stocked: Shell) -> None:
    stocked.ok("pipeline", "edit", "Sales", "--stage", "proposal", "--requires", "next_step")
    error = stocked.error("deal", "move", "Acme renewal", "proposal")
    assert (error["exit"], error["field"]) == (5, "next_step")
    stocked.ok("deal", "move", "Acme renewal", "proposal", "--next-step", "send the offer")
    assert stage(stocked) == "proposal"


def test_an_unknown_stage_names_the_nearest(stocked: Shell) -> None:
    assert stocked.run("deal", "move", "Acme renewal", "propsal") == 3
    assert "Proposal" in stocked.err


def test_a_call_is_logged_with_its_next_step(stocked: Shell) -> None:
    logged = stocked.json(
        *("log", "call", "Wants", "the", "report", "--with", "Jane Roe", "--deal", "Acme renewal"),
        *("--outcome", "reached", "--duration", "12m", "--next", "call in 3 days"),
    )
    assert (logged["type"], logged["subject"], logged["duration"]) == ("call", "Wants the report", 12)
    assert logged["company_name"] == "Acme GmbH"
    (todo,) = stocked.json("followup", "list")
    assert (todo["subject"], todo["due"], todo["deal"]) == ("call", "2026-10-11", logged["deal"])
    assert stocked.json("activity", "list", "--where", "type:call")[0]["id"] == logged["id"]
    assert stocked.json("activity", "log", "note", "Budget is signed off")["type"] == "note"


def test_logging_can_close_a_followup(stocked: Shell) -> None:
    todo = stocked.id("task", "add", "Call Jane", "--deal", "Acme renewal", "--due", "today")
    stocked.ok("log", "call", "Done", "--followup", todo)
    assert stocked.json("followup", "list") == []
    assert stocked.json("followup", "show", todo)["done_at"]


def test_followups_are_put_off_and_done(stocked: Shell) -> None:
    todo = stocked.id("followup", "add", "Check in", "--due", "2026-10-09", "--repeat", "every 2 weeks")
    assert stocked.json("followup", "reschedule", todo, "--until", "next monday 10am")["due"].startswith(
        "2026-10-12T10"
    )
    assert stocked.json("followup", "snooze", todo, "--until", "2026-10-20")["snoozed_until"] == "2026-10-20"
    stocked.ok("followup", "close", todo)
    (again,) = stocked.json("followup", "list")
    assert again["id"] != todo
    assert again["subject"] == "Check in"


def test_the_agenda_of_a_day(stocked: Shell) -> None:
    stocked.ok("followup", "add", "Late one", "--due", "2026-10-05", "--deal", "Acme renewal")
    stocked.ok("followup", "add", "Today", "--due", "today 16:00")
    stocked.ok("followup", "add", "Later", "--due", "2026-11-05")
    stocked.ok("deal", "edit", "Acme renewal", "--close", "today")
    found = stocked.json("agenda")
    assert found["day"] == "2026-10-08"
    assert [[one["title"] for one in found[part]] for part in ("late", "today", "closes")] == [
        ["Late one"],
        ["Today"],
        ["Acme renewal"],
    ]
    text = stocked.ok("agenda")
    assert "Late one" in text
    assert "late 3d" in text
    assert "16:00" in text
    assert [one["title"] for one in stocked.json("agenda", "--day", "5 nov")["today"]] == ["Later"]


def test_a_day_without_work_names_the_next_follow_up(stocked: Shell) -> None:
    stocked.ok("agenda", "--day", "1 nov")
    assert stocked.err.strip() == "nothing to do on 2026-11-01"
    stocked.ok("followup", "add", "Much later", "--due", "2026-12-05")
    stocked.ok("followup", "add", "Later", "--due", "2026-11-05 09:00")
    stocked.ok("agenda", "--day", "1 nov")
    assert stocked.err.strip() == "nothing to do on 2026-11-01; next: Later, 2026-11-05 09:00"


def test_the_board_fits_and_adds_up(stocked: Shell) -> None:
    stocked.ok("deal", "add", "Second", "--value", "3k", "--stage", "demo")
    text = stocked.ok("board")
    assert max(map(len, text.splitlines())) <= 80
    assert "Acme ren" in text
    board = stocked.json("board")
    assert (board["open_count"], board["totals"]) == (2, {"EUR": "15000.00"})
    assert [one["name"] for one in board["columns"]][:3] == ["Lead", "Qualified", "Demo"]
    assert [one["title"] for one in board["columns"][2]["cards"]] == ["Second"]
    assert stocked.json("board", "--where", "value>10k")["open_count"] == 1
    assert stocked.run("board", "--pipeline", "none") == 3


@pytest.mark.parametrize("cells", [30, 60, 80, 200])
def test_the_board_fits_any_terminal(stocked: Shell, cells: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from tuicrm.text import width

    monkeypatch.setattr("tuicrm.cli.state.State.width", cells)
    stocked.ok("deal", "add", "Αθήνα και " * 9, "--value", "3k")
    assert max(width(line) for line in stocked.ok("board").splitlines()[1:-1]) <= cells


def test_search_finds_every_kind(stocked: Shell) -> None:
    found = stocked.json("search", "acme")
    assert {one["kind"] for one in found} == {"company", "contact", "deal"}
    assert "Jane Roe" in stocked.ok("search", "jane", "acme")
    assert stocked.json("search", "zzz") == []
    assert stocked.ok("search", "zzz") == ""


def test_history_finds_a_record_of_any_kind(stocked: Shell) -> None:
    stocked.ok("log", "note", "Met", "--with", "Jane Roe")
    assert "Met" in stocked.ok("history", "jane@acme.example")
    assert stocked.run("history", "nobody") == 3
    stocked.ok("company", "add", "Acme renewal")
    error = stocked.error("history", "Acme renewal")
    assert (error["exit"], len(error["candidates"])) == (4, 2)
    stocked.ok("history", "Acme renewal", "--kind", "company")


def test_undo_says_what_it_undid_and_stops_at_the_end(stocked: Shell) -> None:
    stocked.ok("deal", "rm", "Acme renewal")
    assert stocked.ok("undo") == ""
    assert "removed Acme renewal" in stocked.err
    stocked.ok("redo")
    assert stocked.json("deal", "list", "--all") == []
    while (code := stocked.run("undo")) == 0:
        assert len(stocked.err) < 500
    assert code == 3
    assert stocked.err.startswith("tuicrm: ")


def test_undo_lists_the_steps_the_latest_first(stocked: Shell) -> None:
    stocked.ok("deal", "edit", "Acme renewal", "--value", "13k")
    stocked.ok("deal", "rm", "Acme renewal")
    stocked.ok("undo")
    first, second = stocked.json("undo", "--list")[:2]
    assert (first["undone"], first["note"]) == (True, "removed Acme renewal")
    assert second["undone"] is False
    assert stocked.ok("undo", "--list").splitlines()[1].split("undone")[1].strip() == "removed Acme renewal"


def test_pipelines_and_their_stages(stocked: Shell) -> None:
    made = stocked.id("pipeline", "add", "Renewals", "--stage", "Due 20% 30d", "--stage", "Offer 60%")
    assert "Offer" in stocked.ok("pipeline", "show", "Renewals")
    stocked.ok("pipeline", "edit", "Renewals", "--add", "Legal 80%", "--before", "offer")
    stocked.ok("pipeline", "edit", "Renewals", "--stage", "due", "--name", "Coming", "--probability", "25")
    rows = stocked.ok("pipeline", "show", "Renewals").splitlines()[2:]
    assert [row.split()[1] for row in rows] == ["Coming", "Legal", "Offer", "Won", "Lost"]
    stocked.ok("deal", "add", "Renew", "--pipeline", "Renewals", "--stage", "legal")
    assert stocked.error("pipeline", "edit", "Renewals", "--remove", "legal")["exit"] == 5
    stocked.ok("pipeline", "edit", "Renewals", "--remove", "legal", "--to", "offer")
    assert stocked.json("deal", "show", "Renew")["stage"] == "offer"
    assert stocked.run("pipeline", "rm", "Renewals") == 5
    stocked.ok("pipeline", "rename", "Renewals", "Extensions")
    assert stocked.json("pipeline", "show", "Extensions")["id"] == made
    assert stocked.run("pipeline", "edit", "Sales") == 2


def test_views_are_saved_filters(stocked: Shell) -> None:
    stocked.ok("deal", "add", "Small", "--value", "1k")
    stocked.ok("view", "add", "Big ones", "--where", "value>5k", "--sort", "-value", "--columns", "name,value")
    assert stocked.ok("deal", "list", "--view", "big ones").splitlines()[0].split() == ["ID", "NAME", "VALUE"]
    found = stocked.json("deal", "list", "--view", "big ones", "--where", "owner:me or is:won", "--columns", "name")
    assert [one["name"] for one in found] == ["Acme renewal"]
    assert [one["name"] for one in stocked.json("view", "list")] == ["Big ones"]
    assert stocked.run("deal", "list", "--view", "big") == 3
    assert stocked.run("view", "add", "Wrong", "--where", "vlaue>5") == 5
    stocked.ok("view", "rm", "Big ones")
    assert stocked.json("view", "list") == []


def test_settings(stocked: Shell) -> None:
    stocked.ok("config", "set", "date_order", "mdy")
    assert stocked.ok("config", "get", "date_order") == "mdy\n"
    stocked.ok("deal", "edit", "Acme renewal", "--close", "10/11/2026")
    assert stocked.json("deal", "show", "Acme renewal")["expected_close"] == "2026-10-11"
    assert {"key", "value", "default", "given", "help"} == set(stocked.json("config", "list")[0])
    assert stocked.run("config", "set", "date_ordr", "mdy") == 5
    assert "date_order" in stocked.err
    assert stocked.run("config", "set", "user", "nobody") == 3


def test_doctor_of_a_sound_workspace(stocked: Shell) -> None:
    assert stocked.ok("doctor") == ""
    assert stocked.json("doctor") == []
    stocked.ok("doctor", "--fix")


def test_doctor_tells_of_broken_lines_and_mends_order(stocked: Shell) -> None:
    (data,) = (stocked.folder / "data" / "company").glob("*.jsonl")
    line = data.read_bytes()
    record = json.loads(line)
    other = "YY" if record["id"][-4:-2] == "ZZ" else "ZZ"
    odd = {
        **record,
        "id": record["id"][:-4] + other + record["id"][-2:],
        "employees": "many",
        "parent": record["id"][::-1],
    }
    data.write_bytes(json.dumps(odd).encode() + b"\n{broken\n<<<<<<< HEAD\n" + line)
    assert stocked.run("doctor", "--json") == 8
    found = json.loads(stocked.out)
    assert [(one["level"], one["line"]) for one in found if one["path"]] == [("damage", 2), ("notice", 3)]
    assert {(one["level"], one["field"]) for one in found if one["kind"]} == {
        ("damage", "employees"),
        ("notice", "parent"),
    }
    assert len(stocked.json("company", "list")) == 2
    assert stocked.run("doctor", "--fix") == 8
    assert "wrote 1 file anew" in stocked.err
    lines = data.read_bytes().splitlines()
    assert lines[-1] == b"{broken"
    assert b"<<<<<<<" not in data.read_bytes()
    assert len(lines) == 3


def test_completion_and_what_it_offers(stocked: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    for shell in ("bash", "zsh", "fish"):
        assert "_TUICRM_COMPLETE" in stocked.ok("completion", shell)
    monkeypatch.setenv("_TUICRM_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "tuicrm deal mo")
    monkeypatch.setenv("COMP_CWORD", "2")
    assert stocked.spawn().stdout.split() == [b"plain,move"]


@pytest.mark.parametrize("topic", ["exit-codes", "query", "dates"])
def test_topics(bare: Shell, topic: str) -> None:
    assert len(bare.ok("help", topic).splitlines()) > 10


def test_help_of_a_command_is_its_help(bare: Shell) -> None:
    assert bare.ok("help", "deal", "add") == bare.ok("deal", "add", "--help")
    assert bare.ok("help") == bare.ok("--help")


def test_schema_needs_no_workspace(bare: Shell) -> None:
    assert bare.json("schema", "contact")["required"] == ["id", "name"]
    assert {"company", "contact", "deal"} <= set(bare.json("schema")["$defs"])
    assert bare.run("schema", "dael") == 5


def test_doctor_tells_of_clocks_that_were_ahead(stocked: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUICRM_NOW", "2030-01-01T00:00:00Z")
    stocked.ok("deal", "edit", "Acme renewal", "--value", "13k")
    monkeypatch.setenv("TUICRM_NOW", "2026-10-08T09:00:00Z")
    found = stocked.json("doctor")
    assert {one["level"] for one in found} == {"notice"}
    assert {"value", "currency"} <= {one["field"] for one in found if one["kind"] == "deal"}


def test_doctor_tells_of_a_lock_that_git_left(stocked: Shell) -> None:
    lock = stocked.folder / ".git" / "index.lock"
    lock.touch()
    (found,) = stocked.json("doctor")
    assert found["path"] == str(lock)
    stocked.ok("deal", "edit", "Acme renewal", "--value", "13k")
    lock.unlink()
    assert stocked.json("deal", "show", "Acme renewal")["value"] == "13000.00"
