"""Which format a file has, and that damaged files of all formats come to a clear end."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.prove import fuzz_import
from tuicrm.errors import Invalid
from tuicrm.exchange import formats


@pytest.mark.parametrize(
    ("name", "head", "found"),
    [
        ("a.vcf", b"BEGIN:VCARD\n", "vcard"),
        ("a", b"\xef\xbb\xbfbegin:vcard\r\n", "vcard"),
        ("a.txt", "BEGIN:VCARD\n".encode("utf-16"), "vcard"),
        ("a.vcf", b"", "vcard"),
        ("a", b"\n\nBEGIN:VCALENDAR\n", "icalendar"),
        ("a.ics", b"nonsense", "icalendar"),
        ("a.json", b' [{"a": 1}]', "json"),
        ("a", b'{\n "a": 1}', "json"),
        ("a", b'{"a": 1}\n{"a": 2}\n', "jsonl"),
        ("a.json", b'{"a": 1}\n{"a": 2}\n', "json"),
        ("a", b"From a@b Tue Oct  6 10:00:00 2026\nReceived: x\n", "mbox"),
        ("a", b"Return-Path: <a@b>\nFrom: a@b\nDate: x\n\nhi", "eml"),
        ("a.csv", b"name,email\nJane,jane@acme.example\n", None),
        ("a.txt", b"From,To,Date\na,b,c\n", None),
        ("a.csv", b"", None),
    ],
)
def test_a_format_is_told_from_the_beginning_of_a_file(name: str, head: bytes, found: str | None) -> None:
    form = formats.detect(Path(name), head)
    assert (form.name if form else None) == found


def test_a_csv_that_is_called_vcf_or_a_vcf_that_is_called_csv_is_what_it_holds() -> None:
    form = formats.detect(Path("people.csv"), b"BEGIN:VCARD\n")
    assert form
    assert form.name == "vcard"


def test_what_is_named_or_given_wrong_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"there is no format 'vcf': it is one of vcard, .*, or csv"):
        formats.format_named("vcf")
    with pytest.raises(Invalid, match="is a folder"):
        formats.read("vcard", tmp_path, fuzz_import.CONTEXT)
    with pytest.raises(Invalid, match="cannot be read"):
        formats.read("vcard", tmp_path / "none.vcf", fuzz_import.CONTEXT)
    assert formats.detect(tmp_path, b"") is None


def test_damaged_files_of_all_formats_come_to_a_clear_end() -> None:
    told = fuzz_import.run(240, seed=7)
    assert told.problems == []
    assert told.files == 240
    assert told.items > 240
    assert 0 < told.refused < 120


@pytest.mark.parametrize(
    "data",
    [
        b"BEGIN:VCARD\nN" + b";" * 200_000 + b':x"' * 50_000,
        b'N;"' + b'";"' * 100_000,
        b"From " + b"x" * 200_000 + b"\n\n",
    ],
)
def test_long_lines_of_marks_are_read_in_one_pass(data: bytes) -> None:
    with fuzz_import.in_time():
        formats.detect(None, data[: formats.HEAD])
        for name in ("vcard", "icalendar", "mbox", "eml"):
            with suppress(Invalid):
                assert formats.read(name, data, fuzz_import.CONTEXT).items == []


def test_the_table_of_formats_loads_no_reader() -> None:
    code = "import sys, tuicrm.exchange.formats as f; f.detect(None, b'BEGIN:VCARD'); print(sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    for name in ("icalendar", "tuicrm.exchange.vcard", "tuicrm.exchange.calendars", "email.message", "dateutil"):
        assert f"'{name}'" not in loaded
