"""Answers and templates put into the log line and into forms, and sequences started from a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tuicrm.crm.answers import take, used
from tuicrm.crm.edit import add
from tuicrm.crm.sequences import add as add_sequence

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]

Record = dict[str, Any]


@pytest.fixture
def library(session: Session) -> Session:
    """A workspace with answers, a template and a sequence."""
    for question, answer in (("Is there a SOC2 report?", "Yes, type II.\nOn request."), ("Price?", "See the list")):
        session.commit(add(session, "answer", {"question": [question], "answer": [answer]}))
    typed = {"name": ["Intro"], "subject": ["Hello {first_name}"], "body": ["Dear {name},\nbye"]}
    session.commit(add(session, "template", typed))
    session.commit(add_sequence(session, "Outbound", ["0 email Intro", "3 call Any questions?"]))
    return session


def logged(session: Session) -> Record:
    """Return what was logged last."""
    return [one for one in session.ws.all("activity").values() if one["type"] != "change"][-1]


def uses(session: Session) -> dict[str, int]:
    return {one["question"]: used(one) for one in session.ws.all("answer").values()}


async def test_an_answer_goes_into_the_call_and_is_counted(drive: Drive, library: Session) -> None:
    async with drive() as on:
        await on.press("c")
        assert "ctrl+f answers" in on.text
        await on.press("ctrl+f", *"soc", "enter")
        assert uses(library) == {"Is there a SOC2 report?": 0, "Price?": 0}
        await on.press("enter")
        entry = logged(library)
        assert (entry["type"], entry["subject"], entry["body"]) == ("call", "Yes, type II.", "On request.")
        assert uses(library) == {"Is there a SOC2 report?": 1, "Price?": 0}
        await on.press("u")
        assert uses(library) == {"Is there a SOC2 report?": 0, "Price?": 0}


async def test_the_most_used_answer_comes_first_and_what_is_typed_stays(drive: Drive, library: Session) -> None:
    price = next(key for key, one in library.ws.all("answer").items() if one["question"] == "Price?")
    library.ws.commit(take(library, [price]), by="bob", note="")
    async with drive() as on:
        await on.press("n", *"asked: ", "ctrl+f", "enter", "enter")
        assert logged(library)["subject"] == "asked: See the list"


async def test_one_key_collects_what_nobody_answered(drive: Drive, library: Session) -> None:
    async with drive() as on:
        await on.press("c", *"hm ", "ctrl+f", *"green?", "enter")
        assert "collected the question: green?" in on.text
        await on.press("enter")
        assert logged(library)["subject"] == "hm"
    assert [one["question"] for one in library.ws.all("answer").values() if not one.get("answer")] == ["green?"]


async def test_an_answer_goes_into_the_notes_of_a_form(drive: Drive, library: Session) -> None:
    async with drive() as on:
        await on.press("n", *"call", "enter", "2", "e")
        for _ in range(12):
            if "ctrl+f answers" in on.text and "ctrl+o" in on.text:
                break
            await on.press("tab")
        else:
            await on.press("ctrl+n")
            while not ("ctrl+f answers" in on.text and "ctrl+o" in on.text):
                await on.press("tab")
        await on.press("ctrl+f", *"price", "enter", "ctrl+o")
        assert logged(library)["body"] == "See the list"
    assert uses(library)["Price?"] == 1


async def test_a_template_is_filled_opened_and_logged_in_five_keys(
    drive: Drive, library: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Any] = []

    def opening(letter: Any, env: Any) -> str:
        opened.append(letter)
        return "opened"

    monkeypatch.setattr("tuicrm.crm.mailer.open_letter", opening)
    async with drive() as on:
        await on.press("5", "m", "ctrl+t", "enter", "1", "enter")
        entry = logged(library)
        (contact,) = (library.ws.get("contact", key) for key in entry["contacts"])
        assert contact is not None
        first = contact["name"].split()[0]
        assert (entry["type"], entry["outcome"], entry["subject"]) == ("email", "sent", f"Hello {first}")
        assert entry["body"] == f"Dear {contact['name']},\nbye"
        assert [one.to for one in opened] == [next(iter(contact["emails"]))]


async def test_esc_logs_nothing(drive: Drive, library: Session) -> None:
    async with drive() as on:
        before = logged(library)
        await on.press("5", "m", "ctrl+t", "enter", "3", "escape")
        assert logged(library) == before


async def test_a_sequence_is_started_and_stopped_from_the_palette(drive: Drive, library: Session) -> None:
    async with drive() as on:
        await on.press("5", "enter", "ctrl+p", *"start a sequence", "enter", "enter")
        (one,) = library.ws.all("enrolment").values()
        assert not one.get("ended_at")
        assert "Outbound, step 1" in on.text
        assert "e-mail: Intro (Outbound 1/2)" in on.text
        await on.press("ctrl+p", *"stop the sequence", "enter")
        assert library.ws.all("enrolment")[one["id"]]["reason"] == "stopped by Ann Lee"
        assert "Outbound, step" not in on.text


async def test_a_team_without_them_sees_nothing_of_it(drive: Drive) -> None:
    async with drive() as on:
        await on.press("5", "m")
        assert "template" not in on.text
        assert "answers" not in on.text
        await on.press("escape", "ctrl+p", *"sequence")
        assert "tart a sequence" not in on.text
        await on.press("escape", "enter", "e")
        assert "template" not in on.text
