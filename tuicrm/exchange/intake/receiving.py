"""One intake from its bytes to what comes of it."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from tuicrm.errors import Invalid, NotFound, ReadOnly
from tuicrm.exchange.intake.formats import read_posts
from tuicrm.exchange.intake.posts import LARGEST_MAIL
from tuicrm.exchange.intake.taking import take

if TYPE_CHECKING:
    from typing import IO

    from tuicrm.crm.session import Session
    from tuicrm.exchange.intake.outcome import Outcome


def receive(session: Session, data: bytes, name: str, *, source: str = "", owner: str = "") -> Outcome:
    """Return what comes of an intake; raises Invalid where it cannot be read at all. Nothing is written yet."""
    return take(session, read_posts(data, name), name, source=source, owner=owner)


def read_file(path: str | os.PathLike[str], name: str, *, folder: int | None = None) -> bytes:
    """Return the content of a plain file, following no link where it is named in a folder (a descriptor)."""
    follow = 0 if folder is None else os.O_NOFOLLOW
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | follow, dir_fd=folder)
    except FileNotFoundError:
        raise NotFound(f"there is no file {name}") from None
    except OSError as problem:
        raise ReadOnly(f"{name} cannot be read: {(problem.strerror or str(problem)).lower()}") from None
    mode = os.fstat(fd).st_mode
    if stat.S_ISDIR(mode) or (folder is not None and not stat.S_ISREG(mode)):
        os.close(fd)
        if not stat.S_ISDIR(mode):
            raise Invalid(f"{name} is a pipe or a device, and no file")
        raise Invalid(f"{name} is a folder", hint=f"tuicrm intake --watch {name} takes each file in it")
    with os.fdopen(fd, "rb") as file:
        try:
            return read_stream(file)
        except OSError as problem:
            raise ReadOnly(f"{name} cannot be read: {(problem.strerror or str(problem)).lower()}") from None


def read_stream(file: IO[bytes]) -> bytes:
    """Return all that a stream gives, but never more than is needed to see that it is too much."""
    return file.read(LARGEST_MAIL + 1)
