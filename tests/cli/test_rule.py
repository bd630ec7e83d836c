"""Rules by commands: what sets them off, what they do in the same step, what time sets off, and nonsense."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .test_startup import loaded

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Shell

CHASE = ("rule", "add", "Chase offers", "--when", "stage Proposal", "--if", "value>10k")
LATER = "2026-11-02T09:00:00Z"


@pytest.fixture
def team(stocked: Shell) -> Shell:
    """Ann, Bob and Cem, and the deal Acme renewal of 12,000."""
    stocked.ok("user", "add", "Bob Ray", "--handle", "bob")
    stocked.ok("user", "add", "Cem Tan", "--handle", "cem")
    return stocked


def did(shell: Shell, rule: str = "") -> list[str]:
    return [one["did"] for one in shell.json("rule", "log", *([rule] if rule else []))]


def deal(shell: Shell, name: str = "Acme renewal") -> dict[str, Any]:
    found: dict[str, Any] = shell.json("deal", "show", name)
    return found


def test_a_change_and_what_it_sets_off_are_one_step(team: Shell) -> None:
    team.ok(*CHASE, "--do", "followup call in 3 days", "--do", "tag hot")
    team.ok("deal", "move", "Acme renewal", "Proposal")
    assert "Rule 'Chase offers': follow-up call, Sun 11 Oct; tag hot" in team.err
    (task,) = team.json("followup", "list")
    assert (task["subject"], task["due"], task["owner_name"]) == ("call", "2026-10-11", "ann")
    assert task["deal_name"] == "Acme renewal"
    assert deal(team)["tags"] == ["hot"]
    assert "rule Chase offers: follow-up call, Sun 11 Oct; tag hot" in team.ok("history", "Acme renewal")
    team.ok("undo")
    assert (deal(team)["stage"], deal(team)["tags"]) == ("lead", [])
    assert team.json("followup", "list") == did(team) == []
    team.ok("redo")
    assert len(team.json("followup", "list")) == len(did(team)) == 1


def test_a_rule_runs_for_what_its_query_fits_and_while_it_is_on(team: Shell) -> None:
    team.ok(*CHASE, "--do", "tag hot")
    team.ok("deal", "add", "Small", "--value", "9k")
    team.ok("deal", "move", "Small", "Proposal")
    assert deal(team, "Small")["tags"] == []
    team.ok("rule", "edit", "Chase offers", "--off")
    team.ok("deal", "move", "Acme renewal", "Proposal")
    assert deal(team)["tags"] == []
    team.ok("rule", "edit", "Chase offers", "--on")
    team.ok("deal", "move", "Acme renewal", "Demo")
    team.ok("deal", "move", "Acme renewal", "Proposal")
    assert deal(team)["tags"] == ["hot"]


def test_a_record_is_assigned_in_turn_also_when_it_is_theirs_already(team: Shell) -> None:
    team.ok("rule", "add", "Share", "--when", "lead created", "--do", "assign round robin ann, bob, cem")
    owners = []
    for name in ("One", "Two", "Three", "Four"):
        team.ok("lead", "add", name)
        owners.append(team.json("lead", "show", name)["owner_name"])
    assert owners == ["ann", "Bob Ray", "Cem Tan", "ann"]
    assert "stays with ann" in did(team, "Share")


def test_a_record_is_assigned_to_who_has_least_to_do_or_to_the_territory(team: Shell) -> None:
    team.ok("user", "edit", "cem", "--territory", "North")
    team.ok("company", "edit", "Acme GmbH", "--territory", "north")
    team.ok("rule", "add", "Load", "--when", "deal created", "--if", "-company:Acme", "--do", "assign load ann, bob")
    team.ok("rule", "add", "Place", "--when", "deal created", "--if", "company:Acme", "--do", "assign territory")
    team.ok("deal", "add", "A", "--value", "1k")
    team.ok("deal", "add", "B", "--company", "Acme GmbH")
    assert (deal(team, "A")["owner_name"], deal(team, "B")["owner_name"]) == ("Bob Ray", "Cem Tan")
    team.ok("company", "edit", "Acme GmbH", "--territory", "South")
    team.ok("deal", "add", "C", "--company", "Acme GmbH")
    assert "assigning failed: no user has the territory South" in team.err
    assert deal(team, "C")["owner_name"] == "ann"


def test_rules_set_each_other_off(team: Shell) -> None:
    team.ok("rule", "add", "A", "--when", "value changed", "--do", "set category=commit")
    team.ok("rule", "add", "B", "--when", "category changed", "--do", "tag sure", "--do", "notify bob: look")
    team.ok("deal", "edit", "Acme renewal", "--value", "20k")
    assert (deal(team)["category"], deal(team)["tags"]) == ("commit", ["sure"])
    (notice,) = team.json("followup", "list", "--where", "owner:bob tag:notice")
    assert notice["subject"] == "look"
    team.ok("undo")
    assert (deal(team)["category"], deal(team)["tags"]) == (None, [])


def test_a_circle_is_found_when_a_rule_is_saved(team: Shell) -> None:
    team.ok("rule", "add", "A", "--when", "value changed", "--do", "set category=commit")
    words = ("rule", "add", "B", "--when", "category changed", "--do", "set value=5k")
    error = team.error(*words)
    assert error["exit"] == 5
    assert '"B" (sets value), which sets off "A" (sets category), which sets off "B" again' in error["message"]
    assert [one["name"] for one in team.json("rule", "list")] == ["A"]
    team.ok(*words, "--off")
    assert team.error("rule", "edit", "B", "--on")["exit"] == 5
    assert team.error("rule", "add", "C", "--when", "tags changed", "--do", "tag x")["exit"] == 5


def test_a_circle_that_came_along_with_the_data_is_stopped_and_said(team: Shell) -> None:
    team.ok("rule", "add", "A", "--when", "value changed", "--do", "set category=commit")
    team.ok("rule", "add", "B", "--when", "category changed", "--do", "set value=5k", "--off")
    _turn_on(team, "B")
    team.ok("deal", "edit", "Acme renewal", "--value", "20k")
    assert deal(team)["value"] == "5000.00"
    assert any('stopped before "A" would run on it once more' in one for one in did(team, "B"))
    assert "would set itself off" in team.json("rule", "list")[0]["problem"]


def _turn_on(shell: Shell, name: str) -> None:
    """Let a rule be on without the check, as a colleague's edit that comes with a sync."""
    import os

    from tuicrm.crm.lookup import find
    from tuicrm.crm.opening import open_session
    from tuicrm.store.changes import Write

    session = open_session(shell.folder, os.environ)
    with session.ws as ws:
        ws.commit([Write("rule", find(session, "rule", name)["id"], {"active": True})], by="bob", note="on")


