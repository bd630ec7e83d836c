"""Mailboxes, Maildir folders and single e-mails: one message after the other, however large the file is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tuicrm.errors import Invalid
from tuicrm.exchange.items import Parsed
from tuicrm.exchange.letters import Letters

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import IO

    from tuicrm.exchange.formats import Context, Source

MOST = 1_900_000
"""Bytes of a message that are read: its text stands in front of what is attached."""
_LINE = 65_536
_BORDER = re.compile(rb"From \S{1,320}[^\n]{0,80}\d\d:\d\d")


def read_letter(data: bytes, context: Context) -> Parsed:
    """Return what a single e-mail tells."""
    letters = Letters(context)
    letters.add(data[:MOST], "message 1")
    return letters.parsed


def read_mbox(source: Source, context: Context) -> Parsed:
    """Return what the messages of a mailbox tell; raises Invalid where the file is none."""
    import io

    if isinstance(source, bytes):
        return _mbox(io.BytesIO(source), context)
    try:
        with source.open("rb") as held:
            return _mbox(held, context)
    except OSError as problem:
        raise Invalid(f"{source}: cannot be read: {problem.strerror or problem}") from None


def _mbox(held: IO[bytes], context: Context) -> Parsed:
    letters = Letters(context)
    number = 0
    for number, message in enumerate(messages(held), 1):
        letters.add(message, f"message {number}")
    if not number:
        raise Invalid("the file holds no mailbox: no message begins with a line such as From jane@acme.example ...")
    return letters.parsed


def messages(held: IO[bytes]) -> Iterator[bytes]:
    """Yield the beginning of each message of a mailbox; a line `From ...` parts them only after an empty line."""
    pieces: list[bytes] = []
    size, begun, blank, whole = 0, False, True, True
    while line := held.readline(_LINE):
        if blank and whole and line.startswith(b"From ") and _BORDER.match(line):
            if begun:
                yield b"".join(pieces)
            pieces, size, begun = [], 0, True
        elif begun and size < MOST:
            plain = line[1:] if line.startswith(b">") and line.lstrip(b">").startswith(b"From ") else line
            pieces.append(plain)
            size += len(plain)
        blank = whole and line in (b"\n", b"\r\n")
        # A line that is longer than one read goes on in the next.
        whole = line.endswith(b"\n")
    if begun:
        yield b"".join(pieces)


def read_maildir(source: Source, context: Context) -> Parsed:
    """Return what the messages of a Maildir folder, and of the folders inside it, tell."""
    if isinstance(source, bytes) or not source.is_dir():
        raise Invalid("a Maildir is a folder that holds the folders cur and new")
    letters = Letters(context)
    for path in _files(source):
        try:
            with path.open("rb") as held:
                data = held.read(MOST)
        except OSError as problem:
            letters.parsed.broken.append((path.name, f"cannot be read: {problem.strerror or problem}"))
            continue
        letters.add(data, path.name)
    return letters.parsed


def _files(folder: Path) -> Iterator[Path]:
    """Yield the messages of a Maildir, in the order of their names, which begin with the time they came."""
    try:
        for one in (folder, *sorted(path for path in folder.iterdir() if path.name.startswith(".") and path.is_dir())):
            for name in ("cur", "new"):
                if (one / name).is_dir():
                    found = (path for path in (one / name).iterdir() if not path.name.startswith("."))
                    yield from sorted(path for path in found if path.is_file() and not path.is_symlink())
    except OSError as problem:
        raise Invalid(f"{folder}: cannot be read: {problem.strerror or problem}") from None
