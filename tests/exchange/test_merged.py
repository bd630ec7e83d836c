"""A file that tells of a record that was merged since: it is the one that it was merged into, and is not made again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.exchange.conftest import Shell


def test_a_merged_record_does_not_come_back_with_the_file_that_it_came_from(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("name,email,external_id\nJane Roe,jane@a.example,1\nJ. Roe,j@b.example,2\n")
    shell.ok("import", str(path), "--as", "contacts")
    shell.ok("contact", "merge", "Jane Roe", "J. Roe")
    shell.ok("import", str(path), "--as", "contacts")
    assert [one["name"] for one in shell.rows("contact", "list")] == ["Jane Roe"]
    deals = tmp_path / "deals.csv"
    deals.write_text("name,contact\nBig,J. Roe\n")
    shell.ok("import", str(deals), "--as", "deals")
    (deal,) = shell.rows("deal", "list")
    assert deal["contacts_name"] == ["Jane Roe"]
