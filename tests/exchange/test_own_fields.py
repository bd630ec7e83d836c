"""Fields that the team added are filled by an import, by their name or by what people read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.exchange.conftest import Shell


def test_columns_named_by_label_fill_a_field(shell: Shell, tmp_path: Path) -> None:
    shell.ok(
        "field", "add", "region", "--of", "deal", "--type", "choice", "--choice", "emea", "--label", "Sales region"
    )
    shell.ok("field", "add", "seats", "--of", "deal", "--type", "number")
    sheet = tmp_path / "deals.csv"
    sheet.write_text("Name,Sales Region,Seats\nAlpha,emea,3\nBeta,mars,1\n", "utf-8")
    shell.ok("import", str(sheet), "--as", "deals")
    assert "not used" not in shell.err
    assert "'mars' is not one of emea" in shell.err
    (deal,) = shell.rows("deal", "list", "--where", "region:emea")
    assert (deal["name"], deal["region"], deal["seats"]) == ("Alpha", "emea", 3)


def test_a_name_goes_before_a_label(shell: Shell, tmp_path: Path) -> None:
    shell.ok("field", "add", "area", "--of", "company", "--label", "zone")
    shell.ok("field", "add", "zone", "--of", "company")
    sheet = tmp_path / "companies.csv"
    sheet.write_text("name,zone\nNorthern Nuts,north\n", "utf-8")
    shell.ok("import", str(sheet), "--as", "companies")
    (company,) = shell.rows("company", "list", "--where", 'name="Northern Nuts"')
    assert (company["zone"], company["area"]) == ("north", None)
