"""What a repository holds: commits, trees and blobs, read without a work tree, filters or drivers."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, NamedTuple

from tuicrm.errors import Damaged, Decision
from tuicrm.sync.git import TooMuch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from subprocess import Popen
    from types import TracebackType

    from tuicrm.sync.git import Git

Entry = tuple[str, str]
"""What a tree holds under a name: (mode, object id)."""
Change = tuple[Entry | None, Entry | None]
"""What a path was and what it is; None where it is absent."""

FILE = "100644"
"""The mode of an ordinary file."""
MOST_BLOB = 64 << 20
"""Bytes of the largest file that is read into memory."""
TRAILER = "Tuicrm-State: "
MOST_LISTED = 64 << 20
"""Bytes that the list of a tree's files may have: a few small trees, each in the next ten times, name billions."""
_MOST_DIGITS = 12
"""Digits of a commit's time: those of the year 33658."""
_CHUNK = 256
"""Questions that are sent before answers are read: they fit a pipe, so that neither side waits for the other."""


class Commit(NamedTuple):
    oid: str
    tree: str
    parents: tuple[str, ...]
    author: str
    email: str
    at: int
    """Author time, in seconds since 1970."""
    message: str


def is_id(text: object) -> bool:
    """Whether something is the whole id of an object, and no other word that git could take for something else."""
    return isinstance(text, str) and len(text) in (40, 64) and not text.strip("0123456789abcdef")


def state_trailer(tree: str, parents: Iterable[str]) -> str:
    """The line that says that a tree was written for these parents; a rebase or an amended content belies it."""
    from hashlib import blake2b

    return f"{TRAILER}1 {blake2b(' '.join((tree, *parents)).encode()).hexdigest()[:16]}"


