"""Writing a commit: blobs, trees and the commit itself by one `git fast-import`, beside every index and work tree."""

from __future__ import annotations

import contextlib
import os
from typing import IO, TYPE_CHECKING, NamedTuple

from tuicrm.errors import ReadOnly
from tuicrm.sync.objects import FILE, Entry, state_trailer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from subprocess import Popen

    from tuicrm.sync.git import Git

_ONE_PACK = "fastimport.unpackLimit=0"
"""A file for each object would cost a sync to disk each: with ten edits three times the time of all the rest."""


_KEPT = b"fast-import"
"""What git's fast-import writes into the file that keeps its pack while it is at work."""
_MODE = 0o600
"""The permissions with which it makes that file."""


class NewCommit(NamedTuple):
    parents: tuple[str, ...]
    files: Mapping[str, bytes | Entry | None]
    """Path to content, to what the repository has already, or to None (removed), upon the first parent's tree."""
    subject: str
    body: str
    author: str
    email: str
    at: int
    """Seconds since 1970."""


def write(git: Git, commit: NewCommit, ref: str) -> str:
    """Write a commit with its trailer, let `ref` keep it, and return its id; ReadOnly where git could not.

    The trailer names the tree, so a first commit brings about the tree and the one with the message follows it.
    """
    import subprocess

    _clear_leftovers(git.git_dir)
    # A file is no good base for the next one; a delta made here would be kept by the push, which finds the right ones.
    options = ("--quiet", "--done", "--force", "--date-format=raw", "--depth=0")
    process = git.start("-c", _ONE_PACK, "fast-import", *options, stderr=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        tree = _write_tree(process.stdin, process.stdout, commit, ref)
        message = _message(commit, tree)
        process.stdin.writelines(_start(ref, ":2", commit, message))
        process.stdin.write(f'M 040000 {tree} ""\n\nget-mark :2\ndone\n'.encode())
        process.stdin.close()
        oid = _answer(process.stdout).decode()
        if process.wait():
            raise _failed(_why(process))
    except BrokenPipeError as error:
        raise _failed(_why(process)) from error
    except _Silence as error:
        raise _failed(_why(process)) from error
    finally:
        _end(process, git.git_dir)
    return oid


def _clear_leftovers(git_dir: str) -> None:
    """Remove what a killed fast-import left: with it in the way, the same commit could never be written again."""
    folder = os.path.join(git_dir, "objects", "pack")
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            found = entry.stat(follow_symlinks=False)
            if entry.name.endswith(".keep") and found.st_size in (0, len(_KEPT)):
                with open(entry.path, "rb") as file:
                    held = file.read()
                # One that somebody made by hand, to keep a pack as it is, is open to others as any file.
                if held == _KEPT or (not held and found.st_mode & 0o777 == _MODE):
                    os.unlink(entry.path)


class _Silence(Exception):
    """git ended without the answer that was waited for."""


def _write_tree(to: IO[bytes], answers: IO[bytes], commit: NewCommit, ref: str) -> str:
    to.writelines(_start(ref, ":1", commit, b""))
    # A file may take the place of a folder, so what goes goes first.
    for path, content in commit.files.items():
        if content is None:
            to.write(b"D " + _quoted(path) + b"\n")
    for path, content in commit.files.items():
        if isinstance(content, bytes):
            to.write(b"M %s inline %s\ndata %d\n" % (FILE.encode(), _quoted(path), len(content)))
            to.write(content)
            to.write(b"\n")
        elif content is not None:
            mode, oid = content
            to.write(b"M %s %s %s\n" % (mode.encode(), oid.encode(), _quoted(path)))
    # Asking for the mark ends the commit: before it, `ls` would take the mark for a path.
    to.write(b'\nget-mark :1\nls :1 ""\n')
    to.flush()
    _answer(answers)
    root = _answer(answers).split(b"\t")[0].split(b" ")
    if root[0] != b"040000":
        raise _Silence
    return root[-1].decode()


def _start(ref: str, mark: str, commit: NewCommit, message: bytes) -> Iterator[bytes]:
    """The lines that begin a commit with the parents that were asked for and no others."""
    who = f"{_name(commit.author) or 'tuicrm'} <{_name(commit.email)}> {max(commit.at, 0)} +0000".encode()
    yield f"reset {ref}\n\ncommit {ref}\nmark {mark}\n".encode()
    yield b"author %s\ncommitter %s\ndata %d\n" % (who, who, len(message))
    yield message + b"\n"
    for number, parent in enumerate(commit.parents):
        yield f"{'merge' if number else 'from'} {parent}\n".encode()


def _message(commit: NewCommit, tree: str) -> bytes:
    parts = (commit.subject.strip(), commit.body.strip(), state_trailer(tree, commit.parents))
    return ("\n\n".join(part for part in parts if part) + "\n").encode("utf-8", "replace").replace(b"\0", b"")


def _name(text: str) -> str:
    """A name or an address as git takes it: without the signs that end it."""
    plain = "".join(" " if ord(one) < 32 or ord(one) == 127 else one for one in text if one not in "<>")
    return " ".join(plain.encode("utf-8", "replace").decode().split())


def _quoted(path: str) -> bytes:
    """A path in quotes, as C writes a text."""
    plain = path.encode("utf-8", "surrogateescape").replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    return b'"' + plain.replace(b"\n", b"\\n") + b'"'


def _answer(answers: IO[bytes]) -> bytes:
    line = answers.readline()
    if not line.endswith(b"\n"):
        raise _Silence
    return line[:-1]


def _why(process: Popen[bytes]) -> str:
    if process.stderr is None or process.stdin is None:
        return "it did not say why"
    with contextlib.suppress(OSError):
        process.stdin.close()
    from tuicrm.text import clean_line, truncate

    said = process.stderr.read(65_536).decode("utf-8", "replace").split("\n")
    told = next((line for line in said if line.startswith(("fatal:", "error:"))), said[0])
    return truncate(clean_line(told.partition(": ")[2] or told), 200) or "it did not say why"


def _failed(why: str) -> ReadOnly:
    return ReadOnly(
        f"git could not write the commit: {why}.", hint="Nothing was changed; make room or fix it, then retry."
    )


def _end(process: Popen[bytes], git_dir: str) -> None:
    """Leave neither a process nor its report of a crash behind."""
    if process.poll() is None:
        process.kill()
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
    if process.wait():
        with contextlib.suppress(OSError):
            os.unlink(os.path.join(git_dir, f"fast_import_crash_{process.pid}"))
