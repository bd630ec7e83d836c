"""What could not be read as a record: reported, and kept byte for byte in the private folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.store import files, private, whole

if TYPE_CHECKING:
    from collections.abc import Sequence


class Problem:
    """One thing in the stored data that a person should see; `line` counts from 1, 0 means the whole file."""

    __slots__ = ("line", "path", "raw", "reason")

    def __init__(self, path: str, line: int, reason: str, raw: bytes = b"") -> None:
        self.path = path
        self.line = line
        self.reason = reason
        self.raw = raw

    def _all(self) -> tuple[str, int, str, bytes]:
        return (self.path, self.line, self.reason, self.raw)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Problem) and self._all() == other._all()

    def __hash__(self) -> int:
        return hash(self._all())

    def __repr__(self) -> str:
        return f"Problem({self.path!r}, {self.line}, {self.reason!r}, {self.raw!r})"

    def __str__(self) -> str:
        return f"{self.path}{f', line {self.line}' if self.line else ''}: {self.reason}"


def keep(place: private.Private, name: str, raws: Sequence[bytes]) -> None:
    """Copy unreadable lines of the file `name` aside, once; a folder that cannot be written is left alone.

    The copy is a second safety net: the lines also stay in their own file.
    """
    from hashlib import blake2b

    data = b"".join(raw + b"\n" for raw in raws)
    target = f"{name.replace('/', '-')}.{blake2b(data, digest_size=10).hexdigest()}"
    try:
        place.ensure()
        with place.opened() as folder, place.inner(folder, private.QUARANTINE) as inner:
            try:
                files.stat_at(target, inner)
            except FileNotFoundError:
                whole.store(folder, target, data, to=inner)
    except OSError:
        return
