"""What is odd about a workspace as a repository: a copied folder, a sync cut short, settings and states in its way."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tuicrm.crm.checkup import NOTICE, Finding
from tuicrm.errors import Decision, TuicrmError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tuicrm.crm.session import Session
    from tuicrm.sync.git import Git

PLACE = "place"
"""What `local.json` calls the private folder's inode and path, as they were when first looked at."""
WHERE = "git"
"""What findings about the repository name as their path."""
_MOST = 1 << 20


def findings(session: Session, environ: Mapping[str, str]) -> list[Finding]:
    """Return what is to be said; the remote is not asked."""
    from tuicrm.sync.git import find

    private = session.ws.private
    found = [*_copied(private), *_last(private)]
    try:
        git = find(str(session.ws.root), environ)
    except TuicrmError as error:
        return [*found, _told(error)]
    if git is not None:
        found += [*_cut_short(private), *_unruly(session.ws.root), *_in_the_way(git)]
    return found


def note_place(private: Path, *, again: bool = False) -> None:
    """Remember where this workspace is, once, so that a copy of its folder can be told; `again`: from now on here."""
    from tuicrm.store.local import Local

    local, here = Local(private), _place(private)
    if here and (again or not local.get(PLACE)) and local.get(PLACE) != here:
        try:
            local.set(PLACE, here)
        except TuicrmError:
            return


def _place(private: Path) -> str:
    try:
        return f"{private.stat().st_ino} {os.path.realpath(private)}"
    except OSError:
        return ""


def _copied(private: Path) -> Iterator[Finding]:
    from tuicrm.store.local import Local

    inode, _, path = Local(private).get(PLACE).partition(" ")
    here = _place(private)
    if not inode or not here or here.partition(" ")[0] == inode:
        return
    try:
        goes_on = path != os.path.realpath(private) and str(os.stat(path).st_ino) == inode
    except OSError:
        goes_on = False
    source = f"a copy of {_folder_of(path)}, which is still there" if goes_on else "a copy, or was restored from one"
    yield Finding(
        NOTICE,
        f"this folder is {source}: its undo list and what was not synced came along; both go on as clones, each with "
        "its own changes; tuicrm doctor --fix takes note of it",
        path=str(private),
    )


def _folder_of(private: str) -> str:
    """Return the workspace of a private folder."""
    parent = os.path.dirname(private)
    return os.path.dirname(parent) if os.path.basename(parent) == ".git" else parent


def _last(private: Path) -> Iterator[Finding]:
    from tuicrm.sync.report import last

    told = last(private)
    if told is not None and not told.ok:
        yield Finding(NOTICE, f"the last sync ({told.at}) did not end well: {told.said}", path=WHERE)


def _cut_short(private: Path) -> Iterator[Finding]:
    from tuicrm.sync.installing import underway

    found = underway(private)
    if found is not None:
        yield Finding(
            NOTICE,
            f"a sync was cut short while it put commit {found.commit[:10]} in place; tuicrm sync finishes it",
            path=WHERE,
        )


def _unruly(root: Path) -> Iterator[Finding]:
    """Say where git is not told to keep the lines of both sides."""
    from tuicrm.store import files
    from tuicrm.store.manifest import ATTRIBUTES, RULE

    held = files.read_plain(str(root / ATTRIBUTES), _MOST)
    if RULE.strip() not in held.splitlines():
        rule = RULE.decode().strip()
        yield Finding(
            NOTICE,
            f"lacks the line `{rule}`, so that merges with plain git leave conflict markers; tuicrm reads through them",
            path=ATTRIBUTES,
        )


def _in_the_way(git: Git) -> Iterator[Finding]:
    """Say what the next sync would stop at."""
    from tuicrm.sync import place, trust

    branch = ""
    try:
        branch = place.look(git).branch
    except TuicrmError as error:
        yield _told(error)
    try:
        trust.read(git, branch)
    except Decision as error:
        yield _told(error)
    except TuicrmError as error:
        if branch:
            yield _told(error)


def _told(error: TuicrmError) -> Finding:
    hint = f"; {error.hint.rstrip('.')}" if error.hint else ""
    return Finding(NOTICE, f"{str(error).rstrip('.')}{hint}", path=WHERE)
