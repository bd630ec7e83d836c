"""A disk that remembers: each thing that the store does to it, and which states a power cut could leave of them.

What was synced is there. What was not may be missing, there in part, or there before what came earlier: a file's bytes
count from its own `fsync` on, a name from the `fsync` of its folder on. A rename is one step: done or not done.
"""

from __future__ import annotations

import contextlib
import os
import stat as modes
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.store.disk.oscalls import through

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tests.prove.trees import Tree


class Bind(NamedTuple):
    """A name comes to mean a file or folder; where it was renamed, the old name goes."""

    folder: int
    name: str
    node: int
    source: tuple[int, str] | None = None


class Unbind(NamedTuple):
    """A name goes."""

    folder: int
    name: str


class Data(NamedTuple):
    """Bytes are written into a file."""

    node: int
    offset: int
    data: bytes


class Cut(NamedTuple):
    """A file gets another length."""

    node: int
    size: int


class Sync(NamedTuple):
    """A file's bytes or a folder's names are safe from here on; those of all where `node` is 0."""

    node: int


class Mark(NamedTuple):
    """Where the story is: the number of a step, begun or acknowledged."""

    step: int
    done: bool


Event = Bind | Unbind | Data | Cut | Sync | Mark


def homes(event: Event) -> tuple[int, ...]:
    """The files and folders of which any one's sync makes this safe."""
    if isinstance(event, Bind):
        return (event.folder,) if event.source is None else (event.folder, event.source[0])
    if isinstance(event, Unbind):
        return (event.folder,)
    return (event.node,) if isinstance(event, Data | Cut) else ()


class State:
    """What a disk holds: names by folder, bytes by file."""

    def __init__(self, names: dict[int, dict[str, int]] | None = None, data: dict[int, bytes] | None = None) -> None:
        self.names = names or {}
        self.data = data or {}

    def copy(self) -> State:
        return State({folder: dict(names) for folder, names in self.names.items()}, dict(self.data))

    def apply(self, event: Event) -> None:
        if isinstance(event, Bind):
            if event.source is not None and self.names.get(event.source[0], {}).get(event.source[1]) == event.node:
                del self.names[event.source[0]][event.source[1]]
            self.names.setdefault(event.folder, {})[event.name] = event.node
        elif isinstance(event, Unbind):
            self.names.get(event.folder, {}).pop(event.name, None)
        elif isinstance(event, Data):
            there = self.data.get(event.node, b"").ljust(event.offset, b"\0")
            self.data[event.node] = there[: event.offset] + event.data + there[event.offset + len(event.data) :]
        elif isinstance(event, Cut):
            self.data[event.node] = self.data.get(event.node, b"")[: event.size].ljust(event.size, b"\0")


