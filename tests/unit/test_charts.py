"""Charts: lines of the asked size, honest about proportions, without escape sequences, from any thread."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tuicrm.charts import bars, columns, curves
from tuicrm.text import width

MARKS = ("#", "=", ".")
amounts = st.floats(0, 1e15, allow_subnormal=False)
rows = st.lists(st.tuples(amounts, amounts, amounts), min_size=1, max_size=13)


@settings(max_examples=40, deadline=None)
@given(rows=rows, cells=st.integers(1, 200), goals=st.lists(amounts, max_size=13))
def test_bars_have_the_asked_size(rows: list[tuple[float, float, float]], cells: int, goals: list[float]) -> None:
    drawn = bars(rows, MARKS, cells, goals=goals[: len(rows)])
    assert len(drawn) == len(rows)
    assert {width(line) for line in drawn} == {cells}
    assert set("".join(drawn)) <= set("#=.| ")


def test_bars_are_as_long_as_their_values() -> None:
    drawn = bars([(50, 25, 25), (0, 0, 50), (0, 0, 0), (100, 0, 0)], MARKS, 100, goals=[75, 0, 0, 0])
    assert [len(line.rstrip()) for line in drawn] == [100, 50, 0, 100]
    assert [drawn[0].count(mark) for mark in "#=.|"] == [50, 24, 25, 1]
    assert drawn[0][74] == "|"
    assert drawn[1].strip() == "." * 50


def test_what_is_there_can_be_seen() -> None:
    assert bars([(0, 0, 1), (0, 0, 1e9)], MARKS, 30)[0].strip() == "."


@pytest.mark.parametrize("cells", [30, 40, 80, 120, 200])
def test_columns_and_their_names(cells: int) -> None:
    drawn = columns([[1, 2, 3], [3, 2, 0]], "cm", cells, 6, names=["Mon\x1b[2J", "", "Wed"])
    assert len(drawn) == 6
    assert {width(line) for line in drawn} == {cells}
    assert "\x1b" not in "".join(drawn)
    assert drawn[-1].startswith("Mon")
    assert drawn[-1].index("Wed") == 2 * (cells // 3)
    assert all("c" in line for line in drawn[2:-1])


def test_columns_without_room_are_not_drawn() -> None:
    assert columns([[1] * 13], "c", 12, 5) == []
    assert columns([], "", 30, 5) == []


@settings(max_examples=20, deadline=None)
@given(
    first=st.lists(amounts, max_size=20),
    second=st.lists(amounts, min_size=2, max_size=20),
    cells=st.integers(2, 200),
    lines=st.integers(2, 30),
)
def test_curves_have_the_asked_size(first: list[float], second: list[float], cells: int, lines: int) -> None:
    drawn = curves([first, second], "#-", cells, lines)
    assert len(drawn) == lines
    assert {width(line) for line in drawn} == {cells}


def test_a_curve_ends_where_its_values_do() -> None:
    drawn = curves([[0, 1], [0, 1, 2, 3, 4]], "#-", 41, 9, names=["Oct"])
    assert drawn[-1].startswith("Oct")
    assert max(line.rfind("#") for line in drawn) == 10
    assert drawn[0].rstrip().endswith("-")


def test_charts_from_many_threads_do_not_mix() -> None:
    wanted = {n: bars([(n, 1, 0)] * n, MARKS, 40 + n) for n in range(1, 9)}
    jobs = list(range(1, 9)) * 6

    def drawn(n: int) -> list[str]:
        # Another width each time, so that nothing is answered from what is remembered.
        columns([[n] * n], "c", 60 + n, 4)
        return bars([(n, 1, 0)] * n, MARKS, 40 + n)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(drawn, jobs)) == [wanted[n] for n in jobs]


@settings(max_examples=40, deadline=None)
@given(places=st.integers(1, 20), each=st.integers(1, 12), more=st.integers(0, 11))
def test_columns_are_equally_wide_with_a_gap_between(places: int, each: int, more: int) -> None:
    drawn = columns([[1.0] * places], "c", places * each + min(more, places - 1), 2)
    one = "c" * max(each - 1, 1) + " " * (each > 1)
    assert drawn[0].rstrip() == (one * places).rstrip()
