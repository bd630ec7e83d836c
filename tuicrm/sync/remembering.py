"""What git still remembers of records that were erased: how many commits wrote them, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Ref = tuple[str, str]


class Remembered(NamedTuple):
    """The commits that hold a line of any of some records with its contents."""

    commits: int
    first: int
    """When the first of them was made, in seconds since 1970; 0 for none."""
    last: int


def remembered(root: str, refs: Iterable[Ref], environ: Mapping[str, str]) -> Remembered | None:
    """Return what git remembers of records; None where there is no git. Raises as any call of git may."""
    from tuicrm.store.private import find_git_dir

    if not find_git_dir(root):
        return None
    from tuicrm.sync.git import find
    from tuicrm.sync.history import refuse_fetching
    from tuicrm.sync.objects import Objects
    from tuicrm.sync.past import points

    git = find(root, environ)
    if git is None:
        return None
    refuse_fetching(git)
    made: dict[str, int] = {}
    with Objects(git) as objects:
        for kind, key in refs:
            for point in points(git, objects, kind, key):
                if any(name != "id" and not name.startswith("_") for name in point.record):
                    made[point.commit.oid] = point.commit.at
    return Remembered(len(made), min(made.values(), default=0), max(made.values(), default=0))
