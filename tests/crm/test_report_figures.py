"""The figures below the reports: quartiles, a median with what is still open, credits."""

from __future__ import annotations

from decimal import Decimal
from statistics import median_low

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuicrm.crm.report.attribution import MODELS, parts, shares
from tuicrm.crm.report.figures import kaplan_meier_median, quartile
from tuicrm.crm.report.retention import life
from tuicrm.crm.report.targets import parse_targets
from tuicrm.errors import Invalid

DAYS = st.integers(0, 400)


@given(days=st.lists(DAYS, min_size=1))
def test_with_nothing_open_it_is_the_plain_median(days: list[int]) -> None:
    assert kaplan_meier_median((0, day, True) for day in days) == median_low(days)


@given(days=st.lists(DAYS, min_size=1), still=st.lists(DAYS))
def test_what_is_still_open_never_makes_it_shorter(days: list[int], still: list[int]) -> None:
    ended = [(0, day, True) for day in days]
    plain = kaplan_meier_median(ended)
    later = kaplan_meier_median([*ended, *((0, day, False) for day in still)])
    assert plain is not None
    assert later is None or later >= plain


def test_a_textbook_example() -> None:
    """Remission times of 6-MP, Freireich 1963: the estimate first falls to one half or below after 23 weeks."""
    ended = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    open_still = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    assert kaplan_meier_median([(0, t, True) for t in ended] + [(0, t, False) for t in open_still]) == 23


def test_who_came_late_is_not_at_risk_before() -> None:
    assert kaplan_meier_median([(0, 1, True), (5, 10, True), (5, 10, True)]) == 1
    assert kaplan_meier_median([(0, 1, False), (5, 10, True), (5, 12, True)]) == 10


def test_nothing_ended() -> None:
    assert kaplan_meier_median([]) is None
    assert kaplan_meier_median([(0, 9, False)]) is None


@pytest.mark.parametrize(("days", "expected"), [([], None), ([4], 4), ([1, 2, 3, 4], 1.75), ([0, 10], 2.5)])
def test_quartiles(days: list[int], expected: float | None) -> None:
    assert quartile(days, 1) == expected


@given(count=st.integers(1, 40), model=st.sampled_from(MODELS))
def test_credits_sum_to_one_exactly(count: int, model: str) -> None:
    held = shares(count, model)
    assert sum(held) == 1
    assert len(held) == count
    assert min(held) >= 0


def test_the_shape_of_a_u() -> None:
    assert [float(one) for one in shares(4, "u_shaped")] == [0.4, 0.1, 0.1, 0.4]
    assert [float(one) for one in shares(2, "u_shaped")] == [0.5, 0.5]
    assert [float(one) for one in shares(1, "u_shaped")] == [1]


@given(
    value=st.decimals(0, 10**9, places=2),
    count=st.integers(1, 40),
    model=st.sampled_from(MODELS),
    code=st.sampled_from(("EUR", "JPY")),
)
def test_money_is_parted_without_rest(value: Decimal, count: int, model: str, code: str) -> None:
    assert sum(parts(value, shares(count, model), code)) == value


LIVES = st.lists(st.integers(1, 2000), min_size=1, max_size=20).map(sorted)


@given(days=LIVES, lapse=st.integers(1, 500))
def test_a_customer_is_gained_and_lost_in_turn(days: list[int], lapse: int) -> None:
    found = life(days, lapse, today=2000)
    turns = [what for _, what, _ in found if what in ("gained", "gone")]
    assert turns == (["gained", "gone"] * len(turns))[: len(turns)]
    assert sum(what in ("gained", "bought") for _, what, _ in found) == len(days)
    assert [first for _, _, first in found].count(True) == 1
    assert [day for day, _, _ in found] == sorted(day for day, _, _ in found)
    assert all(day <= 2000 for day, _, _ in found)


def test_the_day_on_which_a_customer_is_lost() -> None:
    assert life([100], 365, today=464) == [(100, "gained", True)]
    assert life([100], 365, today=465)[1:] == [(465, "gone", False)]
    assert life([100, 465], 365, today=500)[1:] == [(465, "bought", False)]
    assert life([100, 466], 365, today=500)[1:] == [(465, "gone", False), (466, "gained", False)]


def test_targets() -> None:
    assert parse_targets("call 20, meetings 5") == {"call": 20, "meeting": 5}
    assert parse_targets("") == {}
    for text in ("call", "call x", "call -1", "call 0", "fax 3", "call 20 meeting 5", "call 99999999999"):
        with pytest.raises(Invalid, match="activity_targets"):
            parse_targets(text)
