"""Names that try to be something else: options, markup, escape sequences, reversed or hidden text."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from tuicrm.cli.sheet import sheet

if TYPE_CHECKING:
    from .conftest import Shell

NAMES = {
    "option": "-rf",
    "json flag": "--json",
    "open bracket": "[/",
    "action": "[@click=app.quit]x[/]",
    "title": "\x1b]0;owned\x07",
    "clear": "\x1b[2J\x1b[H gone",
    "c1": "a\x9b31mred",
    "del": "a\x7fb",
    "reversed": "invoice\u202efdp.exe",
    "hidden": "pay\u200bpal",
    "isolate": "\u2066hidden\u2069",
    "persian": "می‌خواهم",
    "greek": "Αθήνα Α.Ε.",
    "azerbaijani": "Bakı Neft Şirkəti",
    "emoji": "👩‍💻 Works",
    "tab and newline": "a\tb\nc",
    "formula": "=HYPERLINK(1)",
    "long": "x" * 100_000,
}
SPELLED = ("persian", "greek", "azerbaijani", "emoji")
FORMATS = ("table", "json", "jsonl", "csv", "tsv", "ids")
UNSAFE = [
    *map(chr, (*range(9), *range(11, 32), *range(0x7F, 0xA0))),
    *"\u200b\u200e\u200f\u2028\u2029\u202a\u202e\u2066\u2069\ufeff",
]


def harmless(text: str) -> bool:
    return not any(sign in text for sign in UNSAFE)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_hostile_name_is_kept_and_shown_harmlessly(shell: Shell, name: str) -> None:
    made = shell.id("company", "add", "--", name)
    assert harmless(shell.err)
    for form in FORMATS:
        for words in (["list"], ["show", made]):
            text = shell.ok("company", *words, "--format", form)
            assert harmless(text.replace("\t", "") if form == "tsv" else text), (form, words)
    assert shell.json("company", "show", made)["name"] == name
    assert json.loads(shell.ok("company", "list", "--format", "jsonl"))["name"] == name
    assert json.loads(shell.ok("company", "show", "--json", "--", name))["id"] == made


@pytest.mark.parametrize("name", [NAMES[one] for one in SPELLED], ids=SPELLED)
def test_spelling_is_not_touched(shell: Shell, name: str) -> None:
    made = shell.id("company", "add", name)
    for form in ("table", "csv", "tsv"):
        assert name in shell.ok("company", "list", "--format", form)
    assert name in shell.ok("company", "show", made)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_errors_and_other_commands_are_harmless(shell: Shell, name: str) -> None:
    shell.ok("company", "add", "--", name)
    shell.ok("company", "add", "--", name)
    shell.ok("deal", "add", "--company", shell.ok("company", "list", "--format", "ids").split()[0], "--", name)
    for words in (
        ["company", "show", "--", name],
        ["company", "show", "--", f"no {name}"],
        ["deal", "move", "--", name, name],
        ["deal", "list", "--where", name],
        ["deal", "list", "--where", f'"{name}"'],
        ["deal", "list", f"--sort={name}"],
        ["deal", "list", f"--columns={name}"],
        ["search", "--", name],
        ["history", "--", name],
        ["board"],
        ["undo"],
        ["redo"],
        ["config", "set", "currency", "--", name],
        ["view", "add", "--where", name, "--", name],
        ["pipeline", "add", "--", name],
        ["help", "--", name],
        [name],
    ):
        assert shell.run(*words) in (0, 2, 3, 4, 5), shell.err
        assert harmless(shell.out), words
        assert harmless(shell.err), words
        assert "Traceback" not in shell.err


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_begins_a_formula(shell: Shell, start: str) -> None:
    shell.ok("company", "add", "Acme", "--notes", f"x{start}", "--industry", f"{start}1+1")
    for form, mark in (("csv", ","), ("tsv", "\t")):
        text = shell.ok("company", "list", "--columns", "industry", "--format", form)
        (row,) = csv.DictReader(io.StringIO(text), delimiter=mark)
        assert row["industry"].startswith("'") or row["industry"] == "1+1"


def test_negative_amounts_stay_numbers() -> None:
    text = sheet(["name", "value"], [["-5", "-500.00"], ["=1", "-x"]], numeric={1})
    assert text.splitlines()[1:] == ["'-5,-500.00", "'=1,'-x"]


def test_search_folds_case_accents_and_letters(shell: Shell) -> None:
    for name in ("Αθήνα Α.Ε.", "کتاب یزد", "Bakı Neft", "Łódź"):
        shell.ok("company", "add", name)
    for typed, name in (("αθηνα", "Αθήνα Α.Ε."), ("كتاب", "کتاب یزد"), ("baki", "Bakı Neft"), ("lodz", "Łódź")):
        assert [one["title"] for one in shell.json("search", typed)] == [name]
        assert [one["name"] for one in shell.json("company", "list", "--where", typed)] == [name]
