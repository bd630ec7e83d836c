"""Text that would steer a terminal, hide or reorder, and text of other scripts, through every command and format."""

from __future__ import annotations

import csv
import io
import json
import shutil
from typing import TYPE_CHECKING

import pytest

from .conftest import Shell, surround

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SPELLED = {
    "persian": "می‌خواهم کتاب",
    "greek": "Αθήνα Α.Ε.",
    "azerbaijani": "Bakı Neft Şirkəti",
    "hebrew": "שלום",
    "emoji": "👩‍💻 Łódź",
}
HOSTILE = {
    "option": "-rf",
    "bracket": "[/",
    "action": "[@click=app.quit]x[/]",
    "rich": "[bold red on white]x[/bold red on white]",
    "clear": "a\x1b[2J\x1b[Hb",
    "link": "\x1b]8;;file:///etc/passwd\x1b\\a\x1b]8;;\x1b\\",
    "clipboard": "\x1b]52;c;cm0gLXJm\x07z",
    "device": '\x1bP$q"p\x1b\\d',
    "application": "\x1b_Ga=T;AAAA\x1b\\e",
    "c1": "a\x9b31mb\x90q\x9cc\x9d0;t\x07\x85d",
    "overstrike": "good\b\b\b\bevil\x7f",
    "reversed": "invoice\u202efdp.exe\u202c",
    "isolated": "\u2066a\u2069\u2067b\u2069\u200e\u200f\u061c",
    "hidden": "pay\u200bpal\u2060\ufeff\u00ad",
    "lines": "a\u2028b\u2029c\x0bd\x0ce\x1cf",
    "tags": "a\U000e0041\U000e007fb",
}
ALL = {**SPELLED, **HOSTILE}
FORMATS = ("table", "json", "jsonl", "csv", "tsv", "ids")


