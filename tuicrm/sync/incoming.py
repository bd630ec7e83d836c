"""Looking over what a remote sent before any of it is used: only files, only in places where such files belong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.errors import Decision
from tuicrm.store.private import PLAIN
from tuicrm.store.segments import DATA
from tuicrm.sync.objects import FILE, MOST_BLOB, changes, refuse_endless, tree
from tuicrm.sync.worktree import TOP, is_expected, is_ours

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuicrm.sync.git import Git
    from tuicrm.sync.objects import Entry, Objects

MOST_BROUGHT = 1 << 30
"""Bytes that all files of one fetch may have: a small pack can name one large file a thousand times."""
FILES = (FILE, "100755")
"""The modes of what may be a data file."""
_OWN = frozenset((DATA, PLAIN, *TOP))
_IGNORED = dict.fromkeys((*range(0x200C, 0x2010), *range(0x202A, 0x202F), *range(0x206A, 0x2070), 0xFEFF))
"""Signs that some file systems leave out of names."""
_NO_FILE = {"120000": "is a symbolic link", "160000": "is a repository of its own (a submodule)"}


def check(git: Git, objects: Objects, tip: str, known: str, *, here: bool = False) -> None:
    """Raise Decision where a commit holds what no workspace may; only what differs from `known` is looked at.

    `known` is a commit that was looked at before, or empty; `here` says that this clone has the commit, and not only
    the remote.
    """
    try:
        _check(git, objects, tip, known)
    except _Bad as bad:
        raise _decision(git, objects, tip, bad, here=here) from None


class _Bad(Exception):
    """A path that a workspace may not hold, and why."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(path)
        self.path = path
        self.why = why


def _check(git: Git, objects: Objects, tip: str, known: str) -> None:
    refuse_endless(git, tip)
    changed = changes(git, known, tip)
    found = {path: new for path, (_, new) in changed.items() if new is not None}
    for path, (mode, _) in found.items():
        why = refused(path, mode)
        if why:
            raise _Bad(path, why)
    data = {path: oid for path, (_, oid) in found.items() if is_ours(path)}
    sizes = objects.sizes(oid for _, oid in found.values())
    for path, oid in data.items():
        if sizes.get(oid, 0) > MOST_BLOB:
            why = f"has {sizes[oid]:,} bytes, and a file of a workspace has at most {MOST_BLOB:,}"
            raise _Bad(path, why)
    _check_all(found, sizes)
    _check_case(git, tip, {path for path, (old, _) in changed.items() if old is None and is_ours(path)})


def refused(path: str, mode: str) -> str:
    """Say why a workspace may not hold a path; empty where it may."""
    parts = path.split("/")
    if any(part in ("", ".", "..") or is_git_like(part) for part in parts):
        return "has a name that git keeps for itself"
    first = _folded(parts[0])
    if first == PLAIN:
        return "belongs to one machine and must not be committed"
    if first in _OWN and parts[0] != first:
        return f"differs from {first} only in how it is spelt, which is one name on many machines"
    if path == DATA:
        return f"is no folder, and {DATA}/ must be one"
    if parts[0] in TOP and len(parts) > 1:
        return f"is inside {parts[0]}, which must be a file"
    if is_ours(path):
        if mode not in FILES:
            return f"{_NO_FILE.get(mode, 'is no plain file')}, which a workspace may not contain"
        if parts[0] == DATA and not is_expected(path):
            return f"is no data file: under {DATA}/ there is only {DATA}/<kind>/<name>.jsonl"
    return ""


def is_git_like(name: str) -> bool:
    """Whether some file system takes a name for `.git`: by case, ignored signs, endings, a short form."""
    return any(part.partition(":")[0].rstrip(" .") in (".git", "git~1") for part in _folded(name).split("\\"))


def _folded(name: str) -> str:
    return name.translate(_IGNORED).casefold()


def _check_all(found: Mapping[str, Entry], sizes: Mapping[str, int]) -> None:
    """Refuse files that would fill the disk together; those too large for a workspace are never checked out."""
    total = 0
    for path, (_, oid) in found.items():
        size = sizes.get(oid, 0)
        total += size if size <= MOST_BLOB else 0
        if total > MOST_BROUGHT:
            raise _Bad(path, f"and the files beside it have more than {MOST_BROUGHT:,} bytes together")


def _check_case(git: Git, tip: str, added: set[str]) -> None:
    """Refuse two data files whose names are one on a file system that does not tell case."""
    seen: dict[str, str] = {}
    for path in tree(git, tip, DATA) if added else ():
        other = seen.setdefault(path.casefold(), path)
        if other != path and (path in added or other in added):
            shown = path if path in added else other
            same = other if path in added else path
            why = f"differs from {same} only in case, which is one name on many machines"
            raise _Bad(shown, why)


def _decision(git: Git, objects: Objects, tip: str, bad: _Bad, *, here: bool) -> Decision:
    """Return the refusal: what, who committed it, and the way out."""
    import shlex

    from tuicrm.text import clean_line, truncate

    shown = truncate(clean_line(bad.path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")), 200)
    by = next(iter(git.lines("rev-list", "-1", tip, "--", bad.path)), tip)
    commit = objects.commit(by)
    author = truncate(clean_line(commit.author), 60) if commit is not None else ""
    return Decision(
        f"{shown} {bad.why}; it came with the commit {by[:10]}{f' by {author}' if author else ''}.",
        hint=f"{'' if here else 'In a clone made with plain git: '}git rm --cached -- {shlex.quote(shown)}; "
        f"commit{'' if here else ', push'}, then sync again.",
    )
