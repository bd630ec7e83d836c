"""Which column of a file fills which field of a record kind, or of a record that it names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tuicrm.errors import Invalid, UsageProblem
from tuicrm.exchange.presets import DROP, STATE
from tuicrm.exchange.synonyms import SYNONYMS
from tuicrm.records.types import LongText

if TYPE_CHECKING:
    from collections.abc import Mapping as Dict
    from collections.abc import Sequence

    from tuicrm.crm.session import Session
    from tuicrm.exchange.presets import Preset
    from tuicrm.exchange.sheet import Sheet
    from tuicrm.records.field import Field, Kind

JOINED = ("name", "address")
"""Fields that several columns fill together, as first and last name do; of other ones the first filled cell counts."""
OWN_COLUMNS = ("line", "rejected because")
"""What a file of rejected rows has beside the columns that it came with."""


@dataclass(frozen=True)
class Column:
    """One column that is taken: its place (from 0), its name, and the field that it fills."""

    place: int
    name: str
    field: Field
    ref: Field | None = None
    """The reference whose record has the field, as in `company.domain`; None for the row's own record."""
    fresh: bool = False
    """Whether the team gets the field with this import."""

    @property
    def target(self) -> str:
        """What `--map` calls it."""
        return f"{self.ref.name}.{self.field.name}" if self.ref else self.field.name


@dataclass(frozen=True)
class Mapping:
    """The columns that are taken, in their order, and the names of those that are not."""

    kind: Kind
    columns: tuple[Column, ...]
    unused: tuple[str, ...]
    width: int
    """How many columns the header has."""
    dropped: tuple[str, ...] = ()
    """Columns that somebody said are left out."""
    names: Dict[int, int] = field(default_factory=dict)
    """The column with the names, by the column of references that an export wrote as ids."""
    preset: Preset | None = None
    state: int = -1
    """The column that says whether a deal is open, won or lost; -1 where none does."""

    @property
    def filled(self) -> tuple[tuple[int, Field], ...]:
        """Columns by position with the field that each fills."""
        return tuple((one.place, one.field) for one in self.columns)

    @property
    def fresh(self) -> tuple[Column, ...]:
        """The columns that become fields of the team's own."""
        return tuple(one for one in self.columns if one.fresh)

    def position(self, field: str) -> int | None:
        """Return the position of the first column that fills a field of the row's own record, if one does."""
        return next((one.place for one in self.columns if one.ref is None and one.field.name == field), None)


def map_columns(
    session: Session,
    sheet: Sheet,
    kind: Kind,
    wanted: Sequence[str],
    *,
    preset: Preset | None = None,
    extra: bool = False,
) -> Mapping:
    """Return the mapping that `COLUMN=TARGET` texts and a preset ask for; columns named like a field map themselves.

    With `extra`, columns that nothing asks for and that hold something become fields of the team's own.
    """
    chosen = _wanted(session, sheet, kind, wanted)
    dropped = tuple(sheet.columns[place] for place, target in chosen.items() if target == DROP)
    for place, column in enumerate(sheet.columns):
        if place not in chosen and preset is not None and (target := preset.target(column)):
            chosen[place] = target
    if sheet.columns[-2:] == OWN_COLUMNS:
        width = len(sheet.columns)
        chosen = {width - 2: DROP, width - 1: DROP, **chosen}
    _fill_by_name(session, sheet, kind, chosen)
    made = [
        Column(place, sheet.columns[place], *_target(session, kind, target))
        for place, target in chosen.items()
        if target not in (DROP, STATE)
    ]
    if not made:
        raise Invalid(
            f"no column of {sheet.name} is named like a field of a {kind.one}",
            hint=f"say which is which: --map {sheet.columns[0]}={kind.naming[0]}",
        )
    left = [place for place in range(len(sheet.columns)) if place not in chosen]
    if extra:
        fresh = _fresh(kind, sheet, left)
        made += fresh
        taken = {one.place for one in fresh}
        left = [place for place in left if place not in taken]
    return Mapping(
        kind,
        # The id of another workspace's record names it where it has no other external id.
        tuple(sorted(made, key=lambda one: (one.name == "id", one.place))),
        tuple(sheet.columns[place] for place in left if sheet.columns[place] and _is_used(sheet, place)),
        len(sheet.columns),
        dropped,
        _names(kind, sheet),
        preset,
        next((place for place, target in chosen.items() if target == STATE), -1),
    )


def _names(kind: Kind, sheet: Sheet) -> dict[int, int]:
    from tuicrm.text import slug

    slugs = [slug(column) if column else "" for column in sheet.columns]
    first = {name: place for place, name in reversed(list(enumerate(slugs)))}
    found = ((place, _names_of(kind, name)) for place, name in enumerate(slugs) if name)
    return {first[ref]: place for place, ref in found if ref and ref in first}


def _wanted(session: Session, sheet: Sheet, kind: Kind, wanted: Sequence[str]) -> dict[int, str]:
    """Return place to target, of what was asked for."""
    chosen: dict[int, str] = {}
    once: set[str] = set()
    for text in wanted:
        column, equals, name = text.rpartition("=")
        if not equals or not column.strip() or not name.strip():
            raise UsageProblem(f"--map {text!r} is not of the form COLUMN=FIELD")
        target = name.strip()
        if target != DROP:
            field, ref = _target(session, kind, target)
            target = f"{ref.name}.{field.name}" if ref else field.name
            if target in once and not _takes_several(field):
                raise UsageProblem(f"--map fills the field {target} twice")
            once.add(target)
        chosen[sheet.column(column)] = target
    return chosen


