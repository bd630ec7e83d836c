"""Nothing in data may steer a terminal, reorder a line, hide, or crash what prints it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuicrm.text import clean, clean_line, letters, pad, truncate, width

NASTY = st.text(
    st.one_of(
        st.characters(exclude_categories=()),
        st.sampled_from(
            "\x1b\x9b\u200c\u200d\u202e\u2066\u0301\u094d\ufe0f\ufe0e\u064b\u180b\U000e0100❤👩🏻هیक漢1\r\n\tm"
        ),
    ),
    max_size=40,
)
BIDI = {0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}


def _steers(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") or ord(char) in BIDI


@given(NASTY)
def test_clean_leaves_nothing_that_steers(text: str) -> None:
    assert not [char for char in clean(text) if _steers(char) and char != "\n"]
    assert not [char for char in clean_line(text) if _steers(char)]


@given(NASTY)
def test_clean_is_idempotent(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert clean_line(clean_line(text)) == clean_line(text)


@given(NASTY)
def test_clean_text_can_be_encoded(text: str) -> None:
    clean_line(text).encode("utf-8")


@pytest.mark.parametrize("code", [*range(0x20), *range(0x7F, 0xA0), *sorted(BIDI)])
def test_every_control_becomes_visible(code: int) -> None:
    shown = clean_line(f"a{chr(code)}b")
    assert shown[0] == "a"
    assert shown[-1] == "b"
    assert len(shown) >= 3
    assert shown.isprintable()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]0;owned\x07", "␛]0;owned␇"),
        ("a\x7fb", "a␡b"),
        ("a\x9b2Jb", "a<U+009B>2Jb"),
        ("pay\u202egnp.exe", "pay<U+202E>gnp.exe"),
        ("ze\u200bro", "ze<U+200B>ro"),
        ("soft\u00adhyphen", "soft<U+00AD>hyphen"),
        ("tag\U000e0041", "tag<U+E0041>"),
        ("half\ud83d", "half<U+D83D>"),
        ("no\ufffe", "no<U+FFFE>"),
        ("fil\u3164ler", "fil<U+3164>ler"),
        ("stray\ufe0f", "stray<U+FE0F>"),
        ("x\u200cy", "x<U+200C>y"),
        ("سلام\u200c", "سلام<U+200C>"),
        ("❤\ufe0f\ufe0f", "❤\ufe0f<U+FE0F>"),
        ("\u0301a", "◌\u0301a"),
        ("e" + "\u0301" * 30 + "x", "e" + "\u0301" * 4 + "…x"),
        ("[/", "[/"),
        ("[@click=app.exit]x[/]", "[@click=app.exit]x[/]"),
    ],
)
def test_what_is_unsafe_or_hidden_is_shown(text: str, shown: str) -> None:
    assert clean_line(text) == shown
    assert clean(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cخواهم",
        "۱۴۰۳ ه\u200d.ش",
        "ന\u0d4d\u200d",
        "क्\u200dष",
        "👩\u200d👩\u200d👧",
        "🏳\ufe0f\u200d🌈",
        "👍🏽",
        "1\ufe0f\u20e3",
        "❤\ufe0f",
        "葛\U000e0100城",
        "שָׁלוֹם",
        "Việt Nam, naïve, Ωμέγα",
        "ﷺ日本語한국어",
    ],
)
def test_spelling_stays(text: str) -> None:
    assert clean_line(text) == text


def test_lines_and_tabs() -> None:
    assert clean("a\r\nb\tc\rd\n") == "a\nb    c␍d\n"
    assert clean_line("a\r\nb\nc\td") == "a⏎b⏎c    d"


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("abc", 3),
        ("日本", 4),
        ("e\u0301", 1),
        ("👩\u200d👩\u200d👧", 2),
        ("❤\ufe0f", 2),
        ("می\u200cروم", 5),
        ("", 0),
        ("🙂", 2),
    ],
)
def test_width_counts_cells(text: str, cells: int) -> None:
    assert width(text) == cells


def test_width_agrees_with_the_toolkit_that_lays_the_screens_out() -> None:
    from rich.cells import cell_len

    samples = "Acme GmbH|Ωμέγα|日本語テキスト|한국어|שָׁלוֹם|नमस्ते दुनिया|می‌خواهم|🙂🚀|❤️ ok|👩‍👩‍👧 x|€ £ ﷼|ﷺ|e\u0301a"
    assert {text: width(text) for text in samples.split("|")} == {text: cell_len(text) for text in samples.split("|")}


@given(NASTY.map(clean_line), st.integers(0, 30))
def test_truncate_and_pad_fit(text: str, cells: int) -> None:
    cut = truncate(text, cells)
    assert width(cut) <= cells
    assert cut == text or cut == "" or cut.endswith("…")
    assert width(pad(text, cells)) == cells
    if width(text) <= cells:
        assert cut == text


def test_truncate_never_splits_a_wide_character() -> None:
    assert truncate("日本語", 4) == "日…"
    assert pad("日本語", 4) == "日… "
    assert truncate("abcd", 1) == "…"
    assert truncate("abcd", 0) == ""


@given(st.text())
def test_letters_are_as_many_as_before_and_safe(text: str) -> None:
    made = letters(text)
    assert len(made) == len(text)
    assert not any(ord(one) < 32 or 0x7F <= ord(one) < 0xA0 or one in "\u202e\u2066\u200b" for one in made)
    assert letters("plain ascii") == "plain ascii"
