"""What is said of a file and means nothing there is refused, before anything is written."""

from __future__ import annotations

import io
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.exchange.conftest import Shell

CARD = "BEGIN:VCARD\nVERSION:3.0\nFN:Jo Roe\nEMAIL:jo@acme.example\nEND:VCARD\n"


@pytest.mark.parametrize(
    "options",
    [
        ("--map", "FN=name"),
        ("--value", "name:a=b"),
        ("--preset", "google"),
        ("--separator", ";"),
        ("--header-line", "2"),
        ("--encoding", "utf-16"),
        ("--numbers", "comma"),
        ("--dates", "mdy"),
        ("--save-mapping", "cards"),
    ],
    ids=" ".join,
)
def test_words_about_tables_are_refused_for_other_files(shell: Shell, tmp_path: Path, options: tuple[str, ...]) -> None:
    file = tmp_path / "jo.vcf"
    file.write_text(CARD, "utf-8")
    assert shell.run("import", str(file), *options) == 2
    assert options[0] in shell.err
    assert shell.rows("contact", "list") == shell.rows("mapping", "list") == []


@pytest.mark.parametrize("options", [("--update",), ("--as", "deals"), ("--map", "a=b"), ("--rejects", "x.csv")])
def test_an_archive_takes_no_words_about_rows(shell: Shell, tmp_path: Path, options: tuple[str, ...]) -> None:
    file = tmp_path / "all.zip"
    shell.ok("export", "all", str(file))
    assert shell.run("import", str(file), *options) == 2
    assert "archive" in shell.err
    shell.ok("import", str(file), "--dry-run", "--json")


def test_a_workbook_is_called_one_whatever_its_name(shell: Shell, tmp_path: Path) -> None:
    for name in ("book.xlsx", "book.csv"):
        with zipfile.ZipFile(tmp_path / name, "w") as packed:
            packed.writestr("xl/workbook.xml", "<workbook/>")
        assert shell.run("import", str(tmp_path / name)) == 5
        assert "Excel workbook" in shell.err
        assert "CSV" in shell.err


def test_rejected_rows_of_standard_input_get_a_name_to_type(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"name,email\nAnn,bad\n")))
    workspace = str(tmp_path.cwd())
    monkeypatch.chdir(tmp_path)
    assert shell.run("--workspace", workspace, "import", "-") == 5
    assert [one.name for one in tmp_path.iterdir()] == ["import.rejected.csv"]


def test_a_mapping_without_a_name_leaves_no_rejects_behind(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("name,email\nAnn,bad\nBob,bob@acme.example\n", "utf-8")
    assert shell.run("import", str(file), "--save-mapping", " ", "--rejects", str(tmp_path / "r.csv")) == 5
    assert not (tmp_path / "r.csv").exists()


def test_a_kind_that_a_file_cannot_hold_is_refused(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "jo.vcf"
    file.write_text(CARD, "utf-8")
    assert shell.run("import", str(file), "--as", "deals") == 2
    assert "holds contacts" in shell.err
    assert shell.run("import", str(file), "--as", "contacts", "--dry-run") == 0
