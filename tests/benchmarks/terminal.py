"""A program in a pseudo terminal: what it writes, and when."""

from __future__ import annotations

import os
import pty
import select
import signal
import struct
import termios
import time
from fcntl import ioctl
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

LIMIT = 60.0
"""Seconds after which waiting for output is given up."""
ANSWER = 10.0
"""Seconds within which a key must be answered."""


class Terminal:
    """Runs a command on a terminal of its own; reading is timed from the moment of its start."""

    def __init__(self, command: Sequence[str], *, env: Mapping[str, str], columns: int = 80, rows: int = 24) -> None:
        self.started = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvpe(command[0], list(command), {**env, "TERM": "xterm-256color", "COLORTERM": "truecolor"})
        ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.written = bytearray()
        self._code: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._code is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.fd)

    def ended(self) -> int:
        """Wait until the program has ended and return its exit code."""
        while self.read(LIMIT):
            pass
        self._code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self._code

    def read(self, seconds: float) -> bytes:
        """Return what is written within so many seconds, as soon as something is; empty where nothing was."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return b""
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError:
            return b""
        self.written += data
        return data

    def until_bytes(self, count: int) -> float:
        """Wait until so many bytes were written in all; return the seconds since the start."""
        while len(self.written) < count:
            self._more()
        return time.perf_counter() - self.started

    def until(self, words: bytes) -> float:
        """Wait until some words were written; return the seconds since the start."""
        while words not in self.written:
            self._more()
        return time.perf_counter() - self.started

    def _more(self) -> None:
        if not self.read(LIMIT):
            raise TimeoutError(f"the program stopped writing after {bytes(self.written[-300:])!r}")

    def settle(self, quiet: float = 0.4) -> int:
        """Read until nothing was written for a while; return how many bytes came."""
        count = 0
        while data := self.read(quiet):
            count += len(data)
        return count

    def resident(self) -> int:
        """Return the memory that the program holds, in bytes."""
        with open(f"/proc/{self.pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def press(self, keys: bytes) -> tuple[float, int]:
        """Press keys; return the seconds until the first byte of the answer, and the bytes of the whole answer."""
        start = time.perf_counter()
        os.write(self.fd, keys)
        first = self.read(ANSWER)
        took = time.perf_counter() - start
        if not first:
            raise TimeoutError(f"no answer to {keys!r} after {bytes(self.written[-200:])!r}")
        return took, len(first) + self.settle(0.1)
