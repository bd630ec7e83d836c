"""What hands and merges left in data files and loads all the same: git's markers, two lines of one record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.store import codec, segments
from tuicrm.store.quarantine import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

_BOM = b"\xef\xbb\xbf"


def look(root: str) -> Iterator[Problem]:
    """Yield what is odd in each data file that is not in canonical form; such a file is healed as it is read."""
    for kind in segments.kinds(root):
        with segments.Folder(root, kind) as folder:
            for name in folder.names():
                found = folder.read(name)
                if found is not None and not codec.load(found[0]).canonical:
                    for line, reason in _odd(found[0]):
                        yield Problem(segments.show(kind, name), line, reason)


def _odd(data: bytes) -> Iterator[tuple[int, str]]:
    lines = data.split(b"\n")
    marked = [number for number, line in enumerate(lines, 1) if codec.is_marker(line)]
    if marked:
        yield marked[0], "git's conflict markers, as a merge by hand leaves them"
    doubled = _doubled(lines)
    if doubled:
        what = "a record has" if len(doubled) == 1 else f"{len(doubled):,} records have"
        yield doubled[0], f"{what} more than one line, as a merge by hand leaves them"
    if data.startswith(_BOM):
        yield 1, "a byte order mark, as some editors write it"
    if b"\r\n" in data:
        yield 1 + data[: data.index(b"\r\n")].count(b"\n"), "the line ends of Windows, as some editors write them"


def _doubled(lines: list[bytes]) -> list[int]:
    """Return the line numbers at which records come a second time."""
    first: set[str] = set()
    second: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        try:
            key = codec.decode(line)["id"]
        except codec.BadLine:
            continue
        if key in first:
            second.setdefault(key, number)
        first.add(key)
    return list(second.values())
