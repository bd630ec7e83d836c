"""The names under which a sync keeps commits, moved together or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.sync.git import failed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.sync.git import Git

MADE = "refs/tuicrm/made"
"""What a sync has made and not yet put in place."""
_SYNCED = "refs/tuicrm/synced"


def synced(url: str) -> str:
    """Return the name that keeps what this clone and the remote at a URL had in common after the last sync."""
    from hashlib import blake2b

    return f"{_SYNCED}/{blake2b(url.encode(), digest_size=8).hexdigest()}"


def move(git: Git, moves: Sequence[tuple[str, str, str | None]], why: str) -> bool:
    """Let each (name, commit, commit before) change at once; False where a name is no longer where it was.

    No commit removes the name. A commit before of None is not looked at; an empty one means that there is none.
    """
    zero = "0" * max((len(one) for _, one, _ in moves), default=40)
    told = ["start"]
    for ref, new, old in moves:
        before = "" if old is None else f" {old or zero}"
        told.append(f"update {ref} {new}{before}" if new else f"delete {ref}{before}")
    told += ["prepare", "commit", ""]
    words = ("update-ref", "-m", why, "--create-reflog", "--stdin")
    ran = git.run(*words, data="\n".join(told).encode(), ok=(0, 1, 128))
    if ran.code and not any("but expected" in line or "reference already exists" in line for line in ran.said):
        raise failed(words[0], ran)
    return not ran.code
