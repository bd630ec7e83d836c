"""Workspaces of a given size to open: deals with all that belongs to them, and as many entries in the log."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from tests.benchmarks.measure import environment

if TYPE_CHECKING:
    from pathlib import Path

NOW = "2026-10-08T09:00:00Z"

MAKE = """
import itertools, os, sys
from pathlib import Path
from tuicrm.crm.demo import sample
from tuicrm.crm.opening import create_workspace
from tuicrm.store.changes import Write
session = create_workspace(Path(sys.argv[1]), name="bench", currency="EUR", user="ann", env=os.environ)
deals, entries = int(sys.argv[2]), int(sys.argv[3])
for plan in sample(session, "large" if deals > 1000 else "small"):
    session.commit(plan)
ws = session.ws

def more(kind, wanted):
    held = list(ws.all(kind).values())
    missing = max(0, wanted - len(held))
    copies = itertools.islice(itertools.cycle(held), missing)
    writes = [Write(kind, ws.new_id(), {k: v for k, v in one.items() if k != "id" and k[0] != "_"}) for one in copies]
    if writes:
        ws.commit(writes, by="ann", note="more")

more("deal", deals)
more("activity", entries)
ws.close()
"""


def workspace(folder: Path, deals: int, entries: int = 0) -> tuple[Path, dict[str, str]]:
    """Make a workspace with at least so many deals and entries in the log; return it and the environment for it."""
    env = environment(folder / "home", TUICRM_NOW=NOW, TUICRM_USER="ann")
    path = folder / f"deals-{deals}"
    subprocess.run([sys.executable, "-c", MAKE, str(path), str(deals), str(entries)], env=env, check=True)
    return path, env
