"""What a file tells, whatever its format: records in the making, as somebody would type them."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


class Item(NamedTuple):
    """One record in the making.

    `typed` is by field name, each with its texts (several only for fields that hold several), as for `crm.edit.add`:
    a reference is the name, e-mail address or external id of the record that it means.
    """

    kind: str
    typed: Mapping[str, Sequence[str]]
    where: str
    """Where in the file it stands, for people: `line 7`, `card 3`, `event 12`."""
    loose: frozenset[str] = frozenset()
    """References that are left out, and told, where nothing answers to them; elsewhere that rejects the item."""
    line: int = 0
    """The line of a table that it stands in, from 1; 0 in files that are none."""
    linked: Mapping[str, Item] = NOTHING
    """By reference: the record that it means, told along; made where nobody has it."""
    wrong: str = ""
    """Why it cannot be taken, where that is known already."""


@dataclass
class Parsed:
    """A file's items in its order, and what of it is not taken."""

    items: list[Item] = field(default_factory=list)
    broken: list[tuple[str, str]] = field(default_factory=list)
    """Parts that cannot be read: where, and why in one sentence."""
    ignored: dict[str, int] = field(default_factory=dict)
    """What is read and has no place in a record, by its name in the file, with how often: `PHOTO`, `X-SKYPE`."""
    unknown: dict[str, tuple[str, int]] = field(default_factory=dict)
    """In e-mail: addresses of people nobody here knows, with their name and the number of messages."""
    said: list[str] = field(default_factory=list)
    """Sentences about how the file was read: which format it turned out to be, what was bounded."""

    def ignore(self, name: str) -> None:
        """Count something that has no place in a record."""
        self.ignored[name] = self.ignored.get(name, 0) + 1
