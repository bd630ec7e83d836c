"""Where a repository stands: its branch, a merge that was begun, and what must be ended before a sync."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from tuicrm.errors import Decision
from tuicrm.sync.gitdir import common_dir
from tuicrm.sync.objects import is_id
from tuicrm.sync.worktree import is_ours

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.sync.git import Git

MERGE_HEAD = "MERGE_HEAD"
_MERGE_STATE = ("MERGE_RR", "MERGE_MSG", "MERGE_MODE", "AUTO_MERGE", MERGE_HEAD)
_AUTOSTASH = "MERGE_AUTOSTASH"
_POINTER = "ref: refs/heads/"
_UNDERWAY = {
    "rebase-merge": ("a rebase is in progress", "git rebase --continue, or git rebase --abort"),
    "rebase-apply": (
        "a rebase or git am is in progress",
        "git rebase --continue, or git rebase --abort (git am --abort)",
    ),
    "CHERRY_PICK_HEAD": ("a cherry-pick is in progress", "git cherry-pick --continue, or git cherry-pick --abort"),
    "REVERT_HEAD": ("a revert is in progress", "git revert --continue, or git revert --abort"),
    "sequencer": ("a cherry-pick or revert is in progress", "git cherry-pick --continue, or git cherry-pick --abort"),
    "BISECT_LOG": ("a bisection is in progress", "git bisect reset"),
}
_MOST_NAMED = 3


class Place(NamedTuple):
    """Where a repository stands."""

    branch: str
    """The full name of the branch that is checked out."""
    head: str
    """Its commit; empty before the first."""
    merge_head: tuple[str, ...]
    """What a merge that was begun brings in."""


def look(git: Git) -> Place:
    """Return where a repository stands; Decision, with the way out, where that does not allow a sync."""
    for name, (what, way_out) in _UNDERWAY.items():
        if os.path.lexists(os.path.join(git.git_dir, name)):
            raise Decision(f"{what} here, so nothing can be synced", hint=f"End it first: {way_out}.")
    _refuse_shallow(git)
    branch = branch_of(git)
    if not branch:
        raise Decision(
            "no branch is checked out here (a detached HEAD), so there is nothing to sync",
            hint="git switch BRANCH goes to a branch; git switch -c NAME makes one of what is here.",
        )
    head = git.lines("rev-parse", "--verify", "--quiet", "HEAD^{commit}", ok=(0, 1))
    _refuse_odd_entries(git)
    return Place(branch, head[0] if head else "", _merge_heads(git))


def cloned(git: Git, url: str) -> str:
    """Return the commit that `git clone` began with, where it was from this URL; else ""."""
    told, _, how = _read(git, os.path.join("logs", "HEAD")).partition("\n")[0].partition("\t")
    scheme, found, rest = url.rpartition("://")
    # git leaves out who asks.
    names = (url, f"{scheme}{found}{rest.partition('@')[2] or rest}")
    ids = told.split(" ", 2)
    return ids[1] if len(ids) > 1 and how in [f"clone: from {name}" for name in names] else ""


def end_merge(git: Git) -> str:
    """Forget the merge that a commit has ended; what git had set aside for it goes to the stash, told in a sentence."""
    told = ""
    stashed = _read(git, _AUTOSTASH).split()
    if stashed and git.lines("rev-parse", "--verify", "--quiet", f"{stashed[0]}^{{commit}}", ok=(0, 1, 128)):
        git.run("update-ref", "--create-reflog", "-m", "autostash", "refs/stash", stashed[0])
        told = "what git had set aside for the merge is in the stash now: git stash pop brings it back"
    for name in (_AUTOSTASH, *_MERGE_STATE):
        path = os.path.join(git.git_dir, name)
        if os.path.lexists(path):
            os.unlink(path)
    return told


def branch_of(git: Git) -> str:
    """The branch that is checked out, "" where none is; git is asked only where the file does not say it plainly."""
    pointer = _read(git, "HEAD").rstrip("\n")
    if not pointer.startswith(_POINTER) or "\n" in pointer or pointer.endswith("/.invalid"):
        found = git.lines("symbolic-ref", "--quiet", "HEAD", ok=(0, 1))
        pointer = f"ref: {found[0]}" if found else ""
    return pointer.removeprefix("ref: ") if pointer.startswith(_POINTER) else ""


def _merge_heads(git: Git) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(_read(git, MERGE_HEAD).split()))
    for one in found:
        # git would take another word for an option or a name.
        if not is_id(one) or git.run("rev-parse", "--verify", "--quiet", f"{one}^{{commit}}", ok=(0, 1, 128)).code:
            raise Decision(
                "a merge was begun here, and what it was to bring in is not there",
                hint="git merge --abort gives the merge up; then sync again.",
            )
    return found


def _read(git: Git, name: str) -> str:
    try:
        with open(os.path.join(git.git_dir, name), encoding="utf-8", errors="surrogateescape") as file:
            return file.read(1 << 16)
    except FileNotFoundError:
        return ""


def _refuse_shallow(git: Git) -> None:
    if os.path.exists(os.path.join(common_dir(git.git_dir), "shallow")):
        raise Decision(
            "this clone was made without its full history (git clone --depth), so what others changed cannot be told",
            hint="git fetch --unshallow brings the rest.",
        )


def _refuse_odd_entries(git: Git) -> None:
    """Refuse entries of ours that git is told not to look at, and unmerged ones beside ours."""
    hidden: list[str] = []
    unmerged: dict[str, None] = {}
    out = git.run("ls-files", "-v", "-s", "-z").out
    # Mostly every entry is an ordinary one (H), and none has to be looked at.
    if out.startswith(b"H ") and out.count(b"\0H ") == out.count(b"\0") - 1:
        return
    for line in out.split(b"\0"):
        told, _, name = line.partition(b"\t")
        if not name:
            continue
        path = os.fsdecode(name)
        tag, stage = told[:1], told[-1:]
        if is_ours(path):
            if tag == b"S" or tag.islower():
                hidden.append(path)
        elif stage != b"0":
            unmerged[path] = None
    if hidden:
        shown = named(hidden)
        raise Decision(
            f"git is told not to look at {shown} (a sparse checkout, skip-worktree or assume-unchanged)",
            hint="git sparse-checkout disable, or git update-index --no-skip-worktree --no-assume-unchanged FILE.",
        )
    if unmerged:
        raise Decision(
            f"a merge was begun here, and {named(list(unmerged))} still has conflicts",
            hint="Settle them and git add the files, then sync again; git merge --abort gives the merge up.",
        )


def named(paths: Sequence[str]) -> str:
    """Return the first of some paths as they may be shown, and how many more there are."""
    from tuicrm.text import clean_line

    shown = ", ".join(clean_line(os.fsencode(path).decode("utf-8", "replace")) for path in paths[:_MOST_NAMED])
    more = len(paths) - _MOST_NAMED
    return f"{shown} and {more} more" if more > 0 else shown
