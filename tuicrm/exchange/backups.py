"""Where backups go, what they are called, and which ones there are in the private folder."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tuicrm.errors import ReadOnly, UsageProblem
from tuicrm.exchange.containers import SUFFIXES
from tuicrm.store.files import make_path

if TYPE_CHECKING:
    from tuicrm.crm.session import Session

FOLDER = "backups"


@dataclass(frozen=True)
class Held:
    """A backup in the private folder."""

    path: Path
    bytes: int
    made_at: str
    """When the file was written, an instant in UTC."""

    def facts(self) -> dict[str, Any]:
        """Return what JSON shows."""
        return {"file": str(self.path), "bytes": self.bytes, "made_at": self.made_at}


def place(session: Session, asked: Path | None) -> Path:
    """Return the file that a backup goes to: the one named, else a free name in the folder named or the private one."""
    from tuicrm.exchange.rejects import free_name

    if asked is not None and not asked.is_dir():
        if not asked.name.lower().endswith(SUFFIXES):
            raise UsageProblem(
                f"a backup is a zip or a tar.gz file, which {asked} is not by its name",
                hint=f"End its name in one of {', '.join(SUFFIXES)}, or name a folder that is there.",
            )
        return asked
    return free_name((asked or _private(session)) / _name(session))


def held(session: Session) -> list[Held]:
    """Return the backups in the private folder, the newest first."""
    found = []
    try:
        with os.scandir(session.ws.private / FOLDER) as entries:
            for one in entries:
                if one.name.lower().endswith(SUFFIXES) and not one.name.startswith(".") and one.is_file():
                    told = one.stat()
                    at = datetime.fromtimestamp(int(told.st_mtime), UTC).isoformat().replace("+00:00", "Z")
                    found.append(Held(Path(one.path), told.st_size, at))
    except FileNotFoundError:
        return []
    return sorted(found, key=lambda one: (one.made_at, one.path.name), reverse=True)


def _private(session: Session) -> Path:
    folder = session.ws.private / FOLDER
    try:
        make_path(str(folder))
    except OSError as problem:
        raise ReadOnly(f"{folder} cannot be made: {(problem.strerror or str(problem)).lower()}") from None
    if folder.is_symlink():
        raise UsageProblem(f"{folder} is a symbolic link, and nothing is written through one")
    return folder


def _name(session: Session) -> str:
    from tuicrm.text import slug

    at = session.now.astimezone(UTC)
    return f"{slug(session.ws.name)[:60] or 'workspace'}-{at:%Y%m%d-%H%M%S}.zip"
