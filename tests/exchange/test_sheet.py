"""Reading CSV files as they come: separators, encodings, quoting, and what cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tuicrm.errors import Invalid, NotFound
from tuicrm.exchange.sheet import read_sheet

if TYPE_CHECKING:
    from pathlib import Path


def written(folder: Path, data: bytes) -> Path:
    path = folder / "people.csv"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_separator_is_found_from_the_header(tmp_path: Path, mark: str) -> None:
    sheet = read_sheet(written(tmp_path, f'name{mark}"city, or {mark} town"\nAda{mark}Athens\n'.encode()))
    assert sheet.separator == mark
    assert [row.cells for row in sheet.rows] == [("Ada", "Athens")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "windows-1252"])
def test_the_encoding_is_found(tmp_path: Path, encoding: str) -> None:
    sheet = read_sheet(written(tmp_path, "name,city\nRenée,Besançon\n".encode(encoding)))
    assert sheet.columns == ("name", "city")
    assert sheet.rows[0].cells == ("Renée", "Besançon")


def test_text_in_other_scripts_survives(tmp_path: Path) -> None:
    sheet = read_sheet(written(tmp_path, "name\nپارس\u200cنگار\nΑθήνα\nBakı\n".encode()))
    assert [row.cells[0] for row in sheet.rows] == ["پارس\u200cنگار", "Αθήνα", "Bakı"]


def test_quoted_newlines_and_line_numbers(tmp_path: Path) -> None:
    sheet = read_sheet(written(tmp_path, b'name,notes\r\nAda,"one\r\ntwo"\r\n\r\nBob,x\r\n'))
    assert [(row.line, row.cells) for row in sheet.rows] == [(2, ("Ada", "one\r\ntwo")), (5, ("Bob", "x"))]


def test_a_cell_of_a_megabyte(tmp_path: Path) -> None:
    sheet = read_sheet(written(tmp_path, b"name,notes\nAda," + b"x" * 1_000_000 + b"\n"))
    assert len(sheet.rows[0].cells[1]) == 1_000_000


def test_the_mark_before_a_formula_is_taken_off(tmp_path: Path) -> None:
    sheet = read_sheet(written(tmp_path, b"name\n'=1+1\n'-rf\n'tis\n"))
    assert [row.cells[0] for row in sheet.rows] == ["=1+1", "-rf", "'tis"]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"   \r\n"])
def test_an_empty_file_says_what_it_should_hold(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(Invalid, match="is empty: the first line should name the columns"):
        read_sheet(written(tmp_path, data))


def test_a_wrong_encoding_names_the_line(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="line 2: not readable as utf-8") as caught:
        read_sheet(written(tmp_path, b"name\nRen\xe9e\n"), encoding="utf-8")
    assert "--encoding" in caught.value.hint


def test_an_unknown_encoding_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="not an encoding"):
        read_sheet(written(tmp_path, b"name\n"), encoding="klingon")


def test_a_column_named_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="line 1: the column 'name' is there twice"):
        read_sheet(written(tmp_path, b"name,name\n"))


def test_a_nul_and_an_open_quote_name_their_line(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="line 3: holds a NUL"):
        read_sheet(written(tmp_path, b"name\nAda\nB\0b\n"))
    with pytest.raises(Invalid, match="line 2: not readable as CSV"):
        read_sheet(written(tmp_path, b'name\n"Ada\nBob\n'))


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="there is no file"):
        read_sheet(tmp_path / "nothing.csv")
    with pytest.raises(Invalid, match="is a folder"):
        read_sheet(tmp_path)


def test_an_unknown_column_names_the_nearest(tmp_path: Path) -> None:
    sheet = read_sheet(written(tmp_path, b"deal_stage,owner\nx,y\n"))
    assert sheet.column("Deal_Stage") == 0
    with pytest.raises(Invalid, match="did you mean deal_stage"):
        sheet.column("deal_stge")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_with_a_sentence(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = written(tmp_path_factory.mktemp("any"), data)
    said = path.name
    try:
        assert read_sheet(path).columns
    except Invalid as refused:
        said = str(refused)
    assert said.startswith(path.name)
