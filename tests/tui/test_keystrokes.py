"""The keystrokes that the work of a day may take: what is typed as text does not count, a shifted key counts once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tuicrm.crm.search import described

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]
    Check = Callable[["Driver", "Session", "Before"], bool]

Record = dict[str, Any]


class Before(NamedTuple):
    """How things were before the keys."""

    deals: dict[str, Record]
    targets: list[str]


class Sequence(NamedTuple):
    """What the keys are for, how many may count, and how to see that they did it."""

    task: str
    keys: str
    most: int
    check: Check
    first: str = ""
    """Keys that bring the cursor there; they do not count."""


def played(keys: str) -> tuple[list[str], int]:
    """Return the keys of a sequence such as `c [text] tab 1`, and how many of them count."""
    found: list[str] = []
    counted = 0
    for part in keys.split("|"):
        if part.startswith("["):
            found += [{" ": "space", ">": "greater_than_sign"}.get(one, one) for one in part[1:-1]]
        elif part:
            found.append(part)
            counted += 1
    return found, counted


def deal(session: Session, name: str) -> Record:
    """Return a deal by its name."""
    return next((one for one in session.ws.all("deal").values() if one["name"] == name), {})


def bob(session: Session) -> str:
    """Return the id of somebody else."""
    return next(key for key, one in session.ws.all("user").items() if one.get("handle") == "bob")


def called(tui: Driver, session: Session, before: Before) -> bool:
    """Whether the call is logged with its outcome, what it answers done, and the next step planned."""
    entry = [one for one in session.ws.all("activity").values() if one["type"] == "call"][-1]
    due = [one.get("due") for one in session.ws.all("followup").values() if one.get("deal") == before.targets[0]]
    return (entry["subject"], entry["outcome"]) == ("wants the report", "reached") and "2026-10-11" in due


def given(tui: Driver, session: Session, before: Before) -> bool:
    """Whether exactly five deals went to somebody else."""
    now = session.ws.all("deal")
    moved = [key for key, one in before.deals.items() if now[key]["owner"] != one["owner"]]
    return len(moved) == 5 and {now[key]["owner"] for key in moved} == {bob(session)}


def sold(tui: Driver, session: Session, before: Before) -> bool:
    """Whether there is a deal with its company and value."""
    made = deal(session, "Acme upsell")
    company = session.ws.get("company", str(made.get("company"))) or {}
    return (company.get("name"), made.get("value")) == ("Acme GmbH", "12000.00")


def stage(name: str, key: str) -> Check:
    """Return what tells whether a deal is in a stage."""
    return lambda tui, session, before: deal(session, name)["stage"] == key


def opened(tui: Driver, session: Session, before: Before) -> bool:
    """Whether the person with this number is on the screen."""
    pane = tui.app.main.pane
    ((kind, key),) = pane.targets() if pane is not None else [("", "")]
    return "0662" in described(session, kind, session.ws.get(kind, key) or {})[1] and "Kim Vos" in tui.text


def rescheduled(tui: Driver, session: Session, before: Before) -> bool:
    """Whether the first one that is late has another day."""
    due = {one["subject"]: one.get("due") for one in session.ws.all("followup").values()}
    return due["chase budget"] == "2026-10-13T10:00[UTC]"


SEQUENCES = (
    Sequence("log a call", "c|[wants the report]|tab|1|tab|[3d]|enter", 5, called, "l|l"),
    Sequence("move two stages", "L|L", 2, stage("Acme renewal", "negotiation"), "l|l"),
    Sequence(
        "lost with a reason",
        "x|2|enter",
        3,
        lambda tui, session, before: (
            (deal(session, "Acme renewal")["stage"], deal(session, "Acme renewal").get("lost_reason"))
            == ("lost", "timing")
        ),
        "l|l",
    ),
    Sequence("a deal for a company that is there", "a|[Acme upsell]|tab|[acm]|enter|tab|[12k]|enter", 5, sold),
    Sequence("reschedule", "r|[tue 10]|enter", 2, rescheduled, "3"),
    Sequence("a contact by phone", "ctrl+p|[0662]|enter", 2, opened),
    Sequence("the owner of five adjacent deals", "J|J|J|J|O|[bob]|enter", 6, given),
    Sequence("the owner of any five deals", "slash|[stage:negotiation]|enter|*|O|[bob]|enter", 5, given),
    Sequence("undo", "u", 1, stage("Acme renewal", "demo"), "l|l|L"),
)


@pytest.mark.parametrize("one", SEQUENCES, ids=lambda one: one.task)
async def test_it_takes_no_more_keys(drive: Drive, session: Session, one: Sequence) -> None:
    keys, counted = played(one.keys)
    assert counted <= one.most
    async with drive() as tui:
        await tui.press(*played(one.first)[0])
        pane = tui.app.main.pane
        assert pane is not None
        before = Before(
            {key: dict(held) for key, held in session.ws.all("deal").items()}, [k for _, k in pane.targets()]
        )
        assert not one.check(tui, session, before)
        await tui.press(*keys)
        assert one.check(tui, session, before)
