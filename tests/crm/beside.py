"""A workspace of some size, and what is worked out of it beside the reading of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from tuicrm.crm.scoring import add
from tuicrm.crm.session import Session
from tuicrm.records.registry import KINDS, groups
from tuicrm.store.changes import Write
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable


def crowd(session: Session, many: int) -> None:
    """Write so many deals, leads and follow-ups, five times as many entries in the log, and rules for scores."""
    ws = session.ws
    stages = list(next(iter(ws.all("pipeline").values()))["stages"])
    writes: list[Any] = []
    for n in range(many):
        day = f"2026-{n % 12 + 1:02}"
        deal = {"name": f"Deal {n}", "value": f"{n}.00", "stage": stages[n % len(stages)], "closed_on": "2026-09-01"}
        lead = {"name": f"Person {n}", "source": ("web", "fair")[n % 2], "employees": n % 300}
        writes.append(Write("deal", ws.new_id(), {**deal, "expected_close": f"{day}-05"}))
        writes.append(Write("lead", ws.new_id(), lead))
        writes.append(Write("followup", ws.new_id(), {"subject": "call", "due": f"{day}-07"}))
    about = [one for one in writes if one.kind in ("deal", "lead")]
    for n in range(5 * many):
        one = about[n % len(about)]
        writes.append(Write("activity", ws.new_id(), {"type": "call", "subject": "x", one.kind: one.id}))
    ws.commit(writes, by="ann", note="many")
    for where in ("source:fair", "employees>50", "emails:none", "name:9"):
        session.commit(add(session, where, "7"))
    ws.checkpoint()


def beside_reading(session: Session, work: Callable[[Session], None]) -> float:
    """Return the least, of three times, that some work takes beside opening and reading the workspace."""
    ratios = []
    for _ in range(3):
        start = time.perf_counter()
        other = Workspace.open(session.ws.root, groups=groups)
        for kind in KINDS:
            other.all(kind)
        loaded = time.perf_counter()
        work(Session(other, user="ann", now=session.now, zone="UTC"))
        ratios.append((time.perf_counter() - loaded) / (loaded - start))
        other.close()
    return min(ratios)
