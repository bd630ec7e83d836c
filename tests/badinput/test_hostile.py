"""What a search with hostile values through every door found: each of these once slipped through."""

from __future__ import annotations

import json
from shlex import quote
from typing import TYPE_CHECKING

import pytest

from tuicrm.text import letters
from tuicrm.tui.pages.links import target

if TYPE_CHECKING:
    from .conftest import Shell

HIDDEN = "pay\u00adpal\u034f\u115f\u180e\u3164\uffa0"
FLOOD = "z" + "\u0301\u0335" * 200
FORMS = ("--json", "--format=jsonl", "--format=table", "--format=csv")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("text", [HIDDEN, FLOOD], ids=["hidden", "flood"])
def test_what_hides_or_buries_is_told_in_every_format(shell: Shell, text: str, form: str) -> None:
    shell.ok("company", "add", f"--notes={text}", "--", text)
    out = shell.ok("company", "list", form, "--columns=name,notes")
    assert not set(HIDDEN[3:]) & set(out) - set("pal")
    assert "\u0301\u0335" * 3 not in out
    assert json.loads(shell.ok("company", "show", "--json", "--", text))["notes"] == text


@pytest.fixture
def quoted(shell: Shell) -> Shell:
    """A deal with a quote."""
    shell.ok("deal", "item", "add", "Acme pilot", "--name", "Training", "--price", "900")
    shell.ok("quote", "add", "Acme pilot")
    return shell


@pytest.mark.parametrize("option", ["--notes=x", "--next-step=x", "--log=call: x", "--check=x", "--name=x"])
def test_a_declined_quote_drops_nothing_that_was_said(quoted: Shell, option: str) -> None:
    quoted.ok("quote", "send", "Q-2026-0001")
    said = quoted.fails(2, "quote", "decline", "Q-2026-0001", option, says="--lose")
    assert option.partition("=")[0] in said
    assert quoted.run("quote", "decline", "Q-2026-0001", option, "--reason=price", "--lose") in (0, 3, 5)


def test_a_template_without_a_letter_is_no_template(quoted: Shell) -> None:
    quoted.fails(2, "quote", "send", "Q-2026-0001", "--template=Intro", says="--draft")


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("a?bcc=evil@x.example", "mailto:a%3Fbcc%3Devil@x.example"),
        ("a&cc=evil@x.example", "mailto:a%26cc%3Devil@x.example"),
        ("a%0d%0abcc@x.example", "mailto:a%250d%250abcc@x.example"),
        ("j+sales@x.example", "mailto:j+sales@x.example"),
    ],
)
def test_an_address_puts_nothing_but_itself_into_a_link(text: str, link: str) -> None:
    assert target("emails", text) == link


RUNS = "x\"; $(touch PWNED) `touch PWNED` 'y"


def runs(text: str) -> bool:
    """Tell whether the data in a text stands anywhere where a shell would not take it for one word."""
    as_one_word = quote(RUNS)[:-1]
    return any("$(touch" in line.replace(as_one_word, "").partition("tuicrm ")[2] for line in text.splitlines())


@pytest.mark.parametrize(
    "words",
    [
        ("quote", "add", "{deal}"),
        ("quote", "revise", RUNS),
        ("quote", "decline", RUNS),
        ("rule", "run", RUNS, "--yes"),
        ("rule", "edit", RUNS, "--off"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_a_command_to_copy_runs_nothing_of_the_data(shell: Shell, words: tuple[str, ...]) -> None:
    shell.ok("deal", "edit", "Acme pilot", "--name", RUNS)
    deal = shell.json("deal", "show", RUNS)["id"]
    shell.ok("rule", "add", RUNS, "--when", "value changed", "--do", "tag hot")
    if words[1] != "add":
        shell.ok("deal", "item", "add", deal, "--name", "Training", "--price", "900")
        shell.ok("quote", "add", deal, f"--number={RUNS}")
        shell.ok("quote", "send", RUNS)
    told = ""
    for _ in range(2):
        shell.run(*(one.replace("{deal}", deal) for one in words))
        told += shell.err
    if words[0] == "rule":
        shell.run("rule", "run", RUNS)
        told += shell.err
    assert "tuicrm " in told, told
    assert not runs(told), told


@pytest.mark.parametrize("choice", ["plain words", "a-b", "Ärger", "a_b", "=1", "x\x1b[2J"])
def test_a_choice_of_ones_own_can_be_chosen_as_it_is_written(shell: Shell, choice: str) -> None:
    shell.ok("field", "add", "odd", "--of=deal", "--type=choice", f"--choice={choice}", "--choice=other")
    shell.ok("deal", "edit", "Acme pilot", f"--set=odd={choice}")
    assert shell.json("deal", "show", "Acme pilot")["odd"] == choice
    if choice.isprintable() and choice != "=1":
        shell.ok("deal", "edit", "Acme pilot", f"--set=odd={choice.upper().replace(' ', '-')}")
        assert shell.json("deal", "show", "Acme pilot")["odd"] == choice


LONG = "y " * 3000 + "end"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.ics", f"BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nUID:1\r\nSUMMARY:{LONG}\r\nEND:VTODO\r\nEND:VCALENDAR\r\n"),
        ("a.vcf", f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{LONG}\r\nTITLE:{LONG}\r\nEND:VCARD\r\n"),
        ("a.json", json.dumps([{"name": LONG, "emails": ["l@x.example"]}])),
    ],
    ids=["ics", "vcf", "json"],
)
def test_an_import_cuts_no_long_line(shell: Shell, name: str, data: str) -> None:
    (shell.folder / name).write_text(data)
    shell.ok("import", name)
    kind = "followups" if name == "a.ics" else "contacts"
    held = [text for one in json.loads(shell.ok("export", kind, "--json")) for text in one.values()]
    assert LONG in held


def test_what_is_edited_in_place_buries_nothing_either() -> None:
    shown = letters(FLOOD)
    assert len(shown) == len(FLOOD)
    assert shown[:5] == FLOOD[:5]
    assert set(shown[5:]) == {"\ufffd"}
    for spelled in ("می‌خواهم", "e\u0301a", "שָׁלוֹם"):
        assert letters(spelled) == spelled


def test_an_item_longer_than_a_page_is_told(shell: Shell) -> None:
    shell.ok("deal", "item", "add", "Acme pilot", f"--name={'long name ' * 2000}", "--price", "900")
    shell.ok("quote", "add", "Acme pilot")
    shell.fails(5, "quote", "print", "Q-2026-0001", "--format=pdf", "--out=q.pdf", says="more than a page")
    assert not (shell.folder / "q.pdf").exists()
    shell.ok("quote", "print", "Q-2026-0001", "--format=html", "--out=q.html")


def test_a_hint_is_brief_whatever_is_in_it(shell: Shell) -> None:
    shell.ok("rule", "add", "Bell", "--when", "deal created", "--do", f"command /bin/true {'x' * 20_000}")
    assert len(shell.fails(6, "rule", "run", "Bell", "--yes", says="allow")) < 4000
