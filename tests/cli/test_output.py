"""Tables, cards and JSON: they fit, they hold all, and nothing in them steers a terminal."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from tuicrm.cli.grid import card, grid
from tuicrm.cli.jsontext import dumps
from tuicrm.text import clean, width

cells = st.text(max_size=30)
tables = st.integers(1, 6).flatmap(
    lambda columns: st.lists(st.lists(cells, min_size=columns, max_size=columns), min_size=1, max_size=6)
)


@given(tables, st.integers(20, 120))
def test_a_table_fits_its_terminal(rows: list[list[str]], room: int) -> None:
    text, left_out = grid([f"H{at}" for at in range(len(rows[0]))], rows, cells=room)
    assert all(width(line) <= room for line in text.splitlines())
    assert len(text.split("\n")) == len(rows) + 2
    assert 0 <= left_out < len(rows[0])


@given(tables)
def test_a_table_without_bounds_holds_every_cell(rows: list[list[str]]) -> None:
    text, left_out = grid([f"H{at}" for at in range(len(rows[0]))], rows)
    assert left_out == 0
    assert clean(text) == text


def test_short_columns_keep_their_room() -> None:
    text, _ = grid(["ID", "NAME", "VALUE"], [["7KQ2", "x" * 100, "12000.00"]], right={2}, fixed={0}, cells=40)
    assert text.splitlines()[1] == "7KQ2  " + "x" * 23 + "…  12000.00"


@given(st.lists(st.tuples(st.text(st.characters(categories=["L"]), min_size=1), st.text()), max_size=5))
def test_a_card_is_clean(pairs: list[tuple[str, str]]) -> None:
    text = card([(clean(label), value) for label, value in pairs])
    assert clean(text) == text


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("ab\x7f\x9b\u202e", max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(values, st.booleans())
def test_json_means_the_same_and_holds_no_control(value: object, pretty: bool) -> None:
    data = dumps(value, pretty=pretty)
    assert json.loads(data) == value
    text = data.decode()
    assert not any(sign in text for sign in "\x1b\x7f\x80\x9b\u200b\u200e\u202e\u2066\ufeff\u2028\U000e0041")


def test_joiners_of_persian_stay_as_they_are() -> None:
    assert "می‌خواهم" in dumps("می‌خواهم").decode()
