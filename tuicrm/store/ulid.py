"""ULIDs: one clock makes record ids and field versions, 48 bits of milliseconds and 80 random bits."""

from __future__ import annotations

import os
import threading
import time
from functools import lru_cache
from typing import TYPE_CHECKING, TypeGuard

from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 26
MAX_MS = 7_258_118_400_000
"""2200-01-01T00:00:00Z: a version beyond it is taken for garbage."""
RANDOM_BITS = 80

_PAIRS = tuple(a + b for a in ALPHABET for b in ALPHABET)
_DIGITS = {digit: value for value, digit in enumerate(ALPHABET)}
_TIME_LENGTH = 10
_RANDOM_MASK = (1 << RANDOM_BITS) - 1


def encode(ms: int, rand: int) -> str:
    """The ULID of a time in milliseconds since 1970 and 80 random bits."""
    return _text(ms << RANDOM_BITS | rand & _RANDOM_MASK)


def _text(number: int) -> str:
    pairs = _PAIRS
    return "".join([pairs[number >> shift & 1023] for shift in range(120, -1, -10)])


def _tail(rand: int) -> str:
    pairs = _PAIRS
    return "".join([pairs[rand >> shift & 1023] for shift in range(70, -1, -10)])


def number_of(ulid: str) -> int:
    """The 128 bits of a ULID as a number."""
    number = 0
    for digit in ulid:
        number = number << 5 | _DIGITS[digit]
    return number


def ms_of(ulid: str) -> int:
    """The milliseconds since 1970 that a ULID carries."""
    return number_of(ulid[:_TIME_LENGTH])


def is_ulid(value: object) -> TypeGuard[str]:
    """Whether a value is the one canonical spelling of a 128-bit ULID."""
    return isinstance(value, str) and len(value) == LENGTH and value[0] < "8" and not value.strip(ALPHABET)


_MAX_PREFIX = encode(MAX_MS, 0)[:_TIME_LENGTH]


def rank(version: object) -> str:
    """How high a version counts: itself, or "" (lowest) for what is no ULID or lies after 2200."""
    return _rank(version) if isinstance(version, str) else ""


# One look at a record asks for the same few versions again and again.
@lru_cache(maxsize=4096)
def _rank(version: str) -> str:
    return version if is_ulid(version) and version[:_TIME_LENGTH] <= _MAX_PREFIX else ""


def clamp(ms: int) -> int:
    """The nearest millisecond that an id may carry, 1970 to 2200."""
    return min(max(ms, 0), MAX_MS)


def _system_ms() -> int:
    return time.time_ns() // 1_000_000


def _system_random() -> int:
    return int.from_bytes(os.urandom(RANDOM_BITS // 8), "big")


class Clock:
    """Makes ids and versions; safe to share between threads, rising within the process."""

    def __init__(self, now_ms: Callable[[], int] = _system_ms, rand: Callable[[], int] = _system_random) -> None:
        self._now_ms = now_ms
        self._rand = rand
        self._last = -1
        self._pushed = -1
        self._lock = threading.Lock()

    def new(self) -> str:
        """An id for now, above every other one of this clock's time."""
        with self._lock:
            self._last = self._above(self._last, clamp(self._now_ms()))
            return _text(self._last)

    def several(self, count: int) -> list[str]:
        """Rising ids for now, all above every other one of this clock's time."""
        with self._lock:
            ms = max(clamp(self._now_ms()), (self._last >> RANDOM_BITS) + 1)
            tails = sorted({self._rand() & _RANDOM_MASK for _ in range(count)})
            if ms <= MAX_MS and len(tails) == count:
                self._last = ms << RANDOM_BITS | tails[-1]
                begin = encode(ms, 0)[:_TIME_LENGTH]
                return [begin + _tail(one) for one in tails]
        return [self.new() for _ in range(count)]

    def at(self, ms: int) -> str:
        """An id that carries a given time, for what really happened then."""
        return encode(clamp(ms), self._rand())

    def after(self, *versions: str) -> str:
        """A version that outranks all given ones: the clock's time, or, when it is behind, their ms + 1."""
        highest = max(map(rank, versions), default="")
        own = self.new()
        if own > highest:
            return own
        with self._lock:
            # Kept apart from the clock's own time: one version from the future must not pull all later ones along.
            ms, pushed = ms_of(highest) + 1, self._pushed
            number = self._above(pushed if pushed >> RANDOM_BITS == ms else -1, ms)
            if number >> RANDOM_BITS > MAX_MS:
                number = max(number_of(highest), pushed) + 1
            if number >> RANDOM_BITS > MAX_MS:
                raise Invalid(f"The version {highest} is the last one possible and cannot be outranked.")
            self._pushed = number
            return _text(number)

    def _above(self, last: int, ms: int) -> int:
        number = ms << RANDOM_BITS | self._rand() & _RANDOM_MASK
        # A step of up to 48 random bits keeps the tail uniform, and so the spread over segment files.
        return number if number > last else last + 1 + (self._rand() & (1 << 48) - 1)
