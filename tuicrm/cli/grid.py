"""Tables and record cards as text, cleaned and cut to what a terminal holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.text import clean, clean_line, truncate, width

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

GAP = "  "
MIN_CELLS = 6
_BOLD, _PLAIN = "\x1b[1m", "\x1b[22m"


def grid(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    right: Collection[int] = (),
    fixed: Collection[int] = (),
    cells: int | None = None,
    bold: bool = False,
) -> tuple[str, int]:
    """Return a table and how many of its columns were left out because `cells` are too few.

    `right` columns are aligned right, `fixed` ones are never cut; without `cells` nothing is cut.
    """
    # One very long cell must not push the others out of sight where lines cannot be wrapped.
    measured = [_measured(row) for row in (heads, *rows)]
    widths = [max(column) for column in zip(*[sizes for _, sizes in measured], strict=False)]
    kept = len(heads)
    if cells is not None:
        fit = _fit(widths, cells, {*right, *fixed})
        kept, widths = len(fit), fit
    (first, sizes), *others = measured
    lines = [_line(first, sizes, widths, right, bold=bold)]
    lines += [_line(row, sizes, widths, right) for row, sizes in others]
    return "".join([f"{line}\n" for line in lines]), len(heads) - kept


def _measured(row: Sequence[str]) -> tuple[Sequence[str], list[int]]:
    """Return a row that is safe to print, and how many terminal cells each text takes."""
    whole = "".join(row)
    if whole.isascii() and whole.isprintable():
        return row, [len(cell) for cell in row]
    row = [clean_line(cell) for cell in row]
    return row, [width(cell) for cell in row]


def _fit(widths: Sequence[int], cells: int, stiff: Collection[int]) -> list[int]:
    """Return widths that fit: the widest elastic columns give first, then columns at the right end go."""
    kept = list(widths)
    while len(kept) > 1:
        room = cells - len(GAP) * (len(kept) - 1)
        least = sum(one if at in stiff else min(one, MIN_CELLS) for at, one in enumerate(kept))
        if least <= room:
            break
        kept.pop()
    room = max(cells - len(GAP) * (len(kept) - 1), 1)
    if len(kept) == 1:
        return [min(kept[0], room)]
    low, high = MIN_CELLS, max(kept)
    while low < high:
        cap = (low + high + 1) // 2
        if sum(one if at in stiff else min(one, cap) for at, one in enumerate(kept)) <= room:
            low = cap
        else:
            high = cap - 1
    return [one if at in stiff else min(one, low) for at, one in enumerate(kept)]


def _line(
    row: Sequence[str], sizes: Sequence[int], widths: Sequence[int], right: Collection[int], *, bold: bool = False
) -> str:
    parts = []
    for at, room in enumerate(widths):
        cell, size = row[at], sizes[at]
        if size > room:
            cell = truncate(cell, room)
            size = width(cell)
        parts.append(" " * (room - size) + cell if at in right else cell + " " * (room - size))
    line = GAP.join(parts).rstrip()
    return f"{_BOLD}{line}{_PLAIN}" if bold else line


def card(pairs: Sequence[tuple[str, str]], *, bold: bool = False) -> str:
    """Return label and value pairs, one below the other; further lines of a value are indented."""
    pairs = [(clean_line(label), clean(value)) for label, value in pairs]
    size = max([width(label) for label, _ in pairs], default=0)
    lines = []
    for label, value in pairs:
        first, *more = value.split("\n")
        name = label + " " * (size - width(label))
        lines.append(f"{_BOLD}{name}{_PLAIN}{GAP}{first}" if bold else f"{name}{GAP}{first}")
        lines += [f"{' ' * size}{GAP}{line}".rstrip() for line in more]
    return "".join(f"{line}\n" for line in lines)