def _fill_by_name(session: Session, sheet: Sheet, kind: Kind, chosen: dict[int, str]) -> None:
    """Let columns that are named like a field, and `company.domain`, map themselves; then those called like one."""
    from tuicrm.text import slug

    called = {**{slug(field.title): field for field in kind.all_fields}, **kind.by_name}
    slugs = {place: slug(column) for place, column in enumerate(sheet.columns) if column}
    names = {*slugs.values()} - {""}
    for place, name in slugs.items():
        column, own = sheet.columns[place], called.get(name)
        if place in chosen:
            continue
        if own is not None and (own.computed or own.type.name == "map"):
            # An export has them for people to read; no cell fills them.
            chosen[place] = DROP
        elif own is not None and own.name not in chosen.values():
            chosen[place] = own.name
        elif "." in column and _is_target(session, kind, column):
            chosen[place] = column.strip()
        elif _names_of(kind, name) in names:
            chosen[place] = DROP
    taken = set(chosen.values())
    for place, name in slugs.items():
        target = _synonym(kind, name)
        if place not in chosen and target and (target not in taken or name == "id"):
            chosen[place] = target


def _names_of(kind: Kind, column: str) -> str:
    """Return the reference whose names an export writes into a column, as `company` for `company_name`; else empty."""
    field = kind.by_name.get(column.removesuffix("_name")) if column.endswith("_name") else None
    return field.name if field is not None and field.type.refers else ""


def _synonym(kind: Kind, name: str) -> str:
    """Return the field that a column is called like, though it is named otherwise; `product` is a product's name."""
    if name in (kind.name, *kind.aliases):
        return kind.naming[0]
    target = SYNONYMS.get(name, "")
    if (kind.name, target) in (("company", "company"), ("user", "owner")):
        return kind.naming[0]
    field = kind.by_name.get(target)
    if field is None or field.computed or (target == "address" and "city" not in kind.by_name):
        return ""
    return field.name


def _is_target(session: Session, kind: Kind, text: str) -> bool:
    try:
        _target(session, kind, text.strip())
    except Invalid:
        return False
    return True


def _target(session: Session, kind: Kind, text: str) -> tuple[Field, Field | None]:
    """Return the field that a target means, and the reference whose record has it."""
    head, dot, tail = text.partition(".")
    if not dot:
        return _field(kind, text), None
    ref = _field(kind, head)
    if not ref.type.refers:
        raise Invalid(f"{ref.name} of a {kind.one} names no other record, so {text!r} means nothing", field=text)
    return _field(session.kind(ref.type.refers), tail), ref


def _field(kind: Kind, name: str) -> Field:
    from tuicrm.text import nearest

    field = kind.by_name.get(name.lower().replace("-", "_"))
    if field is None or field.computed:
        near = nearest(name, [one.name for one in kind.writable])
        guess = f"; did you mean {near}?" if near else ""
        raise Invalid(f"a {kind.one} has no field {name!r} to import into{guess}", field=name)
    return field


def _takes_several(field: Field) -> bool:
    return field.type.many or field.name in JOINED or isinstance(field.type, LongText)


def _fresh(kind: Kind, sheet: Sheet, left: Sequence[int]) -> list[Column]:
    """Return the columns that become fields: text, of several lines where a cell has some."""
    from tuicrm.crm.fields import EXTENSIBLE, free_name
    from tuicrm.records.field import Field
    from tuicrm.records.types import Text

    if kind.name not in EXTENSIBLE:
        return []
    made: list[Column] = []
    taken: set[str] = set()
    for place in left:
        column = sheet.columns[place]
        if not column or not _is_used(sheet, place):
            continue
        name = free_name(kind, column, taken)
        taken.add(name)
        is_long = any("\n" in row.cells[place] for row in sheet.rows if place < len(row.cells))
        type_ = LongText() if is_long else Text()
        made.append(Column(place, column, Field(name, type_, label=column, custom=True), fresh=True))
    return made


def _is_used(sheet: Sheet, place: int) -> bool:
    return any(place < len(row.cells) and row.cells[place].strip() for row in sheet.rows)


def values_from(session: Session, mapping: Mapping, wanted: Sequence[str]) -> dict[str, Dict[str, str]]:
    """Return target to folded value to what it becomes, of a preset and of `FIELD:FROM=TO` texts."""
    from tuicrm.folding import fold

    found: dict[str, dict[str, str]] = {}
    if mapping.preset is not None:
        found = {name: dict(values) for name, values in mapping.preset.values.items()}
    for text in wanted:
        name, colon, rest = text.partition(":")
        before, equals, after = rest.rpartition("=")
        if not colon or not equals or not before.strip():
            raise UsageProblem(f"--value {text!r} is not of the form FIELD:FROM=TO")
        field, ref = _target(session, mapping.kind, name.strip())
        target = f"{ref.name}.{field.name}" if ref else field.name
        found.setdefault(target, {})[fold(before.strip())] = after.strip()
    return dict(found)
