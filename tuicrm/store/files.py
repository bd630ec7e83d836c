"""Every system call of the store, so that one shim can record, fail or drop each of them.

Other modules call these as `files.name(...)`. Names are relative to an open folder descriptor, and no call below
a descriptor follows a symbolic link.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat as modes
from typing import TYPE_CHECKING

from tuicrm.errors import Damaged, ReadOnly

if TYPE_CHECKING:
    from tuicrm.errors import TuicrmError

_COMMON = os.O_CLOEXEC | os.O_NOFOLLOW
_FULL_SYNC: int | None = getattr(fcntl, "F_FULLFSYNC", None)
_LINK_ERRORS = frozenset({errno.ELOOP, errno.EMLINK})
_NO_HARD_LINKS = frozenset(
    {errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK, errno.ENOSYS, errno.EXDEV}
)

_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the file system is read-only",
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.EIO: "the disk reports an input/output error",
    errno.ELOOP: "it is a symbolic link, which a workspace may not contain",
    errno.EISDIR: "it is a folder where a file should be",
    errno.ENOTDIR: "it is a file where a folder should be",
    errno.ESPIPE: "it is no plain file",
    errno.EMFILE: "too many files are open",
    errno.ENFILE: "too many files are open on this machine",
}


def reason(error: OSError) -> str:
    """Why a system call failed, in words for people."""
    return _REASONS.get(error.errno or 0) or (error.strerror or str(error)).lower()


def unwritable(error: OSError, path: str) -> TuicrmError:
    """The error that says which path could not be written, and why."""
    return ReadOnly(
        f"Cannot write {path}: {reason(error)}.", hint="Nothing was changed; make room or fix it, then retry."
    )


def unreadable(error: OSError, path: str) -> TuicrmError:
    """The error that says which path could not be read, and why: Damaged, unless it is only not allowed."""
    refused = error.errno in (errno.EACCES, errno.EPERM)
    return (ReadOnly if refused else Damaged)(f"Cannot read {path}: {reason(error)}.")


def open_root(path: str) -> int:
    """A descriptor of a folder named by the user; links on the way to it are the user's own."""
    return os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)


def open_own(path: str) -> int:
    """A descriptor of the private folder by its full path; a link in its place raises."""
    return os.open(path, os.O_RDONLY | os.O_DIRECTORY | _COMMON)


def open_folder(name: str, folder: int) -> int:
    """A descriptor of a folder inside `folder`; a link raises ELOOP on every system."""
    try:
        return os.open(name, os.O_RDONLY | os.O_DIRECTORY | _COMMON, dir_fd=folder)
    except NotADirectoryError as error:
        if is_link(name, folder):
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), name) from error
        raise


def open_read(name: str, folder: int) -> int:
    """A descriptor for reading; never blocks on a pipe that somebody left there."""
    return os.open(name, os.O_RDONLY | os.O_NONBLOCK | _COMMON, dir_fd=folder)


def open_write(name: str, folder: int) -> int:
    """A descriptor for reading and writing a private file, made (0600) where missing."""
    return os.open(name, os.O_RDWR | os.O_CREAT | _COMMON, 0o600, dir_fd=folder)


def open_existing(name: str, folder: int) -> int:
    """A descriptor for reading and writing a file that must exist."""
    return os.open(name, os.O_RDWR | _COMMON, dir_fd=folder)


def open_new(name: str, folder: int, mode: int = 0o600) -> int:
    """A descriptor of a file that did not exist before; FileExistsError where it did."""
    return os.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL | _COMMON, mode, dir_fd=folder)


def make_folder(name: str, folder: int) -> None:
    os.mkdir(name, 0o700, dir_fd=folder)


def make_path(path: str) -> None:
    """Make a folder by its full path, with those above it that are missing, each open to its owner only."""
    above = os.path.dirname(path)
    if above and not os.path.isdir(above):
        make_path(above)
    try:
        os.mkdir(path, 0o700)
    except FileExistsError:
        if not os.path.isdir(path):
            raise


