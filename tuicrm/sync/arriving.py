"""What a commit brings into the work tree: the files that are to be put in, and the records that others changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.store.install import NewFile
from tuicrm.sync.content import is_data, kind_of
from tuicrm.sync.counting import changed_lines
from tuicrm.sync.ledger import KIND
from tuicrm.sync.worktree import is_ours

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuicrm.sync.local import Local
    from tuicrm.sync.making import Made
    from tuicrm.sync.objects import Change, Entry, Objects
    from tuicrm.sync.worktree import Scan


def moved(before: Mapping[str, Entry], made: Made) -> dict[str, Change]:
    """Return what differs between the files that HEAD has and those of the commit."""
    pairs = {path: (before.get(path), made.files.get(path)) for path in {**before, **made.files}}
    return {path: pair for path, pair in pairs.items() if pair[0] != pair[1]}


def new_files(objects: Objects, scan: Scan, local: Local, made: Made, changes: Mapping[str, Change]) -> list[NewFile]:
    """Return the files of the workspace's own that are not in the work tree as the commit has them."""

    def seen(path: str) -> bytes | None:
        return _here(objects, scan, local, path) if path in scan.changed or path in scan.blobs else None

    # A data file is never taken away, only emptied.
    gone = [path for path, (_, after) in changes.items() if after is None and is_data(path)]
    found = [NewFile(path, seen(path), b"") for path in gone if scan.blobs.get(path)]
    for path, (_, oid) in made.files.items():
        if is_ours(path) and scan.blobs.get(path) != oid:
            found.append(NewFile(path, seen(path), _there(objects, made, path)))
    return found


def came(objects: Objects, scan: Scan, local: Local, made: Made) -> list[tuple[str, str]]:
    """Return (kind, id) of the records that others changed."""
    found = []
    for path in sorted(filter(is_data, {**scan.blobs, **made.files})):
        kind, entry = kind_of(path), made.files.get(path)
        if kind != KIND and (entry[1] if entry else "") != scan.blobs.get(path, ""):
            before, after = _here(objects, scan, local, path), _there(objects, made, path)
            found += [(kind, id_) for id_ in changed_lines(before, after)]
    return found


def _here(objects: Objects, scan: Scan, local: Local, path: str) -> bytes:
    """Return what the work tree has, or HEAD where that is the same or the file is absent."""
    return scan.changed[path] if path in scan.changed else _blob(objects, local.content.files, path)


def _there(objects: Objects, made: Made, path: str) -> bytes:
    return made.written[path] if path in made.written else _blob(objects, made.files, path)


def _blob(objects: Objects, files: Mapping[str, Entry], path: str) -> bytes:
    return objects.blob(files[path][1]) if path in files else b""
