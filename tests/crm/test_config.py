"""The team's settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tuicrm.crm import config, undo
from tuicrm.errors import Invalid
from tuicrm.records.settings import SETTINGS
from tuicrm.store.changes import Write

if TYPE_CHECKING:
    from tuicrm.crm.session import Session


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("currency", "usd", "USD"),
        ("date-order", "mdy", "mdy"),
        ("timezone", "america/new_york", "America/New_York"),
        ("week_start", "sun", "sunday"),
        ("country", "de", "DE"),
        ("pipeline", "sal", "Sales"),
        ("lost_reasons", " price ,, timing,price", "price, timing"),
    ],
)
def test_a_value_is_read_as_its_type_asks(session: Session, key: str, text: str, value: str) -> None:
    session.commit(config.set_value(session, key, text))
    held = config.get(session, key)
    assert (held.value, held.given) == (value, True)


@pytest.mark.parametrize(
    ("key", "text", "says"),
    [
        ("currency", "EURO", "currency"),
        ("timezone", "Europe/Berlyn", "did you mean Europe/Berlin"),
        ("week_start", "someday", "week_start"),
        ("country", "Germany", "two letters"),
        ("lost_reasons", ",", "at least one"),
        ("curency", "EUR", "did you mean currency"),
        ("country", "D\0", "NUL"),
    ],
)
def test_a_bad_value_is_refused(session: Session, key: str, text: str, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        config.set_value(session, key, text)


def test_the_zone_takes_effect_at_once(session: Session) -> None:
    session.commit(config.set_value(session, "timezone", "Pacific/Auckland"))
    assert session.today.isoformat() == "2026-10-08"
    assert session.reading.zone == "Pacific/Auckland"


def test_an_empty_value_goes_back_to_the_default(session: Session) -> None:
    session.commit(config.set_value(session, "week_start", "sunday"))
    session.commit(config.set_value(session, "week_start", ""))
    held = config.get(session, "week_start")
    assert (held.value, held.given) == ("monday", False)


def test_all_settings_are_listed(session: Session) -> None:
    assert [one.key for one in config.listing(session)] == list(SETTINGS)


def test_setting_what_is_set_changes_nothing(session: Session) -> None:
    plan = config.set_value(session, "currency", "EUR")
    assert plan.changes == ()
    assert "already" in plan.said[-1]


def test_two_records_of_one_setting_end_up_equal(session: Session) -> None:
    session.ws.commit(
        [Write("setting", session.ws.new_id(), {"key": "currency", "value": "GBP"})], by="bob", note="from a clone"
    )
    assert config.get(session, "currency").value == "GBP"
    session.commit(config.set_value(session, "currency", "USD"))
    assert {one["value"] for one in session.ws.all("setting").values()} == {"USD"}
    session.commit(undo.undo(session))
    assert config.get(session, "currency").value in ("EUR", "GBP")
