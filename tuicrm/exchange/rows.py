"""A table's rows as items: cells gathered by field, values replaced, records that a row tells along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.exchange.figures import Figures
from tuicrm.exchange.items import NOTHING, Item
from tuicrm.exchange.mapping import JOINED
from tuicrm.exchange.synonyms import GIVEN
from tuicrm.records.types import Addresses, LongText
from tuicrm.text import slug

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from collections.abc import Mapping as Dict

    from tuicrm.exchange.mapping import Column, Mapping
    from tuicrm.exchange.sheet import Row, Sheet

    _Taken = tuple[int, str, Column, bool]
    """A column that is taken: its place, the field that it fills, and whether its cells are taken as they are."""

Typed = dict[str, "Sequence[str]"]
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
        self._own: list[_Taken] = []
        self._theirs: dict[str, list[_Taken]] = {}
        for one in mapping.columns:
            into = self._own if one.ref is None else self._theirs.setdefault(one.ref.name, [])
            into.append(self._taken(one))
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

    def _taken(self, one: Column) -> _Taken:
        as_is = one.place not in self._mapping.names and not self._values.get(one.target)
        return one.place, one.field.name, one, as_is and not one.field.type.many and self._figures.leaves(one)

    def _typed(self, row: Row, columns: list[_Taken]) -> Typed:
        typed: Typed = {}
        cells = row.cells
        count = len(cells)
        for place, name, one, as_is in columns:
            raw = cells[place] if place < count else ""
            if not raw or raw.isspace():
                continue
            if as_is and name not in typed:
                typed[name] = (raw,)
            else:
                self._add(typed, one, raw if as_is else self._meant(one, row, raw))
        return typed

    def _meant(self, one: Column, row: Row, raw: str) -> str:
        """Return what a cell says with the names beside it, the values to be replaced and the figures in view."""
        cells = row.cells
        names = self._mapping.names.get(one.place, -1)
        if 0 <= names < len(cells) and cells[names].strip() and not self._are_here(one, raw.strip()):
            raw = cells[names]
        replaced = self._values.get(one.target)
        if replaced:
            from tuicrm.folding import fold

            raw = self._without_pipeline(one, row, raw)
            raw = replaced.get(fold(raw), raw)
        return self._figures.plain(one, raw)

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
            typed[name] = [*typed.get(name, ()), *(text for text in texts if text)]
        elif name not in typed:
            typed[name] = [cell]
        elif name in JOINED:
            parts = [typed[name][0].strip(), cell.strip()]
            if name == "name" and slug(one.name) in GIVEN:
                parts.reverse()
            typed[name] = [(" " if name == "name" else ", ").join(parts)]
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

    def _linked(self, row: Row, typed: Typed) -> Dict[str, Item]:
        if not self._theirs:
            return NOTHING
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

    def _give_linked_name(self, columns: list[_Taken], told: Typed) -> None:
        for _, _, one, _ in columns:
            if "name" not in told and isinstance(one.field.type, Addresses) and told.get(one.field.name):
                told["name"] = [told[one.field.name][0]]
