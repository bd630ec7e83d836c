"""Logging from every pane by keys, counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from textual import events

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]

Record = dict[str, Any]
PANES = ("1", "2", "3", "5", "6")


def keys_of(sequence: str) -> tuple[list[str], int]:
    """Return the keys of a sequence such as `c [text] Tab 1`, and how many count."""
    found: list[str] = []
    counted = 0
    for part in sequence.split("|"):
        if part.startswith("["):
            found += ["space" if one == " " else one for one in part[1:-1]]
        else:
            found.append(part)
            counted += 1
    return found, counted


def entries(session: Session) -> list[Record]:
    """Return what was logged by hand, the latest last."""
    return [one for one in session.ws.all("activity").values() if one["type"] != "change"]


def undone(session: Session) -> dict[str, str]:
    """Return the due dates of what is to be done, by id."""
    return {key: one.get("due", "") for key, one in session.ws.all("followup").items() if not one.get("done_at")}


async def test_what_is_to_be_done_next_stays_in_sight_beside_what_was_understood(drive: Drive) -> None:
    async with drive(size=(80, 24)) as tui:
        await tui.press(*keys_of("c|tab|tab|[send them the report tomorrow 10am]")[0])
        (line,) = [line for line in tui.text.splitlines() if line.startswith(" next")]
        assert "send them the report tomorrow 10am" in line
        assert "9 Oct" in line


@pytest.mark.parametrize("pane", [*PANES, "record"])
async def test_a_call_with_outcome_and_next_step_takes_five_keys(drive: Drive, session: Session, pane: str) -> None:
    keys, counted = keys_of("c|[wants the report]|tab|1|tab|[3d]|enter")
    assert counted == 5
    async with drive() as on:
        await on.press(*(["1", "enter"] if pane == "record" else [pane]))
        before, todo = len(entries(session)), undone(session)
        await on.press(*keys)
        assert len(entries(session)) == before + 1
        entry = entries(session)[-1]
        assert (entry["type"], entry["subject"], entry["outcome"]) == ("call", "wants the report", "reached")
        made = [due for key, due in undone(session).items() if key not in todo]
        assert made == ["2026-10-11"]
        assert "u undoes" in on.text
        await on.press("u")
        assert len(entries(session)) == before
        assert undone(session) == todo


@pytest.mark.parametrize(
    ("sequence", "sort", "most"),
    [
        ("m|[sent the offer]|tab|[tue call]|enter", "email", 3),
        ("M|[kick-off]|tab|1|tab|[2w]|enter", "meeting", 5),
        ("n|[budget is signed off]|enter", "note", 2),
        ("c|tab|2|enter", "call", 4),
        ("c|enter", "call", 2),
    ],
)
async def test_the_other_sequences(drive: Drive, session: Session, sequence: str, sort: str, most: int) -> None:
    keys, counted = keys_of(sequence)
    assert counted <= most
    async with drive() as on:
        before = len(entries(session))
        await on.press(*keys)
        assert len(entries(session)) == before + 1
        assert entries(session)[-1]["type"] == sort


async def test_a_call_closes_the_follow_up_it_is_made_for(drive: Drive, session: Session) -> None:
    async with drive() as on:
        await on.press("3", "j", "c", *"done")
        assert "[x] closes: call Jane Roe re SOC2 (late 3d)" in on.text
        todo = undone(session)
        await on.press("enter")
        assert len(undone(session)) == len(todo) - 1
        assert "done: call Jane Roe re SOC2" in on.text


async def test_it_stays_where_the_box_is_cleared(drive: Drive, session: Session) -> None:
    async with drive() as on:
        await on.press("3", "j", "c", *"x", "shift+tab", "space")
        assert "[ ] closes: call Jane Roe" in on.text
        todo = undone(session)
        await on.press("enter")
        assert undone(session) == todo


async def test_nobody_answers_and_the_retry_is_offered(drive: Drive, session: Session) -> None:
    async with drive() as on:
        await on.press("3", "j")
        todo = undone(session)
        await on.press("c", "tab", "2")
        assert "[x] puts off: call Jane Roe re SOC2" in on.text
        assert "Fri 9 Oct 2026 (tomorrow)" in on.text
        await on.press("enter")
        assert entries(session)[-1]["outcome"] == "no_answer"
        (changed,) = [key for key, due in undone(session).items() if todo[key] != due]
        assert undone(session)[changed] == "2026-10-09"
        await on.press("u")
        assert undone(session) == todo


async def test_typing_replaces_the_retry_and_another_outcome_takes_it_back(drive: Drive) -> None:
    async with drive() as on:
        await on.press("c", "tab", "2", "tab")
        await on.press(*"mon")
        assert "Mon 12 Oct 2026" in on.text
        await on.press("escape", "n", "escape")
        await on.press("m", *"x", "escape")
    async with drive() as on:
        await on.press("c", "tab", "4")
        assert "in 2 hours" in on.text
        await on.press("1")
        assert "in 2 hours" not in on.text
        assert "reached" in on.text


async def test_a_draft_waits_for_its_record(drive: Drive, session: Session) -> None:
    async with drive() as on:
        await on.press("5", "c", *"half", "tab", "1", "escape")
        assert "kept as a draft" in on.text
        before = len(entries(session))
        await on.press("j", "c")
        assert "half" not in on.text
        await on.press("escape", "k", "c")
        assert "half" in on.text
        await on.press("enter")
        assert len(entries(session)) == before + 1
        assert (entries(session)[-1]["subject"], entries(session)[-1]["outcome"]) == ("half", "reached")
        await on.press("c")
        assert "half" not in on.text.splitlines()[-4:]


async def test_marked_records_get_an_entry_each_and_one_undo(drive: Drive, session: Session) -> None:
    async with drive() as on:
        await on.press("6", "J", "J", "c", *"fair", "enter")
        before = [one for one in entries(session) if one["subject"] == "fair"]
        assert len(before) == 3
        await on.press("u")
        assert not [one for one in entries(session) if one["subject"] == "fair"]


async def test_who_must_not_be_contacted_is_said_before_the_call(drive: Drive, session: Session) -> None:
    from tuicrm.crm.edit import edit

    session.commit(edit(session, "contact", [*session.ws.all("contact").values()], {"do_not_contact": ["yes"]}))
    async with drive() as on:
        await on.press("5", "c")
        assert "asked not to be contacted" in on.text
        await on.press("escape", "n")
        assert "asked not to be contacted" not in on.text


MAIL = """From: Jane Roe <{address}>
To: ann@our.example
Date: Tue, 6 Oct 2026 15:04:00 +0200
Subject: Terms [/ \x1b[2J

Agreed.
\x9b31mRed [@click=app.quit]me[/]
"""


async def test_a_pasted_mail_becomes_an_entry(drive: Drive, session: Session) -> None:
    jane = next(one for one in session.ws.all("contact").values() if one["name"] == "Jane Roe")
    address = next(iter(jane["emails"]))
    async with drive() as on:
        await on.press("c")
        assert on.app.focused is not None
        on.app.focused.post_message(events.Paste(MAIL.format(address=address)))
        await on.settle()
        assert "MAIL Jane Roe" in on.text
        assert "nobody here has the address ann@our.example" in on.text
        assert "\x1b" not in on.text
        await on.press("enter")
        entry = next(one for one in entries(session) if str(one["subject"]).startswith("Terms"))
        assert (entry["type"], entry["contacts"], entry["outcome"]) == ("email", [jane["id"]], "received")
        assert entry["body"].startswith("Agreed.")
        await on.press("2")
        assert "\x1b" not in on.text


async def test_lines_that_are_no_mail_go_into_the_body(drive: Drive, session: Session) -> None:
    async with drive() as on:
        await on.press("n", *"so: ")
        assert on.app.focused is not None
        on.app.focused.post_message(events.Paste("first\nsecond [/\nthird"))
        await on.settle()
        assert "+2 lines" in on.text
        await on.press("enter")
        entry = entries(session)[-1]
        assert (entry["subject"], entry["body"]) == ("so: first", "second [/\nthird")


async def test_a_mail_without_anybody_selected(drive: Drive, session: Session) -> None:
    async with drive() as on:
        await on.press("2", "slash", *"nothing like this", "enter", "c")
        assert "nothing here to log about" in on.text
        await on.press("m")
        assert "about nobody in particular" in on.text


async def test_a_mistake_keeps_the_line_open(drive: Drive, session: Session) -> None:
    async with drive() as on:
        before = len(entries(session))
        await on.press("n", "enter")
        assert "a note needs a text" in on.text
        await on.press(*"now", "enter")
        assert len(entries(session)) == before + 1


@pytest.mark.parametrize("size", [(40, 20), (60, 16), (120, 40), (30, 8)])
async def test_it_fits_every_size(drive: Drive, size: tuple[int, int]) -> None:
    async with drive(size=size) as on:
        await on.press("3", "c", *"text", "tab", "2", "tab")
        assert "tomorrow" in on.text
        await on.press("tab", "tab", "escape")
        assert "draft" in on.text
