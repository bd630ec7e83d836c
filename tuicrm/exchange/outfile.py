"""A file that is written whole or not at all: under another name first, readable by this user only."""

from __future__ import annotations

import os
import stat as modes
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING

from tuicrm.errors import ReadOnly, UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def written_whole(path: Path, *, root: Path | None = None, replacing: bool = True) -> Iterator[IO[bytes]]:
    """Give a file to write to, which takes the name `path` at the end; on any failure what is there stays as it is.

    A plain file there is replaced, unless told otherwise; links, folders and the files of the workspace in `root` are
    refused.
    """
    _refuse(path, root, replacing)
    temporary = path.with_name(f".{path.name[:100]}.{os.getpid()}.part")
    try:
        # Its own name tells whoever fills it where it can be read back.
        with open(temporary, "xb", opener=_private) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _refuse(path, root, replacing)
        temporary.replace(path)
    except OSError as problem:
        raise _unwritable(path, problem) from None
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


def _refuse(path: Path, root: Path | None, replacing: bool) -> None:
    try:
        found = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        found = None
    except OSError as problem:
        raise _unwritable(path, problem) from None
    except ValueError:
        raise UsageProblem(f"{path} cannot be the name of a file") from None
    if found is not None and modes.S_ISLNK(found.st_mode):
        raise UsageProblem(f"{path} is a symbolic link, and nothing is written through one", hint="Name another file.")
    if found is not None and not modes.S_ISREG(found.st_mode):
        what = "a folder" if modes.S_ISDIR(found.st_mode) else "no plain file"
        raise UsageProblem(f"{path} is {what}", hint="Name a file, or none to write to the standard output.")
    if found is not None and not replacing:
        raise UsageProblem(f"{path} is there already", hint="Name another file; nothing was written over.")
    if root is not None and _is_ours(path, root):
        raise UsageProblem(f"{path} is where the workspace itself keeps its records", hint="Name a file elsewhere.")


def _is_ours(path: Path, root: Path) -> bool:
    """Whether a path is one of the workspace's own."""
    try:
        inner = (path.parent.resolve() / path.name).relative_to(root.resolve())
    except ValueError:
        return False
    top = inner.parts[0] if inner.parts else ""
    is_backup = "backups" in inner.parts[:-1]
    return top in ("data", "tuicrm.json", ".gitattributes") or (top in (".git", ".tuicrm") and not is_backup)


def _unwritable(path: Path, problem: OSError) -> ReadOnly:
    from tuicrm.text import brief

    said = (problem.strerror or str(problem)).lower()
    return ReadOnly(f"{brief(str(path))} cannot be written: {said}", hint="Nothing was changed there.")
