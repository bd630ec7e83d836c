"""A whole workspace as one archive: the records as stored, tables to read beside them, and a hash over all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from tuicrm.exchange.containers import is_tar, packing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tuicrm.crm.session import Session
    from tuicrm.store.quarantine import Problem

Record = dict[str, Any]
FORMAT = 1
WHAT = "tuicrm archive"
MANIFEST = "manifest.json"
RECORDS = "records/"
TABLES = "tables/"
README = "README.txt"
UNREADABLE = "unreadable.txt"
_README = """\
A workspace of tuicrm, whole.

manifest.json  what this is, the number of records, and a hash over all of them
records/       the records as they are stored, a line of JSON each, versions and deleted ones included
tables/        what is not deleted as CSV, for spreadsheets; nothing reads these back

tuicrm restore FILE FOLDER makes the workspace again from this file.
"""


@dataclass(frozen=True)
class Packed:
    """What went into an archive."""

    hash: str
    records: int
    """All of them, the deleted ones included."""
    unreadable: int
    """Lines that no record could be made of; they are in the archive as they stand."""


def write_archive(
    session: Session,
    path: Path,
    *,
    replacing: bool = True,
    tables: bool = True,
    progress: Callable[[str], None] | None = None,
) -> Packed:
    """Write a whole workspace to a file, what is not in the data files yet included, and read it back to be sure."""
    from tuicrm.exchange.archive import read_archive
    from tuicrm.exchange.outfile import written_whole
    from tuicrm.store.contenthash import content

    said = progress or _silent
    said("reading the workspace")
    held = content(session.ws)
    problems = [one for one in session.ws.unreadable() if one.raw]
    with written_whole(path, root=session.ws.root, replacing=replacing) as file:
        packed = _pack(session, file, held, problems, is_tar(path.name), tables, said)
        file.flush()
        said("reading the archive back")
        read_archive(Path(file.name), called=path, wanted_hash=packed.hash)
    return packed


def _silent(_: str) -> None:
    return


def _pack(
    session: Session,
    file: IO[bytes],
    held: Mapping[str, Mapping[str, Record]],
    problems: list[Problem],
    as_tar: bool,
    tables: bool,
    said: Callable[[str], None],
) -> Packed:
    from tuicrm.store.contenthash import hash_of_lines, lines

    stored = {kind: lines(records.values()) for kind, records in held.items()}
    found = Packed(hash_of_lines(stored), sum(map(len, held.values())), len(problems))
    with packing(file, as_tar=as_tar, at=session.now.timestamp()) as add:
        add(MANIFEST, _manifest(session, held, found))
        add(README, _README.encode())
        for kind, data in stored.items():
            said(f"packing {kind}")
            add(f"{RECORDS}{kind}.jsonl", data)
        if problems:
            add(UNREADABLE, b"".join(one.raw + b"\n" for one in problems))
        for kind, records in held.items() if tables else ():
            table = _table(session, kind, records)
            if table:
                add(f"{TABLES}{kind}.csv", table)
    return found


def _manifest(session: Session, held: Mapping[str, Mapping[str, Record]], found: Packed) -> bytes:
    import orjson

    from tuicrm import __version__

    told = {
        "what": WHAT,
        "format": FORMAT,
        "workspace": {"id": session.ws.id, "name": session.ws.name},
        "made_at": session.now.isoformat(timespec="seconds"),
        "made_by": session.user,
        "tuicrm": __version__,
        "hash": found.hash,
        "records": {kind: len(records) for kind, records in held.items()},
    }
    return orjson.dumps(told, option=orjson.OPT_INDENT_2) + b"\n"


def _table(session: Session, kind: str, records: Mapping[str, Record]) -> bytes:
    from tuicrm.exchange.exporting import csv_parts
    from tuicrm.records.registry import KINDS
    from tuicrm.store.join import is_dead

    live = [record for record in records.values() if not is_dead(record)]
    if kind not in KINDS or not live:
        return b""
    return "".join(csv_parts(session, session.kind(kind), live)).encode("utf-8", "backslashreplace")
