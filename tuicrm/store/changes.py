"""What a caller asks of the workspace, and what the workspace answers: plain facts without behaviour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Mapping


class Outdated(Invalid):
    """Somebody else changed a leaf since the caller read it; nothing was written."""

    code = "outdated"


@dataclass(frozen=True, slots=True)
class About:
    """What every change says: the record that it is about."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Write(About):
    """Create or edit a record; only the leaves that differ are stored."""

    fields: Mapping[str, Any]
    """Top-level field to its whole wanted value; None clears. The record's own id may stand beside them."""


@dataclass(frozen=True, slots=True)
class Patch(About):
    """Set single leaves, as undo does."""

    leaves: Mapping[str, Any]
    """Leaf path to its value, MEMBER or ABSENT."""


class Remove(About):
    """Put a record into the trash."""

    __slots__ = ()


class Revive(About):
    """Take a record out of the trash."""

    __slots__ = ()


class Purge(About):
    """Erase the contents of a record in the trash, for good."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Adopt(About):
    """Take in a record as another copy of the workspace has it, with its versions: joined with what is here."""

    record: Mapping[str, Any]
    remembered: bool = True
    """Whether undo can take it back; not so where a whole workspace is put in place."""


Change: TypeAlias = Write | Patch | Remove | Revive | Purge | Adopt


class Receipt(NamedTuple):
    """What a commit did; `tx` is "" when nothing differed."""

    tx: str
    changed: tuple[tuple[str, str], ...]
    """(kind, id) of each record changed."""


class UndoStep(NamedTuple):
    """What one transaction did to one record."""

    kind: str
    id: str
    born: bool
    removed: bool
    revived: bool
    leaves: Mapping[str, tuple[Any, str, Any, str]]
    """Leaf path to (old value or ABSENT, old version or "", new value or ABSENT, new version)."""


class UndoEntry(NamedTuple):
    """One transaction, as the undo log keeps it."""

    tx: str
    at_ms: int
    by: str
    note: str
    group: str
    does: Literal["do", "undo", "redo"]
    of: tuple[str, ...]
    """The transactions that this one undid or redid."""
    steps: tuple[UndoStep, ...]
