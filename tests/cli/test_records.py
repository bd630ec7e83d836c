"""Adding, listing, showing, editing and removing records of each kind."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Shell

COMMON = "owner owner_name tags external_id source_created_at created_at updated_at"
SHAPES = {
    "company": "id name domain phone industry employees annual_revenue founded address city country territory parent "
    f"parent_name website tax_number notes {COMMON}",
    "contact": "id name company company_name emails phones title address city country status last_verified "
    f"do_not_contact source notes {COMMON}",
    "deal": "id name company company_name contacts contacts_name pipeline pipeline_name stage stage_name value "
    "currency expected_close probability category source next_step product product_name items opened_on closed_on "
    f"lost_reason notes discounts checks status weighted age_days {COMMON}",
    "product": f"id name sku family price currency active {COMMON}",
    "activity": "id type subject body at duration outcome contacts contacts_name company company_name deal deal_name "
    f"lead lead_name touch source campaign page thread field before after reason {COMMON}",
    "followup": "id subject due repeat priority contacts contacts_name company company_name deal deal_name "
    f"lead lead_name done_at snoozed_until {COMMON}",
    "user": f"id handle name email manager team role territory active quotas {COMMON}",
}
ADDS = {
    "company": ["company", "add", "Orbis", "--employees", "120", "--annual-revenue", "1.5m"],
    "contact": ["contact", "add", "Max Lund", "--phone", "+49 30 555 0199"],
    "deal": ["deal", "add", "Orbis pilot", "--value", "9k"],
    "product": ["product", "add", "Team plan", "--price", "49"],
    "activity": ["log", "call", "Asked for a quote"],
    "followup": ["followup", "add", "Send the quote", "--due", "tomorrow 10am"],
    "user": ["user", "add", "Bob Ray"],
}


@pytest.mark.parametrize("kind", SHAPES)
def test_the_names_in_json_only_grow(shell: Shell, kind: str) -> None:
    made = shell.id(*ADDS[kind])
    (row,) = [one for one in shell.json(kind, "list") if one["id"] == made]
    assert " ".join(row) == SHAPES[kind]
    shown = shell.json(kind, "show", made)
    assert {name: shown[name] for name in row} == row


@pytest.mark.parametrize("kind", SHAPES)
def test_each_kind_goes_through_its_whole_life(shell: Shell, kind: str) -> None:
    made = shell.id(*ADDS[kind])
    assert shell.id(kind, "edit", made, "--tag", "hot", "--tag", "big") == made
    assert sorted(shell.json(kind, "show", made)["tags"]) == ["big", "hot"]
    shell.ok(kind, "edit", made[-6:], "--untag", "hot")
    assert shell.json(kind, "show", made)["tags"] == ["big"]
    assert shell.ok(kind, "rm", made) == f"{made}\n"
    assert shell.run(kind, "show", made) == 3
    assert made in shell.ok(kind, "restore", "--json")
    assert shell.ok(kind, "restore", made) == f"{made}\n"
    assert shell.json(kind, "show", made)["id"] == made


def test_add_prints_the_id_and_tells_what_was_understood(stocked: Shell) -> None:
    out = stocked.ok("deal", "add", "Pilot", "--close", "end of next month")
    assert len(out.strip()) == 26
    assert "30 Nov 2026" in stocked.err


def test_options_follow_the_fields(stocked: Shell) -> None:
    deal = stocked.json(
        *("deal", "add", "Pilot", "--company", "Acme GmbH", "--contact", "Jane Roe", "--value", "€1,500.50"),
        *("--probability", "40%", "--close", "2026-12-01", "--tag", "hot", "--next-step", "call", "--owner", "me"),
    )
    assert deal["company_name"] == "Acme GmbH"
    assert deal["contacts_name"] == ["Jane Roe"]
    assert (deal["value"], deal["currency"]) == ("1500.50", "EUR")
    assert (deal["probability"], deal["expected_close"], deal["next_step"]) == (40, "2026-12-01", "call")
    assert stocked.json("deal", "edit", "Pilot", "--uncontact", "Jane Roe", "--next-step", "")["contacts"] == []


def test_several_addresses_keep_their_order(stocked: Shell) -> None:
    stocked.ok("contact", "edit", "Jane Roe", "--email", "jr@acme.example")
    assert stocked.json("contact", "show", "Jane Roe")["emails"] == ["jane@acme.example", "jr@acme.example"]
    stocked.ok("contact", "edit", "jr@acme.example", "--unemail", "jane@acme.example")
    assert stocked.json("contact", "show", "Jane Roe")["emails"] == ["jr@acme.example"]


def test_an_edit_of_many_is_one_step(stocked: Shell) -> None:
    for name in ("One", "Two", "Three"):
        stocked.ok("deal", "add", name, "--value", "1k", "--tag", "batch")
    assert len(stocked.ok("deal", "edit", "--where", "tag:batch", "--value", "2k").split()) == 3
    stocked.ok("undo")
    assert {one["value"] for one in stocked.json("deal", "list", "--where", "tag:batch")} == {"1000.00"}


def test_an_edit_that_finds_nothing_changes_nothing(stocked: Shell) -> None:
    assert stocked.run("deal", "edit", "--where", "tag:nothing", "--value", "2k") == 3


def test_a_removed_record_is_found_in_the_trash_alone(stocked: Shell) -> None:
    stocked.ok("deal", "rm", "Acme renewal")
    assert stocked.json("deal", "list", "--all") == []
    stocked.ok("undo")
    assert len(stocked.json("deal", "list")) == 1


def test_lists_show_what_is_live(stocked: Shell) -> None:
    stocked.ok("deal", "add", "Won one", "--value", "5k")
    stocked.ok("deal", "win", "Won one")

    def names(*words: str) -> set[str]:
        return {one["name"] for one in stocked.json("deal", "list", *words)}

    assert names() == {"Acme renewal"}
    assert names("--where", "is:won") == {"Won one"}
    assert names("--all") == names("--where", "is:any") == {"Acme renewal", "Won one"}


def test_sort_limit_and_columns(stocked: Shell) -> None:
    stocked.ok("deal", "add", "Small", "--value", "1k")
    stocked.ok("deal", "add", "Large", "--value", "90k")
    stocked.ok("deal", "add", "Unknown")
    found = stocked.json("deal", "list", "--sort", "-value", "--columns", "name,value")
    assert [one["name"] for one in found] == ["Large", "Acme renewal", "Small", "Unknown"]
    assert {" ".join(one) for one in found} == {"id name value"}
    assert len(stocked.json("deal", "list", "--limit", "2")) == 2
    assert stocked.json("deal", "list", "--limit", "0") == []
    assert stocked.run("deal", "list", "--limit", "-1") == 2
    assert stocked.run("deal", "list", "--columns", "nmae") == 5
    assert "name" in stocked.err


def test_every_format_holds_the_same_records(stocked: Shell) -> None:
    stocked.ok("contact", "add", "Max Lund", "--phone", "+49 30 555 0199")
    wanted = [(one["id"], one["name"]) for one in stocked.json("contact", "list")]
    assert len(wanted) == 2
    lines = [json.loads(line) for line in stocked.ok("contact", "list", "--format", "jsonl").splitlines()]
    assert [(one["id"], one["name"]) for one in lines] == wanted
    for form, mark in (("csv", ","), ("tsv", "\t")):
        table = list(csv.DictReader(io.StringIO(stocked.ok("contact", "list", "--format", form)), delimiter=mark))
        assert [(one["id"], one["name"]) for one in table] == wanted
    assert stocked.ok("contact", "list", "--format", "ids").split() == [one for one, _ in wanted]
    table_lines = stocked.ok("contact", "list").splitlines()
    assert table_lines[0].split()[:2] == ["ID", "NAME"]
    assert all(name in line for (_, name), line in zip(wanted, table_lines[1:], strict=True))


def test_short_ids_of_tables_are_understood(stocked: Shell) -> None:
    short = stocked.ok("contact", "list").splitlines()[1].split()[0]
    assert stocked.json("contact", "show", short)["name"] == "Jane Roe"


def test_show_of_several(stocked: Shell) -> None:
    stocked.ok("contact", "add", "Max Lund")
    assert [one["name"] for one in stocked.json("contact", "show", "Max Lund", "Jane Roe")] == ["Max Lund", "Jane Roe"]
    assert stocked.ok("contact", "show", "Max Lund", "Jane Roe").count("name ") == 2
    assert isinstance(stocked.json("contact", "show", "Max Lund", "Max Lund"), dict)


def test_verbs_of_gh_work(stocked: Shell) -> None:
    made = stocked.id("deal", "create", "Pilot")
    assert stocked.json("deal", "view", made)["name"] == "Pilot"
    stocked.ok("deal", "close", made)
    assert stocked.json("deal", "view", made)["status"] == "won"
    stocked.ok("deal", "delete", made)
    assert stocked.run("deal", "view", made) == 3
    assert stocked.id("task", "create", "Call") == stocked.json("tasks", "ls")[0]["id"]


def test_custom_fields_are_fields(stocked: Shell) -> None:
    stocked.ok("field", "add", "region", "--of", "deal", "--type", "choice", "--choice", "emea", "--choice", "apac")
    assert stocked.json("deal", "edit", "Acme renewal", "--set", "region=emea")["region"] == "emea"
    assert len(stocked.json("deal", "list", "--where", "region:emea")) == 1
    assert stocked.error("deal", "edit", "Acme renewal", "--set", "region=mars")["field"] == "region"
    assert stocked.error("deal", "edit", "Acme renewal", "--set", "regoin=emea")["exit"] == 5
    assert "region" in stocked.json("schema", "deal")["properties"]
    stocked.ok("field", "rm", "region", "--of", "deal")
    assert "region" not in stocked.json("schema", "deal")["properties"]
