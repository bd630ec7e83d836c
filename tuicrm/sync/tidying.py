"""Putting many small packs together now and then: every sync leaves one or two, and git looks into each of them."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from tuicrm.errors import TuicrmError

if TYPE_CHECKING:
    from tuicrm.sync.git import Git

MOST_PACKS = 40
"""Packs up to which nothing is done; git's own housekeeping, which a plain git command may start, begins at 50."""


def tidy(git: Git) -> bool:
    """Put small packs together where there are many, and say whether that was done; what fails here can wait.

    Only packs of about the same size are joined, so that a large one is seldom written again. Nothing is dropped.
    """
    if _count(git) <= MOST_PACKS:
        return False
    # Without --local, objects of a repository that this one borrows from would be copied.
    words = ("repack", "-d", "-q", "--local", "--geometric=2", "--no-write-bitmap-index")
    with contextlib.suppress(TuicrmError):
        git.run("-c", "repack.writeBitmaps=false", *words)
        return True
    return False


def _count(git: Git) -> int:
    from tuicrm.sync.gitdir import common_dir

    folder = os.path.join(common_dir(git.git_dir), "objects", "pack")
    try:
        names = os.listdir(folder)
    except OSError:
        return 0
    kept = {name.removesuffix(".keep") for name in names if name.endswith(".keep")}
    return sum(name.endswith(".pack") and name.removesuffix(".pack") not in kept for name in names)
