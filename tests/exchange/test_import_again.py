"""Files as people have them: rejects mended and brought in again, numbers told apart, namesakes kept apart."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.exchange.conftest import Shell

pytestmark = pytest.mark.usefixtures("clean")


def told(shell: Shell, folder: Path, text: str, *options: str, name: str = "sheet.csv") -> Any:
    """Import a text and return what the command says of it."""
    file = folder / name
    file.write_text(text, "utf-8")
    rejects = ("--rejects", str(folder / "rejects.csv"))
    shell.run("import", str(file), "--json", *rejects, *options)
    return json.loads(shell.out.splitlines()[0])


def test_rows_that_are_rejected_twice_can_be_mended_still(shell: Shell, tmp_path: Path) -> None:
    told(shell, tmp_path, "name,email\nAnn,bad\nBob,bob@acme.example\n")
    again = (tmp_path / "rejects.csv").read_text("utf-8")
    assert told(shell, tmp_path, again)["rejected"][0]["line"] == 2
    assert "not used" not in shell.err
    twice = (tmp_path / "rejects.csv").read_text("utf-8")
    assert twice.splitlines()[0] == "name,email,line,rejected because"
    done = told(shell, tmp_path, twice.replace("Ann,bad", "Ann,ann@acme.example"))
    assert (done["created"], done["rejected"], done["fields"]) == (1, [], [])


def test_rows_that_name_what_nobody_has_say_what_would_add_it(shell: Shell, tmp_path: Path) -> None:
    rows = "name;company;stage\nA;Nord AG;Nowhere\nB;Nord AG;Lead\nC;Ost AG;Lead\nD;;Elsewhere\n"
    told(shell, tmp_path, rows, "--as", "deals")
    assert "--create-missing adds the 2 companies, the 2 stages that rows name and nobody has" in shell.err
    told(shell, tmp_path, rows, "--as", "deals", "--create-missing")
    assert "--create-missing" not in shell.err


def test_a_column_called_line_is_a_column_like_any(shell: Shell, tmp_path: Path) -> None:
    assert told(shell, tmp_path, "name,email,line\nAnn,ann@acme.example,Red\n")["fields"] == ["line"]


def test_numbers_of_rejected_rows_mean_the_same_in_their_file(shell: Shell, tmp_path: Path) -> None:
    told(shell, tmp_path, "name;value;stage\nA;1,5;Lead\nB;2.500;Nowhere\n", "--as", "deals")
    told(shell, tmp_path, (tmp_path / "rejects.csv").read_text("utf-8"), "--as", "deals", "--create-missing")
    assert {one["name"]: one["value"] for one in shell.rows("deal", "list")} == {"A": "1.50", "B": "2500.00"}


@pytest.mark.parametrize(
    ("text", "options", "wanted", "said"),
    [
        ("name;value\nA;1.500\n", (), "1500.00", "read as thousands"),
        ("name;value\nA;1.500\n", ("--numbers", "point"), "1.50", ""),
        ("name,value\nA,1.500\n", (), "1.50", "--numbers comma"),
        ("name,value\nA,1234.56\n", ("--numbers", "comma"), "1234.56", ""),
        ("name;value\nA;1.234.567,89\n", (), "1234567.89", "comma before the decimals"),
    ],
    ids=repr,
)
def test_no_number_is_taken_for_another_in_silence(
    shell: Shell, tmp_path: Path, text: str, options: tuple[str, ...], wanted: str, said: str
) -> None:
    told(shell, tmp_path, text, "--as", "deals", *options)
    assert said in shell.err
    assert [one["value"] for one in shell.rows("deal", "list")] == [wanted]


def test_people_of_one_name_and_other_addresses_are_two(shell: Shell, tmp_path: Path) -> None:
    shell.ok("contact", "add", "Peter Roe", "--email", "p1@acme.example")
    text = "name,email,city\nPeter Roe,p2@umbrella.example,Bonn\n"
    assert told(shell, tmp_path, text, "--update")["created"] == 1
    assert told(shell, tmp_path, text)["skipped"] == 1
    assert {tuple(one["emails"]): one["city"] for one in shell.rows("contact", "list")} == {
        ("p1@acme.example",): None,
        ("p2@umbrella.example",): "Bonn",
    }


def test_a_saved_mapping_leaves_out_what_was_left_out(shell: Shell, tmp_path: Path) -> None:
    text = "name,email,secret\nAnn,ann@acme.example,x\n"
    told(shell, tmp_path, text, "--map", "secret=-", "--save-mapping", "plain")
    assert told(shell, tmp_path, text.replace("ann", "bob"), "--mapping", "plain")["fields"] == []


def test_what_rows_tell_along_is_not_counted_as_skipped(shell: Shell, tmp_path: Path) -> None:
    text = "name,company.name\nDeal A,Acme\nDeal B,Umbrella\n"
    told(shell, tmp_path, text, "--as", "deals")
    assert told(shell, tmp_path, text, "--as", "deals", "--update")["skipped"] == 2


def test_more_lines_of_an_address_are_kept_and_so_are_other_addresses(shell: Shell, tmp_path: Path) -> None:
    told(
        shell,
        tmp_path,
        "First Name,Last Name,Job Title,Business Street,Business Street 2,Business City,E-mail Address\n"
        "Jane,Roe,CTO,Main St 1,Floor 4,Berlin,jane@acme.example\n",
    )
    (jane,) = shell.rows("contact", "list", "--columns", "address,city")
    assert (jane["address"], jane["city"]) == ("Main St 1, Floor 4", "Berlin")
    shell.ok("undo")
    done = told(
        shell,
        tmp_path,
        "First Name,Last Name,Organization Name,Labels,Address 1 - City,Address 2 - Label,Address 2 - City\n"
        "Jane,Roe,Acme,* myContacts,Berlin,Home,Potsdam\n",
    )
    assert done["fields"] == ["address_2_city"]


def test_a_column_named_by_a_mere_sign_takes_no_other_away(shell: Shell, tmp_path: Path) -> None:
    done = told(shell, tmp_path, "#,Name,E-mail,Shoe size\n1,Ann,ann@acme.example,38\n", "--as", "contacts")
    assert "shoe_size" in done["fields"]


def test_a_wide_table_costs_as_its_columns_grow(shell: Shell, tmp_path: Path) -> None:
    from time import process_time

    def took(columns: int) -> float:
        head = ",".join(["name", "email", *(f"col {number}" for number in range(columns))])
        row = ",".join(["Ann", "ann@acme.example", *["x"] * columns])
        begin = process_time()
        told(shell, tmp_path, f"{head}\n{row}\n", "--dry-run", "--extra", "drop")
        return process_time() - begin

    took(10)
    assert took(4000) < 16 * took(500)


def test_rejected_rows_are_told_with_the_order_of_their_dates(shell: Shell, tmp_path: Path) -> None:
    text = "name,value,closed_on,stage\nA,5,03/04/2017,Nope\nB,5,04/25/2017,Won\n"
    told(shell, tmp_path, text, "--as", "deals")
    assert "rejects.csv; import it with --dates mdy" in shell.err
    told(shell, tmp_path, text.replace("04/25", "25/04"), "--as", "deals")
    assert "--dates" not in shell.err
