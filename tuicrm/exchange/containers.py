"""Archive files, zip and tar.gz, written member by member and read with suspicion: they may come from anywhere."""

from __future__ import annotations

import gzip
import io
import stat as modes
import tarfile
import zipfile
import zlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, cast

from tuicrm.errors import Damaged, NotFound, ReadOnly

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Add = Callable[[str, bytes], None]

ZIP_SUFFIXES = (".zip",)
TAR_SUFFIXES = (".tar.gz", ".tgz")
SUFFIXES = (*ZIP_SUFFIXES, *TAR_SUFFIXES)
HARMLESS = 256 << 20
"""Bytes that an archive may always unpack to."""
MOST_TIMES = 200
"""Beyond that, how many times its own size: records have ids that no compression makes small."""
MOST_MEMBERS = 10_000
_MODE = 0o600
_GZIP = b"\x1f\x8b"
_BROKEN = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, NotImplementedError, gzip.BadGzipFile)
_EARLIEST, _LATEST = 1980, 2107
"""The years that a zip file can name."""


def is_tar(name: str) -> bool:
    """Whether a file of this name is a tar.gz, and not a zip."""
    return name.lower().endswith(TAR_SUFFIXES)


def looks_like_archive(path: Path) -> bool:
    """Whether a file is a zip or a tar.gz by its first bytes, or is called one."""
    try:
        with path.open("rb") as file:
            begin = file.read(4)
    except OSError:
        return False
    return begin in (b"PK\x03\x04", b"PK\x05\x06") or begin[:2] == _GZIP or path.name.lower().endswith(SUFFIXES)


@contextmanager
def packing(file: IO[bytes], *, as_tar: bool, at: float) -> Iterator[Add]:
    """Give what adds a member to a new archive; `at` (seconds since 1970) is the time of all of them."""
    if as_tar:
        # No name and no time of its own in the header, so that equal contents give equal bytes.
        with gzip.GzipFile("", "wb", 6, file, int(at)) as packed, tarfile.open(fileobj=packed, mode="w|") as tar:
            yield lambda name, data: _add_to_tar(tar, name, data, int(at))
        return
    from datetime import UTC, datetime

    when = datetime.fromtimestamp(at, UTC)
    year = min(max(when.year, _EARLIEST), _LATEST)
    stamp = (year, when.month, when.day, when.hour, when.minute, when.second)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed_zip:
        yield lambda name, data: _add_to_zip(packed_zip, name, data, stamp)


def _add_to_tar(tar: tarfile.TarFile, name: str, data: bytes, at: int) -> None:
    told = tarfile.TarInfo(name)
    told.size, told.mode, told.mtime = len(data), _MODE, at
    tar.addfile(told, io.BytesIO(data))


def _add_to_zip(packed: zipfile.ZipFile, name: str, data: bytes, stamp: tuple[int, int, int, int, int, int]) -> None:
    told = zipfile.ZipInfo(name, stamp)
    told.external_attr = (modes.S_IFREG | _MODE) << 16
    told.compress_type = zipfile.ZIP_DEFLATED
    packed.writestr(told, data)


def unpacked(path: Path, wanted: Callable[[str], bool]) -> dict[str, bytes]:
    """Return the members of an archive that are wanted, by name; nothing is ever unpacked to the disk.

    Raises Damaged for what is no archive, cut short, full of links or of names that lead elsewhere, or far bigger
    inside than outside.
    """
    try:
        with path.open("rb") as file:
            room = max(HARMLESS, MOST_TIMES * path.stat().st_size)
            begin = file.read(2)
            file.seek(0)
            return dict(
                _from_tar(file, path, wanted, room) if begin == b"\x1f\x8b" else _from_zip(file, path, wanted, room)
            )
    except FileNotFoundError:
        raise NotFound(f"there is no file {path}") from None
    except IsADirectoryError:
        raise Damaged(f"{path} is a folder, not an archive") from None
    except (
        zipfile.BadZipFile,
        tarfile.TarError,
        zlib.error,
        EOFError,
        NotImplementedError,
        gzip.BadGzipFile,
    ) as problem:
        raise Damaged(f"{path} is no whole zip or tar.gz archive ({str(problem).lower().rstrip('.')})") from None
    except OSError as problem:
        raise ReadOnly(f"{path} cannot be read: {(problem.strerror or str(problem)).lower()}") from None


def _from_zip(file: IO[bytes], path: Path, wanted: Callable[[str], bool], room: int) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(file) as packed:
        told = packed.infolist()
        seen: set[str] = set()
        if sum(one.file_size for one in told) > room:
            raise _too_big(path)
        for one in told:
            mode = one.external_attr >> 16
            is_odd = modes.S_IFMT(mode) not in (0, modes.S_IFREG, modes.S_IFDIR)
            # The name as it is in the file: the library cuts it at a NUL.
            _check(path, one.orig_filename, seen, is_odd=is_odd)
            if one.flag_bits & 1:
                raise Damaged(f"{path} is encrypted", hint="Unpack it with its password and pack it again without one.")
            if wanted(one.filename):
                yield one.filename, packed.read(one)


def _from_tar(file: IO[bytes], path: Path, wanted: Callable[[str], bool], room: int) -> Iterator[tuple[str, bytes]]:
    seen: set[str] = set()
    with gzip.GzipFile(fileobj=file) as unzipped:
        counted = cast("IO[bytes]", _Counted(unzipped, path, room))
        with tarfile.open(fileobj=counted, mode="r|") as tar:
            for one in tar:
                _check(path, one.name, seen, is_odd=not (one.isreg() or one.isdir()))
                if one.isreg() and wanted(one.name):
                    inner = tar.extractfile(one)
                    data = inner.read() if inner is not None else b""
                    if len(data) != one.size:
                        raise Damaged(f"{path} is cut short in {one.name!a}")
                    yield one.name, data


class _Counted:
    """A stream that ends with an error once it has given more than there is room for."""

    def __init__(self, stream: gzip.GzipFile, path: Path, room: int) -> None:
        self._stream = stream
        self._path = path
        self._room = room

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        data = self._stream.read(size if size >= 0 else self._room + 1)
        self._room -= len(data)
        if self._room < 0:
            raise _too_big(self._path)
        return data


def _check(path: Path, name: str, seen: set[str], *, is_odd: bool) -> None:
    steps = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in steps or "\0" in name or ":" in steps[0]:
        raise Damaged(f"{path} holds {name!a}, a name that leads out of the archive")
    if is_odd:
        raise Damaged(f"{path} holds {name!a}, which is a link or a device and no file")
    if name in seen:
        raise Damaged(f"{path} holds {name!a} twice")
    seen.add(name)
    if len(seen) > MOST_MEMBERS:
        raise Damaged(f"{path} holds more than {MOST_MEMBERS:,} files, which no archive of a workspace does")


def _too_big(path: Path) -> Damaged:
    return Damaged(f"{path} would unpack to far more than its size allows, so it was not read")
