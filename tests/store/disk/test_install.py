"""Files put in from outside: one step for every reader, and nothing lost that was written meanwhile."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tuicrm.errors import Busy, ReadOnly
from tuicrm.store import codec, files, gitlock, journal
from tuicrm.store.changes import Purge, Remove, Write
from tuicrm.store.install import NewFile
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.store.disk.conftest import Shim

ONE = "01KB00000000000000000000AA"
TWO = "01KB10000000000000000000AA"
OLD = "01KB50000000000000000000ZZ"
NEWER = "01KC00000000000000000000ZZ"
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


def test_files_take_the_place_of_those_that_were_read(workspace: Workspace, root: Path) -> None:
    seen = put(root, line(id=ONE, name="A"))
    new = [NewFile(PATH, seen, line(id=ONE, name="B")), NewFile("data/deal/BB.jsonl", None, line(id=OLD[:-2] + "BB"))]
    assert workspace.all("deal")[ONE]["name"] == "A"
    ran = []
    assert workspace.install(new, lambda: ran.append((root / PATH).read_bytes()))
    assert ran == [line(id=ONE, name="B")]
    assert workspace.all("deal")[ONE]["name"] == "B"
    assert set(workspace.refresh()) == {("deal", ONE), ("deal", OLD[:-2] + "BB")}
    assert not (root / ".git" / "index.lock").exists()
