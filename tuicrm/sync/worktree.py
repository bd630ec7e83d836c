"""The data files of the work tree against those of HEAD: found by stat, read and hashed only where they changed."""

from __future__ import annotations

import contextlib
import os
import stat as modes
import time
from typing import TYPE_CHECKING, NamedTuple

from tuicrm.errors import Decision
from tuicrm.store import files
from tuicrm.store.manifest import ATTRIBUTES
from tuicrm.store.manifest import NAME as MANIFEST
from tuicrm.store.segments import DATA, SUFFIX, Folder, is_kind, kinds, settled
from tuicrm.sync.objects import MOST_BLOB, Entry
from tuicrm.sync.seen import Cache, Held

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from tuicrm.store.segments import Stamp
    from tuicrm.sync.git import Git

TOP = (MANIFEST, ATTRIBUTES)
"""The files outside data/ that are a workspace's own."""
_UNFIT = frozenset('\\:*?"<>|')


class Scan(NamedTuple):
    head_tree: dict[str, Entry]
    """All files that HEAD has."""
    changed: dict[str, bytes]
    """Path to content, where the work tree's file is not the one that HEAD has; absent files are not in it."""
    blobs: dict[str, str]
    """Path to blob id, for each of our files that is there."""


def is_ours(path: str) -> bool:
    """Whether a path is the workspace's own, and not a file that a team keeps beside it."""
    return path.startswith(f"{DATA}/") or path in TOP


def is_expected(path: str) -> bool:
    """Whether a path under data/ is one that a data file can have: where the store looks, in a name fit for all."""
    match path.split("/"):
        case [_, kind, name]:
            return is_kind(kind) and _is_plain(name)
        case [_, kind, inner, name]:
            return is_kind(kind) and inner.isascii() and inner.isdecimal() and _is_plain(name)
    return False


def _is_plain(name: str) -> bool:
    ends_well = name.endswith(SUFFIX) and name[0] not in ".-~ "
    return ends_well and name.isprintable() and not set(name) & _UNFIT and len(name.encode("utf-8", "replace")) < 200


def scan(git: Git, root: str, private: Path, head: str) -> Scan:
    """Compare the work tree with a commit (`head` is empty before the first); Decision where a link is in the way."""
    cache = Cache(private)
    head_tree = cache.tree_of(git, head)
    looker = _Looker(root, cache.held, head_tree, _hash_like(git, head))
    found = kinds(root)
    _refuse_pipes(root, ("", DATA, *(f"{DATA}/{kind}" for kind in found)))
    for kind in found:
        looker.look_at_kind(kind)
    looker.look_beside()
    cache.keep(head, head_tree, looker.held)
    return Scan(head_tree, looker.changed, looker.blobs)


def blob_id(data: bytes, like: str = "") -> str:
    """The id that git gives a file's content: of the length of `like`, a SHA-1 where that is empty."""
    import hashlib

    made = hashlib.sha256() if len(like) == 64 else hashlib.sha1(usedforsecurity=False)
    made.update(b"blob %d\0" % len(data))
    made.update(data)
    return made.hexdigest()


def _hash_like(git: Git, head: str) -> str:
    """An id of the length that this repository uses."""
    if head:
        return head
    return "0" * (64 if git.lines("rev-parse", "--show-object-format") == ["sha256"] else 40)


