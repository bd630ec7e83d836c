"""Many short lines searched at once."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class Block:
    """Many short lines as one text, so that looking through them all is one call."""

    def __init__(self, lines: Iterable[str]) -> None:
        held = list(lines)
        self.text = "\n" + "".join([f"{line}\n" for line in held])
        self._starts: list[int] = []
        start = 0
        for line in held:
            self._starts.append(start)
            start += len(line) + 1
        self._starts.append(start)

    def line(self, at: int) -> str:
        """Return one line."""
        return self.text[self._starts[at] + 1 : self._starts[at + 1]]

    def holding(self, part: str) -> Iterator[int]:
        """Yield the places of the lines that hold a text; a line break in it means where lines begin and end."""
        text, starts = self.text, self._starts
        found = text.find(part)
        while found >= 0:
            at = bisect_right(starts, found) - 1
            if at >= len(starts) - 1:
                return
            yield at
            found = text.find(part, starts[at + 1])

    def with_all(self, parts: Sequence[str]) -> Iterator[int]:
        """Yield the places of the lines that hold every one of some texts."""
        counts = {part: self.text.count(part) for part in parts} if len(parts) > 1 else {}
        rarest = min(parts, key=lambda part: counts.get(part, 0))
        others = [part for part in parts if part != rarest]
        if counts and not all(counts.values()):
            return
        for at in self.holding(rarest):
            line = self.line(at) if others else ""
            if all(part in line for part in others):
                yield at
