"""What a workspace starts with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tuicrm.crm.pipelines import default
from tuicrm.crm.session import Session
from tuicrm.crm.setup import first_records
from tuicrm.errors import Invalid
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def empty(tmp_path: Path, session: Session) -> Session:
    return Session(Workspace.create(tmp_path / "other", name="Other"), user="login", now=session.now)


def test_currency_pipeline_and_user(empty: Session) -> None:
    empty.commit(first_records(empty, currency="usd", user="me"))
    assert empty.currency == "USD"
    assert default(empty)["name"] == "Sales"
    (user,) = empty.ws.all("user").values()
    assert (user["handle"], user["name"], user["active"]) == ("me", "me", True)
    empty.ws.close()


def test_without_a_handle_the_session_says_who_acts(empty: Session) -> None:
    empty.commit(first_records(empty))
    assert empty.me
    assert empty.currency == "EUR"
    empty.ws.close()


@pytest.mark.parametrize("options", [{"user": "a b"}, {"currency": "EURO"}, {"user": "x\0"}])
def test_bad_beginnings_are_refused(empty: Session, options: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        first_records(empty, **options)
    empty.ws.close()
