"""What the last look at the work tree found, so that the next one reads only what changed; may be thrown away."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import orjson

from tuicrm.errors import TuicrmError
from tuicrm.store import summed, whole
from tuicrm.sync.objects import FILE, Entry, changes, is_id, refuse_endless, tree

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tuicrm.sync.git import Git

NAME = "worktree.json"
"""The file in the private folder."""
_FORMAT = 2
_MODES = frozenset((FILE, "100755", "120000", "160000"))

Held = dict[str, list[Any]]
"""Path to [inode, size, mtime, ctime, blob id]."""


class Cache:
    """What the last look found; empty where there was none, or where it cannot be read."""

    def __init__(self, private: Path) -> None:
        self._private = private
        self._head = ""
        self._tree: dict[str, Entry] = {}
        self.held: Held = {}
        try:
            data = whole.read(private, NAME)
            told = orjson.loads(data)
            if told["format"] == _FORMAT and summed.is_sound(data):
                tree_, odd = told["tree"], told["modes"]
                self._tree = {path: (odd.get(path, FILE) if odd else FILE, oid) for path, oid in tree_.items()}
                self._head = told["head"]
                # git would take an odd one for an option.
                if not all(map(is_id, (self._head, *tree_.values()))) or not set(odd.values()) <= _MODES:
                    raise ValueError
                self.held = {path: entry for path, entry in told["files"].items() if len(entry) == 5}
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            self._head, self._tree, self.held = "", {}, {}

    def tree_of(self, git: Git, head: str) -> dict[str, Entry]:
        """All files of a commit."""
        if not head or head == self._head:
            return dict(self._tree) if head else {}
        if self._head:
            # What the cache knows may have been pruned since.
            with contextlib.suppress(TuicrmError):
                refuse_endless(git, head)
                found = dict(self._tree)
                for path, (_, entry) in changes(git, self._head, head).items():
                    if entry is None:
                        found.pop(path, None)
                    else:
                        found[path] = entry
                return found
        return tree(git, head)

    def keep(self, head: str, head_tree: Mapping[str, Entry], held: Held) -> None:
        """Remember a look; nothing happens where that cannot be written."""
        if head == self._head and held == self.held:
            return
        told = {
            "format": _FORMAT,
            "head": head,
            "tree": {path: oid for path, (_, oid) in head_tree.items()},
            "modes": {path: mode for path, (mode, _) in head_tree.items() if mode != FILE},
            "files": held,
        }
        # A path that is no UTF-8 cannot be held.
        with contextlib.suppress(OSError, orjson.JSONEncodeError):
            whole.keep(self._private, NAME, summed.seal(orjson.dumps(told)), sync=False)
