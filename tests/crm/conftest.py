"""A session on a real workspace, at a fixed moment, with two users."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tuicrm.crm.edit import add
from tuicrm.crm.session import Session
from tuicrm.crm.setup import first_records
from tuicrm.records.registry import groups
from tuicrm.store.ulid import Clock
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NOW = datetime(2026, 10, 8, 9, 0, tzinfo=UTC)
ZONE = "Europe/Berlin"


def make_session(root: Path) -> Session:
    """Return Ann's session on a fresh workspace, with Bob beside her."""
    clock = Clock(now_ms=lambda: int(NOW.timestamp() * 1000))
    Workspace.create(root, name="Test", clock=clock).close()
    session = Session(Workspace.open(root, clock=clock, groups=groups), user="ann", now=NOW, zone=ZONE)
    session.commit(first_records(session, currency="EUR", user="ann", name="Ann Lee"))
    session.commit(add(session, "user", {"name": ["Bob Ray"], "handle": ["bob"]}))
    return session


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Return a session with nothing in it but the team."""
    made = make_session(tmp_path / "sales")
    yield made
    made.ws.close()


@pytest.fixture
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Session]:
    """Return a maker of sessions, for laws that need a fresh one per example."""
    return lambda: make_session(tmp_path_factory.mktemp("ws") / "sales")