class Recorder:
    """Notes what the store does below a folder, which must be on a file system in memory or the disk's own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.events: list[Event] = []
        self.modes: dict[int, int] = {}
        self._nodes: dict[int, int] = {}
        self.top = self._known(os.stat(root))
        self._take_in(root)
        self.events.append(Sync(0))

    def _take_in(self, folder: Path) -> None:
        for path in sorted(folder.iterdir()):
            self._appeared(path)
            if path.is_dir():
                self._take_in(path)

    def _appeared(self, path: Path) -> None:
        node = self._known(path.stat())
        self.events.append(Bind(self._known(path.parent.stat()), path.name, node))
        if path.is_file():
            self.events.append(Data(node, 0, path.read_bytes()))

    def _known(self, found: os.stat_result, *, fresh: bool = False) -> int:
        """Return the number of what was found; a system gives an inode's own number to another file again."""
        if fresh or found.st_ino not in self._nodes:
            self._nodes[found.st_ino] = len(self.modes) + 1
            self.modes[len(self.modes) + 1] = found.st_mode
        return self._nodes[found.st_ino]

    @contextlib.contextmanager
    def recording(self) -> Iterator[None]:
        with through(self.handle):
            yield

    def mark(self, step: int, *, done: bool) -> None:
        self.events.append(Mark(step, done))

    def put(self, path: Path, data: bytes) -> None:
        """Put a file in place as somebody else does who has all the time to make it safe."""
        waiting = path.with_name(f".{path.name}.edited")
        waiting.write_bytes(data)
        waiting.replace(path)
        folder, node = self._known(path.parent.stat()), self._known(path.stat(), fresh=True)
        self.events += [Data(node, 0, data), Sync(node), Bind(folder, path.name, node), Sync(folder)]

    def make_folder(self, path: Path) -> None:
        """Make a folder in the same way."""
        path.mkdir(0o700)
        self._appeared(path)
        self.events.append(Sync(self._known(path.parent.stat())))

    def handle(self, name: str, call: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        note = getattr(self, f"_{name}", None)
        return call(*args, **options) if note is None else note(call, args, options)

    def _fd(self, fd: int) -> int:
        return self._known(os.fstat(fd))

    def _open(self, call: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]) -> int:
        folder, makes = options.get("dir_fd"), args[1] & os.O_CREAT
        was_there = not makes or _at(args[0], folder) is not None
        fd: int = call(*args, **options)
        if makes and not was_there and folder is not None:
            self.events.append(Bind(self._fd(folder), args[0], self._known(os.fstat(fd), fresh=True)))
        return fd

    def _mkdir(self, call: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]) -> None:
        call(*args, **options)
        made = os.stat(args[0], dir_fd=options["dir_fd"])
        self.events.append(Bind(self._fd(options["dir_fd"]), args[0], self._known(made, fresh=True)))

    def _pwrite(self, call: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]) -> int:
        fd, data, offset = args
        done: int = call(*args, **options)
        self.events.append(Data(self._fd(fd), offset, bytes(data[:done])))
        return done

    def _ftruncate(self, call: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]) -> None:
        call(*args, **options)
        self.events.append(Cut(self._fd(args[0]), args[1]))

    def _fchmod(self, call: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]) -> None:
        call(*args, **options)
        self.modes[self._fd(args[0])] = os.fstat(args[0]).st_mode

    def _fsync(self, call: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]) -> None:
        call(*args, **options)
        self.events.append(Sync(self._fd(args[0])))

    def _syncfs(self, call: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]) -> bool:
        done = bool(call(*args, **options))
        if done:
            self.events.append(Sync(0))
        return done

    def _replace(self, call: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]) -> None:
        self._named(call, args, options, moves=True)

    def _link(self, call: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]) -> None:
        self._named(call, args, options, moves=False)

    def _named(self, call: Callable[..., Any], args: Any, options: dict[str, Any], *, moves: bool) -> None:
        source, target = options["src_dir_fd"], options["dst_dir_fd"]
        node = self._known(os.stat(args[0], dir_fd=source, follow_symlinks=False))
        call(*args, **options)
        self.events.append(Bind(self._fd(target), args[1], node, (self._fd(source), args[0]) if moves else None))

    def _unlink(self, call: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]) -> None:
        call(*args, **options)
        self.events.append(Unbind(self._fd(options["dir_fd"]), args[0]))

    def tree(self, events: Iterable[Event], start: State | None = None) -> Tree:
        """What is there after these events."""
        state = start.copy() if start else State()
        for event in events:
            state.apply(event)
        return tuple(self._walk(state, self.top, ""))

    def _walk(self, state: State, folder: int, prefix: str) -> Iterator[tuple[str, int, bytes | None]]:
        for name, node in sorted(state.names.get(folder, {}).items()):
            mode = self.modes[node]
            if modes.S_ISDIR(mode):
                yield prefix + name, modes.S_IMODE(mode), None
                yield from self._walk(state, node, f"{prefix}{name}/")
            else:
                yield prefix + name, modes.S_IMODE(mode), state.data.get(node, b"")


def _at(name: str, folder: int | None) -> os.stat_result | None:
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None
