"""Two copies of a workspace, a pipeline edited on both while deals move: joined, they show every deal, and the same."""

from __future__ import annotations

import shutil
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.crm.conftest import NOW, ZONE, make_session
from tuicrm.crm import deals, dissolving, pipelines, ticks
from tuicrm.crm.board import ELSEWHERE, build_board
from tuicrm.crm.edit import add
from tuicrm.crm.session import Session
from tuicrm.crm.stages import stages
from tuicrm.errors import Invalid, NotFound
from tuicrm.records.registry import groups
from tuicrm.store.changes import Adopt
from tuicrm.store.ulid import Clock
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WHAT = ("remove", "add", "rename", "chance", "check", "tick", "move", "move")
STEPS = st.lists(st.tuples(st.sampled_from(WHAT), st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=6)


def open_copy(root: Path, behind: int) -> Session:
    """Return a session whose clock is behind by so many minutes."""
    clock = Clock(now_ms=lambda: int(NOW.timestamp() * 1000) + 3_600_000 - behind * 60_000)
    return Session(Workspace.open(root, clock=clock, groups=groups), user="ann", now=NOW, zone=ZONE)


def step(session: Session, what: str, one: int, other: int) -> None:
    """Do something to the pipeline or to a deal; what cannot be done is left."""
    pipeline = pipelines.default(session)
    held = [stage.key for stage in stages(pipeline) if stage.kind == "open"]
    first, second = held[one % len(held)], held[other % len(held)]
    deal = list(session.ws.all("deal").values())[one % 3]
    make: dict[str, Callable[[], Any]] = {
        "remove": lambda: dissolving.remove_stage(session, pipeline, first, to=second),
        "add": lambda: pipelines.add_stage(session, pipeline, f"Fresh {one}", after=second),
        "rename": lambda: pipelines.edit_stage(session, pipeline, first, name=f"Other {other}"),
        "chance": lambda: pipelines.edit_stage(session, pipeline, first, probability=str(other)),
        "check": lambda: pipelines.edit_stage(session, pipeline, first, checks=[f"box {other}"]),
        "tick": lambda: ticks.tick(session, [deal], [f"box {other}"]),
        "move": lambda: deals.move(session, [deal], second, along=dissolving.FREE),
    }
    with suppress(Invalid, NotFound):
        session.commit(make[what]())


def take(session: Session, other: Session) -> None:
    """Join what another copy holds."""
    found = [
        Adopt(kind, key, record)
        for kind in ("pipeline", "deal", "activity")
        for key, record in other.ws.stored.all(kind).items()
    ]
    session.ws.commit(found, by="ann", note="joined")


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], tuple[Session, Session]]:
    """Return what opens two copies of a workspace with three deals, the clock of the second behind or ahead."""
    folder = tmp_path_factory.mktemp("apart")
    start = make_session(folder / "start")
    for name in "abc":
        start.commit(add(start, "deal", {"name": [name]}))
    start.ws.close()
    numbers = count()

    def opened(behind: int) -> tuple[Session, Session]:
        roots = [shutil.copytree(folder / "start", folder / str(next(numbers))) for _ in range(2)]
        return open_copy(roots[0], 0), open_copy(roots[1], behind)

    return opened


@settings(max_examples=20, deadline=None)
@given(STEPS, STEPS, st.integers(-1, 1))
def test_every_deal_is_seen_on_both_and_at_the_same_place(
    copies: Callable[[int], tuple[Session, Session]], mine: list[Any], theirs: list[Any], behind: int
) -> None:
    one, other = copies(behind)
    for session, steps in ((one, mine), (other, theirs)):
        for each in steps:
            step(session, *each)
    take(one, other)
    take(other, one)
    boards = [build_board(session) for session in (one, other)]
    shown = [[(column.key, sorted(card.id for card in column.cards)) for column in board.columns] for board in boards]
    assert shown[0] == shown[1]
    assert boards[0].open_count == 3
    assert any(column.kind == "open" and column.key != ELSEWHERE for column in boards[0].columns)
    assert not any(column.key == ELSEWHERE for column in boards[0].columns)
    for session in (one, other):
        session.ws.close()
