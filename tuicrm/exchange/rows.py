"""A table's rows as items: cells gathered by field, values replaced, records that a row tells along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.exchange.figures import Figures
from tuicrm.exchange.items import Item
from tuicrm.exchange.mapping import JOINED
from tuicrm.records.types import Addresses, LongText

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from collections.abc import Mapping as Dict

    from tuicrm.exchange.mapping import Column, Mapping
    from tuicrm.exchange.sheet import Row, Sheet

Typed = dict[str, list[str]]
LOOSE_IN_PRESETS = frozenset(("owner", "contacts"))
"""References to people whom another program knew: a row is worth more than the name of who owned it."""
_SEPARATORS = (":::", ";")


class Rows:
    """Makes an item of each row."""

    def __init__(
        self,
        sheet: Sheet,
        mapping: Mapping,
        values: Dict[str, Dict[str, str]],
        numbers: str,
        here: Callable[[str, str], bool],
    ) -> None:
        """`here` tells whether there is a record of a kind under an id."""
        self._sheet = sheet
        self._mapping = mapping
        self._values = values
        self._here = here
        self._figures = Figures(sheet, mapping, numbers)
        self.said = self._figures.said
        self._own = [one for one in mapping.columns if one.ref is None]
        self._theirs: dict[str, list[Column]] = {}
        for one in mapping.columns:
            if one.ref is not None:
                self._theirs.setdefault(one.ref.name, []).append(one)
        self._loose = LOOSE_IN_PRESETS if mapping.preset else frozenset()
        self._linked_kinds = {one.ref.name: one.ref.type.refers for one in mapping.columns if one.ref is not None}

    def __iter__(self) -> Iterator[Item]:
        kind, width = self._mapping.kind.name, self._mapping.width
        for row in self._sheet.rows:
            wrong = ""
            if len(row.cells) > width and any(cell.strip() for cell in row.cells[width:]):
                wrong = f"the row has {len(row.cells)} cells where the header has {width}"
            typed = self._typed(row, self._own)
            self._say_state(row, typed)
            self._give_a_name(kind, typed)
            yield Item(kind, typed, f"line {row.line}", self._loose, row.line, self._linked(row, typed), wrong)

    def _typed(self, row: Row, columns: list[Column]) -> Typed:
        typed: Typed = {}
        cells = row.cells
        for one in columns:
            raw = cells[one.place] if one.place < len(cells) else ""
            cell = raw.strip()
            if not cell:
                continue
            names = self._mapping.names.get(one.place, -1)
            if 0 <= names < len(cells) and cells[names].strip() and not self._are_here(one, cell):
                raw = cells[names]
            replaced = self._values.get(one.target)
            if replaced:
                from tuicrm.folding import fold

                cell = raw = self._without_pipeline(one, row, raw)
                cell = raw = replaced.get(fold(cell), raw)
            raw = self._figures.plain(one, raw)
            self._add(typed, one, raw)
        return typed

    def _without_pipeline(self, one: Column, row: Row, cell: str) -> str:
        """Return a stage without its pipeline behind it, as in `Closed Won (Sales Pipeline)`."""
        place = self._mapping.position("pipeline") if one.target == "stage" and self._mapping.preset else None
        pipeline = row.cells[place].strip() if place is not None and place < len(row.cells) else ""
        return cell.strip().removesuffix(f"({pipeline})").strip() or cell if pipeline else cell

    def _are_here(self, one: Column, cell: str) -> bool:
        """Tell whether all ids in a cell are those of records; elsewhere the names beside them count."""
        return all(self._here(one.field.type.refers, part.strip()) for part in cell.split(","))

    def _add(self, typed: Typed, one: Column, cell: str) -> None:
        name = one.field.name
        if one.field.type.many:
            for mark in _SEPARATORS:
                cell = cell.replace(mark, ",")
            texts = [part.strip().removeprefix("* ") for part in cell.split(",")]
            typed.setdefault(name, []).extend(text for text in texts if text)
        elif name not in typed:
            typed[name] = [cell]
        elif name in JOINED:
            typed[name] = [f"{typed[name][0].strip()}{' ' if name == 'name' else ', '}{cell.strip()}"]
        elif isinstance(one.field.type, LongText):
            typed[name] = [f"{typed[name][0]}\n{cell}"]

    def _say_state(self, row: Row, typed: Typed) -> None:
        place = self._mapping.state
        state = row.cells[place].strip().lower() if 0 <= place < len(row.cells) else ""
        if state in ("won", "lost"):
            typed["stage"] = [state.capitalize()]

    def _give_a_name(self, kind: str, typed: Typed) -> None:
        """Call people without a name by their address: other programs let them be."""
        if kind in ("contact", "lead") and "name" not in typed:
            address = next(iter(typed.get("emails", typed.get("company_name", ()))), "")
            if address and self._mapping.position("name") is not None:
                typed["name"] = [address]

    def _linked(self, row: Row, typed: Typed) -> dict[str, Item]:
        made: dict[str, Item] = {}
        for name, columns in self._theirs.items():
            told = self._typed(row, columns)
            if "name" not in told and typed.get(name) and told:
                told["name"] = list(typed[name][:1])
            if told:
                kind = self._linked_kinds[name]
                self._give_linked_name(columns, told)
                made[name] = Item(kind, told, f"line {row.line}", self._loose, row.line)
        return made

    def _give_linked_name(self, columns: list[Column], told: Typed) -> None:
        for one in columns:
            if "name" not in told and isinstance(one.field.type, Addresses) and told.get(one.field.name):
                told["name"] = [told[one.field.name][0]]