def close(fd: int) -> None:
    """Let go of a descriptor. What had to be safe was synced before, so that a disk failing here takes nothing back."""
    try:
        os.close(fd)
    except OSError as error:
        if error.errno == errno.EBADF:
            raise


def stat(fd: int) -> os.stat_result:
    return os.fstat(fd)


def stat_at(name: str, folder: int) -> os.stat_result:
    return os.stat(name, dir_fd=folder, follow_symlinks=False)


def stat_path(path: str) -> os.stat_result | None:
    """What is at a full path, None where nothing is."""
    try:
        return os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None


def is_link(name: str, folder: int) -> bool:
    try:
        return modes.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
    except FileNotFoundError:
        return False


def is_link_error(error: OSError) -> bool:
    return error.errno in _LINK_ERRORS


def lacks_hard_links(error: OSError) -> bool:
    """Whether a hard link failed because this file system, or these two together, can have none."""
    return error.errno in _NO_HARD_LINKS


def scan(folder: int) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return list(entries)


def read_rest(fd: int, size: int) -> bytes:
    """All bytes from the current position; `size` is what stat said, more is read if the file grew."""
    data = os.read(fd, size + 1)
    if len(data) == size:
        return data
    parts = [data]
    while part := os.read(fd, 1 << 20):
        parts.append(part)
    return b"".join(parts)


def read_at(fd: int, count: int, offset: int) -> bytes:
    """Up to `count` bytes at `offset`, fewer only at the end of the file."""
    parts: list[bytes] = []
    while count > 0 and (part := os.pread(fd, count, offset)):
        parts.append(part)
        offset += len(part)
        count -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def read_whole(name: str, folder: int) -> bytes:
    """All bytes of a file in a folder; FileNotFoundError where there is none."""
    fd = open_read(name, folder)
    try:
        return read_at(fd, stat(fd).st_size, 0)
    finally:
        close(fd)


def read_plain(path: str, most: int) -> bytes:
    """The first bytes of a plain file at a full path; nothing where there is none, a link, or what would block."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | _COMMON)
    except OSError:
        return b""
    try:
        return read_at(fd, most, 0) if modes.S_ISREG(os.fstat(fd).st_mode) else b""
    except OSError:
        return b""
    finally:
        close(fd)


def write_at(fd: int, data: bytes | bytearray, offset: int) -> None:
    view = memoryview(data)
    while view:
        done = os.pwrite(fd, view, offset)
        view = view[done:]
        offset += done


def cut(fd: int, size: int) -> None:
    os.ftruncate(fd, size)


def set_mode(fd: int, mode: int) -> None:
    os.fchmod(fd, mode)


def sync(fd: int) -> None:
    """Make a file's bytes, or a folder's names, survive a power cut."""
    if _FULL_SYNC is not None:
        try:
            fcntl.fcntl(fd, _FULL_SYNC)
            return
        except OSError as error:
            if error.errno not in (errno.ENOTSUP, errno.EINVAL, errno.ENOTTY):
                raise
    os.fsync(fd)


def replace(name: str, folder: int, to: str, to_folder: int) -> None:
    os.replace(name, to, src_dir_fd=folder, dst_dir_fd=to_folder)


def link(name: str, folder: int, to: str, to_folder: int) -> None:
    os.link(name, to, src_dir_fd=folder, dst_dir_fd=to_folder, follow_symlinks=False)


def remove(name: str, folder: int) -> None:
    os.unlink(name, dir_fd=folder)


def lock(fd: int, *, shared: bool) -> bool:
    """Try to take the advisory lock without waiting; False when somebody else holds it."""
    try:
        fcntl.flock(fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def unlock(fd: int) -> None:
    """Let go of a lock; where the system refuses that, closing the descriptor does it."""
    with contextlib.suppress(OSError):
        fcntl.flock(fd, fcntl.LOCK_UN)


def sync_file_system(fd: int) -> bool:
    """Make everything written to the file system of `fd` survive a power cut; False where the system cannot do that.

    For hundreds of files this is far cheaper than syncing each.
    """
    import ctypes

    call = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if call is None:
        return False
    if call(fd) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return True
