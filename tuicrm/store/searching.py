"""Which files of a private folder hold one of some texts."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from tuicrm.store import files

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MOST = 1 << 30
"""Bytes of a file beyond which it is not read."""


def files_with(folder: Path, texts: Iterable[str]) -> list[str]:
    """Return the files below a folder, by their path in it, that hold a text plainly or as JSON writes it."""
    wanted = {form.lower() for one in texts for form in (one.encode(), json.dumps(one)[1:-1].encode())}
    found = []
    for path, _, names in os.walk(folder):
        for name in names:
            whole = os.path.join(path, name)
            data = files.read_plain(whole, MOST).lower()
            if any(one in data for one in wanted):
                found.append(os.path.relpath(whole, folder))
    return sorted(found)
