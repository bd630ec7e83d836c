"""Runs a command and kills its whole process tree, with git and all, at a chosen system call that writes.

A tracer of its own (ptrace, Linux) rather than strace: strace's inject counts per process and kills only the one
process that made the call. Here the calls of all processes count as one sequence, and nobody survives the chosen one.
A seccomp filter lets all calls pass that write nothing: only the others stop, before they are made.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import re
import signal
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

_TRACEME, _CONT, _SETOPTIONS, _GET_SYSCALL_INFO = 0, 7, 0x4200, 0x420E
_OPTIONS = 0x2 | 0x4 | 0x8 | 0x10 | 0x80 | 0x100000
"""Follow fork, vfork, clone and exec; stop where the filter says so; let nothing outlive this tracer."""
_AT_FILTER = 3
_EXECUTED, _FILTERED = 4, 7
"""What a stop is about."""
_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2
_LOAD_NUMBER, _IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_LET_PASS, _TELL_TRACER = 0x7FFF0000, 0x7FF00000
_ALL = 0x40000000
"""__WALL: wait for every kind of child."""
_O_WRITES = os.O_CREAT | os.O_TRUNC
_NO_FILES = ("/dev/null", "/dev/pts", "/dev/tty")
"""Not all of /dev: what is proved may lie in /dev/shm."""

_BY_FD = (
    "write writev pwrite64 pwritev pwritev2 ftruncate fallocate fsync fdatasync syncfs fchmod copy_file_range sendfile"
)
_BY_PATH = (
    "rename renameat renameat2 unlink unlinkat rmdir mkdir mkdirat link linkat symlink symlinkat truncate chmod "
    "fchmodat utimensat"
)
_NUMBERS = {
    "x86_64": {
        "open": 2, "creat": 85, "openat": 257, "write": 1, "writev": 20, "pwrite64": 18, "pwritev": 296,
        "pwritev2": 328, "ftruncate": 77, "fallocate": 285, "fsync": 74, "fdatasync": 75, "syncfs": 306, "fchmod": 91,
        "copy_file_range": 326, "sendfile": 40, "rename": 82, "renameat": 264, "renameat2": 316, "unlink": 87,
        "unlinkat": 263, "rmdir": 84, "mkdir": 83, "mkdirat": 258, "link": 86, "linkat": 265, "symlink": 88,
        "symlinkat": 266, "truncate": 76, "chmod": 90, "fchmodat": 268, "utimensat": 280,
    },
    "aarch64": {
        "openat": 56, "write": 64, "writev": 66, "pwrite64": 68, "pwritev": 70, "pwritev2": 287, "ftruncate": 46,
        "fallocate": 47, "fsync": 82, "fdatasync": 83, "syncfs": 267, "fchmod": 52, "copy_file_range": 285,
        "sendfile": 71, "renameat": 38, "renameat2": 276, "unlinkat": 35, "mkdirat": 34, "linkat": 37,
        "symlinkat": 36, "truncate": 45, "fchmodat": 53, "utimensat": 88,
    },
}  # fmt: skip


class _Rule(ctypes.Structure):
    """struct sock_filter."""

    _fields_ = (
        ("code", ctypes.c_uint16),
        ("yes", ctypes.c_uint8),
        ("no", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    )


class _Rules(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("count", ctypes.c_ushort), ("first", ctypes.POINTER(_Rule)))


class _Info(ctypes.Structure):
    """struct ptrace_syscall_info, where the filter stopped a call."""

    _fields_ = (
        ("op", ctypes.c_uint8),
        ("pad", ctypes.c_uint8 * 3),
        ("arch", ctypes.c_uint32),
        ("instruction", ctypes.c_uint64),
        ("stack", ctypes.c_uint64),
        ("nr", ctypes.c_uint64),
        ("args", ctypes.c_uint64 * 6),
        ("more", ctypes.c_uint64 * 3),
    )


@dataclass
class Trace:
    """What a traced command did."""

    calls: list[str] = field(default_factory=list)
    """The system calls that write, in the order of their entries: program, name, and what it writes to."""
    code: int = 0
    killed: bool = False
    processes: int = 0


def lacking() -> str:
    """Why processes cannot be traced here; empty where they can."""
    if sys.platform != "linux" or platform.machine() not in _NUMBERS:
        return f"tracing system calls is not written for {sys.platform} on {platform.machine()}"
    try:
        done = trace(["/bin/true"], env={}, cwd=None)
    except OSError as problem:
        return f"processes cannot be traced here: {problem}"
    return "" if done.code == 0 and done.processes else "processes cannot be traced here"


def trace(command: Sequence[str], *, env: Mapping[str, str], cwd: Path | None, kill_at: int = 0) -> Trace:
    """Run a command to its end, or up to the `kill_at`-th call that writes (from 1), which is not made any more."""
    return _Tracer(kill_at).run(lambda: _execute(command, dict(env), cwd))


def trace_work(work: Callable[[], None], *, kill_at: int = 0) -> Trace:
    """The same for a function, in a process that is forked from this one: nothing has to be started or imported."""
    return _Tracer(kill_at).run(work)


def _execute(command: Sequence[str], env: dict[str, str], cwd: Path | None) -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)
    if cwd is not None:
        os.chdir(cwd)
    os.execve(command[0], list(command), env)


class _Tracer:
    def __init__(self, kill_at: int) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._libc.ptrace.restype = ctypes.c_long
        self._libc.ptrace.argtypes = (ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p)
        self._names = {number: name for name, number in _NUMBERS[platform.machine()].items()}
        self._kill_at = kill_at
        self._alive: set[int] = set()
        self._programs: dict[int, str] = {}
        self._told = Trace()
        self._by_fd, self._by_path = set(_BY_FD.split()), set(_BY_PATH.split())

    def run(self, begin: Callable[[], None]) -> Trace:
        first = self._start(begin)
        self._alive.add(first)
        os.waitpid(first, _ALL)
        self._ptrace(_SETOPTIONS, first, _OPTIONS)
        self._ptrace(_CONT, first, 0)
        self._told.processes = 1
        try:
            while self._alive:
                pid, status = os.waitpid(-1, _ALL)
                self._took(pid, status, first)
        except ChildProcessError:
            self._alive.clear()
        finally:
            self._kill()
        return self._told

    def _start(self, begin: Callable[[], None]) -> int:
        pid = os.fork()
        if pid:
            return pid
        try:
            os.setsid()
            self._libc.ptrace(_TRACEME, 0, None, None)
            os.kill(os.getpid(), signal.SIGSTOP)
            self._filter()
            begin()
            os._exit(0)
        finally:
            os._exit(127)

    def _filter(self) -> None:
        """Let this process and all that it starts stop before calls that write."""
        rules = [_Rule(_LOAD_NUMBER, 0, 0, 0)]
        rules += [_Rule(_IF_EQUAL, len(self._names) - at, 0, number) for at, number in enumerate(self._names)]
        rules += [_Rule(_RETURN, 0, 0, _LET_PASS), _Rule(_RETURN, 0, 0, _TELL_TRACER)]
        held = (_Rule * len(rules))(*rules)
        program = _Rules(len(rules), held)
        nothing = ctypes.c_ulong(0)
        refused = self._libc.prctl(_NO_NEW_PRIVILEGES, ctypes.c_ulong(1), nothing, nothing, nothing)
        refused = refused or self._libc.prctl(_SET_SECCOMP, ctypes.c_ulong(_FILTER), ctypes.byref(program))
        if refused:
            raise OSError(ctypes.get_errno(), "no filter")

    def _took(self, pid: int, status: int, first: int) -> None:
        if os.WIFEXITED(status) or os.WIFSIGNALED(status):
            self._alive.discard(pid)
            if pid == first:
                self._told.code = os.waitstatus_to_exitcode(status)
            return
        if pid not in self._alive:
            self._alive.add(pid)
            self._told.processes += 1
        stopped, about, passed_on = os.WSTOPSIG(status), status >> 16, 0
        if about == _FILTERED:
            if self._counts(pid) and len(self._told.calls) == self._kill_at:
                self._told.killed = True
                self._kill()
                return
        elif about == 0 and stopped not in (signal.SIGSTOP, signal.SIGTRAP):
            passed_on = stopped
        elif about == _EXECUTED:
            self._programs.pop(pid, None)
        self._ptrace(_CONT, pid, passed_on)

    def _counts(self, pid: int) -> bool:
        info = _Info()
        size = ctypes.sizeof(info)
        got = self._libc.ptrace(_GET_SYSCALL_INFO, pid, size, ctypes.addressof(info))
        if got <= 0 or info.op != _AT_FILTER:
            return False
        name = self._names.get(info.nr)
        if name is None:
            return False
        target = self._target(pid, name, info.args)
        if not target:
            return False
        self._told.calls.append(f"{self._program(pid)} {name} {target}")
        return True

    def _target(self, pid: int, name: str, args: Sequence[int]) -> str:
        """What a call writes to; empty where that is no file."""
        if name in self._by_fd:
            fd = args[0] if name != "copy_file_range" else args[2]
            return self._file(pid, fd)
        if name in self._by_path:
            at = 1 if name.endswith(("at", "at2")) and name != "symlinkat" else 0
            return self._text(pid, args[2 if name == "symlinkat" else at])
        flags = {"open": args[1], "openat": args[2], "creat": _O_WRITES}[name]
        path = self._text(pid, args[1 if name == "openat" else 0])
        return path if flags & _O_WRITES and not path.startswith(_NO_FILES) else ""

    def _file(self, pid: int, fd: int) -> str:
        try:
            path = os.readlink(f"/proc/{pid}/fd/{ctypes.c_int(fd).value}")
        except OSError:
            return ""
        return path if path.startswith("/") and not path.startswith(_NO_FILES) else ""

    def _text(self, pid: int, address: int) -> str:
        try:
            with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
                memory.seek(address)
                return memory.read(256).partition(b"\0")[0].decode("utf-8", "replace")
        except (OSError, ValueError, OverflowError):
            return "?"

    def _program(self, pid: int) -> str:
        if pid not in self._programs:
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as told:
                    words = [re.sub(r".*/", "", word.decode("utf-8", "replace")) for word in told.read().split(b"\0")]
            except OSError:
                words = []
            self._programs[pid] = words[0] if words else "?"
        return self._programs[pid]

    def _kill(self) -> None:
        for pid in self._alive:
            # The group as well: a process that was born this moment has not been told of yet.
            for kill in (os.kill, os.killpg):
                with contextlib.suppress(ProcessLookupError):
                    kill(pid, signal.SIGKILL)
        while self._alive:
            try:
                pid, status = os.waitpid(-1, _ALL)
            except ChildProcessError:
                break
            if os.WIFEXITED(status) or os.WIFSIGNALED(status):
                self._alive.discard(pid)
            else:
                self._ptrace(_CONT, pid, signal.SIGKILL)
        self._alive.clear()

    def _ptrace(self, what: int, pid: int, data: int) -> None:
        # A process that died meanwhile is told by waitpid.
        self._libc.ptrace(what, pid, None, data)
