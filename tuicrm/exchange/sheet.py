"""Reading a CSV file from anywhere: encoding, separator and header found out, then rows with their line numbers."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from tuicrm.errors import Invalid, NotFound, ReadOnly
from tuicrm.exchange.formulas import MARK, bare

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SEPARATORS = (",", ";", "\t", "|")
LARGEST_CELL = 2**27
LONGEST_PREAMBLE = 10
"""At most so many rows may stand above the column names, as notes do in some exports."""
LOOKED_AT = 50
NARROW = 3
"""In a table of fewer columns a row of one cell may well name them."""


class Row(NamedTuple):
    """One row: the line of the file on which it begins (from 1), and its cells."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A table read from a file."""

    path: Path
    encoding: str
    separator: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    header: int = 1
    """The line of the column names, from 1; 0 where the file has none."""

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    def column(self, name: str) -> int:
        """Return the position of a column by its exact name, else folded, or raise Invalid naming the nearest."""
        from tuicrm.text import fold, nearest

        if name in self.columns:
            return self.columns.index(name)
        folded = [fold(one.strip()) for one in self.columns]
        if fold(name.strip()) in folded:
            return folded.index(fold(name.strip()))
        near = nearest(name, self.columns)
        guess = f"; did you mean {near}?" if near else f"; it has {', '.join(self.columns)}"
        raise Invalid(f"{self.path.name} has no column {name!r}{guess}")


def read_sheet(
    path: Path, *, encoding: str = "", separator: str = "", header: int | None = None, data: bytes | None = None
) -> Sheet:
    """Read a CSV file whole, or `data` that came another way; what the other arguments say is not found out.

    `header` is the line of the column names, from 1; 0 where there are none, which calls them `column 1`, `column 2`.
    """
    text, used = _decode(path, encoding, _bytes(path) if data is None else data)
    if not text.strip():
        raise Invalid(f"{path.name} is empty: the first line should name the columns")
    mark = separator or _separator(text)
    lines = list(_records(text, mark, path))
    if not lines:
        raise Invalid(f"{path.name} holds no words: the first line should name the columns")
    if header == 0:
        columns = tuple(f"column {number + 1}" for number in range(max(len(line.cells) for line in lines)))
        return Sheet(path, used, mark, columns, tuple(lines), 0)
    at = _header(lines) if header is None else _at_line(lines, header, path)
    head, body = lines[at], lines[at + 1 :]
    columns = tuple(cell.strip() for cell in head.cells)
    twice = [name for name, count in Counter(columns).items() if name and count > 1]
    if twice:
        raise Invalid(f"{path.name}, line {head.line}: the column {sorted(twice)[0]!r} is there twice")
    return Sheet(path, used, mark, columns, tuple(body), head.line)


def _header(lines: list[Row]) -> int:
    """Return the row that names the columns: the first one, or the first one below notes of a single cell each."""
    widths = sorted(_width(line) for line in lines[:LOOKED_AT])
    if widths[len(widths) // 2] >= NARROW:
        for at, line in enumerate(lines[:LONGEST_PREAMBLE]):
            if _width(line) > 1:
                return at
    return 0


def _width(line: Row) -> int:
    return sum(bool(cell.strip()) for cell in line.cells)


def _at_line(lines: list[Row], wanted: int, path: Path) -> int:
    for at, line in enumerate(lines):
        if line.line == wanted:
            return at
    raise Invalid(f"{path.name} has nothing in line {wanted} that could name the columns")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise NotFound(f"there is no file {path}") from None
    except IsADirectoryError:
        raise Invalid(f"{path} is a folder, not a CSV file") from None
    except OSError as problem:
        raise ReadOnly(f"{path} cannot be read: {(problem.strerror or str(problem)).lower()}") from None


def _decode(path: Path, encoding: str, data: bytes) -> tuple[str, str]:
    for name in (encoding,) if encoding else _guesses(data):
        try:
            text = data.decode(name)
            if encoding:
                text.encode()
            return text, name
        except UnicodeDecodeError as error:
            wrong = error
        except UnicodeEncodeError as error:
            line = error.object.count("\n", 0, error.start) + 1
            raise Invalid(f"{path.name}, line {line}: holds half a character when read as {name}") from None
        except (LookupError, ValueError):
            raise Invalid(f"{name!r} is not an encoding such as utf-8, utf-16 or windows-1252") from None
    line = data.count(b"\n", 0, wrong.start) + 1
    raise Invalid(f"{path.name}, line {line}: not readable as {wrong.encoding}", hint="name the right --encoding")


def _guesses(data: bytes) -> tuple[str, ...]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    if data.startswith(b"\xef\xbb\xbf"):
        return ("utf-8-sig",)
    head = data[:4096]
    if len(head) >= 4 and head.count(0) > len(head) // 3:
        return ("utf-16-le" if head[1::2].count(0) > head[0::2].count(0) else "utf-16-be",)
    return ("utf-8", "windows-1252", "latin-1")


def _separator(text: str) -> str:
    """Return the separator that is most frequent outside quotes in the header line, the comma on a tie.

    The header is the first line that has any, as notes may stand above it.
    """
    for line in text.lstrip("\r\n").split("\n", LONGEST_PREAMBLE)[:LONGEST_PREAMBLE]:
        bare = "".join(line.split('"')[0::2])
        found = max(SEPARATORS, key=lambda mark: (bare.count(mark), -SEPARATORS.index(mark)))
        if bare.count(found) > 1:
            return found
    bare = "".join(text.lstrip("\r\n").split("\n", 1)[0].split('"')[0::2])
    return max(SEPARATORS, key=lambda mark: (bare.count(mark), -SEPARATORS.index(mark)))


def _records(text: str, mark: str, path: Path) -> Iterator[Row]:
    from io import StringIO

    if "\0" in text:
        raise Invalid(f"{path.name}, line {text[: text.index(chr(0))].count(chr(10)) + 1}: holds a NUL character")
    before = csv.field_size_limit(LARGEST_CELL)
    try:
        reader = csv.reader(StringIO(text, newline=""), delimiter=mark, strict=True)
        start = 1
        defused = MARK in text
        for cells in reader:
            if "".join(cells).strip():
                yield Row(start, tuple(map(bare, cells) if defused else cells))
            start = reader.line_num + 1
    except csv.Error as error:
        raise Invalid(f"{path.name}, line {start}: not readable as CSV ({error})") from None
    finally:
        csv.field_size_limit(before)
