"""Files as a merge hands them to a workspace."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tuicrm.store import codec
from tuicrm.store.install import NewFile
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

ONE = "01KB00000000000000000000AA"
TWO = "01KB10000000000000000000AA"
OLD = "01KB50000000000000000000ZZ"
NEWER = "01KC00000000000000000000ZZ"
NEWEST = "01KD00000000000000000000ZZ"
PATH = "data/deal/AA.jsonl"


def line(**fields: Any) -> bytes:
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def put(root: Path, data: bytes, path: str = PATH) -> bytes:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return data


def held(root: Path, path: str = PATH) -> dict[str, Any]:
    return codec.load((root / path).read_bytes()).records


def install(root: Path, seen: bytes | None, after: bytes, path: str = PATH) -> None:
    assert Workspace.open(root).install([NewFile(path, seen, after)])
