"""Data files and `tuicrm.json` as editors, merges and other programs leave them: read, healed, or named and kept."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from .conftest import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Shell


def deal_file(shell: Shell) -> tuple[Path, dict[str, Any]]:
    """The file of the deal Acme pilot, and its record."""
    deal = next(one["id"] for one in shell.json("deal", "list") if one["name"] == "Acme pilot")
    file = shell.folder / "data" / "deal" / f"{deal[-2:]}.jsonl"
    records = [json.loads(line) for line in file.read_bytes().splitlines()]
    return file, next(one for one in records if one["id"] == deal)


def line(record: dict[str, Any], **fields: Any) -> bytes:
    text = json.dumps({**record, **fields}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")


def inside(record: dict[str, Any], more: bytes) -> bytes:
    return line(record)[:-1] + b"," + more + b"}"


BROKEN: dict[str, tuple[Callable[[dict[str, Any]], bytes], str]] = {
    "cut short": (lambda r: line(r)[:40], "unexpected end of data at column 41"),
    "text": (lambda r: b"hello there", "not valid JSON"),
    "escape sequence": (lambda r: b"\x1b]0;owned\x07\x9b2J", "not valid JSON"),
    "two on a line": (lambda r: line(r) + line(r), "not valid JSON"),
    "an array": (lambda r: b"[]", "not a JSON object"),
    "a text": (lambda r: b'"x"', "not a JSON object"),
    "null": (lambda r: b"null", "not a JSON object"),
    "single quotes": (lambda r: line(r).replace(b'"', b"'"), "not valid JSON"),
    "a comment": (lambda r: b"// " + line(r), "not valid JSON"),
    "a trailing comma": (lambda r: line(r)[:-1] + b",}", "not valid JSON"),
    "no id": (lambda r: b'{"name":"x"}', "id is missing"),
    "an id in small letters": (lambda r: line(r, id=r["id"].lower()), "id is missing or no ULID"),
    "an id that is a number": (lambda r: line(r, id=5), "id is missing or no ULID"),
    "a key twice": (lambda r: inside(r, b'"name":"q"'), "the key 'name' appears twice"),
    "an inner key twice": (lambda r: inside(r, b'"zz":{"a":1,"a":2}'), "the key 'a' appears twice"),
    "a float": (lambda r: line(r, zz=1.5), "floating point"),
    "a float within": (lambda r: line(r, zz=[{"a": [1e3]}]), "floating point"),
    "a huge integer": (lambda r: line(r, zz=2**70), "beyond 64 bits"),
    "not a number": (lambda r: inside(r, b'"zz":NaN'), "not valid JSON"),
    "infinity": (lambda r: inside(r, b'"zz":Infinity'), "not valid JSON"),
    "half a character": (lambda r: inside(r, b'"zz":"\\ud800"'), "not valid JSON"),
    "half a character in bytes": (lambda r: line(r, zz="\ud800"), "not valid JSON"),
    "a NUL": (lambda r: line(r)[:-1] + b"\0}", "not valid JSON"),
    "Latin-1": (lambda r: line(r, name="Müller").decode().encode("latin-1"), "not valid JSON"),
    "deep lists": (lambda r: inside(r, b'"zz":' + b"[" * 500 + b"]" * 500), "nested too deeply"),
    "deeper lists": (lambda r: inside(r, b'"zz":' + b"[" * 100_000), "depth limit"),
    "versions in a text": (lambda r: line(r, _v="x"), "_v is no map"),
    "versions in a list": (lambda r: line(r, _v=["x"]), "_v is no map"),
    "versions that are null": (lambda r: line(r, _v=None), "_v is no map"),
    "a marker with text behind": (lambda r: b"<<<<<<<HEAD", "not valid JSON"),
}


@pytest.mark.parametrize(("broken", "says"), BROKEN.values(), ids=BROKEN)
def test_a_broken_line_is_named_left_out_and_kept(
    shell: Shell, broken: Callable[[dict[str, Any]], bytes], says: str
) -> None:
    file, record = deal_file(shell)
    bad = broken(record)
    file.write_bytes(bad + b"\n")
    place = f"data/deal/{file.name}, line 1"

    assert [one["name"] for one in shell.json("deal", "list")] == ["Acme renewal"]
    assert place in shell.err, "a list that lacks a record says so"
    shell.fails(3, "deal", "show", "Acme pilot", says=place)
    shell.ok("company", "list")
    assert shell.err == "", "who does not read the file is not told"

    assert shell.run("doctor", "--json") == 8
    (found,) = [one for one in json.loads(shell.out) if one["level"] == "damage"]
    assert (found["path"], found["line"]) == (f"data/deal/{file.name}", 1)
    assert says in found["message"]

    file.write_bytes(
        bad + b"\n" + line(record, id=record["id"][:-6] + "ZZZZ" + record["id"][-2:], name="Other") + b"\n"
    )
    shell.ok("deal", "edit", "Other", "--value", "9k")
    assert file.read_bytes().splitlines()[-1] == bad, "an edit of its neighbour keeps it byte for byte"
    assert shell.run("doctor", "--fix") == 8
    assert file.read_bytes().splitlines()[-1] == bad
    assert bad + b"\n" in [path.read_bytes() for path in (shell.private / "quarantine").iterdir()]


@pytest.mark.parametrize("kind", KINDS)
def test_doctor_works_whatever_kind_is_broken(shell: Shell, kind: str) -> None:
    files = sorted((shell.folder / "data" / kind).rglob("*.jsonl"))
    for file in files:
        file.write_bytes(b"{broken\n")
    assert shell.run("doctor") == 8
    assert f"data/{kind}/" in shell.out
    for words in (("deal", "list", "--all"), ("company", "list"), ("agenda",), ("config", "list"), ("search", "acme")):
        shell.ok(*words)
    assert shell.run("board") in (0, 3)
    assert shell.run("deal", "add", "More") in (0, 3)
    assert shell.run("doctor", "--fix") == 8
    assert all(file.read_bytes().endswith(b"{broken\n") for file in files)


HEALED: dict[str, Callable[[bytes], bytes]] = {
    "CRLF": lambda data: data.replace(b"\n", b"\r\n"),
    "BOM": lambda data: b"\xef\xbb\xbf" + data,
    "no last newline": lambda data: data[:-1],
    "blank lines": lambda data: b"\n  \n\t\r\n" + data + b"\n\n",
    "conflict markers": lambda data: b"<<<<<<< HEAD\n" + data + b"=======\n" + data + b">>>>>>> theirs\n",
    "markers with a base": lambda data: (
        b"<<<<<<< a\n" + data + b"||||||| b\n" + data + b"=======\n" + data + b">>>>>>> c\n"
    ),
    "markers and CRLF": lambda data: b"<<<<<<< HEAD\r\n=======\r\n" + data + b">>>>>>> x\r\n",
    "the line twice": lambda data: data + data,
    "other spacing": lambda data: json.dumps(json.loads(data), indent=None).encode() + b"\n",
}


@pytest.mark.parametrize("spoil", HEALED.values(), ids=HEALED)
def test_what_can_be_read_is_read_and_healed(shell: Shell, spoil: Callable[[bytes], bytes]) -> None:
    file, _ = deal_file(shell)
    before = shell.json("deal", "list")
    data = file.read_bytes()
    file.write_bytes(spoil(data))
    assert shell.json("deal", "list") == before
    assert shell.err == ""
    shell.ok("doctor", "--fix")
    assert file.read_bytes() == data
    assert shell.json("deal", "list") == before


def test_two_lines_of_one_id_are_joined(shell: Shell) -> None:
    file, record = deal_file(shell)
    later = "01ZZZZZZZZ" + "0" * 16
    file.write_bytes(
        line(record, name="A") + b"\n" + line(record, name="B", _v={"name": record["id"][:9] + "Z" * 17}) + b"\n"
    )
    (held,) = [one for one in shell.json("deal", "list") if one["id"] == record["id"]]
    assert held["name"] == "B"
    file.write_bytes(line(record, name="A", _v={"name": later}) + b"\n")
    assert shell.json("deal", "show", record["id"])["name"] == "A"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_file_in_another_encoding_is_named_and_kept(shell: Shell, encoding: str) -> None:
    file, _ = deal_file(shell)
    data = file.read_bytes().decode().encode(encoding)
    file.write_bytes(data)
    assert [one["name"] for one in shell.json("deal", "list")] == ["Acme renewal"]
    assert f"data/deal/{file.name}, line 1" in shell.err
    assert shell.run("doctor") == 8
    shell.ok("deal", "edit", "Acme renewal", "--value", "13k")
    assert data.strip(b"\0\n") in file.read_bytes()


def test_a_line_of_megabytes_is_a_line(shell: Shell) -> None:
    file, record = deal_file(shell)
    file.write_bytes(line(record, notes="x" * 3_000_000, zz="y" * 1_000_000) + b"\n")
    assert len(shell.json("deal", "show", "Acme pilot")["notes"]) == 3_000_000
    shell.ok("deal", "edit", "Acme pilot", "--value", "9k")
    shell.ok("deal", "list")
    assert json.loads(file.read_bytes())["zz"] == "y" * 1_000_000


@pytest.mark.parametrize(
    "value",
    [[[1], {"a": None}], {"a": {"b": []}}, 2**63 - 1, -(2**63), True, "", "\0\x1b[2J", [""], {"": ""}],
    ids=repr,
)
def test_unknown_fields_of_any_shape_live_on(shell: Shell, value: Any) -> None:
    file, record = deal_file(shell)
    file.write_bytes(line(record, zz=value) + b"\n")
    before = json.loads(shell.ok("deal", "show", "Acme pilot", "--json"))["zz"]
    shell.ok("deal", "edit", "Acme pilot", "--value", "9k")
    assert json.loads(shell.ok("deal", "show", "Acme pilot", "--json"))["zz"] == before
    shell.ok("doctor")


ODD: tuple[Any, ...] = (
    5,
    True,
    "",
    "garbage",
    [1],
    {"a": {"b": {"c": 1}}},
    {},
    "\x1b]0;x\x07",
    "9999-99-99",
    "1e999",
    ["x", None, ["y"]],
)
READING: tuple[tuple[str, ...], ...] = (
    ("list", "--all"),
    ("list", "--all", "--json"),
    ("list", "--all", "--format", "csv"),
    ("show", "ID"),
    ("show", "ID", "--json"),
)
EVERYWHERE: tuple[tuple[str, ...], ...] = (("board",), ("agenda",), ("search", "acme"), ("doctor",))


@pytest.mark.parametrize("odd", ODD, ids=repr)
@pytest.mark.parametrize("kind", ["company", "contact", "deal", "product", "activity", "followup", "user"])
def test_values_that_no_field_may_hold_stop_no_command(shell: Shell, kind: str, odd: Any) -> None:
    """All fields of a record hold the odd value at once."""
    from tuicrm.records.registry import KINDS

    file = sorted((shell.folder / "data" / kind).rglob("*.jsonl"))[0]
    record = json.loads(file.read_bytes().splitlines()[0])
    fields = {one.name: odd for one in KINDS[kind].all_fields if not one.computed}
    file.write_bytes(line(record, **fields) + b"\n")
    for words in READING:
        shell.ok(kind, *[record["id"] if one == "ID" else one for one in words])
    for words in EVERYWHERE:
        assert shell.run(*words) in (0, 8), words
    shell.ok("history", record["id"])
    where = KINDS[kind].naming[0]
    shell.ok(kind, "list", "--all", "--sort", where, "--where", f"{where}:any or {where}:x")
    shell.run(kind, "edit", record["id"], "--external-id", "q")
    shell.ok(kind, "list", "--all")


@pytest.mark.parametrize("odd", ODD, ids=repr)
@pytest.mark.parametrize("kind", ["pipeline", "view", "setting"])
def test_odd_setup_stops_no_command(shell: Shell, kind: str, odd: Any) -> None:
    from tuicrm.records.registry import KINDS

    file = sorted((shell.folder / "data" / kind).rglob("*.jsonl"))[0]
    record = json.loads(file.read_bytes().splitlines()[0])
    for field in (one.name for one in KINDS[kind].all_fields if not one.computed):
        file.write_bytes(line(record, **{field: odd}) + b"\n")
        for words in (
            ("deal", "list", "--all"),
            ("deal", "list", "--view", "big"),
            ("pipeline", "list", "--json"),
            ("view", "list"),
            ("config", "list"),
            *EVERYWHERE,
        ):
            assert shell.run(*words) in (0, 3, 5, 8), (field, words)


MANIFESTS: dict[str, tuple[bytes, int, str]] = {
    "empty": (b"", 8, "line 1, column 1"),
    "cut": (b'{"format": 1,\n"id":', 8, "line 2, column"),
    "a list": (b"[]", 8, 'an object with "format": 1'),
    "null": (b"null", 8, 'an object with "format": 1'),
    "no format": (b'{"id":"01ARZ3NDEKTSV4RRFFQ69G5FAV","name":"x"}', 8, '"format": 1'),
    "format 0": (b'{"format":0}', 8, '"format": 1'),
    "format 1.0": (b'{"format":1.0}', 8, '"format": 1'),
    "format true": (b'{"format":true}', 8, '"format": 1'),
    "format in quotes": (b'{"format":"1"}', 8, '"format": 1'),
    "no id": (b'{"format":1,"name":"x"}', 8, "an id (a ULID)"),
    "no name": (b'{"format":1,"id":"01ARZ3NDEKTSV4RRFFQ69G5FAV"}', 8, "a name (text)"),
    "UTF-16": ('{"format":1}'.encode("utf-16"), 8, "UTF-8"),
    "conflict": (b"<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> x\n", 8, "line 1, column 1"),
    "deep": (b"[" * 5000, 8, "depth limit"),
    "endless": (b'{"format":1' + b" " * 3_000_000 + b"}", 8, "column"),
    "later": (b'{"format":2,"other":{}}', 5, "format 2, written by a later tuicrm"),
    "much later": (b'{"format":9007199254740993}', 5, "later tuicrm"),
}


@pytest.mark.parametrize(("data", "code", "says"), MANIFESTS.values(), ids=MANIFESTS)
def test_a_workspace_that_cannot_be_opened_is_not_touched(shell: Shell, data: bytes, code: int, says: str) -> None:
    manifest = shell.folder / "tuicrm.json"
    manifest.write_bytes(data)
    for words in (
        ("deal", "list"),
        ("company", "add", "X"),
        ("undo",),
        ("doctor",),
        ("config", "set", "currency", "USD"),
    ):
        assert str(manifest) in shell.fails(code, *words, says=says)
    assert shell.error("deal", "list")["hint"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.replace(b",", b",\r\n"),
        lambda data: data.replace(b"{", b'{"later":[1.5],'),
        lambda data: json.dumps({**json.loads(data), "name": "\x1b]0;x\x07[/"}).encode(),
    ],
    ids=["BOM", "CRLF", "unknown field", "hostile name"],
)
def test_an_odd_manifest_that_says_enough_is_used(shell: Shell, spoil: Callable[[bytes], bytes]) -> None:
    manifest = shell.folder / "tuicrm.json"
    data = spoil(manifest.read_bytes())
    manifest.write_bytes(data)
    assert len(shell.json("deal", "list")) == 2
    for words in (("board",), ("doctor",), ("company", "add", "X")):
        shell.ok(*words)
    assert manifest.read_bytes() == data


def test_no_manifest_is_no_workspace(shell: Shell) -> None:
    manifest = shell.folder / "tuicrm.json"
    manifest.rename(shell.folder / "aside")
    shell.fails(3, "deal", "list", says="no workspace")
    manifest.mkdir()
    shell.fails(3, "--workspace", str(shell.folder), "deal", "list", says="no workspace")
    manifest.rmdir()
    manifest.symlink_to(shell.folder / "aside")
    shell.fails(8, "deal", "list", says="symbolic link")
