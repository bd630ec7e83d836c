"""A record's past for its page: read outside of any session, and put into words later."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuicrm.crm.chronicle import ADDED, Entry, Told
from tuicrm.errors import TuicrmError
from tuicrm.records.kinds.activity import CHANGE
from tuicrm.store import files, undolog
from tuicrm.store.private import find_git_dir
from tuicrm.sync.blame import By, from_git, from_log, together
from tuicrm.sync.history import LOG, changes_of, git_blame
from tuicrm.sync.telling import People

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tuicrm.crm.session import Session
    from tuicrm.sync.blame import Blame

Record = dict[str, Any]


@dataclass(frozen=True)
class Known:
    """What is known about one record's past."""

    ref: tuple[str, str]
    mark: tuple[int, ...]
    """What tells whether git has moved since."""
    git: Blame
    log: Blame


def look_back(
    root: str, private: Path, ref: tuple[str, str], environ: Mapping[str, str], before: Known | None = None
) -> Known:
    """Read what git and this machine's log know about a record; git is asked again only where it has moved.

    Takes no session, and may take its time. What cannot be read is left out.
    """
    mark = _mark(root)
    if before is not None and before.ref == ref and before.mark == mark:
        git = before.git
    else:
        try:
            git = git_blame(root, *ref, environ) or from_git(())
        except (TuicrmError, OSError):
            git = from_git(())
    return Known(ref, mark, git, _log(str(private), ref))


def _mark(root: str) -> tuple[int, ...]:
    """Return what changes whenever HEAD moves: git keeps a log of that."""
    git_dir = find_git_dir(root)
    try:
        found = os.stat(os.path.join(git_dir, "logs", "HEAD"))
    except OSError:
        return (len(git_dir),)
    return found.st_mtime_ns, found.st_size, found.st_ino


def _log(private: str, ref: tuple[str, str]) -> Blame:
    try:
        folder = files.open_root(private)
    except OSError:
        return from_log((), *ref)
    try:
        return from_log(undolog.read(folder, LOG, about=ref[1]), *ref)
    except OSError:
        return from_log((), *ref)
    finally:
        files.close(folder)


def with_past(session: Session, record: Record, entries: Sequence[Entry], known: Known) -> list[Entry]:
    """Return the entries of a record's history, newest first, with the changes that none of them tells of."""
    kind, key = known.ref
    people = People(session)
    blame = together(known.git, known.log, record)
    rest, _ = changes_of(session, kind, record, blame, people.handle)
    found = [
        Entry(one.at, f"{key} {one.version} {one.field}", kind, CHANGE, Told(CHANGE, one.text, _tail(one.by), ""))
        for one in rest
    ]
    by = people.handle(blame.added or By())
    found += [
        one._replace(told=Told(ADDED, "", _tail(by).strip(), "")) if by and (one.sort, one.id) == (ADDED, key) else one
        for one in entries
    ]
    return sorted(found, key=lambda one: (one.at, one.id), reverse=True)


def _tail(by: str) -> str:
    return f" ({by})" if by else ""
