"""Ids and versions: their spelling, their rank, and a clock that only moves forward."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuicrm.errors import Invalid
from tuicrm.store.ulid import MAX_MS, Clock, encode, is_ulid, ms_of, rank

NOW = 1_790_000_000_000
times = st.integers(0, MAX_MS)
bits = st.integers(0, 2**80 - 1)


@given(times, bits)
def test_spelling_keeps_the_time_and_is_canonical(ms: int, rand: int) -> None:
    text = encode(ms, rand)
    assert is_ulid(text)
    assert rank(text) == text
    assert ms_of(text) == ms


@given(times, bits, times, bits)
def test_text_order_is_time_order(ms: int, rand: int, other_ms: int, other_rand: int) -> None:
    assert (encode(ms, rand) < encode(other_ms, other_rand)) == ((ms, rand) < (other_ms, other_rand))


def test_the_spelling_is_crockford_base32() -> None:
    assert encode(0, 0) == "0" * 26
    assert encode(1, 31) == "0000000001" + "000000000000000Z"
    assert encode(2**48 - 1, 2**80 - 1) == "7" + "Z" * 25


@pytest.mark.parametrize(
    "value",
    ["", "0" * 25, "0" * 27, "8" + "0" * 25, "0" * 25 + "U", "0" * 25 + "a", "0" * 25 + "é", 5, None, b"0" * 26],
)
def test_anything_else_is_no_ulid_and_ranks_lowest(value: object) -> None:
    assert not is_ulid(value)
    assert rank(value) == ""


def test_what_lies_after_2200_ranks_lowest() -> None:
    assert rank(encode(MAX_MS, 2**80 - 1))
    assert is_ulid(encode(MAX_MS + 1, 0))
    assert rank(encode(MAX_MS + 1, 0)) == ""


def test_rising_within_one_millisecond_and_when_the_clock_is_set_back() -> None:
    moments = iter([NOW] * 500 + [NOW - 3_600_000] * 500 + [NOW + 1])
    clock = Clock(now_ms=lambda: next(moments))
    made = [clock.new() for _ in range(1001)]
    assert made == sorted(set(made))
    assert {ms_of(one) for one in made[:1000]} == {NOW}


def test_rising_even_when_the_random_part_runs_out() -> None:
    clock = Clock(now_ms=lambda: NOW, rand=lambda: 2**80 - 1)
    first, second = clock.new(), clock.new()
    assert first < second
    assert ms_of(second) == NOW + 1


def test_several_at_once_rise_and_share_a_time() -> None:
    clock = Clock(now_ms=lambda: NOW)
    first, many, last = clock.new(), clock.several(300), clock.new()
    assert [first, *many, last] == sorted({first, *many, last})
    assert len(many) == 300
    assert {ms_of(one) for one in many} == {NOW + 1}
    assert all(map(is_ulid, many))


def test_several_rise_also_where_all_random_bits_are_the_same() -> None:
    clock = Clock(now_ms=lambda: NOW, rand=lambda: 7)
    made = clock.several(5)
    assert made == sorted(set(made))


def test_the_last_two_characters_spread_evenly() -> None:
    clock = Clock(now_ms=lambda: NOW)
    tails = Counter(clock.new()[-2:] for _ in range(1024 * 20))
    assert len(tails) > 1000
    assert max(tails.values()) < 60


def test_threads_never_share_an_id() -> None:
    clock = Clock(now_ms=lambda: NOW)
    made: list[list[str]] = [[] for _ in range(4)]
    threads = [threading.Thread(target=lambda mine=mine: mine.extend(clock.new() for _ in range(500))) for mine in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({one for mine in made for one in mine}) == 2000
    assert all(mine == sorted(mine) for mine in made)


@pytest.mark.parametrize(("ms", "kept"), [(-5, 0), (0, 0), (NOW, NOW), (MAX_MS + 9, MAX_MS)])
def test_at_carries_a_past_time_within_bounds(ms: int, kept: int) -> None:
    clock = Clock(now_ms=lambda: NOW)
    one, other = clock.at(ms), clock.at(ms)
    assert ms_of(one) == ms_of(other) == kept
    assert one != other


class TestAfter:
    def test_the_clocks_time_when_that_is_enough(self) -> None:
        clock = Clock(now_ms=lambda: NOW)
        assert ms_of(clock.after()) == NOW
        assert ms_of(clock.after(encode(NOW - 1, 5), "garbage")) == NOW

    @given(st.lists(st.builds(encode, times.filter(lambda ms: ms < MAX_MS), bits), max_size=3))
    def test_above_all_that_were_given(self, versions: list[str]) -> None:
        clock = Clock(now_ms=lambda: NOW)
        one = clock.after(*versions)
        other = clock.after(*versions)
        assert rank(one) > max(versions, default="")
        assert other > one

    def test_one_millisecond_more_when_the_clock_is_behind(self) -> None:
        future = encode(NOW + 50, 0)
        assert ms_of(Clock(now_ms=lambda: NOW).after(future)) == NOW + 51

    def test_a_version_from_the_future_does_not_pull_others_along(self) -> None:
        clock = Clock(now_ms=lambda: NOW)
        clock.after(encode(NOW * 2, 0))
        assert ms_of(clock.new()) == NOW
        assert ms_of(clock.after()) == NOW

    def test_garbage_beyond_2200_is_no_rival(self) -> None:
        assert ms_of(Clock(now_ms=lambda: NOW).after(encode(MAX_MS + 1, 0))) == NOW

    def test_the_very_last_version_is_refused_in_a_sentence(self) -> None:
        clock = Clock(now_ms=lambda: NOW)
        assert encode(MAX_MS, 7) < clock.after(encode(MAX_MS, 7)) < clock.after(encode(MAX_MS, 7))
        with pytest.raises(Invalid, match="cannot be outranked"):
            clock.after(encode(MAX_MS, 2**80 - 1))
