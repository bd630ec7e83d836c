"""What the triage list costs, beside reading the workspace that it is made from, in one run."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tuicrm.crm.leads import triage
from tuicrm.crm.scoring import add
from tuicrm.crm.session import Session
from tuicrm.records.registry import KINDS, groups
from tuicrm.store.changes import Write
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

MANY, MOST = 2000, 3


def test_the_triage_list_takes_at_most_three_times_as_long_as_reading(session: Session, tmp_path: Path) -> None:
    ws = session.ws
    writes = [
        Write("lead", ws.new_id(), {"name": f"Person {n}", "source": ("web", "fair")[n % 2], "employees": n % 300})
        for n in range(MANY)
    ]
    writes += [Write("activity", ws.new_id(), {"type": "note", "subject": "x", "lead": one.id}) for one in writes]
    ws.commit(writes, by="ann", note="many")
    for where in ("source:fair", "employees>50", "emails:none", "name:9"):
        session.commit(add(session, where, "7"))
    ws.checkpoint()
    ratios = []
    for _ in range(3):
        start = time.perf_counter()
        other = Workspace.open(tmp_path / "sales", groups=groups)
        for kind in KINDS:
            other.all(kind)
        loaded = time.perf_counter()
        found = triage(Session(other, user="ann", now=session.now, zone="UTC"))
        ratios.append((time.perf_counter() - loaded) / (loaded - start))
        other.close()
        assert len(found) == MANY
    assert min(ratios) <= MOST
