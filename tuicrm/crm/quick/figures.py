"""Amounts, e-mail addresses and phone numbers found among the words of a line."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from tuicrm.crm.quick.model import Option, Slot
from tuicrm.crm.quick.vocabulary import BEFORE_MONEY
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from tuicrm.crm.quick.tokens import Line
    from tuicrm.crm.session import Session

SHORTEST_PHONE = 6
_SIGNS = frozenset("+-()./ ")


def amounts(session: Session, line: Line) -> list[tuple[bool, int, int, Option]]:
    """Return (sure, start, end, candidate) of each stretch that reads as money; one with a unit or a sign is sure."""
    found: list[tuple[bool, int, int, Option]] = []
    at = 0
    while at < len(line):
        for end in range(min(at + 3, len(line)), at, -1):
            if not line.is_free(at, end) or not _may_be_money(line, at, end):
                continue
            option = _money(session, line, at, end)
            if option is not None:
                found.append((_has_unit(line.bare(at, end)), at, end, option))
                at = end - 1
                break
        at += 1
    return found


def _may_be_money(line: Line, start: int, end: int) -> bool:
    """Tell, without reading it, whether a stretch may be money: digits, and beside them only units and currencies."""
    from tuicrm.money import MINOR_UNITS

    bare = [one.bare for one in line.tokens[start:end]]
    if not any(letter.isdigit() for one in bare for letter in one):
        return False
    if end - start > 1 and not (_is_word(bare[0]) or _is_word(bare[-1])):
        return False
    for one in bare:
        letters = "".join(letter for letter in one if letter.isalpha())
        code = letters.upper()
        known = code in MINOR_UNITS or code[1:] in MINOR_UNITS or code in ("", "K", "M", "B", "KR", "KC", "ZŁ", "ZL")
        if not known and not (len(letters) <= 3 and "$" in one):
            return False
    return True


def _is_word(text: str) -> bool:
    return not any(letter.isdigit() for letter in text)


def _has_unit(text: str) -> bool:
    return any(not letter.isdigit() and letter not in ".,'_ -/" for letter in text)


def _money(session: Session, line: Line, start: int, end: int) -> Option | None:
    from tuicrm.money import amount_text, parse_money, show

    text = " ".join(one.raw.strip(",;:()!") for one in line.tokens[start:end])
    try:
        money = parse_money(text, currency=session.currency)
    except Invalid:
        return None
    value = amount_text(money.amount, money.currency)
    return Option(f"{money.currency} {value}", show(money), (("value", value), ("currency", money.currency)), "")


def value(session: Session, line: Line) -> Slot | None:
    """Take the amount that a deal is worth: the last sure one, else the last plain number; offer the others."""
    found = amounts(session, line)
    if not found:
        return None
    sure = [one for one in found if one[0]] or found
    _, start, end, best = sure[-1]
    if start and line.tokens[start - 1].free and line.tokens[start - 1].bare in BEFORE_MONEY:
        start -= 1
    others = tuple(option for _, at, _, option in found if option.key != best.key)
    spoken = line.raw(start, end)
    line.take(start, end, "value")
    return Slot("value", (best, *others, Option("", "none: it stays in the name", (), spoken)))


def emails(line: Line) -> list[tuple[int, str]]:
    """Return (place, address) of each e-mail address."""
    from tuicrm.records.types import normal_email

    found: list[tuple[int, str]] = []
    for at, one in enumerate(line.tokens):
        if one.free and "@" in one.raw[1:]:
            try:
                found.append((at, normal_email(one.raw.strip(",;:()<>[]\"'!").removesuffix("."))))
            except Invalid:
                continue
    return found


def phone_numbers(line: Line, least: int = SHORTEST_PHONE) -> list[tuple[int, int, str]]:
    """Return (start, end, number) of each phone number."""
    from tuicrm.records.types import normal_phone

    found: list[tuple[int, int, str]] = []
    at = 0
    while at < len(line):
        end = at
        while end < len(line) and line.tokens[end].free and _phonish(line.tokens[end].raw):
            end += 1
            if line.tokens[end - 1].ends in (",", ";", ":"):
                break
        text = " ".join(one.raw.strip(",;:") for one in line.tokens[at:end])
        if sum(letter.isdigit() for letter in text) >= least:
            with suppress(Invalid):
                found.append((at, end, normal_phone(text)))
        at = max(end, at + 1)
    return found


def _phonish(raw: str) -> bool:
    text = raw.strip(",;:")
    return any(one.isdigit() for one in text) and all(one.isdigit() or one in _SIGNS for one in text)


def looks_like_contact(line: Line) -> bool:
    """Tell whether a line names somebody by an address or a phone number."""
    numbers = phone_numbers(line, 7)
    return bool(emails(line)) or any(one[0] in "+0" or end - start > 1 for start, end, one in numbers)
