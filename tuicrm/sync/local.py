"""What this clone says: its branch, a merge that somebody began, and the work tree upon them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tuicrm.store import codec
from tuicrm.sync.content import Content, is_data, kind_of
from tuicrm.sync.counting import changed_ids, count
from tuicrm.sync.objects import bases

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuicrm.store.codec import Segment
    from tuicrm.sync.content import Contents
    from tuicrm.sync.git import Git
    from tuicrm.sync.objects import Entry
    from tuicrm.sync.place import Place
    from tuicrm.sync.worktree import Scan


class Local(NamedTuple):
    """This clone's side of a merge."""

    content: Content
    """Its files are those of HEAD; whatever is not as there, also the files changed in the work tree, is in `over`."""
    heads: tuple[str, ...]
    """HEAD (none before the first commit), and the commits of a merge that was begun."""
    went: dict[str, int]
    """Kind to the number of records changed in the work tree."""


def look(git: Git, contents: Contents, place: Place, scan: Scan, synced: Content | None) -> Local:
    """Return this clone's side; `synced` is what the last sync left, which everything here knew of."""
    heads = tuple(one for one in (place.head, *place.merge_head) if one)
    parents = [contents.of(one) for one in heads]
    files: Mapping[str, Entry] = parents[0].files if parents else {}
    common = [] if synced is None else [synced]
    if len(heads) > 1:
        common = [contents.of(one) for other in heads[1:] for one in bases(git, heads[0], other)]
    own = _own(contents, parents, files, scan)
    told = contents.upon(parents, files, own, common, lambda path, one: contents.is_past(place.head, path, one))
    for path in scan.changed:
        if path in own:
            told.over.setdefault(path, own[path])
    return Local(told, heads, _went(contents, parents, told, scan))


def _own(contents: Contents, parents: list[Content], files: Mapping[str, Entry], scan: Scan) -> dict[str, Segment]:
    """Return the work tree's files where they, or the parents, are not all the same."""
    paths = {path for path in scan.changed if is_data(path)}
    for parent in parents:
        paths.update(path for path in parent.over if is_data(path))
    for parent in parents[1:]:
        names = {**files, **parent.files}
        paths.update(path for path in names if is_data(path) and files.get(path) != parent.files.get(path))
    return {
        path: codec.load(scan.changed[path]) if path in scan.changed else contents.raw(files.get(path))
        for path in sorted(paths)
    }


def _went(contents: Contents, parents: list[Content], told: Content, scan: Scan) -> dict[str, int]:
    changed = []
    for path in filter(is_data, scan.changed):
        before = contents.segment(parents[0], path).records if parents else {}
        changed += [(kind_of(path), id_) for id_ in changed_ids(before, told.over[path].records)]
    return count(changed)
