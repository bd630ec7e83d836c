"""A session on a real workspace, at a fixed moment, with two users."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tuicrm.crm.edit import add
from tuicrm.crm.session import Session
from tuicrm.crm.setup import first_records
from tuicrm.records.registry import groups
from tuicrm.store.changes import Write
from tuicrm.store.ulid import Clock
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tuicrm.crm.plan import Plan

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


@pytest.fixture
def do(session: Session) -> Callable[[Plan], str]:
    """Return what commits a plan and gives the id of its first record."""

    def commit(plan: Plan) -> str:
        session.commit(plan)
        return plan.ids[0] if plan.ids else ""

    return commit


@pytest.fixture
def acme(session: Session) -> dict[str, str]:
    """Return the ids of a company, a contact and a deal of 12,000 EUR in Lead, by kind."""
    made: dict[str, str] = {}
    for kind, typed in (
        ("company", {"name": ["Acme GmbH"]}),
        ("contact", {"name": ["Jane Roe"], "email": ["jane@acme.example"], "company": ["Acme"]}),
        ("deal", {"name": ["Acme renewal"], "company": ["Acme"], "contact": ["Jane"], "value": ["12k"]}),
    ):
        plan = add(session, kind, typed)
        session.commit(plan)
        made[kind] = plan.ids[0]
    return made


@pytest.fixture
def put(session: Session) -> Callable[..., str]:
    """Return what stores a record as it is given, made `days_ago`, and gives its id."""

    def store(kind: str, *, days_ago: float = 0, **fields: object) -> str:
        made = NOW.timestamp() - days_ago * 86_400
        key = session.ws.new_id(int(made * 1000))
        session.ws.commit([Write(kind, key, fields)], by="ann", note="")
        return key

    return store
