"""`quick` says what it understood, stores it, and stores nothing in a dry run; `clone` fetches a workspace."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .conftest import Shell


def test_quick_adds_what_it_says(stocked: Shell) -> None:
    key = stocked.id("quick", "call", "jane", "tomorrow 10am re acme renewal")
    assert stocked.err.splitlines()[:5] == [
        "Follow-up",
        "  what: call Jane Roe",
        "  when: Fri 9 Oct 2026 10:00 UTC (in 25 hours)   or none: it stays in the text",
        "  who: Jane Roe, Acme GmbH   or new 'jane'; none: it stays in the text",
        "  deal: Acme renewal, EUR 12,000, Lead   or none: it stays in the text",
    ]
    assert "added follow-up call Jane Roe" in stocked.err
    assert stocked.json("followup", "show", key)["due"] == "2026-10-09T10:00[UTC]"
    stocked.ok("undo")
    assert stocked.json("followup", "list") == []


def test_a_dry_run_adds_nothing(stocked: Shell) -> None:
    found = stocked.json("quick", "Zeta rollout 12k @zeta *nobody", "--dry-run")
    assert (found["kind"], found["id"], found["dry_run"]) == ("deal", None, True)
    assert found["fields"]["value"] == {"value": "EUR 12,000", "others": ["none: it stays in the name"]}
    assert (found["creates"], found["not_understood"]) == (["company Zeta"], ["*nobody"])
    assert len(stocked.json("deal", "list")) == 1
    assert [one["name"] for one in stocked.json("company", "list")] == ["Acme GmbH"]


def test_another_meaning_and_another_kind_can_be_asked_for(stocked: Shell) -> None:
    found = stocked.json("quick", "call jane friday", "--choose", "who=2")
    assert found["creates"] == ["contact jane"]
    assert {one["name"] for one in stocked.json("contact", "list")} == {"Jane Roe", "jane"}
    assert stocked.json("quick", "contacts", "--as", "task")["kind"] == "followup"


def test_what_quick_refuses(stocked: Shell) -> None:
    assert stocked.error("quick", "contacts")["message"].startswith("'contacts' is the name of a list")
    assert stocked.error("quick", " ")["message"] == "nothing is typed yet"
    assert stocked.error("quick", "call jane", "--as", "product")["exit"] == 5
    assert stocked.error("quick", "call jane", "--choose", "who=9")["exit"] == 5
    assert stocked.error("quick", "call jane", "--choose", "who")["exit"] == 2


def test_clone_fetches_a_workspace_and_opens_it_from_then_on(stocked: Shell) -> None:
    stocked.ok("doctor")
    who = ("-c", "user.name=Ann", "-c", "user.email=ann@acme.example")
    for words in (["add", "."], ["commit", "-qm", "start"]):
        subprocess.run(["git", *who, *words], cwd=stocked.folder, check=True)
    there = stocked.folder.parent / "copy"
    assert stocked.ok("clone", str(stocked.folder), str(there)) == f"{there}\n"
    assert "cloned the workspace acme" in stocked.err
    assert [one["name"] for one in stocked.json("contact", "list", "--workspace", str(there))] == ["Jane Roe"]
    assert stocked.run("clone", "ext::sh -c id", "x") == 5
    assert stocked.run("clone", "..") == 2
