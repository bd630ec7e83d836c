"""Bringing in a file step by step, as a screen asks: what it seems to hold, what an import would do, doing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tuicrm.errors import TuicrmError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session
    from tuicrm.exchange.outcome import Import
    from tuicrm.exchange.sheet import Sheet
    from tuicrm.exchange.sources import Options, Source

TOLD_ALONG = ("company", "contact")
"""Kinds whose records a row may tell along."""
SUFFIXES = (
    *(".csv", ".tsv", ".txt", ".vcf", ".vcard", ".ics", ".ical", ".json", ".jsonl", ".ndjson", ".mbox", ".mbx", ".eml"),
)


@dataclass(frozen=True)
class Trial:
    """What an import of a file would do; nothing is written yet."""

    source: Source
    done: Import
    options: Options


def attempt(
    session: Session, path: Path, sheet: Sheet | None, options: Options, progress: Callable[[int, int], None] | None
) -> Trial:
    """Return what importing a file would do; a table is read already.

    Raises Invalid where no column is named like a field of the kind, or the file is not what it seemed.
    """
    from tuicrm.exchange.sources import of_sheet, open_file

    source = of_sheet(session, sheet, options) if sheet is not None else open_file(session, path, options)
    return Trial(source, source.work_out(session, options, progress), options)


def table(path: Path) -> Sheet | None:
    """Return a file that is a table, read; None where it has another format. Raises what is wrong with it."""
    from tuicrm.exchange import formats, sources
    from tuicrm.exchange.sheet import read_sheet

    return read_sheet(path) if formats.detect(path, sources.head(path)) is None else None


def bring_in(session: Session, trial: Trial, write: Callable[[Plan], None]) -> Path | None:
    """Write an import through `write`; return the file with the rejected rows beside the source, None where all fit."""
    from tuicrm.exchange.rejects import free_name, write_rejects

    source, rejects = trial.source, None
    if trial.done.rejected and source.path is not None:
        rejects = free_name(source.path.with_name(f"{source.path.stem}.rejected.csv"))
        write_rejects(rejects, source, trial.done.rejected)
    try:
        if trial.done.changes:
            write(trial.done.plan(session, source.name))
    except TuicrmError:
        if rejects is not None:
            rejects.unlink(missing_ok=True)
        raise
    return rejects


def maps_for(session: Session, sheet: Sheet, kind: str, text: str) -> list[str]:
    """Return the `COLUMN=TARGET` texts that one being typed may become."""
    from tuicrm.text import fold

    column, equals, field = text.partition("=")
    if not equals:
        return [f"{one}=" for one in sheet.columns if one and fold(one).startswith(fold(text.strip()))]
    return [f"{column}={one}" for one in targets(session, kind) if one.startswith(fold(field.strip()))]


def targets(session: Session, kind: str) -> list[str]:
    """Return what a column may fill: the kind's fields, `-` for nothing, and the fields of what a record names."""
    fields = [one for one in session.kind(kind).writable if one.type.name != "map"]
    theirs = [
        f"{ref.name}.{one.name}"
        for ref in fields
        if ref.type.refers in TOLD_ALONG and ref.type.refers != kind
        for one in session.kind(ref.type.refers).writable
        if one.type.name != "map" and not one.type.refers
    ]
    return [*(one.name for one in fields), "-", *theirs]


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
