"""Quick add: the first words say what it is, and what looks like a date or an amount is never passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tuicrm.crm.quick import understand

if TYPE_CHECKING:
    from tuicrm.crm.session import Session


@pytest.mark.parametrize(
    ("text", "kind", "subject"),
    [
        ("no answer", "activity", "no answer"),
        ("left a message, call back thursday", "activity", "left a message, call back thursday"),
        ("spoke with jane: wants terms", "activity", "wants terms"),
        ("new deal Fabrikam pilot 4k", "deal", "Fabrikam pilot"),
        ("add contact Peter Pan", "contact", "Peter Pan"),
        ("new printer for the office", "followup", "new printer for the office"),
        ("called no answer", "activity", "no answer"),
    ],
)
def test_what_a_line_becomes(session: Session, acme: dict[str, str], text: str, kind: str, subject: str) -> None:
    one = understand(session, text)
    assert (one.kind, one.subject, one.text) == (kind, subject, text)


def test_an_outcome_is_no_name(session: Session, acme: dict[str, str]) -> None:
    from tuicrm.crm.edit import add

    session.commit(add(session, "company", {"name": ["Noor Trading"]}))
    for text in ("called: no answer", "called no answer", "no answer"):
        one = understand(session, text)
        assert one.slot("company") is None
        assert [slot.chosen.key for slot in one.slots if slot.name == "outcome"] == ["no_answer"]


@pytest.mark.parametrize(
    ("text", "strange"),
    [
        ("call jane at 25:99", "25:99"),
        ("call jane 2026-02-30", "2026-02-30"),
        ("lunch on 14.10. 12:30", "14.10."),
        ("deal Pilot €4.500,50", "€4.500,50"),
        ("call jane about 24/7 support", ""),
        ("send version 1.2", ""),
    ],
)
def test_what_looks_like_a_date_or_an_amount_is_named_where_it_is_none(
    session: Session, acme: dict[str, str], text: str, strange: str
) -> None:
    assert understand(session, text).not_understood == strange
