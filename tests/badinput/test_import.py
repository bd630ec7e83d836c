"""CSV files from anywhere: read right, or refused with the line and the column; whatever is refused changes nothing."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Shell


@pytest.fixture
def sheet(memory: Path) -> Path:
    """Where the file to import lies: outside the workspace."""
    return memory / "in.csv"


def put(sheet: Path, data: str | bytes) -> str:
    sheet.write_bytes(data if isinstance(data, bytes) else data.encode())
    return str(sheet)


def rejects(shell: Shell, separator: str = ",") -> list[list[str]]:
    """The rejected rows, without the header; between their cells stands what stood in the file they came from."""
    with (shell.folder / "in.rejected.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file, delimiter=separator))[1:]


UNREADABLE: dict[str, tuple[bytes, int, str]] = {
    "empty": (b"", 5, "in.csv is empty"),
    "blank": (b"\n \n\r\n", 5, "in.csv is empty"),
    "only a BOM": (b"\xef\xbb\xbf", 5, "in.csv is empty"),
    "only a UTF-16 BOM": (b"\xff\xfe", 5, "in.csv is empty"),
    "only commas": (b",,\n,,\n", 5, "the first line should name the columns"),
    "half of UTF-16": ("name\nx".encode("utf-16")[:-1], 5, "line 2: not readable as utf-16"),
    "NUL": (b"name\nA\0B\n", 5, "line 2: holds a NUL"),
    "open quote": (b'name,city\nA,b\n"C,d\n', 5, "line 3: not readable as CSV"),
    "text behind a quote": (b'name,city\n"A"x,b\n', 5, "line 2: not readable as CSV"),
    "a column twice": (b"name,city,name\na,b,c\n", 5, "line 1: the column 'name' is there twice"),
    "unknown columns": (b"foo,bar\n1,2\n", 5, "no column of in.csv is named like a field of a contact"),
    "hostile columns": (b"\x1b]0;x\x07,\xe2\x80\xae\n1,2\n", 5, "--map"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0", 5, "in.csv"),
}


@pytest.mark.parametrize(("data", "code", "says"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_cannot_be_used_changes_nothing(
    shell: Shell, sheet: Path, data: bytes, code: int, says: str
) -> None:
    shell.fails(code, "import", put(sheet, data), "--as", "contacts", says=says)
    assert shell.error("import", str(sheet), "--as", "contacts")["exit"] == code
    assert not list(shell.folder.glob("*.csv"))


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        (["--as", "bogus"], 5, "bogus"),
        (["--as", ""], 5, "kind"),
        (["--as", "contacts", "--value", "city"], 2, "FIELD:FROM=TO"),
        (["--as", "contacts", "--value", "ctiy:a=b"], 5, "did you mean city"),
        (["--as", "contacts", "--preset", "hubspot"], 2, "hubspot-"),
        (["--as", "contacts", "--preset", "hubspot-deals"], 2, "is for deals"),
        (["--as", "contacts", "--match", "nmae"], 5, "did you mean name"),
        (["--as", "contacts", "--match", "created_at"], 5, "created_at"),
        (["--as", "contacts", "--map", "city=company.nmae"], 5, "did you mean name"),
        (["--as", "contacts", "--map", "city=title.name"], 5, "names no other record"),
        (["--as", "contacts", "--mapping", "x"], 3, "no saved mapping"),
        (["--as", "contacts", "--header-line", "9"], 5, "line 9"),
        (["--as", "contacts", "--map", "name"], 2, "COLUMN=FIELD"),
        (["--as", "contacts", "--map", "=name"], 2, "COLUMN=FIELD"),
        (["--as", "contacts", "--map", "nmae=name"], 5, "did you mean name"),
        (["--as", "contacts", "--map", "name=nmae"], 5, "did you mean name"),
        (["--as", "contacts", "--map", "name=created_at"], 5, "created_at"),
        (["--as", "contacts", "--map", "name=title", "--map", "city=title"], 2, "twice"),
        (["--as", "contacts", "--dates", "dym"], 2, "--dates"),
        (["--as", "contacts", "--separator", "::"], 2, "one character"),
        (["--as", "contacts", "--separator", '"'], 2, "one character"),
        (["--as", "contacts", "--separator", "\n"], 2, "one character"),
        (["--as", "contacts", "--encoding", "utf-99"], 5, "not an encoding"),
        (["--as", "contacts", "--encoding", "rot13"], 5, "not an encoding"),
        (["--as", "contacts", "--encoding", "undefined"], 5, "not an encoding"),
        (["--as", "contacts", "--encoding", "a\0b"], 5, "not an encoding"),
        (["--as", "contacts", "--encoding", "\x1b[2J"], 5, "not an encoding"),
        (["--as", "contacts", "--encoding", "ascii"], 5, "line 2: not readable as ascii"),
    ],
    ids=repr,
)
def test_options_that_make_no_sense_are_refused(
    shell: Shell, sheet: Path, options: list[str], code: int, says: str
) -> None:
    shell.fails(code, "import", put(sheet, "name,city\nÄnne,x\n"), *options, says=says)


@pytest.mark.parametrize(
    ("name", "code"), [("nothere.csv", 3), (".", 5), ("", 5), ("x" * 5000, 7), ("\x1b[2J", 3)], ids=ascii
)
def test_a_file_that_is_not_there(shell: Shell, name: str, code: int) -> None:
    shell.fails(code, "import", name, "--as", "contacts")


def test_half_a_character_made_by_an_encoding_is_refused(shell: Shell, sheet: Path) -> None:
    words = ("import", put(sheet, b"name\nAnn\\ud800\n"), "--as", "contacts", "--encoding", "unicode_escape")
    shell.fails(5, *words, says="line 2: holds half a character")


TEXT = "name,city,notes\nÄnne Müller,Köln,€ 5\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "windows-1252"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_encodings_separators_and_line_ends_are_found_out(
    shell: Shell, sheet: Path, encoding: str, mark: str, ending: str
) -> None:
    text = TEXT.replace(",", mark).replace("\n", ending)
    shell.ok("import", put(sheet, text.encode(encoding)), "--as", "contacts")
    made = shell.json("contact", "show", "Änne Müller")
    assert (made["city"], made["notes"]) == ("Köln", "€ 5")


def test_quotes_newlines_and_cells_of_a_megabyte(shell: Shell, sheet: Path) -> None:
    long = "x" * 1_000_000
    put(sheet, f'name,notes\r\n"Roe, ""J""","one\ntwo\r\nthree"\r\nBig,"{long}"\r\n{long},short\r\n')
    shell.ok("import", str(sheet), "--as", "contacts")
    assert len(shell.err) < 1000
    assert shell.json("contact", "show", 'Roe, "J"')["notes"].split() == ["one", "two", "three"]
    assert shell.json("contact", "show", "Big")["notes"] == long
    shell.ok("contact", "list", "--where", "city:none")
    put(sheet, f"name,company\nWho,{long}\n")
    assert len(shell.fails(5, "import", str(sheet), "--as", "contacts", says="there is no company")) < 4000


