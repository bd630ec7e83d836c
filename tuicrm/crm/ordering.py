"""Sort keys that leave room between any two: an ordered list is a map whose entries carry one."""

from __future__ import annotations

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def between(low: str, high: str) -> str:
    """Return a key that sorts after `low` and before `high`; an empty bound is open; equal bounds follow `low`."""
    if high and high <= low:
        high = ""
    key = ""
    place = 0
    while True:
        floor = DIGITS.find(low[place]) if place < len(low) else 0
        ceiling = DIGITS.find(high[place]) if place < len(high) else len(DIGITS)
        if ceiling - floor > 1:
            return key + DIGITS[(floor + ceiling) // 2]
        key += DIGITS[max(floor, 0)]
        if ceiling > floor:
            high = ""
        place += 1


def spread(count: int) -> list[str]:
    """Return `count` keys in rising order with room between and around them."""
    base = len(DIGITS)
    width = 1
    while base**width < 2 * (count + 1):
        width += 1
    step = base**width // (count + 1)
    return [_digits(step * (place + 1), width) for place in range(count)]


def _digits(number: int, width: int) -> str:
    text = ""
    for _ in range(width):
        number, digit = divmod(number, len(DIGITS))
        text = DIGITS[digit] + text
    return text.rstrip("0") or "0"
