"""The exports of other programs, recognised by their columns."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DROP = "-"
"""The target of a column that is left out."""
STATE = "@state"
"""The target of a column that says whether a deal is open, won or lost, beside its stage."""
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class Preset:
    """One program's export of one kind."""

    name: str
    """What `--preset` calls it."""
    label: str
    kind: str
    signs: tuple[str, ...]
    """Columns that it always has, as `key` gives them."""
    columns: Mapping[str, str]
    """Column, as `key` gives it, to its target: a field, `reference.field`, `DROP` or `STATE`."""
    prefix: str = ""
    """What may stand before each column's name."""
    goes_on: bool = False
    """Whether a number means one more line of the same, as in `Business Street 2`, and not another address."""
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Field to what its values become, in small letters."""

    def target(self, column: str) -> str:
        """Return the target of a column; empty where the preset says nothing of it."""
        found = self.columns.get(self._bare(column), "")
        number = _NUMBER.search(column)
        if found and number and int(number[0]) > 1 and "#" in key(column):
            # Of several addresses and jobs a record holds the first; the others are columns like any unknown one.
            several = found == DROP or self.goes_on or found.rpartition(".")[2] in ("emails", "phones", "tags")
            return found if several else ""
        return found

    def fits(self, columns: Sequence[str]) -> int:
        """Return how many columns it knows; 0 where one of its signs is missing."""
        there = {self._bare(column) for column in columns}
        return len(there & self.columns.keys()) if there.issuperset(self.signs) else 0

    def _bare(self, column: str) -> str:
        return key(column).removeprefix(self.prefix)


def key(column: str) -> str:
    """Return the form in which columns are compared: small letters, any number as `#`."""
    from tuicrm.folding import fold

    return _NUMBER.sub("#", fold(" ".join(column.split())))


def recognise(columns: Sequence[str], kind: str = "") -> Preset | None:
    """Return the preset that knows the most of the columns, of one kind where that is said; None where none fits."""
    from tuicrm.exchange.presetdata import PRESETS

    fitting = [(one.fits(columns), one) for one in PRESETS if kind in ("", one.kind)]
    best, found = max(fitting, key=lambda pair: (pair[0], len(pair[1].signs)), default=(0, None))
    return found if best else None


def preset_named(name: str) -> Preset:
    """Return a preset by its name, or raise UsageProblem naming the nearest."""
    from tuicrm.errors import UsageProblem
    from tuicrm.exchange.presetdata import PRESETS
    from tuicrm.folding import nearest

    known = {one.name: one for one in PRESETS}
    if name not in known:
        near = nearest(name, known)
        guess = f"did you mean {near}?" if near else f"there are {', '.join(known)}"
        raise UsageProblem(f"there is no preset {name!r}: {guess}")
    return known[name]
