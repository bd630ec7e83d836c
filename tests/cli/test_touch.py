"""Touches: noted by a command, on the timeline, through a conversion, and in the report that they feed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Shell


@pytest.fixture
def led(shell: Shell) -> Shell:
    """A workspace with a lead of no source."""
    shell.ok("lead", "add", "Kim Po", "--email", "kim@po.example")
    return shell


def figures(shell: Shell, part: str = "") -> dict[str, dict[str, Any]]:
    found = shell.json("report", "sources", "--period", "2026")
    if part:
        (found,) = [one for one in found["sections"] if one["report"] == part]
    return {row["label"]: row for row in found["rows"]}


def test_the_first_touch_is_the_source_and_stands_on_the_timeline(led: Shell) -> None:
    entry = led.json("touch", "Kim Po", "event", "Spring fair", "--at", "2026-05-12", "--page", "po.example/fair")
    assert (entry["type"], entry["touch"], entry["subject"]) == ("touch", "event", "Spring fair")
    assert (entry["source"], entry["page"], entry["at"][:10]) == ("Spring fair", "po.example/fair", "2026-05-12")
    led.ok("activity", "touch", "Kim Po", "camp", "Autumn letter", "--source", "newsletter")
    assert led.json("lead", "show", "Kim Po")["source"] == "Spring fair"
    said = led.ok("history", "kim@po.example")
    assert "event touch with Kim Po: Spring fair" in said
    assert "campaign touch with Kim Po: Autumn letter" in said
    assert [one["campaign"] for one in led.json("activity", "list", "--where", "type:touch touch:campaign")] == [
        "Autumn letter"
    ]


def test_one_undo_takes_back_touch_and_source(led: Shell) -> None:
    led.ok("touch", "Kim Po", "event", "Fair")
    led.ok("undo")
    assert led.json("lead", "show", "Kim Po")["source"] is None
    assert led.json("activity", "list", "--where", "type:touch") == []


def test_a_touch_is_no_talk(stocked: Shell) -> None:
    stocked.ok("touch", "Acme renewal", "page", "pricing")
    assert stocked.json("deal", "show", "Acme renewal")["last_activity_at"] is None
    stocked.ok("log", "call", "hello", "--deal", "Acme renewal")
    assert stocked.json("deal", "show", "Acme renewal")["last_activity_at"]


def test_touches_follow_a_lead_through_its_conversion(led: Shell) -> None:
    led.ok("touch", "Kim Po", "event", "Fair", "--at", "2026-09-01")
    led.ok("lead", "convert", "kim@po.example", "--deal", "Kim's order")
    led.ok("touch", "Kim Po", "campaign", "Letter", "--at", "2026-09-20")
    led.ok("deal", "edit", "Kim's order", "--value", "100")
    led.ok("deal", "win", "Kim's order")
    led.ok("touch", "kim@po.example", "campaign", "Too late", "--at", "2026-10-20")
    assert led.json("contact", "show", "kim@po.example")["source"] == "Fair"
    money = {label: (row["first"], row["last"], row["linear"]) for label, row in figures(led).items()}
    assert money == {"Fair": ("100.00", "0.00", "50.00"), "Letter": ("0.00", "100.00", "50.00")}
    deals = {label: (row["first"], row["last"], row["linear"]) for label, row in figures(led, "source-deals").items()}
    assert deals == {"Fair": (1.0, 0.0, 0.5), "Letter": (0.0, 1.0, 0.5)}


def test_leads_by_first_last_and_linear_touch(led: Shell) -> None:
    led.ok("lead", "add", "Plain", "--source", "fair")
    led.ok("touch", "Kim Po", "event", "Fair", "--at", "2026-09-01")
    led.ok("touch", "Kim Po", "campaign", "Letter", "--at", "2026-09-20")
    found = {label: (row["first"], row["last"], row["linear"]) for label, row in figures(led, "source-leads").items()}
    assert found == {"Fair": (2.0, 1.0, 1.5), "Letter": (0.0, 1.0, 0.5)}
    assert "Leads made in the period" in led.ok("report", "sources", "--explain")


def test_nothing_changes_without_touches(stocked: Shell) -> None:
    stocked.ok("deal", "edit", "Acme renewal", "--source", "referral")
    stocked.ok("deal", "win", "Acme renewal")
    before = stocked.json("report", "sources")
    assert before["sections"] == []
    assert [(row["label"], row["first"]) for row in before["rows"]] == [("referral", "12000.00")]


def test_a_source_that_a_touch_names_too_counts_once(stocked: Shell) -> None:
    stocked.ok("deal", "edit", "Acme renewal", "--contact", "Jane Roe")
    stocked.ok("touch", "Jane Roe", "referral", "Ann's friend", "--source", "referral", "--at", "2026-09-01")
    stocked.ok("deal", "edit", "Acme renewal", "--source", "Referral")
    stocked.ok("deal", "win", "Acme renewal")
    assert figures(stocked, "source-deals")["referral"]["linear"] == 1.0


@pytest.mark.parametrize("words", [("Kim Po", "event"), ("Kim Po", "", "x"), ("Kim Po", "event", " ")])
def test_what_is_no_touch(led: Shell, words: tuple[str, ...]) -> None:
    assert led.error("touch", *words)["exit"] == 5
    assert led.json("activity", "list") == []


def test_touches_of_merged_contacts_are_of_the_one_that_stays(shell: Shell) -> None:
    shell.ok("contact", "add", "Jo Lu", "--email", "jo@lu.example")
    shell.ok("contact", "add", "J. Lu", "--email", "j@lu.example")
    shell.ok("touch", "J. Lu", "event", "Fair", "--at", "2026-09-01")
    shell.ok("contact", "merge", "jo@lu.example", "j@lu.example")
    shell.ok("deal", "add", "Order", "--contact", "Jo Lu", "--value", "10")
    shell.ok("deal", "win", "Order")
    assert figures(shell, "source-deals")["Fair"]["linear"] == 1.0
    assert "Fair" in shell.ok("history", "Jo Lu")


def test_nobody_is_touched(led: Shell) -> None:
    assert led.error("touch", "Nobody", "event", "Fair")["exit"] == 3
    assert led.error("touch", "Kim Po", "event", "Fair", "--at", "some day")["exit"] == 5
