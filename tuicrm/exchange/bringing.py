"""Bringing in a file step by step, as a screen asks: what it seems to hold, what an import would do, doing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tuicrm.errors import TuicrmError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session
    from tuicrm.exchange.importing import Import
    from tuicrm.exchange.mapping import Mapping
    from tuicrm.exchange.sheet import Sheet

KINDS = ("company", "contact", "deal", "product", "user")
"""What a file is usually full of."""
SUFFIXES = (".csv", ".tsv", ".txt")


@dataclass(frozen=True)
class Trial:
    """What an import of a file as one kind would do; nothing is written yet."""

    sheet: Sheet
    mapping: Mapping
    done: Import
    creates_missing: bool

    @property
    def plan(self) -> Plan:
        """The one step that writes everything."""
        return self.done.plan(self.sheet.path.name)


def guess_kind(session: Session, sheet: Sheet) -> str:
    """Return the kind that a file most probably holds: the one its columns are named for, then its name."""
    from tuicrm.errors import Invalid
    from tuicrm.exchange.mapping import map_columns
    from tuicrm.text import fold

    name = fold(sheet.path.stem)

    def fits(kind: str) -> tuple[int, bool]:
        declared = session.kind(kind)
        try:
            mapping = map_columns(sheet, declared, ())
        except Invalid:
            return 0, False
        named = any(one in name for one in (declared.name, declared.plural, *declared.aliases))
        own = sum(2 if one in declared.fields else 1 for _, one in mapping.filled)
        return own + (3 if named else 0), named

    return max(KINDS, key=lambda kind: (fits(kind), -KINDS.index(kind)))


def attempt(
    session: Session,
    sheet: Sheet,
    kind: str,
    *,
    create_missing: bool,
    maps: Sequence[str] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Trial:
    """Return what importing a file as a kind would do; `maps` are `COLUMN=FIELD` texts, for columns named otherwise.

    Raises Invalid where no column is named like a field of the kind, or a map names none.
    """
    from tuicrm.exchange.importing import Importer
    from tuicrm.exchange.mapping import map_columns

    declared = session.kind(kind)
    mapping = map_columns(sheet, declared, maps)
    importer = Importer(session, sheet, declared, mapping, create_missing=create_missing, dates="")
    return Trial(sheet, mapping, importer.work_out(progress), create_missing)


def bring_in(session: Session, trial: Trial, write: Callable[[Plan], None]) -> Path | None:
    """Write an import through `write`; return the file with the rejected rows beside the source, None where all fit."""
    from tuicrm.exchange.rejects import free_name, write_rejects

    source = trial.sheet.path
    rejects = free_name(source.with_name(f"{source.stem}.rejected.csv")) if trial.done.rejected else None
    if rejects is not None:
        write_rejects(rejects, trial.sheet, trial.done.rejected)
    try:
        if trial.done.changes:
            write(trial.plan)
    except TuicrmError:
        if rejects is not None:
            rejects.unlink(missing_ok=True)
        raise
    return rejects


def maps_for(session: Session, sheet: Sheet, kind: str, text: str) -> list[str]:
    """Return the `COLUMN=FIELD` texts that one being typed may become."""
    from tuicrm.text import fold

    fields = [one.name for one in session.kind(kind).writable if one.type.name != "map"]
    column, equals, field = text.partition("=")
    if not equals:
        return [f"{one}=" for one in sheet.columns if one and fold(one).startswith(fold(text.strip()))]
    return [f"{column}={one}" for one in fields if one.startswith(fold(field.strip()))]


def paths(text: str, *, most: int = 200) -> list[str]:
    """Return what a path that is being typed may become: folders with a slash at the end, and tables."""
    import os

    expanded = os.path.expanduser(text)
    folder, begun = os.path.split(expanded)
    shown = text[: len(text) - len(begun)] if begun else text
    found: list[tuple[bool, str]] = []
    try:
        with os.scandir(folder or ".") as held:
            for count, one in enumerate(held):
                if count > 20 * most:
                    break
                if not one.name.startswith(begun) or (one.name.startswith(".") and not begun):
                    continue
                try:
                    is_folder = one.is_dir()
                except OSError:
                    continue
                if is_folder or one.name.lower().endswith(SUFFIXES):
                    found.append((is_folder, one.name))
    except (OSError, ValueError):
        return []
    # Tables first: they are what is looked for.
    found.sort(key=lambda one: (one[0], one[1].casefold()))
    return [f"{shown}{name}{'/' if is_folder else ''}" for is_folder, name in found[:most]]
