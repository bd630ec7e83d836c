"""A line cut into words, each of which is either still free text or taken by a slot."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tuicrm.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_TEXT = 2_000
"""Longer lines are taken as they are: nobody types them, and nothing should take long."""
MOST_WORDS = 60
_WORD = re.compile(r'[@#*]["“][^"”]*["”]?\S*|\S+')
_ENDS = ",;:.!?)]}»\"”'"
_STARTS = "([{«\"“'"


class Token:
    """One word as typed, and folded without the signs around it."""

    __slots__ = ("bare", "raw", "slot")

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self.bare = fold(raw).strip(_ENDS + _STARTS) or fold(raw)
        self.slot = ""
        """What took it; empty while it is free text."""

    @property
    def free(self) -> bool:
        """Whether nothing took it yet."""
        return not self.slot

    @property
    def capital(self) -> bool:
        """Whether it begins like a name."""
        return self.raw.lstrip(_STARTS)[:1].isupper()

    @property
    def ends(self) -> str:
        """The sign that ends it, such as a colon."""
        return self.raw[-1:] if self.raw[-1:] in _ENDS else ""


class Line:
    """The words of a line."""

    def __init__(self, text: str) -> None:
        found = _WORD.findall(text[:MOST_TEXT])
        self.tokens = [Token(one) for one in found[:MOST_WORDS]]
        self.tail = text[MOST_TEXT:] if len(text) > MOST_TEXT else " ".join(found[MOST_WORDS:])
        """What is too much to look into; it stays free text."""

    def __len__(self) -> int:
        return len(self.tokens)

    def raw(self, start: int, end: int) -> str:
        """Return words as typed."""
        return " ".join(one.raw for one in self.tokens[start:end])

    def bare(self, start: int, end: int) -> str:
        """Return words folded, without signs at their ends."""
        return " ".join(one.bare for one in self.tokens[start:end])

    def take(self, start: int, end: int, slot: str) -> None:
        """Give words to a slot."""
        for one in self.tokens[start:end]:
            one.slot = slot

    def is_free(self, start: int, end: int) -> bool:
        """Tell whether all of these words are still free."""
        return 0 <= start < end <= len(self.tokens) and all(one.free for one in self.tokens[start:end])

    def run(self, start: int, most: int) -> int:
        """Return the end of the free words from `start` on, at most so many; a colon or a comma ends them."""
        end = start
        while end < len(self.tokens) and end - start < most and self.tokens[end].free:
            end += 1
            if self.tokens[end - 1].ends in (":", ",", ";"):
                break
        return end

    def runs(self) -> Iterable[tuple[int, int]]:
        """Yield (start, end) of each stretch of free words."""
        start = 0
        while start < len(self.tokens):
            end = start
            while end < len(self.tokens) and self.tokens[end].free:
                end += 1
            if end > start:
                yield start, end
            start = end + 1

    def pieces(self, start: int = 0) -> tuple[tuple[str, str], ...]:
        """Return the line as (text, "") where free and ("", slot) where taken, each slot once."""
        made: list[tuple[str, str]] = []
        seen: set[str] = set()
        for one in self.tokens[start:]:
            if one.free:
                made.append((one.raw, ""))
            elif one.slot not in seen:
                seen.add(one.slot)
                made.append(("", one.slot))
        if self.tail.strip():
            made.append((self.tail.strip(), ""))
        return tuple(made)
