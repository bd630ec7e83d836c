"""What a sync did, what it would do, and what is remembered of the last one."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tuicrm.errors import TuicrmError

NAME = "sync.json"
"""The file in the private folder that tells of the last sync."""
NONE: Mapping[str, int] = MappingProxyType({})


class Report(NamedTuple):
    """One sync that did all it could; `problem` is why it could not do the rest (no network, a refused push)."""

    commit: str
    """The commit that the workspace is at."""
    remote: str = ""
    """The remote's URL without a password; empty where there is none."""
    pushed: bool = False
    """Whether the remote has all that this workspace has."""
    went: Mapping[str, int] = NONE
    """Kind to the number of its records that were changed here and committed by this sync."""
    came: Mapping[str, int] = NONE
    """Kind to the number of its records that came from others."""
    changed: tuple[tuple[str, str], ...] = ()
    """(kind, id) of records that came, the first `MOST_NAMED` of them."""
    conflicts: int = 0
    """Edits, of this workspace or of others, that gave way in this sync and are in the ledger."""
    notes: tuple[str, ...] = ()
    """Sentences about what was left alone."""
    problem: TuicrmError | None = None
    earlier: int = 0
    """Commits made before this sync that it sent: by hand, or while there was no remote to be reached."""


MOST_NAMED = 500


class Status(NamedTuple):
    """How a workspace stands towards its remote, as far as is known without asking it."""

    repository: bool
    remote: str = ""
    branch: str = ""
    ahead: int = 0
    """Commits that the remote does not have."""
    behind: int = 0
    """Fetched commits that this workspace does not have."""
    local: Mapping[str, int] = NONE
    """Kind to the number of its records that are changed here and not committed."""
    last_sync: str = ""
    """The instant of the last sync that reached its end; empty before the first."""
    last_result: str = ""
    """What it said."""
    conflicts: int = 0
    """Values in the ledger that nobody has looked at yet."""
    problem: str = ""
    """What keeps the next sync from working; empty where nothing is known to. Then the rest may not be known."""
    hint: str = ""
    """The way out of that."""


class Last(NamedTuple):
    """The last attempt, as the private folder remembers it."""

    at: str
    ok: bool
    said: str


def last(private: Path) -> Last | None:
    """Return what is remembered of the last attempt; None before the first, or where it cannot be read."""
    import orjson

    from tuicrm.store import whole

    try:
        held = orjson.loads(whole.read(private, NAME))
        return Last(str(held["at"]), held["ok"] is True, str(held["said"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def remember(private: Path, told: Last) -> None:
    """Keep what an attempt came to; nothing happens where that cannot be written."""
    import contextlib

    import orjson

    from tuicrm.store import whole

    with contextlib.suppress(OSError):
        whole.keep(private, NAME, orjson.dumps(told._asdict()), sync=False)