REJECTED: dict[str, tuple[str, str, list[tuple[int, str]], int]] = {
    "too long, too short": (
        "contacts",
        "name,city\nLong,a,b,c\nShort\nTrailing,a,,,\n",
        [(2, "4 cells where the header has 2")],
        2,
    ),
    "no name": ("contacts", 'name,city\n,x\n"  ",y\nAnn,z\n', [(2, "name: "), (3, "name: ")], 1),
    "external id twice": ("contacts", "name,external_id\nA,x\nB,x\nC,y\n", [(3, "'x' is in line 2 already")], 2),
    "unknown company": (
        "contacts",
        "name,company\nA,Nowhere\nB,acme gmbh\nC,AcmeGmbH\n",
        [(2, "there is no company 'Nowhere'"), (4, "it looks like Acme GmbH")],
        1,
    ),
    "dates": (
        "deals",
        "name,expected_close\n"
        + "".join(
            f"D{n},{cell}\n"
            for n, cell in enumerate(
                [
                    "31/12/2026",
                    "12/31/2026",
                    "30/02/2026",
                    "2026-02-30",
                    "99/99/9999",
                    "0/0/0",
                    "1/1/99999",
                    "1/2/3/2026",
                ]
            )
        ),
        [(line, "expected_close: ") for line in range(3, 10)],
        1,
    ),
    "money": (
        "deals",
        "name;value\n"
        + "".join(
            f"M{n};{cell}\n"
            for n, cell in enumerate(
                ["12,000.50", "€12k", "abc", "1e999", "NaN", "Infinity", "--5", "0x10", "12 EUR USD", "1,2,3", "$"]
            )
        ),
        [(line, "value: ") for line in range(4, 13)],
        2,
    ),
    "stages": ("deals", "name,stage\nA,Foo\nB,lead\nC,\n", [(2, "there is no stage 'Foo'")], 2),
    "kinds of activity": (
        "activities",
        "type,subject,at\ncall,a,2026-01-01\nfax,b,2026-01-01\ncall,c,someday\ncall,d,1700-01-01\n",
        [(3, "type: "), (4, "at: "), (5, "at: ")],
        1,
    ),
    "currencies": (
        "products",
        "name,price,currency\na,5,EUR\nb,5,EURO\nc,5,\x1b[2J\n",
        [(3, "did you mean EUR"), (4, "currency: ")],
        1,
    ),
    "parents in a circle": (
        "companies",
        "name,parent\nA,A\nB,\nC,B\n",
        [(2, "parent: ")],
        2,
    ),
    "hostile cells": (
        "contacts",
        "name,company\n\x1b]0;x\x07,\x1b[31mred\n[/,[@click=app.quit]x[/]\n\u202egnp.exe,\n",
        [(2, "there is no company"), (3, "there is no company")],
        1,
    ),
}