class Objects:
    """One long-lived `git cat-file`, for all that one sync reads."""

    def __init__(self, git: Git) -> None:
        self._git = git
        self._process: Popen[bytes] | None = None

    def __enter__(self) -> Objects:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process; the next question starts another one."""
        process, self._process = self._process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        process.kill()
        process.wait()

    def blob(self, oid: str) -> bytes:
        """The content of a file; Decision where it is too large, Damaged where it is missing or no file."""
        return self.blobs((oid,))[oid]

    def blobs(self, oids: Iterable[str]) -> dict[str, bytes]:
        """The contents of many files by object id."""
        found: dict[str, bytes] = {}
        for oid, told in self._ask("contents", list(dict.fromkeys(oids))):
            if told is None or told[1] != "blob":
                raise Damaged(
                    f"The object {oid[:12]} is missing from this repository.",
                    hint="`git fsck` says more; another clone, or the remote, has it.",
                )
            found[oid] = self._body(oid, told[2])
        return found

    def sizes(self, oids: Iterable[str]) -> dict[str, int]:
        """The sizes in bytes of objects that are there, by object id."""
        return {oid: told[2] for oid, told in self._ask("info", list(dict.fromkeys(oids))) if told is not None}

    def commit(self, rev: str) -> Commit | None:
        """The commit that a revision names (a tag leads to its commit); None where there is none."""
        if not rev or "\n" in rev or "\0" in rev:
            return None
        found = None
        for _, told in self._ask("contents", [f"{rev}^{{commit}}"]):
            if told is not None:
                found = _parse(told[0], self._body(rev, told[2]))
        return found

    def is_own(self, commit: Commit) -> bool:
        """Whether tuicrm made a commit, with just this tree and these parents; its message may have been reworded."""
        if TRAILER not in commit.message:
            return False
        trailer = state_trailer(commit.tree, commit.parents)
        return any(line.strip() == trailer for line in commit.message.splitlines())

    def _ask(self, verb: str, names: list[str]) -> Iterator[tuple[str, tuple[str, str, int] | None]]:
        """Yield each name with (id, type, size), None where nothing has it; the caller reads each body at once."""
        for start in range(0, len(names), _CHUNK):
            chunk = names[start : start + _CHUNK]
            process = self._started()
            assert process.stdin is not None
            assert process.stdout is not None
            try:
                process.stdin.write("".join(f"{verb} {name}\n" for name in chunk).encode())
                process.stdin.flush()
                for name in chunk:
                    yield name, _header(process.stdout.readline())
            except BaseException as error:
                self.close()
                if isinstance(error, BrokenPipeError):
                    raise _ended() from error
                raise

    def _body(self, name: str, size: int) -> bytes:
        if size > MOST_BLOB:
            self.close()
            raise Decision(
                f"The object {name[:12]} has {size:,} bytes; a file of a workspace has at most {MOST_BLOB:,}.",
                hint="Whoever committed it can take it out of the branch.",
            )
        process = self._process
        assert process is not None
        assert process.stdout is not None
        data = process.stdout.read(size + 1)
        if len(data) != size + 1:
            self.close()
            raise _ended()
        return data[:-1]

    def _started(self) -> Popen[bytes]:
        if self._process is None:
            self._process = self._git.start("cat-file", "--batch-command")
        return self._process


def _header(line: bytes) -> tuple[str, str, int] | None:
    """Read `<id> <type> <size>`; None for `missing`, `ambiguous` and the like."""
    if not line.endswith(b"\n"):
        raise _ended()
    words = line.split()
    if len(words) == 3 and words[2].isdigit():
        return words[0].decode(), words[1].decode(), int(words[2])
    return None


def _ended() -> Damaged:
    return Damaged("git stopped while it read this repository.", hint="`git fsck` says what is wrong with it.")


def _parse(oid: str, data: bytes) -> Commit:
    head, _, body = data.partition(b"\n\n")
    tree, author, encoding = "", b"", "utf-8"
    parents: list[str] = []
    for line in head.split(b"\n"):
        key, _, value = line.partition(b" ")
        if key == b"tree" and not tree:
            tree = value.decode("ascii", "replace")
        elif key == b"parent":
            parents.append(value.decode("ascii", "replace"))
        elif key == b"author" and not author:
            author = value
        elif key == b"encoding":
            encoding = value.decode("ascii", "replace")
    who, _, when = author.rpartition(b">")
    name, _, email = who.partition(b"<")
    seconds = when.split()[:1]
    at = int(seconds[0]) if seconds and seconds[0].isdigit() and len(seconds[0]) <= _MOST_DIGITS else 0
    return Commit(
        oid, tree, tuple(parents), _text(name, encoding).strip(), _text(email, encoding).strip(), at,
        _text(body, encoding),
    )  # fmt: skip


def _text(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (LookupError, ValueError):  # A codec may fail in ways of its own.
        return data.decode("utf-8", "replace")


def tree(git: Git, treeish: str, *paths: str) -> dict[str, Entry]:
    """All files of a tree by path, those under `paths` where any are named."""
    found: dict[str, Entry] = {}
    for line in _listed(git, "ls-tree", "-r", "-z", "--full-tree", treeish, "--", *paths).split(b"\0"):
        if line:
            told, _, path = line.partition(b"\t")
            mode, _, oid = told.decode().split(" ")
            found[name_of(path)] = (mode, oid)
    return found


def changes(git: Git, old: str, new: str, *paths: str) -> dict[str, Change]:
    """What differs between two trees by path, under `paths` where any are named; an empty `old` is the empty tree."""
    if not old:
        return {path: (None, entry) for path, entry in tree(git, new, *paths).items()}
    if old == new:
        return {}
    key = ("changes", old, new, *paths)
    if key not in git.memory:
        git.memory[key] = _changes(git, old, new, *paths)
    found: dict[str, Change] = git.memory[key]
    return found


def _changes(git: Git, old: str, new: str, *paths: str) -> dict[str, Change]:
    options = ("-r", "-z", "--raw", "--no-renames", "--no-abbrev")
    words = _listed(git, "diff-tree", *options, old, new, "--", *paths).split(b"\0")
    found: dict[str, Change] = {}
    for told, path in zip(words[0::2], words[1::2], strict=False):
        old_mode, new_mode, old_oid, new_oid, _ = told.decode().lstrip(":").split(" ")
        before, after = (old_mode, old_oid), (new_mode, new_oid)
        found[name_of(path)] = (
            None if before[0] == "000000" else before,
            None if after[0] == "000000" else after,
        )
    return found


def refuse_endless(git: Git, treeish: str) -> None:
    """Raise Decision where a tree has more files than a workspace can have.

    To be asked before the first comparison: git holds one in memory whole before it says anything.
    """
    key = ("listed", treeish)
    if key not in git.memory:
        _listed(git, "ls-tree", "-r", "-z", "--full-tree", "--name-only", treeish)
        git.memory[key] = True


def _listed(git: Git, *words: str) -> bytes:
    """What a command lists; Decision where that is more than a workspace can have."""
    try:
        return git.run(*words, most=MOST_LISTED).out
    except TooMuch:
        raise Decision(
            "This repository holds a commit with more files than a workspace can have.",
            hint="Ask who pushed last, and look at what that commit brought.",
        ) from None


def name_of(path: bytes) -> str:
    """A path as text; bytes that are no UTF-8 survive the way there and back."""
    return path.decode("utf-8", "surrogateescape")


def bases(git: Git, one: str, other: str) -> list[str]:
    """Every best common ancestor of two commits (by their ids); none where they are unrelated."""
    if one == other:
        return [one]
    key = ("bases", *sorted((one, other)))
    if key not in git.memory:
        git.memory[key] = git.lines("merge-base", "--all", one, other, ok=(0, 1))
    return list(git.memory[key])


def is_ancestor(git: Git, one: str, other: str) -> bool:
    """Whether a commit is, or is part of the history of, another (both by their ids)."""
    return bases(git, one, other) == [one]


def ahead_behind(git: Git, one: str, other: str) -> tuple[int, int]:
    """How many commits only the one has, and only the other."""
    (line,) = git.lines("rev-list", "--left-right", "--count", f"{one}...{other}", "--")
    ahead, behind = line.split()
    return int(ahead), int(behind)
