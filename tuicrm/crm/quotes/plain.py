"""A quote as plain text of at most 80 columns, and as Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tuicrm.text import pad, width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tuicrm.crm.quotes.paper import Paper

WIDE = 80
LEAST = 30
GAP = "  "
LEAST_NAME = 12
"""Cells that the name of an item gets at least; where figures leave less, they go on a line of their own."""
_MARKS = re.compile(r"[\\`*_{}\[\]<>#|~&!$@]|:(?=//)|(?<=www)\.")
_AT_START = re.compile(r"^\s*([-+=]|\d+(?=[.)](?:\s|$)))")


def text_of(paper: Paper, wide: int = WIDE) -> str:
    """Return a quote as text: no line is wider than so many cells."""
    wide = max(wide, LEAST)
    made = [*_block(paper.seller, wide), "", *_block(paper.recipient, wide), "", *wrapped(paper.heading, wide)]
    made += ["=" * min(width(paper.heading), wide), ""]
    label = max((len(name) for name, _ in paper.facts), default=0)
    for name, value in paper.facts:
        made += [f"{name + ':':<{label + 1}} {part}" for part in wrapped(value, wide - label - 2)]
    made += ["", *_table(paper, wide), ""]
    amount = max(width(value) for _, value in paper.sums)
    for name, value in paper.sums:
        line = f"{name}{GAP}{_right(value, amount)}"
        made += [_right(part, wide) for part in ([line] if width(line) <= wide else wrapped(line, wide))]
    if paper.terms:
        made += ["", *_block(paper.terms, wide)]
    text = "\n".join(one.rstrip() for one in made).strip("\n")
    return re.sub(r"\n{3,}", "\n\n", text) + "\n"


def _block(lines: Sequence[str], wide: int) -> list[str]:
    return [part for line in lines for part in wrapped(line, wide)]


def _table(paper: Paper, wide: int) -> Iterator[str]:
    figures = [[head, *[row[at] for row in paper.rows]] for at, head in enumerate(paper.heads) if at]
    sizes = [max(map(width, column)) for column in figures]
    room = wide - sum(sizes) - len(GAP) * len(sizes)
    stacked = room < LEAST_NAME
    room = wide if stacked else room
    for place, row in enumerate((paper.heads, *paper.rows)):
        parts = wrapped(row[0], room) or [""]
        if stacked:
            cells = GAP.join(_right(cell, min(size, wide)) for cell, size in zip(row[1:], sizes, strict=True))
            yield from parts
            yield from wrapped(_right(cells, wide), wide) if width(cells) > wide else [_right(cells, wide)]
        else:
            cells = "".join(GAP + _right(cell, size) for cell, size in zip(row[1:], sizes, strict=True))
            yield pad(parts[0], room) + cells
            yield from parts[1:]
        if not place:
            yield "-" * wide


def _right(text: str, cells: int) -> str:
    return " " * max(0, cells - width(text)) + text


def wrapped(text: str, cells: int) -> list[str]:
    """Return a text as lines of at most so many cells, broken between words where that goes."""
    made: list[str] = []
    line = ""
    for found in text.split():
        word = found
        while width(f"{line} {word}" if line else word) > cells:
            if line:
                made.append(line)
                line = ""
                continue
            head = _head(word, cells)
            made.append(head)
            word = word[len(head) :]
        line = f"{line} {word}" if line else word
    return [*made, line] if line or not made else made


def _head(word: str, cells: int) -> str:
    """Return as much of the beginning of a word as fits, one character at least."""
    end = min(len(word), cells)
    while end > 1 and width(word[:end]) > cells:
        end -= 1
    return word[:end]


def markdown(paper: Paper) -> str:
    """Return a quote as Markdown, in which no text of the quote is taken for a mark."""
    made = [f"# {escaped(paper.heading)}", ""]
    for block in (paper.seller, paper.recipient):
        if block:
            made += ["\\\n".join(escaped(line) or " " for line in block), ""]
    made += [*(f"- {name}: {escaped(value)}" for name, value in paper.facts), ""]
    made.append(f"| {' | '.join(map(escaped, paper.heads))} |")
    made.append(f"| --- {'| ---: ' * (len(paper.heads) - 1)}|")
    made += [f"| {' | '.join(map(escaped, row))} |" for row in paper.rows]
    made += ["", "| | |", "| --- | ---: |"]
    made += [f"| {escaped(name)} | {escaped(value)} |" for name, value in paper.sums[:-1]]
    name, value = paper.sums[-1]
    made += [f"| **{escaped(name)}** | **{escaped(value)}** |", ""]
    if paper.terms:
        made += ["\n".join(f"{escaped(line)}\\" if line else "" for line in paper.terms).rstrip("\\"), ""]
    return "\n".join(made).replace("\\\n\n", "\n\n")


def escaped(text: str) -> str:
    """Return a line in which Markdown finds neither marks nor links."""
    plain = _MARKS.sub(lambda found: f"\\{found[0]}", text.strip())
    return _AT_START.sub(_held, plain)


def _held(found: re.Match[str]) -> str:
    """Return the beginning of a line so that it begins no list and underlines nothing."""
    return f"{found[1]}\\" if found[1].isdecimal() else f"\\{found[1]}"
