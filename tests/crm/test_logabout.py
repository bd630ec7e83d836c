"""One line about records: what it logs, what it closes, what comes next."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tuicrm.crm import undo
from tuicrm.crm.about import about
from tuicrm.crm.answering import answered, retry
from tuicrm.crm.edit import add
from tuicrm.crm.logabout import Typed, echo, entries, log_about
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.about import About
    from tuicrm.crm.session import Session

    Of = Callable[[str, str], About]

Acme = dict[str, str]
Record = dict[str, Any]


@pytest.fixture
def of(session: Session) -> Callable[[str, str], About]:
    """Return what tells what a record is about."""

    def found(kind: str, key: str) -> About:
        record = session.ws.get(kind, key)
        assert record is not None
        return about(session, kind, record)

    return found


@pytest.fixture
def due(session: Session, acme: Acme) -> Callable[..., str]:
    """Return what adds a follow-up of the deal and Jane."""

    def made(subject: str, when: str = "today", **more: str) -> str:
        typed = {"subject": [subject], "due": [when], "deal": [acme["deal"]], "contacts": [acme["contact"]]}
        plan = add(session, "followup", {**typed, **{name: [text] for name, text in more.items()}})
        session.commit(plan)
        return plan.ids[0]

    return made


def undone(session: Session) -> list[tuple[str, str]]:
    """Return subject and due date of what is still to be done."""
    held = [one for one in session.ws.all("followup").values() if not one.get("done_at")]
    return sorted((one["subject"], one.get("due", "")) for one in held)


def logged(session: Session) -> list[Record]:
    return [one for one in session.ws.all("activity").values() if one["type"] != "change"]


def test_a_call_closes_what_it_answers_and_plans_what_is_next_in_one_step(
    session: Session, acme: Acme, of: Of, due: Callable[..., str]
) -> None:
    key = due("call re SOC2", "yesterday")
    typed = Typed("call", "wants the report", "reached", "3d")
    session.commit(log_about(session, typed, [of("followup", key)]))
    (entry,) = logged(session)
    assert (entry["contacts"], entry["deal"], entry["outcome"]) == ([acme["contact"]], acme["deal"], "reached")
    assert undone(session) == [("call Jane Roe", "2026-10-11")]
    session.commit(undo.undo(session))
    assert (logged(session), undone(session)) == ([], [("call re SOC2", "2026-10-07")])


@pytest.mark.parametrize("kind", ["deal", "contact"])
def test_a_call_to_whom_a_call_is_due_closes_it(
    session: Session, acme: Acme, of: Of, due: Callable[..., str], kind: str
) -> None:
    due("send the quote")
    due("phone Jane")
    due("call again", "next week")
    session.commit(log_about(session, Typed("call"), [of(kind, acme[kind])]))
    assert [subject for subject, _ in undone(session)] == ["call again", "send the quote"]
    assert logged(session)[0]["subject"] == "phone Jane"


def test_a_mail_answers_what_was_to_be_sent_and_a_note_nothing(
    session: Session, acme: Acme, of: Of, due: Callable[..., str]
) -> None:
    key = due("Send the e-mail")
    deal = of("deal", acme["deal"])
    assert answered(session, "call", deal) is None
    assert answered(session, "note", of("followup", key)) is None
    found = answered(session, "email", deal)
    assert found is not None
    assert found["id"] == key


def test_what_is_not_to_be_closed_stays(session: Session, of: Of, due: Callable[..., str]) -> None:
    key = due("call Jane")
    session.commit(log_about(session, Typed("call", "x", "reached", closes=False), [of("followup", key)]))
    assert [subject for subject, _ in undone(session)] == ["call Jane"]


@pytest.mark.parametrize("outcome", ["no_answer", "no answer", "busy", "left message"])
def test_where_nobody_was_reached_the_follow_up_is_put_off(
    session: Session, of: Of, due: Callable[..., str], outcome: str
) -> None:
    key = due("call re SOC2")
    session.commit(log_about(session, Typed("call", "", outcome, "tomorrow"), [of("followup", key)]))
    assert undone(session) == [("call re SOC2", "2026-10-09")]
    session.commit(undo.undo(session))
    assert undone(session) == [("call re SOC2", "2026-10-08")]


def test_without_a_retry_it_stays_and_another_step_replaces_it(
    session: Session, of: Of, due: Callable[..., str]
) -> None:
    key = due("call re SOC2")
    session.commit(log_about(session, Typed("call", "", "busy"), [of("followup", key)]))
    assert undone(session) == [("call re SOC2", "2026-10-08")]
    session.commit(log_about(session, Typed("call", "", "busy", "mail her mon"), [of("followup", key)]))
    assert undone(session) == [("mail her", "2026-10-12")]


def test_a_retry_without_a_follow_up_makes_one(session: Session, acme: Acme, of: Of) -> None:
    session.commit(log_about(session, Typed("call", "", "no_answer", "tomorrow"), [of("contact", acme["contact"])]))
    assert undone(session) == [("call Jane Roe", "2026-10-09")]


def test_a_bare_date_is_called_after_what_was_said(session: Session, acme: Acme, of: Of) -> None:
    deal = of("deal", acme["deal"])
    said = echo(session, Typed("email", "pricing sheet", next="3d"), [deal])
    assert said == "Sun 11 Oct 2026 (in 3 days): follow up: pricing sheet"
    said = echo(session, Typed("call", "x", next="tue 10 send quote"), [deal])
    assert said == "Tue 13 Oct 2026 10:00 Europe/Berlin (in 5 days): send quote"
    assert echo(session, Typed("call", "x", next="whenever"), [deal]) == (
        "whenever, without a date, since none was understood"
    )
    assert echo(session, Typed("call", "x"), [deal]) == ""


def test_many_records_get_an_entry_each_in_one_step(session: Session, acme: Acme, of: Of) -> None:
    abouts = [of("deal", acme["deal"]), of("company", acme["company"])]
    plan = log_about(session, Typed("call", "x", next="2d"), abouts)
    assert plan.note == "logged 2 calls"
    session.commit(plan)
    assert len(logged(session)) == 2
    assert undone(session) == [("call Acme GmbH", "2026-10-10"), ("call Jane Roe", "2026-10-10")]
    session.commit(undo.undo(session))
    assert (logged(session), undone(session)) == ([], [])


def test_people_marked_for_a_meeting_meet_once(session: Session, acme: Acme, of: Of) -> None:
    plan = add(session, "contact", {"name": ["Tom Ek"], "company": ["Acme"]})
    session.commit(plan)
    abouts = [of("contact", acme["contact"]), of("contact", plan.ids[0])]
    session.commit(log_about(session, Typed("meeting", "kick-off"), abouts))
    (entry,) = logged(session)
    assert set(entry["contacts"]) == {acme["contact"], plan.ids[0]}
    assert entry["company"] == acme["company"]


def test_one_follow_up_of_two_marked_records_closes_once(
    session: Session, acme: Acme, of: Of, due: Callable[..., str]
) -> None:
    due("call Jane", repeat="weekly")
    abouts = [of("deal", acme["deal"]), of("contact", acme["contact"])]
    session.commit(log_about(session, Typed("call", "x"), abouts))
    assert len(undone(session)) == 1


def test_of_several_people_it_is_whom_the_follow_up_names(
    session: Session, acme: Acme, of: Of, due: Callable[..., str]
) -> None:
    plan = add(session, "contact", {"name": ["Tom Ek"], "company": ["Acme"]})
    session.commit(plan)
    session.commit(add(session, "deal", {"name": ["Two"], "contacts": [acme["contact"], plan.ids[0]]}))
    deal = max(session.ws.all("deal"))
    assert len(entries(session, Typed("call"), [of("deal", deal)])[0].contacts) == 1
    due("call Tom", deal=deal, contacts=plan.ids[0])
    assert entries(session, Typed("call"), [of("deal", deal)])[0].contacts == (plan.ids[0],)


def test_a_note_needs_a_text_and_can_be_about_nobody(session: Session) -> None:
    with pytest.raises(Invalid, match="note needs a text"):
        log_about(session, Typed("note", " \n"), [])
    session.commit(log_about(session, Typed("note", "the fair was good"), []))
    assert logged(session)[0]["subject"] == "the fair was good"


@pytest.mark.parametrize(
    ("now", "outcome", "expected"),
    [
        ("2026-10-08T09:00", "no_answer", "tomorrow"),
        ("2026-10-09T09:00", "no answer", "monday"),
        ("2026-10-08T09:00", "left_message", "monday"),
        ("2026-10-06T09:00", "left_message", "thursday"),
        ("2026-10-08T09:00", "busy", "in 2 hours"),
        ("2026-10-08T15:30", "busy", "tomorrow"),
        ("2026-10-08T09:00", "reached", ""),
    ],
)
def test_a_retry_is_on_a_day_of_work(session: Session, now: str, outcome: str, expected: str) -> None:
    session.at(datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert retry(session, outcome) == expected
    if expected:
        assert "without a date" not in echo(session, Typed("call", next=expected), [])