@pytest.mark.parametrize(("kind", "text", "wrong", "taken"), REJECTED.values(), ids=REJECTED)
def test_rows_that_cannot_be_taken_stop_no_other(
    shell: Shell, sheet: Path, kind: str, text: str, wrong: list[tuple[int, str]], taken: int
) -> None:
    told = shell.json("import", put(sheet, text), "--as", kind)
    assert told["created"] == taken
    assert [one["line"] for one in told["rejected"]] == [line for line, _ in wrong]
    for one, (_, says) in zip(told["rejected"], wrong, strict=True):
        assert says in one["reason"]
    rows = rejects(shell, ";" if ";" in text.partition("\n")[0] else ",")
    assert [int(row[-2]) for row in rows] == [line for line, _ in wrong]
    assert (shell.folder / "in.rejected.csv").stat().st_mode & 0o777 == 0o600
    shell.ok("undo")
    assert len(shell.records()["company"]) >= 1


def test_missing_records_are_made_once_when_asked_for(shell: Shell, sheet: Path) -> None:
    put(sheet, "name,company\nA,Nowhere Ltd\nB,nowhere ltd\nC,AcmeGmbH\n")
    told = shell.json("import", str(sheet), "--as", "contacts", "--create-missing")
    assert [one["name"] for one in told["missing"]] == ["Nowhere Ltd", "AcmeGmbH"]
    assert told["missing"][1]["near"] == "Acme GmbH"
    assert len(shell.json("company", "list")) == 3
    shell.ok("undo")
    assert len(shell.json("company", "list")) == 1
    assert len(shell.json("contact", "list")) == 1


def test_rejected_rows_are_imported_once_mended(shell: Shell, sheet: Path) -> None:
    put(sheet, 'name,company,notes\n=Ann,Acme GmbH,"a\nb"\nBob,Nowhere,+1\n\'-x,Nobody,@\n')
    shell.ok("import", str(sheet), "--as", "contacts")
    file = shell.folder / "in.rejected.csv"
    file.write_bytes(file.read_bytes().replace(b"Nowhere,", b"Acme GmbH,").replace(b"Nobody,", b"Acme GmbH,"))
    told = shell.json("import", "in.rejected.csv", "--as", "contacts")
    assert (told["created"], told["rejected"]) == (2, [])
    made = {one["name"]: one["notes"] for one in shell.json("contact", "list")}
    assert made.items() >= {"=Ann": "a\nb", "Bob": "+1", "-x": "@"}.items()
    again = shell.json("import", "in.rejected.csv", "--as", "contacts")
    assert again["created"] == 0, "a contact without an address is known by name and company"


def test_rejected_rows_are_written_over_nothing(shell: Shell, sheet: Path) -> None:
    put(sheet, "name,company\nA,Nowhere\n")
    first = shell.folder / "in.rejected.csv"
    first.write_text("being mended")
    shell.fails(5, "import", str(sheet), "--as", "contacts", says="in.rejected-2.csv")
    assert first.read_text() == "being mended"
    assert "Nowhere" in (shell.folder / "in.rejected-2.csv").read_text()
    before = sheet.read_bytes()
    shell.fails(2, "import", str(sheet), "--as", "contacts", "--rejects", str(sheet), says="come from")
    assert sheet.read_bytes() == before
    shell.fails(5, "import", str(sheet), "--as", "contacts", "--rejects", str(first))
    assert "Nowhere" in first.read_text()
    assert first.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("place", ["/nonexistent/x.csv", ".", "link.csv"])
def test_where_rejected_rows_cannot_go_nothing_is_imported(shell: Shell, sheet: Path, place: str) -> None:
    (shell.folder / "link.csv").symlink_to(shell.folder / "target.csv")
    put(sheet, "name,company\nA,Nowhere\nB,\n")
    shell.fails(7, "import", str(sheet), "--as", "contacts", "--rejects", place, says="--rejects FILE")
    assert not (shell.folder / "target.csv").exists()
    assert Path("/dev/null").is_char_device()
    shell.ok("import", str(sheet), "--as", "contacts", "--rejects", os.devnull)
    assert Path("/dev/null").is_char_device()


def test_a_dry_run_writes_nothing(shell: Shell, sheet: Path) -> None:
    before = shell.files()
    shell.ok("import", put(sheet, "name,company\nA,Nowhere\nB,\n"), "--as", "contacts", "--dry-run")
    assert "would import 1" in shell.err
    assert shell.files() == before
    assert not list(shell.folder.glob("*.csv"))


def test_what_is_here_already_is_skipped(shell: Shell, sheet: Path) -> None:
    put(sheet, "name,emails\nJane again,JANE@acme.example\nNew,new@acme.example\n")
    told = shell.json("import", str(sheet), "--as", "contacts")
    assert (told["created"], told["skipped"]) == (1, 1)
    told = shell.json("import", str(sheet), "--as", "contacts")
    assert (told["created"], told["skipped"]) == (0, 2)
