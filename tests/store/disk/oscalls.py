"""Every call to the operating system that `tuicrm/store/files.py` makes, handed to whoever wants to watch or break it.

The shim of the store's tests stands above `files`, this one below: it sees the single `pwrite`, `fsync` and `rename`.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from typing import TYPE_CHECKING, Any

from tuicrm.store import files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Handle = Callable[[str, Callable[..., Any], tuple[Any, ...], dict[str, Any]], Any]
    """Takes a call's name, the call itself, and what it was given; returns or raises what the store shall see."""

CALLS = frozenset(
    {"open", "mkdir", "pwrite", "pread", "read", "ftruncate", "fchmod", "fsync", "replace", "link", "unlink"}
    | {"fstat", "stat", "scandir", "close"}
)
"""Those of `os`; `flock` and `syncfs` come beside them."""
WRITING = frozenset({"mkdir", "pwrite", "ftruncate", "fchmod", "fsync", "replace", "link", "unlink", "syncfs"})
"""Those that change a disk or make it safe; `open` does where it makes a file."""


class _Stand:
    """A module whose calls named above go through a handle, and which is the real one in all else."""

    def __init__(self, real: Any, names: frozenset[str], handle: Handle) -> None:
        self._real = real
        for name in names:
            setattr(self, name, self._through(name, getattr(real, name), handle))

    def _through(self, name: str, call: Callable[..., Any], handle: Handle) -> Callable[..., Any]:
        return lambda *args, **options: handle(name, call, args, options)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


@contextlib.contextmanager
def through(handle: Handle) -> Iterator[None]:
    """Let each call of the store to the system go through `handle` for as long as this lasts."""
    before = {name: getattr(files, name) for name in ("os", "fcntl", "sync_file_system")}
    whole = files.sync_file_system

    def sync_file_system(fd: int) -> bool:
        return bool(handle("syncfs", whole, (fd,), {}))

    setattr(files, "os", _Stand(os, CALLS, handle))  # noqa: B010 - a module's own name is no attribute to mypy
    setattr(files, "fcntl", _Stand(fcntl, frozenset({"flock"}), handle))  # noqa: B010
    if whole.__module__ == files.__name__:
        setattr(files, "sync_file_system", sync_file_system)  # noqa: B010
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(files, name, value)
