"""Settings of this machine alone, kept in the private folder and never synced: who works here."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from tuicrm.errors import ReadOnly
from tuicrm.store import files, whole

if TYPE_CHECKING:
    from pathlib import Path

NAME = "local.json"
_MAX = 1 << 20


class Local:
    """A small map of texts in `local.json` of the private folder; what cannot be read counts as empty."""

    def __init__(self, private: Path) -> None:
        self.private = private

    def get(self, key: str, default: str = "") -> str:
        """Return the value of `key`, or the default."""
        return self._read().get(key, default)

    def set(self, key: str, value: str) -> None:
        """Keep a value; an empty one forgets the key. Raises ReadOnly where the folder cannot be written."""
        held = self._read()
        if value:
            held[key] = value
        else:
            held.pop(key, None)
        try:
            self._write(held)
        except OSError as error:
            raise ReadOnly(f"cannot write {self.private / NAME}: {files.reason(error)}") from error

    def _read(self) -> dict[str, str]:
        import json

        try:
            folder = files.open_own(str(self.private))
        except OSError:
            return {}
        try:
            fd = files.open_read(NAME, folder)
            try:
                held = json.loads(files.read_at(fd, _MAX, 0))
            finally:
                files.close(fd)
        except (OSError, ValueError, RecursionError):
            return {}
        finally:
            files.close(folder)
        return {key: value for key, value in held.items() if isinstance(value, str)} if isinstance(held, dict) else {}

    def _write(self, held: dict[str, str]) -> None:
        import json

        with contextlib.suppress(FileExistsError):
            os.mkdir(self.private, 0o700)
        whole.keep(self.private, NAME, json.dumps(held, sort_keys=True, indent=1).encode())
