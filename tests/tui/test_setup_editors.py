"""What a team has set up, edited by keys: lead statuses, score rules, sequences, answers and templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.crm import answers, scoring, sequences, statuses
from tuicrm.crm.edit import add
from tuicrm.crm.steps import steps

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


def held_statuses(session: Session) -> list[tuple[str, str, str]]:
    return [(one.name, one.meaning, one.criteria) for one in statuses.statuses(session)]


async def test_lead_statuses_are_added_reworded_carried_and_removed(drive: Drive, session: Session) -> None:
    session.commit(add(session, "lead", {"name": ["Jane Roe"]}))
    async with drive() as tui:
        await tui.press("P", *"lead stat", "enter")
        await tui.press("a", *"Met", "enter", *"We spoke", "enter")
        assert held_statuses(session)[1] == ("Met", "open", "We spoke")
        await tui.press("H")
        assert [one[0] for one in held_statuses(session)[:2]] == ["Met", "new"]
        await tui.press("enter", "enter", *" twice", "enter", "escape")
        assert held_statuses(session)[0][2] == "We spoke twice"
        await tui.press("j", "D", "1")
        (lead,) = session.ws.all("lead").values()
        assert (statuses.status_of(session, lead).name, len(held_statuses(session))) == ("Met", 4)
        await tui.press("u")
        assert len(held_statuses(session)) == 5
        await tui.press("G", "D")
        assert "the only status that means unqualified" in tui.text


async def test_score_rules_are_added_changed_and_removed(drive: Drive, session: Session) -> None:
    session.commit(add(session, "lead", {"name": ["Jane Roe"]}))
    async with drive() as tui:
        tui.app.action_score_edit()
        await tui.settle()
        await tui.press("a", *"+10 source:fair", "enter")
        await tui.press("a", *"+5 nope:x", "enter")
        assert "leads have no field 'nope'" in tui.text
        await tui.press("enter", "enter", *"0", "enter")
        assert [(one.points, one.where) for one in scoring.rules(session)] == [(100, "source:fair")]
        await tui.press("escape", "D")
        assert scoring.rules(session) == []
        assert "none yet" in tui.text


async def test_a_sequence_is_made_and_its_steps_are_changed(drive: Drive, session: Session) -> None:
    def said() -> list[tuple[int, str]]:
        (one,) = session.ws.all("sequence").values()
        return [(step.day, step.said) for step in steps(one)]

    async with drive() as tui:
        tui.app.action_sequence_edit()
        await tui.settle()
        await tui.press("a", *"Outbound", "enter", *"0 call Hello", "enter")
        await tui.press("enter", "a", *"3 email Prices", "enter")
        assert said() == [(0, "call: Hello"), (3, "e-mail: Prices")]
        await tui.press("g", "enter", *" again", "enter")
        assert said() == [(0, "call: Hello again"), (3, "e-mail: Prices")]
        await tui.press("j", "D")
        assert said() == [(0, "call: Hello again")]
        await tui.press("escape", "D", "u")
        assert len(session.ws.all("sequence")) == 1


async def test_a_reworded_step_is_the_same_step_for_whoever_is_at_it(session: Session) -> None:
    plan = sequences.add(session, "Outbound", ["0 call Hello", "3 call Again"])
    session.commit(plan)
    sequence = session.ws.all("sequence")[plan.ids[0]]
    contact = next(iter(session.ws.all("contact").values()))
    session.commit(sequences.start(session, sequence, "contact", contact))
    first = steps(sequence)[0]
    session.commit(sequences.retype_step(session, sequence, first.key, "1 email Hi"))
    again = steps(session.ws.all("sequence")[plan.ids[0]])[0]
    assert (again.key, again.order, again.said, again.day) == (first.key, first.order, "e-mail: Hi", 1)


async def test_answers_that_wait_come_first_and_are_given_in_a_form(drive: Drive, session: Session) -> None:
    session.commit(add(session, "answer", {"question": ["Is there a report?"], "answer": ["Yes"]}))
    session.commit(answers.ask(session, "An office in Ghent?"))
    async with drive() as tui:
        tui.app.action_answer_show()
        await tui.settle()
        assert "> An office in Ghent? | nobody has answered this" in tui.text
        await tui.press("enter", "tab", *"In Antwerp", "ctrl+o")
        assert answers.search(session, "Ghent")[0]["answer"] == "In Antwerp"


async def test_a_template_that_names_no_field_is_refused_in_its_form(drive: Drive, session: Session) -> None:
    session.commit(add(session, "template", {"name": ["Intro"], "subject": ["Hello"], "body": ["Hi"]}))
    async with drive() as tui:
        tui.app.action_template_show()
        await tui.settle()
        await tui.press("enter", "tab", "tab", *" {nope}", "enter")
        assert "no field 'nope'" in tui.text
        (one,) = session.ws.all("template").values()
        assert one["subject"] == "Hello"


async def test_an_answer_that_is_logged_by_hand_ends_the_sequence(drive: Drive, session: Session) -> None:
    plan = sequences.add(session, "Outbound", ["0 call Hello", "3 call Again"])
    session.commit(plan)
    key = add(session, "lead", {"name": ["Jane Roe"]})
    session.commit(key)
    lead = session.ws.all("lead")[key.ids[0]]
    async with drive() as tui:
        await tui.press("7", "m")
        assert "received" not in tui.text
        await tui.press("escape")
        session.commit(sequences.start(session, session.ws.all("sequence")[plan.ids[0]], "lead", lead))
        await tui.press("m", *"wants prices", "tab")
        assert "1 received 2 sent" in tui.text
        await tui.press("1", "enter")
        (enrolment,) = session.ws.all("enrolment").values()
        assert enrolment["reason"] == "they answered"
