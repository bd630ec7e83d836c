"""What a field and a record kind are: the one declaration from which everything else is derived."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tuicrm.records.types import FieldType


@dataclass(frozen=True)
class Field:
    """One field of a record kind; options, columns, filters, forms, JSON and docs all come from here."""

    name: str
    """The name in JSON, filters, imports and (with dashes) options: `[a-z][a-z0-9_]*`."""
    type: FieldType
    label: str = ""
    """What people read; the name in words where empty."""
    help: str = ""
    required: bool = False
    first: bool = False
    """Asked for at once in forms; the others are folded away."""
    short: tuple[str, ...] = ()
    """Shorter names that options and filters accept as well (`close` for `expected_close`)."""
    default: str = ""
    """Typed-in text that stands in where a record is added without this field."""
    useful: bool = False
    """Counts for the completeness of a record: what one wants to know of most, though nobody has to fill it in."""
    computed: bool = False
    """Shown and filtered, never written."""
    custom: bool = False
    """Declared by the team as data."""

    @property
    def title(self) -> str:
        """The label shown to people."""
        return self.label or self.name.replace("_", " ")

    @property
    def option(self) -> str:
        """The name that the field has as a command-line option, without the dashes."""
        return self.type.singular(self.name).replace("_", "-")

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that filters and imports accept for the field."""
        singular = self.type.singular(self.name)
        return (self.name, *((singular,) if singular != self.name else ()), *self.short)


@dataclass(frozen=True)
class Kind:
    """One kind of record."""

    name: str
    plural: str
    help: str
    fields: tuple[Field, ...]
    columns: tuple[str, ...]
    """The columns of a list where nobody chose others."""
    naming: tuple[str, ...] = ("name",)
    """Fields that name a record, the first that is filled wins."""
    handles: tuple[str, ...] = ()
    """Fields by which a record can be called, beside id and name (e-mail, phone, handle)."""
    search: tuple[str, ...] = ("name",)
    """Fields that free text looks in."""
    groups: tuple[tuple[str, ...], ...] = ()
    """Fields that only make sense together: writing one restamps them all."""
    aliases: tuple[str, ...] = ()
    spoken: str = ""
    """What people call one of them, where that is not the name."""
    example: str = ""
    """A command line that adds such a record, for the help."""
    listed: str = ""
    """The query that a list adds where the user names no state (deals: `is:open`)."""
    by_day: bool = False
    """Stored by the day in the id instead of by the id's last characters."""
    custom: tuple[Field, ...] = field(default=())

    @property
    def one(self) -> str:
        """What sentences call one record of the kind."""
        return self.spoken or self.name

    @property
    def many(self) -> str:
        """What sentences call several."""
        return f"{self.spoken}s" if self.spoken else self.plural

    @cached_property
    def all_fields(self) -> tuple[Field, ...]:
        """Own, common and custom fields, in the order in which they are shown."""
        from tuicrm.records.common import COMMON

        return (*self.fields, *self.custom, *COMMON)

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """Fields by each name that they answer to."""
        found: dict[str, Field] = {}
        for one in self.all_fields:
            for name in one.names:
                found.setdefault(name, one)
        return found

    @cached_property
    def writable(self) -> tuple[Field, ...]:
        """Fields that people can fill in."""
        return tuple(one for one in self.all_fields if not one.computed)

    @cached_property
    def own_names(self) -> frozenset[str]:
        """The proper names of the fields that people can fill in."""
        return frozenset(one.name for one in self.writable)

    @cached_property
    def required(self) -> tuple[Field, ...]:
        """Fields that a record needs."""
        return tuple(one for one in self.writable if one.required)

    @cached_property
    def defaulted(self) -> tuple[Field, ...]:
        """Fields that get a value where nobody gives them one."""
        return tuple(one for one in self.writable if one.default)

    @cached_property
    def amounts(self) -> tuple[tuple[Field, bool], ...]:
        """Fields that hold money, each with whether its currency stands beside it in the record."""
        from tuicrm.records.values import Amount

        paired = {name for group in self.groups if "currency" in group for name in group}
        return tuple((one, one.name in paired) for one in self.writable if isinstance(one.type, Amount))

    @cached_property
    def useful(self) -> tuple[Field, ...]:
        """Fields that count for completeness: those declared so, and what the team's own rules ask for."""
        return tuple(one for one in self.writable if one.useful or (one.custom and one.required))

    def with_custom(self, fields: tuple[Field, ...]) -> Kind:
        """Return the kind with the team's own fields, leaving out those whose name is taken."""
        from dataclasses import replace

        taken = {one.name for one in self.all_fields}
        return replace(self, custom=tuple(one for one in fields if one.name not in taken))