def test_a_chain_of_rules_on_ever_fresh_records_ends(team: Shell) -> None:
    team.ok("rule", "add", "Breed", "--when", "deal created", "--do", "followup one")
    team.ok("rule", "add", "More", "--when", "follow-up created", "--do", "log seen", "--off")
    team.ok("rule", "edit", "More", "--on")
    assert team.error("rule", "edit", "More", "--do", "followup more")["exit"] == 5
    team.ok("rule", "edit", "More", "--off", "--do", "followup more")
    _turn_on(team, "More")
    team.ok("deal", "add", "New", "--value", "1k")
    assert len(team.json("followup", "list")) == 4
    assert "rules set each other off 4 times in a row" in " ".join(did(team))


def test_silence_is_noticed_once(team: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    team.ok("rule", "add", "Quiet", "--when", "no activity for 14 days", "--do", "followup call in 2 days")
    team.ok("run")
    assert did(team) == []
    monkeypatch.setenv("TUICRM_NOW", LATER)
    team.ok("run", "--dry-run")
    assert "due: rule Quiet ran on Acme renewal" in team.err
    assert did(team) == []
    team.ok("run")
    team.ok("run")
    (task,) = team.json("followup", "list")
    # Counted from the day on which it was due, which is what every clone makes of it.
    assert task["due"] == "2026-10-24"
    assert len(did(team)) == 1
    team.ok("log", "call", "hello", "--deal", "Acme renewal")
    monkeypatch.setenv("TUICRM_NOW", "2026-11-20T09:00:00Z")
    team.ok("run")
    assert len(did(team)) == 2


def test_what_a_person_took_back_is_not_done_again(team: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    team.ok("rule", "add", "Quiet", "--when", "no activity for 14 days", "--do", "tag cold")
    monkeypatch.setenv("TUICRM_NOW", LATER)
    team.ok("run")
    team.ok("undo")
    team.ok("run")
    team.ok("rule", "run", "Quiet")
    assert "nothing is due for Quiet" in team.err
    assert deal(team)["tags"] == []


def test_late_follow_ups_do_not_breed(team: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    team.ok("followup", "add", "Send quote", "--due", "2026-10-09", "--deal", "Acme renewal")
    team.ok("rule", "add", "Late", "--when", "follow-up overdue", "--do", "notify owner: this is late")
    for now in ("2026-10-09T20:00:00Z", "2026-10-10T09:00:00Z", "2026-10-12T09:00:00Z", LATER):
        monkeypatch.setenv("TUICRM_NOW", now)
        team.ok("run")
    assert sorted(one["subject"] for one in team.json("followup", "list")) == ["Send quote", "this is late"]
    team.ok("followup", "reschedule", "Send quote", "--until", "2026-11-03")
    monkeypatch.setenv("TUICRM_NOW", "2026-11-04T09:00:00Z")
    team.ok("run")
    assert len(did(team)) == 2


def test_a_date_counts_from_the_day_the_rule_was_made(team: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    team.ok("deal", "add", "Old", "--value", "1k", "--close", "2026-10-01")
    team.ok("rule", "add", "Soon", "--when", "7 days before expected_close", "--do", "notify owner: closes in a week")
    monkeypatch.setenv("TUICRM_NOW", "2026-11-24T09:00:00Z")
    team.ok("run")
    assert [one["title"] for one in team.json("rule", "log")] == ["Acme renewal"]


def test_run_applies_a_rule_to_what_is_there_but_never_twice(team: Shell) -> None:
    team.ok("deal", "move", "Acme renewal", "Proposal")
    team.ok(*CHASE, "--do", "tag hot")
    team.ok("rule", "run", "Chase offers")
    team.ok("rule", "run", "Chase offers")
    assert len(did(team)) == 1
    team.ok("rule", "add", "New", "--when", "company created", "--do", "tag new")
    team.ok("company", "add", "Zeta")
    team.ok("rule", "run", "New")
    assert sorted(one["title"] for one in team.json("rule", "log", "New")) == ["Acme GmbH", "Zeta"]
    assert "runs at the moment" in team.error("rule", "run", _changed(team))["message"]


def _changed(shell: Shell) -> str:
    return shell.id("rule", "add", "V", "--when", "value changed", "--do", "tag v")


def test_hundreds_of_records_at_once_wait_for_a_yes(team: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tuicrm.crm.rules.timed.MOST", 1)
    team.ok("deal", "add", "Other", "--value", "1k")
    team.ok("rule", "add", "Quiet", "--when", "no activity for 14 days", "--do", "tag cold")
    monkeypatch.setenv("TUICRM_NOW", LATER)
    error = team.error("rule", "run", "Quiet")
    assert (error["exit"], error["message"]) == (6, "Quiet would run on 2 records at once")
    assert team.error("run")["exit"] == 6
    assert did(team) == []
    team.ok("rule", "run", "Quiet", "--yes")
    assert len(did(team)) == 2


def test_what_is_imported_sets_off_no_rule(team: Shell, tmp_path: Path) -> None:
    file = tmp_path / "leads.csv"
    file.write_text("name\nJo Doe\n")
    team.ok("rule", "add", "New", "--when", "lead created", "--do", "tag new")
    team.ok("import", str(file), "--as", "lead")
    assert team.json("lead", "show", "Jo Doe")["tags"] == []


def test_a_test_shows_what_would_have_been_and_writes_nothing(team: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    team.ok("deal", "move", "Acme renewal", "Proposal")
    monkeypatch.setenv("TUICRM_NOW", "2026-10-20T09:00:00Z")
    team.ok("deal", "edit", "Acme renewal", "--value", "3k")
    team.ok(*CHASE, "--do", "followup call in 3 days", "--do", "tag hot")
    before = team.ok("deal", "list", "--json")
    (would,) = team.json("rule", "test", "Chase offers")
    # The value was 12,000 at the time, and is below 10,000 now.
    assert (would["at"][:10], would["does"]) == ("2026-10-08", "follow-up call, Sun 11 Oct; tag hot")
    assert "as they were" in team.err
    assert team.json("rule", "test", "Chase offers", "--days", "5") == []
    assert team.ok("deal", "list", "--json") == before
    assert did(team) == team.json("followup", "list") == []


def test_a_command_runs_only_where_it_was_allowed_word_for_word(team: Shell, tmp_path: Path) -> None:
    out = tmp_path / "out"
    program = tmp_path / "bell.sh"
    program.write_text(f'#!/bin/sh\necho "$#|$1|$TUICRM_TITLE" >> {out}\n')
    program.chmod(0o755)
    team.ok("deal", "add", "$(touch owned); `x`", "--value", "1k")
    text = f"command {program} '$HOME; ls'"
    team.ok("rule", "add", "Bell", "--when", "stage Won", "--do", text, "--do", "tag rung")
    team.ok("deal", "win", "Acme renewal")
    assert not out.exists()
    assert 'not allowed on this machine (tuicrm rule allow "Bell")' in team.err
    assert deal(team)["tags"] == ["rung"]
    assert "rule allow" in team.error("rule", "run", "Bell")["hint"]
    assert team.run("rule", "allow", "Bell") == 6
    team.ok("rule", "allow", "Bell", "--yes")
    team.ok("deal", "win", "touch owned")
    assert out.read_text() == "1|$HOME; ls|$(touch owned); `x`\n"
    assert not (team.folder / "owned").exists()
    team.ok("rule", "edit", "Bell", "--do", f"command {program} other")
    team.ok("deal", "reopen", "Acme renewal")
    team.ok("deal", "win", "Acme renewal")
    assert len(out.read_text().splitlines()) == 1


def test_a_program_that_came_with_the_workspace_is_never_allowed(team: Shell) -> None:
    program = team.folder / "evil.sh"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for name, text in (("A", str(program)), ("B", f"/bin/sh {program}"), ("C", "/no/such/program")):
        team.ok("rule", "add", name, "--when", "stage Won", "--do", f"command {text}")
        assert team.run("rule", "allow", name, "--yes") == 5


def test_a_draft_is_filled_in_and_waits_for_a_person(team: Shell) -> None:
    team.ok("template", "add", "Intro", "--of", "deal", "--subject", "Hello {company.name}", "--body", "About {name}")
    team.ok("deal", "edit", "Acme renewal", "--contact", "Jane Roe")
    team.ok("rule", "add", "Mail", "--when", "stage Demo", "--do", "draft Intro")
    team.ok("deal", "move", "Acme renewal", "Demo")
    assert [one["subject"] for one in team.json("followup", "list")] == ["Look over and send: Hello Acme GmbH"]
    (entry,) = team.json("activity", "list", "--where", "type:rule")
    assert "jane@acme.example" in entry["body"]
    assert "About Acme renewal" in entry["body"]


def test_an_action_that_cannot_be_done_is_named_and_the_others_go_on(team: Shell) -> None:
    team.ok("pipeline", "edit", "Sales", "--stage", "verbal", "--requires", "next_step")
    team.ok("rule", "add", "Jump", "--when", "category changed", "--do", "set stage=Verbal", "--do", "tag seen")
    team.ok("deal", "edit", "Acme renewal", "--category", "commit")
    assert (deal(team)["stage"], deal(team)["tags"]) == ("lead", ["seen"])
    assert "setting the field failed: Verbal needs next step" in did(team)[0]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--when", "stage Proposl", "--do", "tag x"), "did you mean Proposal?"),
        (("--when", "stage Demo", "--if", "valu>1", "--do", "tag x"), "did you mean value?"),
        (("--when", "every full moon", "--do", "tag x"), "is no trigger; write one such as"),
        (("--when", "valu changed", "--do", "tag x"), "did you mean value?"),
        (("--when", "3 days before name", "--do", "tag x"), "name is no date"),
        (("--when", "weighted changed", "--do", "tag x"), "worked out by the program"),
        (("--when", "contact stage Demo", "--do", "tag x"), "contacts have no stages"),
        (("--when", "stage Demo", "--do", "dance"), "nothing that a rule can do"),
        (("--when", "stage Demo", "--do", "set valeu=1"), "did you mean value?"),
        (("--when", "stage Demo", "--do", "set value=abc"), "is no amount"),
        (("--when", "stage Demo", "--do", "set category"), "FIELD=VALUE"),
        (("--when", "stage Demo", "--do", "assign load ann"), "the users to choose from"),
        (("--when", "stage Demo", "--do", "notify ann"), "of what"),
        (("--when", "stage Demo", "--do", "command 'x"), "never closed"),
        (("--when", "setting created", "--do", "tag x"), "rules do not watch settings"),
    ],
)
def test_nonsense_is_one_clear_sentence_and_nothing_is_kept(team: Shell, words: tuple[str, ...], says: str) -> None:
    error = team.error("rule", "add", "X", *words)
    assert error["exit"] == 5
    assert says in error["message"]
    assert team.json("rule", "list") == []


def test_without_rules_no_command_loads_what_runs_them(team: Shell) -> None:
    assert not [name for name in loaded(["deal", "edit", "Acme renewal", "--value", "9k"]) if "rules" in name]
    assert not [name for name in loaded(["run"]) if "rules" in name]


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "g", "trigger": "moon", "of": "deal", "actions": {"a": {"do": "fly"}}},
        {"name": ["g"], "trigger": 5, "of": ["deal"], "actions": ["a"], "days": "9", "active": "no"},
        {"name": "g", "trigger": "idle", "of": "pigs", "days": 3, "actions": {"a": {"do": "tag", "text": "x"}}},
        {"name": "g", "trigger": "changed", "of": "deal", "field": "value", "condition": "((", "actions": {"a": 1}},
        {"name": "g", "trigger": "changed", "of": "deal", "field": "value", "actions": {
            "a": {"do": "followup", "text": "\x1b[31mred", "due": "never ever"},
            "b": {"do": "assign", "who": "nobody"},
            "c": {"do": "command", "text": "'"},
            "d": {"do": ["x"]},
        }},
        {"name": "g", "trigger": "date", "of": "deal", "field": "name", "days": -(10**15), "actions": {"a": {}}},
    ],
)  # fmt: skip
def test_a_rule_that_came_along_broken_stops_nothing(team: Shell, fields: dict[str, Any]) -> None:
    import os

    from tuicrm.crm.opening import open_session
    from tuicrm.store.changes import Write

    with open_session(team.folder, os.environ).ws as ws:
        key = ws.new_id()
        ws.commit([Write("rule", key, fields)], by="bob", note="odd")
    team.ok("deal", "edit", "Acme renewal", "--value", "20k")
    assert deal(team)["value"] == "20000.00"
    team.ok("run")
    (row,) = team.json("rule", "list")
    assert row["problem"] or fields["trigger"] == "date"
    for verb in ("show", "test", "run", "edit", "rm"):
        assert team.run("rule", verb, key, *(("--off",) if verb == "edit" else ())) in (0, 5, 6)
        assert "unexpected" not in team.err


def test_a_rule_that_would_close_a_circle_stays_in_the_trash(team: Shell) -> None:
    team.ok("rule", "add", "One", "--when", "value changed", "--do", "set category=commit")
    team.ok("rule", "rm", "One")
    team.ok("rule", "add", "Two", "--when", "category changed", "--do", "set value=3")
    assert team.error("rule", "restore", "One")["exit"] == 5
    team.ok("rule", "edit", "Two", "--off")
    team.ok("rule", "restore", "One")


def test_what_time_set_off_is_told_with_a_moment_that_is_over(team: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    team.ok("rule", "add", "Quiet", "--when", "no activity for 14 days", "--do", "tag quiet")
    monkeypatch.setenv("TUICRM_NOW", "2026-11-02T05:00:00Z")
    team.ok("run")
    assert [one["at"] for one in team.json("rule", "log")] == ["2026-10-22T09:00:00Z"]


def test_a_dry_run_tells_of_every_record(team: Shell) -> None:
    team.ok("rule", "add", "All", "--when", "deal created", "--do", "tag x")
    for number in range(7):
        team.ok("deal", "add", f"Deal {number}", "--stage", "lead")
    team.ok("rule", "edit", "All", "--do", "tag y")
    team.ok("rule", "add", "More", "--when", "deal created", "--do", "tag z")
    team.ok("rule", "run", "More", "--dry-run")
    assert all(f"on Deal {number}: tag z" in team.err for number in range(7))
    assert "rule log" not in team.err


def test_cron_hears_nothing_of_a_command_that_is_somebody_elses(team: Shell) -> None:
    team.ok("rule", "add", "Bell", "--when", "no activity for 14 days", "--do", "command /bin/true")
    team.ok("run")
    assert team.err == ""
    team.ok("run", "--dry-run")
    assert "its command is not allowed on this machine" in team.err


def test_what_cannot_be_set_is_said_of_what_the_rule_does(team: Shell) -> None:
    found = team.error("rule", "add", "Bad", "--when", "value changed", "--do", "set stage=Foo")
    assert found["message"].startswith("do: no pipeline has a stage 'Foo'")


def test_what_was_perhaps_meant_otherwise_is_said(team: Shell) -> None:
    team.ok("rule", "add", "Mine", "--when", "deal created", "--do", "set owner=me", "--do", "followup call in 3 dayz")
    assert "set owner=ann; followup call in 3 dayz" in team.err
    assert "no date was understood in: call in 3 dayz" in team.err


def test_a_rule_whose_template_is_gone_is_called_wrong(team: Shell) -> None:
    team.ok("template", "add", "Hello", "--subject", "Hello", "--body", "hi")
    team.ok("rule", "add", "Write", "--when", "deal created", "--do", "draft Hello")
    team.ok("template", "rm", "Hello")
    (rule,) = team.json("rule", "list")
    assert rule["problem"] == "actions: the template of the draft was removed"


def test_show_says_what_keeps_a_command_back(team: Shell) -> None:
    team.ok("rule", "add", "Bell", "--when", "deal created", "--do", "command /bin/true")
    team.ok("rule", "show", "Bell")
    assert "its command is not run on this machine until you allow it" in team.err
    team.ok("rule", "allow", "Bell", "--yes")
    team.ok("rule", "show", "Bell")
    assert team.err == ""
