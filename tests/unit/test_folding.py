"""Search finds what people mean; keys made from names are never empty."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuicrm.text import fold, nearest, slug

ANY = st.text(st.characters(exclude_categories=()), max_size=30)


@given(ANY)
def test_fold_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(ANY)
def test_fold_ignores_normal_form(text: str) -> None:
    assert fold(unicodedata.normalize("NFC", text)) == fold(text) == fold(unicodedata.normalize("NFKD", text))


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("αθηνα", "Αθήνα"),
        ("ΟΔΟΣ", "οδός"),
        ("ي", "ی"),
        ("كتاب", "کتاب"),
        ("میخواهم", "می\u200cخواهم"),
        ("سلام", "ســلام"),
        ("2024", "۲۰۲۴"),
        ("2024", "٢٠٢٤"),
        ("istanbul", "İstanbul"),
        ("isik", "IŞIK"),
        ("isik", "ışık"),
        ("eliyev", "Əliyev"),
        ("strasse", "Straße"),
        ("lodz", "Łódź"),
        ("orsted", "Ørsted"),
        ("jose", "JOSÉ"),
        ("елка", "Ёлка"),
        ("o'neil", "O’Neil"),
    ],
)
def test_fold_finds(typed: str, stored: str) -> None:
    assert fold(typed) == fold(stored)


def test_fold_keeps_different_words_apart() -> None:
    words = ["की", "का", "か", "が", "ab", "a b", "1", "l"]
    assert len({fold(word) for word in words}) == len(words)


@pytest.mark.parametrize(
    ("word", "choices", "meant"),
    [
        ("GTXPro", ["GTX Basic", "GTX Pro"], "GTX Pro"),
        ("propsal", ["lead", "proposal"], "proposal"),
        ("teh", ["the", "ten"], "the"),
        ("expected", ["expected_close", "value"], "expected_close"),
        ("technolgy", ["technology"], "technology"),
        ("zzz", ["abc"], None),
        ("x", ["y"], None),
        ("", ["a"], None),
        ("!!", ["a"], None),
        ("a", [], None),
    ],
)
def test_nearest(word: str, choices: list[str], meant: str | None) -> None:
    assert nearest(word, choices) == meant


def test_nearest_stays_quick_on_a_huge_word() -> None:
    assert nearest("a" * 1_000_000, ["b" * 1_000_000, "won"]) is None


@given(ANY)
def test_slug_is_a_key(text: str) -> None:
    assert re.fullmatch("[a-z][a-z0-9_]{0,79}", slug(text))
    assert slug(text) == slug(text.upper().lower().upper()) or not text.isascii()


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("In Progress!", "in_progress"),
        ("Αθήνα", "athina"),
        ("Новый клиент", "novyi_klient"),
        ("مذاکره", "mzakrh"),
        ("2026 goal", "x_2026_goal"),
    ],
)
def test_slug_reads_like_the_name(name: str, key: str) -> None:
    assert slug(name) == key


def test_slug_tells_untransliterable_names_apart() -> None:
    assert slug("商談") != slug("提案")
    assert slug("A公司") != slug("A銀行")
    assert slug("x" * 5000 + "1") != slug("x" * 5000 + "2")
