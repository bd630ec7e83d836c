"""Talking to a child process through its pipes: never a deadlock, never longer than allowed, ended when unwanted."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from typing import TYPE_CHECKING

from tuicrm.errors import Cancelled
from tuicrm.sync.git import TooMuch, TooSlow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from subprocess import Popen

LOOK = 0.2
"""Seconds between looks at whether the user gave up."""
GRACE = 5.0
"""Seconds that a process has to end itself when it is asked to."""
MOST_LINES = 60
"""Lines of what a process says that are kept: a remote may send without end."""
MOST_LINE = 500
_CHUNK = 1 << 18
_limits = threading.Lock()


def pump(
    process: Popen[bytes],
    data: bytes,
    *,
    seconds: float,
    said: Callable[[str], None] | None,
    cancelled: Callable[[], bool],
    name: str,
    most: int,
) -> tuple[bytes, list[str]]:
    """Write a process's input and read its output until it ends; returns its output and its last lines, cleaned."""
    talk = _Talk(process, data, Heard(said), most, name)
    is_over, until = False, time.monotonic() + seconds
    while talk.open:
        if talk.goes_on():
            until = time.monotonic() + seconds
            if said is not None and cancelled():
                break
        # A helper that stays behind (a shared ssh connection) may keep the pipes open.
        elif is_over or cancelled() or time.monotonic() > until:
            break
        else:
            is_over = process.poll() is not None
    if talk.open and not is_over:
        if cancelled():
            raise Cancelled("cancelled")
        raise TooSlow(f"git {name} was given up: nothing happened for {seconds:.0f} seconds")
    process.wait()
    return b"".join(talk.chunks), talk.heard.end()


class _Talk:
    """The three pipes of a process: what is still to be written, and what was read."""

    def __init__(self, process: Popen[bytes], data: bytes, heard: Heard, most: int, name: str) -> None:
        import select

        assert process.stdout is not None
        assert process.stderr is not None
        self.heard = heard
        self.chunks: list[bytes] = []
        self.open = {process.stdout.fileno(), process.stderr.fileno()}
        """The descriptors that are still read."""
        self._out = process.stdout.fileno()
        self._into = process.stdin
        self._rest = memoryview(data)
        self._most = most
        self._name = name
        self._poll = select.poll()
        for one in self.open:
            self._poll.register(one, select.POLLIN)
        if self._into is not None:
            os.set_blocking(self._into.fileno(), False)
            self._poll.register(self._into, select.POLLOUT)

    def goes_on(self) -> bool:
        """Write what is taken and read what is there; False where nothing happens for a moment."""
        events = self._poll.poll(LOOK * 1000)
        for one, _ in events:
            if one in self.open:
                self._read(one)
            else:
                self._write()
        return bool(events)

    def _write(self) -> None:
        assert self._into is not None
        self._rest = _written(self._into.fileno(), self._rest)
        if not self._rest:
            self._poll.unregister(self._into)
            self._into.close()

    def _read(self, one: int) -> None:
        got = os.read(one, _CHUNK)
        if not got:
            self.open.discard(one)
            self._poll.unregister(one)
        elif one == self._out:
            self.chunks.append(got)
            self._most -= len(got)
            if self._most < 0:
                raise TooMuch(f"git {self._name} was given up: it had too much to say")
        else:
            self.heard.take(got)


def _written(into: int, view: memoryview) -> memoryview:
    try:
        return view[os.write(into, view[:_CHUNK]) :]
    except BlockingIOError:
        return view
    except BrokenPipeError:
        # It ended early: its exit status and its last words say why.
        return view[:0]


class Heard:
    """What a process says, line by line: cleaned, without passwords, the last lines kept."""

    def __init__(self, said: Callable[[str], None] | None) -> None:
        self._said = said
        self._rest = b""
        self._lines: list[str] = []

    def take(self, data: bytes) -> None:
        """Read on; each whole line is passed on."""
        *whole, rest = (self._rest + data).replace(b"\r", b"\n").split(b"\n")
        self._rest = rest[-4 * MOST_LINE :]
        for one in whole:
            self._line(one)

    def end(self) -> list[str]:
        """Return the lines that were kept."""
        self._line(self._rest)
        self._rest = b""
        return self._lines

    def _line(self, raw: bytes) -> None:
        from tuicrm.sync.urls import without_password
        from tuicrm.text import clean_line

        line = clean_line(without_password(raw.decode("utf-8", "replace").strip()))[:MOST_LINE]
        if not line:
            return
        self._lines.append(line)
        del self._lines[:-MOST_LINES]
        if self._said is not None:
            self._said(line)


def stop(process: Popen[bytes], *, group: bool) -> None:
    """End a process (and with `group` what it started) where it still runs, and close its pipes."""
    import signal
    import subprocess

    if process.poll() is None:
        with contextlib.suppress(OSError):
            (os.killpg if group else os.kill)(process.pid, signal.SIGTERM)
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(OSError):
                (os.killpg if group else os.kill)(process.pid, signal.SIGKILL)
            process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()


@contextlib.contextmanager
def file_limit(most: int) -> Iterator[None]:
    """Processes started within may write no larger file; 0 is without limit.

    Set in this process for that moment: a child that sets it for itself would have to be started the slow way.
    """
    if not most:
        yield
        return
    import resource

    with _limits:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
        if soft != resource.RLIM_INFINITY:
            limit = min(limit, soft)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
