"""What the next best step costs, beside reading the workspace that it is made from, in one run."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from tuicrm.crm.advice.suggesting import suggestions
from tuicrm.crm.scoring import add
from tuicrm.crm.session import Session
from tuicrm.records.registry import KINDS, groups
from tuicrm.store.changes import Write
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

MANY, MOST = 1000, 3


def test_it_takes_at_most_three_times_as_long_as_reading(session: Session, tmp_path: Path) -> None:
    ws = session.ws
    stages = list(next(iter(ws.all("pipeline").values()))["stages"])
    writes: list[Any] = []
    for n in range(MANY):
        fields = {"name": f"Deal {n}", "value": f"{n}.00", "stage": stages[n % len(stages)], "closed_on": "2026-09-01"}
        writes.append(Write("deal", ws.new_id(), {**fields, "expected_close": f"2026-{n % 12 + 1:02}-05"}))
        writes.append(Write("lead", ws.new_id(), {"name": f"Person {n}", "source": ("web", "fair")[n % 2]}))
        writes.append(Write("followup", ws.new_id(), {"subject": "call", "due": f"2026-{n % 12 + 1:02}-07"}))
    deals = [one.id for one in writes if one.kind == "deal"]
    writes += [
        Write("activity", ws.new_id(), {"type": "call", "subject": "x", "deal": deals[n % MANY]})
        for n in range(5 * MANY)
    ]
    ws.commit(writes, by="ann", note="many")
    for where in ("source:fair", "name:9"):
        session.commit(add(session, where, "7"))
    ws.checkpoint()
    ratios = []
    for _ in range(3):
        start = time.perf_counter()
        other = Workspace.open(tmp_path / "sales", groups=groups)
        for kind in KINDS:
            other.all(kind)
        loaded = time.perf_counter()
        found = suggestions(Session(other, user="ann", now=session.now, zone="UTC"))
        ratios.append((time.perf_counter() - loaded) / (loaded - start))
        other.close()
        assert len(found) > MANY
    assert min(ratios) <= MOST


def test_words_are_made_for_what_is_shown_alone(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    writes = [Write("followup", session.ws.new_id(), {"subject": f"call {n}", "due": "2026-10-01"}) for n in range(50)]
    session.ws.commit(writes, by="ann", note="many")
    titles: list[object] = []
    monkeypatch.setattr("tuicrm.crm.lookup.title", lambda session, kind, record: titles.append(record) or "")
    held = suggestions(session)
    assert len(held) == 50
    assert titles == []
    held[0].told()
    assert len(titles) == 1
