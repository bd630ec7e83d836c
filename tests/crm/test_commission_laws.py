"""What holds for every commission: bands, accelerators, the cap, and the parts of deals."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuicrm.crm.commissions.sums import Scale, earned, parts

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

CENT = Decimal("0.01")
ZERO = Decimal(0)
MONEY = st.decimals(0, 10**9, places=2)
VALUES = st.lists(st.decimals(-(10**6), 10**8, places=2), min_size=1, max_size=8)


@st.composite
def scales(draw: DrawFn, *, retroactive: bool | None = None, rising: bool = False) -> Scale:
    """Return any scale; with `rising` rates, those of higher bands are no lower."""
    bounds = [ZERO, *sorted(draw(st.sets(st.decimals(1, 10**8, places=2), max_size=4)))]
    rates = draw(st.lists(st.decimals(0, 100, places=3), min_size=len(bounds), max_size=len(bounds)))
    boosts = sorted(
        draw(st.dictionaries(st.decimals(1, 10**8, places=2), st.decimals(1, 5, places=2), max_size=2)).items()
    )
    return Scale(
        bands=tuple(zip(bounds, sorted(rates) if rising else rates, strict=True)),
        retroactive=draw(st.booleans()) if retroactive is None else retroactive,
        boosts=tuple(boosts),
        cap=draw(st.none() | st.decimals(0, 10**7, places=2)),
        unit=draw(st.sampled_from((CENT, Decimal(1)))),
    )


def bands(*rows: tuple[int, str]) -> tuple[tuple[Decimal, Decimal], ...]:
    return tuple((Decimal(low), Decimal(rate)) for low, rate in rows)


STEPS = bands((0, "5"), (100_000, "6"), (125_000, "7"))


def test_three_bands() -> None:
    (of_deal,) = parts(Scale(STEPS), [Decimal(150_000)])
    assert [tuple(map(int, (one.sales, one.rate, one.amount))) for one in of_deal] == [
        (100_000, 5, 5_000),
        (25_000, 6, 1_500),
        (25_000, 7, 1_750),
    ]
    assert earned(Scale(STEPS), Decimal(150_000)) == 8_250


@pytest.mark.parametrize(
    ("sales", "amount"), [("99999.99", "5000.00"), ("100000", "6000"), ("124999.99", "7500.00"), ("125000", "8750")]
)
def test_a_retroactive_plan_jumps_where_a_band_begins(sales: str, amount: str) -> None:
    assert earned(Scale(STEPS, retroactive=True), Decimal(sales)) == Decimal(amount)


def test_what_lies_above_the_quota_is_multiplied() -> None:
    scale = Scale(bands((0, "10")), boosts=((Decimal(1_000), Decimal("1.5")), (Decimal(2_000), Decimal(2))))
    assert earned(scale, Decimal(1_000)) == 100
    assert earned(scale, Decimal(2_500)) == 100 + 150 + 100
    (of_deal,) = parts(scale, [Decimal(2_500)])
    assert [one.times for one in of_deal] == [1, Decimal("1.5"), 2]


@given(scale=scales(retroactive=False), low=MONEY, more=MONEY)
def test_selling_more_never_earns_less(scale: Scale, low: Decimal, more: Decimal) -> None:
    assert earned(scale, low) <= earned(scale, low + more)


@given(scale=scales(retroactive=True, rising=True), low=MONEY, more=MONEY)
def test_nor_where_the_band_that_is_reached_counts_for_all(scale: Scale, low: Decimal, more: Decimal) -> None:
    assert earned(scale, low) <= earned(scale, low + more)


@given(scale=scales(retroactive=False), data=st.data())
def test_bands_do_not_jump(scale: Scale, data: st.DataObject) -> None:
    bound = data.draw(st.sampled_from([*scale.bands, *scale.boosts]))[0]
    steepest = max(rate for _, rate in scale.bands) / 100 * max((times for _, times in scale.boosts), default=1)
    assert abs(earned(scale, bound + CENT) - earned(scale, bound)) <= CENT * max(steepest, Decimal(1)) + scale.unit


@given(scale=scales(), values=VALUES)
def test_parts_add_up_to_deals_and_deals_to_the_total(scale: Scale, values: list[Decimal]) -> None:
    found = parts(scale, values)
    assert [sum((one.sales for one in of_deal), ZERO) for of_deal in found] == values
    whole = sum((one.amount for of_deal in found for one in of_deal), ZERO)
    assert whole == earned(scale, sum(values, ZERO))
    assert all(one.amount == one.amount.quantize(scale.unit) for of_deal in found for one in of_deal)


@given(scale=scales(), values=VALUES, data=st.data())
def test_the_order_of_deals_does_not_change_the_total(scale: Scale, values: list[Decimal], data: st.DataObject) -> None:
    def total(order: list[Decimal]) -> Decimal:
        return sum((one.amount for of_deal in parts(scale, order) for one in of_deal), ZERO)

    assert total(values) == total(data.draw(st.permutations(values)))


@given(scale=scales(), values=VALUES)
def test_the_cap_holds(scale: Scale, values: list[Decimal]) -> None:
    if scale.cap is not None:
        assert earned(scale, sum(values, ZERO)) <= scale.cap + scale.unit
    free = Scale(scale.bands, scale.retroactive, scale.boosts, None, scale.unit)
    assert earned(scale, sum(values, ZERO)) <= earned(free, sum(values, ZERO))
