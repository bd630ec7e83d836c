"""How cells of a file are read: like typed text, but names exactly, and each different cell once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tuicrm.crm.along import Along
from tuicrm.crm.parsing import Typing, parse_value
from tuicrm.crm.stages import default, stages
from tuicrm.crm.stagespec import standard
from tuicrm.errors import Invalid, NotFound
from tuicrm.records.values import Day

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tuicrm.crm.session import Session
    from tuicrm.exchange.mapping import Mapping
    from tuicrm.exchange.names import Names
    from tuicrm.exchange.sheet import Sheet
    from tuicrm.records.field import Field
    from tuicrm.when import Reading

REMEMBERED = 2_000
"""So many different cells of a field are kept: where each is different nothing is gained, and memory would fill."""
_NUMERIC = re.compile(r"\s*(\d{1,2})[/.\-](\d{1,2})[/.\-]\d{4}\b")


class CellReading(Typing):
    """Reads the cells of one import: names through `Names`, dates in the file's order, stages made where asked for."""

    def __init__(self, session: Session, names: Names, order: str) -> None:
        super().__init__(session)
        self.doubts = False
        self.along = Along(past=True)
        self.names = names
        self._order = order
        self._reading = _in_order(session.reading, order)
        self._dates: dict[tuple[str, str], str] = {}
        self._values: dict[str, dict[str, Any]] = {}
        self.stages_made: dict[str, dict[str, str]] = {}
        """By pipeline id: the stages to be added, key to name, in the order in which they turned up."""

    @property
    def reading(self) -> Reading:
        """The session's, with the date order of the file."""
        return self._reading

    def value(self, field: Field, text: str) -> Any:
        """Return the stored form of a cell, read once for each different one; names are looked up each time."""
        if field.type.refers:
            return parse_value(field, text, self)
        known = self._values.setdefault(field.name, {})
        if text in known:
            return known[text]
        value = parse_value(field, text, self)
        if len(known) < REMEMBERED:
            known[text] = value
        return value

    def iso(self, field: Field, cell: str) -> str:
        """Return a date or time cell in its stored form, read once for each different cell."""
        key = (field.name, cell)
        if key not in self._dates:
            figures = type(field.type) is Day and self._order and not any(letter.isalpha() for letter in cell)
            self._dates[key] = self._in_figures(field, cell) if figures else str(parse_value(field, cell, self))
        return self._dates[key]

    def _in_figures(self, field: Field, cell: str) -> str:
        """Return a date strictly in the file's order: 13/25/2016 is a mistake there, never read the other way round."""
        from tuicrm.crm.parsing import named
        from tuicrm.when import date_in_order

        try:
            return date_in_order(cell, self._order).isoformat()
        except Invalid as problem:
            raise named(problem, field.name) from None

    def note(self, text: str) -> None:
        """Echo nothing for single cells: an import sums up instead."""

    def resolve(self, kind: str, text: str) -> str:
        """Return the id that a cell names exactly; a missing record or stage is made where that was asked for."""
        return self._stage(text) if kind == "stage" else self.names.resolve(kind, text)

    def _stage(self, text: str) -> str:
        from tuicrm.crm.lookup import exact_stages
        from tuicrm.text import fold, nearest, slug

        pipeline = self.pipeline or str(default(self.session)["id"])
        made = self.stages_made.setdefault(pipeline, {})
        # A pipeline that the import makes has the usual stages: Won and Lost end a deal there as well.
        held = stages(self.session.ws.get("pipeline", pipeline) or {"stages": standard()})
        known = {**{one.key: one.name for one in held}, **made}
        wanted = fold(text.strip())
        if exact := exact_stages(held, wanted):
            return exact[0].key
        for key, name in made.items():
            if wanted in (fold(key), fold(name)):
                return key
        if not self.names.create:
            self.names.lacking.setdefault("stage", set()).add(wanted)
            near = nearest(wanted, known.values())
            guess = f"; did you mean {near}?" if near else f"; there are {', '.join(known.values())}"
            raise NotFound(f"there is no stage {text.strip()!r}{guess}")
        key = slug(text)
        made[key] = text.strip()
        return key


def date_order(sheet: Sheet, mapping: Mapping, asked: str, setting: str) -> tuple[str, str]:
    """Return the order in which the file's dates are read, and a sentence about it where it was worked out."""
    if asked:
        return asked, ""
    first = second = example = ""
    for cell in _date_cells(sheet, mapping):
        match = _NUMERIC.match(cell)
        if match:
            example = example or cell.strip()
            first = cell.strip() if int(match[1]) > 12 else first
            second = cell.strip() if int(match[2]) > 12 else second
    if first and not second:
        return "dmy", f"dates read day first, as {first} shows"
    if second and not first:
        return "mdy", f"dates read month first, as {second} shows"
    if not example or setting:
        return setting, ""
    return "dmy", f"dates such as {example} read day first; --dates mdy reads the month first"


def _date_cells(sheet: Sheet, mapping: Mapping) -> Iterable[str]:
    places = [place for place, field in mapping.filled if isinstance(field.type, Day)]
    return (row.cells[place] for row in sheet.rows for place in places if place < len(row.cells))


def _in_order(reading: Reading, order: str) -> Reading:
    from dataclasses import replace

    return replace(reading, order=order) if order else reading