class _Looker:
    """One look at the work tree, and what it found."""

    def __init__(self, root: str, known: Held, head_tree: Mapping[str, Entry], like: str) -> None:
        self._root = root
        self._known = known
        self._head_tree = head_tree
        self._like = like
        self.held: Held = {}
        self.blobs: dict[str, str] = {}
        self.changed: dict[str, bytes] = {}
        self._folded: dict[str, str] | None = None

    def look_at_kind(self, kind: str) -> None:
        prefix = f"{DATA}/{kind}/"
        with Folder(self._root, kind) as folder:
            names = folder.names()
            for name, stamp in names.items():
                if not self._is_known(prefix + name, stamp):
                    read = folder.read(name)
                    if read is not None:
                        self._take(prefix + name, *read)
            if folder.refused:
                raise _refused(folder.refused[0].path)

    def look_beside(self) -> None:
        root = files.open_root(self._root)
        try:
            for name in TOP:
                self._look_at(name, root)
        finally:
            files.close(root)

    def _look_at(self, name: str, root: int) -> None:
        try:
            fd = files.open_read(name, root)
        except FileNotFoundError:
            return
        except OSError as error:
            if files.is_link_error(error):
                raise _refused(name) from error
            raise files.unreadable(error, name) from error
        try:
            now = time.time_ns()
            found = files.stat(fd)
            if not modes.S_ISREG(found.st_mode):
                return
            stamp = (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
            if not self._is_known(name, stamp):
                self._take(name, self._as_committed(name, files.read_rest(fd, found.st_size)), settled(found, now))
        finally:
            files.close(fd)

    def _is_known(self, path: str, stamp: Stamp) -> bool:
        """Whether a file has the stamp that it had when it was found to be what HEAD has."""
        entry = self._known.get(path)
        if entry is None or tuple(entry[:4]) != stamp:
            return False
        committed = self._head_tree.get(path)
        if committed is None or committed[1] != entry[4]:
            return False
        self.held[path] = entry
        self.blobs[path] = entry[4]
        return True

    def _take(self, path: str, data: bytes, stamp: Stamp) -> None:
        if len(data) > MOST_BLOB:
            raise Decision(
                f"{path} has {len(data):,} bytes; a file of a workspace has at most {MOST_BLOB:,}.",
                hint="Move what does not belong there out of it.",
            )
        oid = blob_id(data, self._like)
        self.blobs[path] = oid
        if stamp:
            self.held[path] = [*stamp, oid]
        committed = self._head_tree.get(path)
        if committed is None and path not in TOP:
            self._refuse_unfit(path)
        if committed is None or committed[1] != oid:
            self.changed[path] = data

    def _refuse_unfit(self, path: str) -> None:
        """Raise Decision where others could not take a file, as they look over what they are sent."""
        from tuicrm.text import clean_line

        if self._folded is None:
            self._folded = {one.casefold(): one for one in self._head_tree if is_ours(one)}
        other = self._folded.setdefault(path.casefold(), path)
        shown = clean_line(path.encode("utf-8", "replace").decode())
        if not is_expected(path):
            why = f"{shown} has a name that other machines cannot have"
        elif other != path:
            why = f"{shown} differs from {other} only in case, which is one name on many machines"
        else:
            return
        raise Decision(why, hint="Rename it, or move its lines into another file of that folder.")

    def _as_committed(self, name: str, data: bytes) -> bytes:
        """Undo the line ends that a checkout by `core.autocrlf` wrote, where that gives what was committed."""
        committed = self._head_tree.get(name)
        if committed is not None and b"\r\n" in data and blob_id(data, self._like) != committed[1]:
            plain = data.replace(b"\r\n", b"\n")
            return plain if blob_id(plain, self._like) == committed[1] else data
        return data


def _refuse_pipes(root: str, folders: Iterable[str]) -> None:
    """Refuse what is no file in the place of attributes: git looks there when it sends, and waits for a pipe."""
    for folder in folders:
        path = os.path.join(folder, ATTRIBUTES)
        with contextlib.suppress(OSError):
            mode = os.stat(os.path.join(root, path)).st_mode
            if not modes.S_ISREG(mode) and not modes.S_ISDIR(mode):
                raise Decision(
                    f"{path} is no plain file, and git would wait for it", hint="Remove it, then sync again."
                )


def _refused(path: str) -> Decision:
    return Decision(
        f"{path} is a symbolic link, which a workspace may not contain.", hint="Put the file itself there, then sync."
    )
