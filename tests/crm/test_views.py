"""Saved filters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tuicrm.crm import views
from tuicrm.errors import Ambiguous, Invalid, NotFound

if TYPE_CHECKING:
    from tuicrm.crm.session import Session


def test_a_view_keeps_query_order_and_columns(session: Session) -> None:
    session.commit(
        views.add(
            session, "Big ones", of="deals", where="value>50k owner:me", sort="-close,name", columns=["name,value"]
        )
    )
    held = views.find(session, "big ONES")
    assert {name: held[name] for name in ("of", "where", "sort", "columns", "owner")} == {
        "of": "deal",
        "where": "value>50k owner:me",
        "sort": "-expected_close,name",
        "columns": "name,value",
        "owner": session.me,
    }


@pytest.mark.parametrize(
    "options",
    [{"where": "valeu>5"}, {"where": "(open"}, {"sort": "-valeu"}, {"columns": ["name,valeu"]}, {"of": "ship"}],
)
def test_what_could_not_be_shown_is_refused(session: Session, options: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        views.add(session, "x", **options)  # type: ignore[arg-type]


def test_a_name_is_taken_once_per_kind_unless_it_is_replaced(session: Session) -> None:
    session.commit(views.add(session, "Mine", where="owner:me", sort="name"))
    with pytest.raises(Invalid, match="already"):
        views.add(session, "mine", where="is:won")
    session.commit(views.add(session, "Mine", of="contact", where="owner:me"))
    session.commit(views.add(session, "mine", where="is:won", replace=True))
    held = views.find(session, "mine", "deal")
    assert (held["where"], held.get("sort")) == ("is:won", None)
    assert [one["of"] for one in views.listing(session)] == ["contact", "deal"]
    with pytest.raises(Ambiguous):
        views.find(session, "mine")


def test_a_removed_view_is_gone(session: Session) -> None:
    session.commit(views.add(session, "Mine", where="owner:me"))
    session.commit(views.remove(session, views.find(session, "Mine")))
    with pytest.raises(NotFound):
        views.find(session, "Mine")
