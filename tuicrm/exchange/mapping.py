"""Which column of a file fills which field of a record kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tuicrm.errors import Invalid, UsageProblem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.exchange.sheet import Sheet
    from tuicrm.records.field import Field, Kind


@dataclass(frozen=True)
class Mapping:
    """Columns by position with the field that each fills, and the names of the columns that fill none."""

    filled: tuple[tuple[int, Field], ...]
    unused: tuple[str, ...]
    width: int
    """How many columns the header has."""

    def position(self, field: str) -> int | None:
        """Return the position of the column that fills a field, if one does."""
        return next((place for place, one in self.filled if one.name == field), None)


def map_columns(sheet: Sheet, kind: Kind, wanted: Sequence[str]) -> Mapping:
    """Return the mapping that `COLUMN=FIELD` texts ask for; columns named like a field map themselves."""
    from tuicrm.text import slug

    chosen: dict[int, Field] = {}
    for text in wanted:
        column, equals, name = text.rpartition("=")
        if not equals or not column.strip() or not name.strip():
            raise UsageProblem(f"--map {text!r} is not of the form COLUMN=FIELD")
        field = _field(kind, name.strip())
        if field in chosen.values():
            raise UsageProblem(f"--map fills the field {field.name} twice")
        chosen[sheet.column(column)] = field
    called = {**{slug(field.title): field for field in kind.all_fields}, **kind.by_name}
    for place, column in enumerate(sheet.columns):
        own = called.get(slug(column)) if column else None
        # A map of maps, as an export writes one, is nothing that a cell can fill.
        fits = own is not None and not own.computed and own.type.name != "map" and own not in chosen.values()
        if place not in chosen and own is not None and fits:
            chosen[place] = own
    if not chosen:
        raise Invalid(
            f"no column of {sheet.path.name} is named like a field of a {kind.one}",
            hint=f"say which is which: --map {sheet.columns[0]}={kind.naming[0]}",
        )
    unused = tuple(column for place, column in enumerate(sheet.columns) if place not in chosen)
    return Mapping(tuple(sorted(chosen.items(), key=lambda one: one[0])), unused, len(sheet.columns))


def _field(kind: Kind, name: str) -> Field:
    from tuicrm.text import nearest

    field = kind.by_name.get(name.lower().replace("-", "_"))
    if field is None or field.computed:
        near = nearest(name, [one.name for one in kind.writable])
        guess = f"; did you mean {near}?" if near else ""
        raise Invalid(f"a {kind.one} has no field {name!r} to import into{guess}", field=name)
    return field
