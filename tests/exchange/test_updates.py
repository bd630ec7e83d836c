"""Importing again: nothing twice, changes where asked for, and what one file tells of several kinds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.exchange.conftest import Shell

pytestmark = pytest.mark.usefixtures("clean")


def told(shell: Shell, folder: Path, text: str, *options: str) -> Any:
    """Import a text and return what the command says of it."""
    file = folder / "sheet.csv"
    file.write_text(text, "utf-8")
    return json.loads(shell.ok("import", str(file), "--json", *options))


def test_an_update_changes_only_what_the_file_holds(shell: Shell, tmp_path: Path) -> None:
    told(shell, tmp_path, "name,email,city,title\nJane Roe,jane@acme.example,Berlin,CTO\nBob Ray,bob@acme.example,,\n")
    text = "name,email,city,title\nJane Roe,JANE@acme.example,Paris,\nBob Ray,bob@acme.example,,\n"
    assert told(shell, tmp_path, text)["skipped"] == 2
    dry = told(shell, tmp_path, text, "--update", "--dry-run")
    assert (dry["updated"], dry["created"], dry["skipped"]) == (1, 0, 1)
    assert "line 2: city" in shell.err
    assert told(shell, tmp_path, text, "--update")["updated"] == 1
    jane = json.loads(shell.ok("contact", "show", "jane@acme.example", "--json"))
    assert (jane["city"], jane["title"]) == ("Paris", "CTO")
    assert told(shell, tmp_path, text, "--update")["updated"] == 0
    shell.ok("undo")
    assert json.loads(shell.ok("contact", "show", "jane@acme.example", "--json"))["city"] == "Berlin"


def test_records_are_matched_by_the_field_that_is_named(shell: Shell, tmp_path: Path) -> None:
    told(shell, tmp_path, "name,sku,price\nOld name,A-1,5\n", "--as", "product")
    assert (
        told(shell, tmp_path, "name,sku,price\nNew name,a-1,6\n", "--as", "product", "--match", "sku")["updated"] == 1
    )
    (product,) = shell.rows("product", "list")
    assert (product["name"], product["price"]) == ("New name", "6.00")


def test_a_match_that_fits_several_is_rejected_and_names_them(shell: Shell, tmp_path: Path) -> None:
    told(shell, tmp_path, "name,email\nAnn,office@acme.example\nBob,office@acme.example\n")
    file = tmp_path / "sheet.csv"
    file.write_text("name,email,city\nEve,office@acme.example,Rome\nBob,office@acme.example,Oslo\n", "utf-8")
    done = json.loads(shell.ok("import", str(file), "--json", "--update"))
    assert done["updated"] == 1
    assert [one["line"] for one in done["rejected"]] == [2]
    assert "2 contacts have emails office@acme.example" in done["rejected"][0]["reason"]


def test_deals_without_an_id_come_once(shell: Shell, tmp_path: Path) -> None:
    text = (
        "name,company,value,expected_close\nRenewal,Acme,10,2018-03-01\nRenewal,Acme,10,2019-03-01\nRenewal,Acme,10,\n"
    )
    assert told(shell, tmp_path, text, "--as", "deal", "--create-missing")["created"] == 3
    assert told(shell, tmp_path, text, "--as", "deal", "--create-missing")["skipped"] == 3


def test_one_row_tells_of_a_deal_its_company_and_its_contact(shell: Shell, tmp_path: Path) -> None:
    text = (
        "name,value,company.name,company.domain,Person,Mail\n"
        "First,10,Acme,acme.example,Jane Roe,jane@acme.example\n"
        "Second,20,Acme,acme.example,Jane Roe,jane@acme.example\n"
        "Third,x,Umbrella,umbrella.example,Eve,eve@umbrella.example\n"
    )
    maps = ("--map", "Person=contacts.name", "--map", "Mail=contacts.emails")
    done = told(shell, tmp_path, text, "--as", "deal", *maps)
    assert (done["created"], len(done["rejected"])) == (2, 1)
    assert sorted(one["kind"] for one in done["linked"]) == ["company", "contact"]
    deals = shell.rows("deal", "list")
    assert {(one["name"], one["company_name"], *one["contacts_name"]) for one in deals} == {
        ("First", "Acme", "Jane Roe"),
        ("Second", "Acme", "Jane Roe"),
    }
    assert [one["domain"] for one in shell.rows("company", "list")] == ["acme.example"]
    assert told(shell, tmp_path, text, "--as", "deal", *maps)["linked"] == []


def test_other_columns_become_fields_of_the_teams_own_or_nothing(shell: Shell, tmp_path: Path) -> None:
    text = "name,Shoe size,Empty,Name\u00a0day\nJane,42,,1 May\n"
    assert told(shell, tmp_path, text, "--as", "contact", "--extra", "drop", "--dry-run")["fields"] == []
    assert "columns not used: Shoe size" in shell.err
    assert told(shell, tmp_path, text, "--as", "contact")["fields"] == ["shoe_size", "name_day"]
    jane = json.loads(shell.ok("contact", "show", "Jane", "--json"))
    assert (jane["shoe_size"], jane["name_day"]) == ("42", "1 May")
    assert told(shell, tmp_path, text, "--as", "contact")["fields"] == []
    shell.ok("undo")
    assert shell.rows("field", "list") == []


def test_values_are_replaced_and_a_mapping_is_saved_for_the_next_file(shell: Shell, tmp_path: Path) -> None:
    text = "Firm;What;Worth\nAcme;Renewal;1.234,5\nAcme;Nuts;7,00\n"
    options = ("--as", "deal", "--map", "Firm=company.name", "--map", "What=name", "--map", "Worth=value")
    done = told(shell, tmp_path, text, *options, "--value", "name:nuts=Bolts", "--save-mapping", "Old system")
    assert done["created"] == 2
    assert "a comma before the decimals" in shell.err
    assert {(one["name"], one["value"]) for one in shell.rows("deal", "list")} == {
        ("Renewal", "1234.50"),
        ("Bolts", "7.00"),
    }
    more = told(shell, tmp_path, "Firm;What;Worth\nAcme;Nuts;8,00\nUmbrella;Nuts;9,00\n", "--mapping", "old system")
    assert (more["created"], more["skipped"]) == (1, 1)
    assert {one["name"] for one in shell.rows("deal", "list")} == {"Renewal", "Bolts"}


@pytest.mark.parametrize(
    ("cells", "options", "wanted"),
    [
        (["1.234", "7.5"], (), ["1.234", "7.50"]),
        (["1.234", "7,5"], (), ["1234.00", "7.50"]),
        (["1,234", "7.5"], (), ["1234.00", "7.50"]),
        (["1.234", "5"], ("--numbers", "comma"), ["1234.00", "5.00"]),
    ],
    ids=repr,
)
def test_numbers_are_read_as_the_file_writes_them(
    shell: Shell, tmp_path: Path, cells: list[str], options: tuple[str, ...], wanted: list[str]
) -> None:
    text = "name;value\n" + "".join(f"D{place};{cell}\n" for place, cell in enumerate(cells))
    done = told(shell, tmp_path, text, "--as", "deal", *options)
    assert done["rejected"] == []
    assert sorted(one["value"] for one in shell.rows("deal", "list")) == sorted(wanted)


def test_notes_above_the_columns_and_a_file_without_names(shell: Shell, tmp_path: Path) -> None:
    told(shell, tmp_path, "Exported on 1 May\n\nname,email,city\nJane,jane@acme.example,Berlin\n", "--as", "contact")
    assert json.loads(shell.ok("contact", "show", "Jane", "--json"))["city"] == "Berlin"
    bare = ("--header-line", "0", "--map", "column 1=name", "--map", "column 2=city", "--as", "contact")
    assert told(shell, tmp_path, "Bob,Rome\nEve,Oslo\n", *bare)["created"] == 2


def test_a_row_that_is_rejected_for_its_person_changes_nothing_of_its_company_or_deal(
    shell: Shell, tmp_path: Path
) -> None:
    head = "name,value,company.name,company.city,Person,Mail,Checked\n"
    maps = ("--map", "Person=contacts.name", "--map", "Mail=contacts.emails", "--map", "Checked=contacts.last_verified")
    words = ("--as", "deal", "--update", *maps)
    assert told(shell, tmp_path, head + "A,10,Acme,Berlin,Jane,jane@acme.example,\n", *words)["created"] == 1
    file = tmp_path / "sheet.csv"
    file.write_text(head + "A,11,Acme,Paris,Jane,jane@acme.example,nonsense\n", "utf-8")
    assert shell.run("import", str(file), *words) == 5
    assert [one["city"] for one in shell.rows("company", "list")] == ["Berlin"]
    assert [one["value"] for one in shell.rows("deal", "list")] == ["10.00"]


def test_a_rejected_row_changes_nothing_of_the_company_that_it_tells_along(shell: Shell, tmp_path: Path) -> None:
    head = "name,value,company.name,company.city\n"
    told(shell, tmp_path, head + "A,10,Acme,Berlin\n", "--as", "deal")
    text = head + "B,nonsense,Acme,Paris\n"
    file = tmp_path / "sheet.csv"
    file.write_text(text, "utf-8")
    assert shell.run("import", str(file), "--as", "deal", "--update") == 5
    assert [one["city"] for one in shell.rows("company", "list")] == ["Berlin"]
    done = told(shell, tmp_path, text + "C,5,Acme,Paris\n", "--as", "deal", "--update")
    assert (done["created"], done["updated"], len(done["rejected"])) == (1, 1, 1)
    assert [one["city"] for one in shell.rows("company", "list")] == ["Paris"]
