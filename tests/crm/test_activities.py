"""Logging what happened, with what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tuicrm.crm import undo
from tuicrm.crm.activities import log
from tuicrm.crm.edit import add, edit
from tuicrm.errors import Invalid, NotFound
from tuicrm.store.ulid import ms_of

if TYPE_CHECKING:
    from tuicrm.crm.session import Session

Acme = dict[str, str]


def logged(session: Session, *args: Any, **options: Any) -> dict[str, Any]:
    plan = log(session, *args, **options)
    session.commit(plan)
    record = session.ws.get("activity", plan.ids[0])
    assert record is not None
    return record


def only_followup(session: Session) -> dict[str, Any]:
    (record,) = session.ws.all("followup").values()
    return record


def test_the_first_line_is_the_subject_and_the_rest_the_body(session: Session) -> None:
    entry = logged(session, "note", "Budget signed off\nby Tom,\n\nuntil May")
    assert (entry["type"], entry["subject"], entry["body"]) == ("note", "Budget signed off", "by Tom,\n\nuntil May")
    assert entry["owner"] == session.me


def test_a_contact_brings_the_company(session: Session, acme: Acme) -> None:
    entry = logged(session, "call", "hello", contacts=["jane@acme.example"], outcome="no answer", duration="12m")
    assert (entry["contacts"], entry["company"]) == ([acme["contact"]], acme["company"])
    assert (entry["outcome"], entry["duration"]) == ("no_answer", 12)


def test_a_deal_brings_its_company_and_its_only_contact(session: Session, acme: Acme) -> None:
    entry = logged(session, "meeting", "kick-off", deal="Acme renewal")
    assert (entry["deal"], entry["contacts"], entry["company"]) == (acme["deal"], [acme["contact"]], acme["company"])


def test_a_deal_with_several_contacts_brings_none(session: Session, acme: Acme) -> None:
    session.commit(add(session, "contact", {"name": ["Tom Ek"], "company": ["Acme"]}))
    session.commit(edit(session, "deal", [*session.ws.all("deal").values()], {"contact": ["Tom"]}))
    assert "contacts" not in logged(session, "call", "x", deal="Acme renewal")


def test_the_id_carries_the_time_at_which_it_happened(session: Session) -> None:
    entry = logged(session, "call", "x", at="2026-10-02 15:10")
    assert ms_of(entry["id"]) == 1_790_946_600_000
    assert "at" not in entry


def test_a_meeting_to_come_keeps_its_time(session: Session) -> None:
    entry = logged(session, "meeting", "kick-off", at="tomorrow 10am")
    assert entry["at"] == "2026-10-09T08:00:00Z"
    assert ms_of(entry["id"]) == int(session.now.timestamp() * 1000)


def test_the_next_step_becomes_a_followup(session: Session, acme: Acme) -> None:
    plan = log(session, "call", "wants a report", deal="Acme renewal", next_step="call Jane in 3 days")
    session.commit(plan)
    made = only_followup(session)
    assert (made["subject"], made["due"], made["deal"]) == ("call Jane", "2026-10-11", acme["deal"])
    assert (made["contacts"], made["company"], made["owner"]) == ([acme["contact"]], acme["company"], session.me)
    assert any("call Jane" in one and "11 Oct 2026" in one for one in plan.said)


@pytest.mark.parametrize(
    ("text", "subject", "due"),
    [
        ("3d", "Follow up", "2026-10-11"),
        ("send quote on friday", "send quote", "2026-10-09"),
        ("call tomorrow 10am", "call", "2026-10-09T10:00[Europe/Berlin]"),
        ("think about it", "think about it", None),
    ],
)
def test_the_date_of_the_next_step_is_its_end(session: Session, text: str, subject: str, due: str | None) -> None:
    session.commit(log(session, "note", "x", next_step=text))
    assert (only_followup(session)["subject"], only_followup(session).get("due")) == (subject, due)


def test_a_call_closes_its_followup_and_is_about_the_same(session: Session, acme: Acme) -> None:
    session.commit(add(session, "followup", {"subject": ["chase budget"], "deal": ["Acme renewal"]}))
    entry = logged(session, "call", "", followup="chase budget", next_step="again in 1 week")
    assert (entry["subject"], entry["deal"], entry["contacts"]) == ("chase budget", acme["deal"], [acme["contact"]])
    states = {one["subject"]: one.get("done_at") for one in session.ws.all("followup").values()}
    assert states == {"chase budget": "2026-10-08T09:00:00Z", "again": None}
    session.commit(undo.undo(session))
    assert not session.ws.all("activity")
    assert "done_at" not in only_followup(session)


def test_whoever_asked_not_to_be_contacted_is_named(session: Session, acme: Acme) -> None:
    session.commit(edit(session, "contact", [*session.ws.all("contact").values()], {"do_not_contact": ["yes"]}))
    assert "Jane Roe asked not to be contacted" in log(session, "call", "x", contacts=["Jane"]).said
    assert log(session, "note", "x", contacts=["Jane"]).said == ()


def test_what_is_wrong_is_said_and_nothing_is_logged(session: Session) -> None:
    with pytest.raises(Invalid, match="type"):
        log(session, "change", "x")
    with pytest.raises(NotFound):
        log(session, "call", "x", contacts=["Nobody"])
    with pytest.raises(Invalid, match="duration"):
        log(session, "call", "x", duration="an hour or so")
    with pytest.raises(Invalid, match="NUL"):
        log(session, "note", "a\nb\0c")
    assert not session.ws.all("activity")
