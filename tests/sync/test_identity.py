"""Whose name commits carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.crm.conftest import make_session
from tuicrm.store.changes import Write
from tuicrm.sync.identity import author

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tuicrm.crm.session import Session

GIT = {"user.name": "Ann Lee", "user.email": "ann@home.example"}
NO_GIT: dict[str, str] = {}


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = make_session(tmp_path / "sales")
    yield made
    made.ws.close()


def told(session: Session, config: dict[str, str]) -> tuple[str, str]:
    return author(session, lambda key: config.get(key, ""))


def user(session: Session, **fields: object) -> None:
    key = next(key for key, one in session.ws.all("user").items() if one["handle"] == session.user)
    session.ws.commit([Write("user", key, fields)], by="ann", note="")


def made_up(session: Session, handle: str) -> str:
    return f"{handle}@{session.ws.id.lower()}.invalid"


def test_the_team_knows_its_people_best(session: Session) -> None:
    user(session, email="ann@acme.example")
    assert told(session, {"user.name": "root", "user.email": "root@box"}) == ("Ann Lee", "ann@acme.example")


def test_git_fills_in_what_the_team_does_not_know(session: Session) -> None:
    assert told(session, GIT) == ("Ann Lee", "ann@home.example")
    user(session, name="ann")
    assert told(session, GIT) == ("Ann Lee", "ann@home.example")


def test_where_nobody_knows_it_is_the_handle_at_an_address_nobody_can_have(session: Session) -> None:
    user(session, name="ann")
    assert told(session, NO_GIT) == ("ann", made_up(session, "ann"))


def test_git_of_somebody_else_is_not_asked(session: Session) -> None:
    assert told(session, {"user.name": "Carla Diaz", "user.email": "carla@acme.example"})[1] == made_up(session, "ann")
    session.user = "bob"
    user(session, name="bob")
    assert told(session, GIT) == ("bob", made_up(session, "bob"))


def test_a_user_without_a_record_is_known_by_git_or_by_the_handle(session: Session) -> None:
    session.user = "Zoë Q."
    assert told(session, {"user.name": "Zoë Quint", "user.email": "zoe@acme.example"}) == (
        "Zoë Quint",
        "zoe@acme.example",
    )
    assert told(session, NO_GIT) == ("Zoë Q", made_up(session, "zoe_q"))


@pytest.mark.parametrize(
    "name",
    ["Ann <root@box>\nparent 1234", "Ann\x00Lee", "\x1b[2JAnn", "‮Ann", "\ud800Ann", "A" * 10_000, " . ", "<>"],
)
def test_a_name_can_break_no_commit(session: Session, name: str) -> None:
    given = told(session, {"user.name": name, "user.email": name})
    session.user = name
    for said, address in (given, told(session, {"user.name": name, "user.email": name}), told(session, NO_GIT)):
        for one in (said, address):
            assert one.strip()
            assert one.isprintable()
            assert not set("<>\n\0") & set(one)
            assert len(one.encode()) < 500
        assert " " not in address