@pytest.fixture(scope="module")
def full(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """A workspace in which every text of every kind of record is one of those above; only for reading."""
    home = tmp_path_factory.mktemp("text")
    shutil.copytree(template, home / "acme", symlinks=True)
    with pytest.MonkeyPatch.context() as patch:
        surround(patch, home)
        patch.chdir(home / "acme")
        shell = Shell(home / "acme")
        for number, text in enumerate(ALL.values()):
            stock(shell, number, text)
        yield shell


def stock(shell: Shell, number: int, text: str) -> None:
    """Add records of each kind that hold a text wherever text is taken; whatever is refused is refused harmlessly."""
    more: tuple[str, ...] = (
        f"--city={text}",
        f"--notes={text}\n{text}",
        f"--industry={text}",
        f"--external-id={number}{text}",
    )
    company = shell.id("company", "add", *more, "--", text)
    more = (f"--title={text}", f"--email=x{number}@acme.example", f"--company={company}")
    contact = shell.id("contact", "add", *more, "--", text)
    more = (f"--company={company}", f"--contact={contact}", f"--next-step={text}", f"--source={text}")
    deal = shell.id("deal", "add", *more, "--value=5k", "--close=2026-10-08", "--", text)
    shell.ok("product", "add", f"--family={text}", "--price=5", "--", text)
    shell.ok("user", "add", f"--team={text}", "--", f"{text} {number}")
    shell.ok("log", "meeting", f"--with={contact}", f"--deal={deal}", f"--outcome={text}", "--", f"{text}\n{text}")
    shell.ok("followup", "add", "--due=2026-10-08", f"--deal={deal}", "--", text)
    for words in (
        ("company", "edit", company, f"--tag={text}"),
        ("deal", "edit", deal, f"--notes={text}", "--value=6k"),
        ("view", "add", "--where=is:open", "--", text),
        ("pipeline", "add", "--", text),
        ("pipeline", "edit", "Sales", f"--add={text} 40%"),
        ("field", "add", "--of=deal", f"--label={text}", f"--explains={text}", "--", f"extra{number}"),
        ("deal", "edit", deal, f"--set=extra{number}={text}"),
        ("deal", "move", deal, "proposal"),
    ):
        assert shell.run(*words) in (0, 2, 5), words


LISTS = [
    *((kind, "list", "--all") for kind in ("company", "contact", "deal", "product", "activity", "followup", "user")),
    *((kind, "list") for kind in ("pipeline", "view", "field")),
]
READS: list[tuple[str, ...]] = [
    *((*words, "--format", form) for words in LISTS for form in FORMATS),
    *((*words, "--columns", "name,owner,tags,notes") for words in LISTS[:3]),
    *((*words, "--json") for words in (("board",), ("agenda",), ("config", "list"), ("doctor",), ("schema", "deal"))),
    *(("search", "a", "--format", form) for form in FORMATS),
    ("board",),
    ("board", "--order", "value"),
    ("agenda",),
    ("config", "list"),
    ("doctor",),
    ("schema", "deal"),
    ("deal", "add", "--help"),
    ("deal", "list", "--where", "is:any"),
]  # fmt: skip


@pytest.mark.parametrize("words", READS, ids=" ".join)
def test_no_text_steers_a_terminal(full: Shell, words: tuple[str, ...]) -> None:
    text = full.ok(*words)
    if "json" in words or "--json" in words:
        json.loads(text)


@pytest.mark.parametrize("kind", ["company", "contact", "deal", "product", "activity", "followup", "user"])
def test_each_record_is_shown_and_told_harmlessly(full: Shell, kind: str) -> None:
    made = full.ok(kind, "list", "--all", "--format", "ids").split()
    for form in FORMATS:
        full.ok(kind, "show", *made, "--format", form)
    for one in made[:20]:
        full.ok("history", one)
        full.ok("history", one, "--json")


@pytest.mark.parametrize("name", ALL)
def test_text_is_kept_as_it_came(full: Shell, name: str) -> None:
    text = ALL[name]
    companies = full.json("company", "list")
    (made,) = [one for one in companies if one["name"] == text]
    assert made["notes"] == f"{text}\n{text}"
    assert json.loads(full.ok("company", "show", "--json", made["id"]))["name"] == text
    if name in SPELLED:
        for form in ("table", "csv", "tsv"):
            assert text in full.ok("company", "list", "--format", form)
        assert text in full.ok("board") + full.ok("deal", "list")
        rows = list(csv.DictReader(io.StringIO(full.ok("company", "list", "--format", "csv"))))
        assert text in [row["name"] for row in rows]


@pytest.mark.parametrize("text", ALL.values(), ids=ALL)
def test_failures_repeat_no_harm(full: Shell, text: str) -> None:
    before = full.files()
    for words in (
        ("deal", "show", "--", f"no {text}"),
        ("deal", "move", "--", "Acme pilot", f"no {text}"),
        ("deal", "edit", "Acme pilot", f"--value={text}"),
        ("deal", "edit", "Acme pilot", f"--close={text}"),
        ("deal", "edit", "Acme pilot", f"--owner=no {text}"),
        ("deal", "edit", "Acme pilot", f"--set={text}=x"),
        ("deal", "edit", "Acme pilot", f"--probability={text}"),
        ("deal", "list", f"--sort={text}"),
        ("deal", "list", f"--columns={text}"),
        ("deal", "list", f"--view=no {text}"),
        ("deal", "list", f"--where={text}:x"),
        ("deal", "list", f"--where=value>{text}"),
        ("deal", "list", f"--where=close<{text}"),
        ("deal", "list", f"--limit={text}"),
        ("deal", "list", f"--{text}"),
        ("contact", "add", "X", f"--email={text}"),
        ("followup", "snooze", "Send the report", f"--until={text}"),
        ("followup", "add", "X", f"--repeat={text}", "--due=tomorrow"),
        ("log", text, "x"),
        ("history", "--", f"no {text}"),
        ("config", "set", "--", text, "x"),
        ("config", "set", "timezone", "--", text),
        ("field", "add", "--of=deal", "--type=text", "--", f"{text}"),
        ("import", f"no {text}.csv", "--as", "deals"),
        ("import", "x.csv", "--as", text),
        ("schema", "--", text),
        ("help", "--", text),
        ("--workspace", f"no {text}", "deal", "list"),
        (text,),
    ):
        assert full.run(*words) in (2, 3, 5), (words, full.out)
        assert full.run(*words[:1], "--json", *words[1:]) in (2, 3, 5), words
    assert full.files() == before


def test_the_environment_is_text_from_outside_too(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (
        ("TUICRM_USER", "\x1b[2J\u202e"),
        ("TUICRM_NOW", "\x1b]0;x\x07"),
        ("TUICRM_WORKSPACE", "\x9b2J"),
    ):
        with monkeypatch.context() as patch:
            patch.setenv(name, value)
            shell.run("deal", "list", "--where", "owner:me")
            shell.run("company", "add", f"by {name}")
            shell.run("agenda")


def test_paths_are_text_from_outside_too(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = shell.folder.parent / "\x1b[2J\u202e[/"
    odd.mkdir()
    monkeypatch.chdir(odd)
    (odd / "\x9b31m.csv").write_text("name,company\nAnn,\nBob,Nowhere\n")
    shell.run("deal", "list")
    inside = Shell(odd / "\x1b]0;x\x07")
    shell.folder.rename(inside.folder)
    monkeypatch.chdir(inside.folder)
    inside.ok("import", "../\x9b31m.csv", "--as", "contacts")
    (inside.folder / "data" / "deal").mkdir(exist_ok=True)
    (inside.folder / "data" / "deal" / "\x1b[2J.jsonl").write_text("\x1b[2J\n")
    (inside.folder / "data" / "od\x1bd").mkdir()
    inside.ok("deal", "list")
    assert inside.err
    inside.run("doctor")
    inside.journal.write_bytes(b"\x1b[2J\n\n")
    inside.fails(8, "deal", "list")
    inside.run("doctor")


def test_unknown_fields_and_kinds_are_text_from_outside_too(shell: Shell) -> None:
    file = sorted((shell.folder / "data" / "deal").iterdir())[0]
    record = json.loads(file.read_bytes())
    record.update({"\x1b[2J": "\x1b]0;x\x07", "\u202e": {"\x9b": "\u2066"}, "zz": ["\x1b[2J"], "stage": "\x1b[2J"})
    file.write_text(json.dumps(record, ensure_ascii=False) + "\n")
    for words in READS[: len(FORMATS) * 3]:
        shell.ok(*words)
    for form in FORMATS:
        shell.ok("deal", "show", record["id"], "--format", form)
    for words in (("board",), ("doctor",), ("history", record["id"])):
        assert shell.run(*words) in (0, 8)


FOLDED = {
    "αθηνα": "Αθήνα Α.Ε.",
    "ΑΘΗΝΑ": "Αθήνα Α.Ε.",
    "αθήνα": "Αθήνα Α.Ε.",
    "كتاب": "می‌خواهم کتاب",
    "مي‌خواهم": "می‌خواهم کتاب",
    "baki": "Bakı Neft Şirkəti",
    "BAKI NEFT": "Bakı Neft Şirkəti",
    "sirkəti": "Bakı Neft Şirkəti",
    "lodz": "👩‍💻 Łódź",
    "שלום": "שלום",
}


@pytest.mark.parametrize(("typed", "name"), FOLDED.items())
def test_search_folds_case_accents_and_letters(full: Shell, typed: str, name: str) -> None:
    for kind in ("company", "contact", "deal", "product"):
        found = [one["name"] for one in full.json(kind, "list", "--where", f'name:"{typed}"')]
        assert found == [name], kind
        assert full.json(kind, "show", typed)["name"] == name
    assert name in {one["title"] for one in full.json("search", typed)}
    assert name in [one["subject"] for one in full.json("followup", "list", "--where", f'"{typed}"')]
