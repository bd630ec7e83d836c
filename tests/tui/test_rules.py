"""Rules in the program: what they did is said, one step takes all of it back, and time is looked after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tuicrm.crm.rules import editing
from tuicrm.crm.rules.model import rules
from tuicrm.tui import duties, moves

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.rules.model import Rule
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


def add(session: Session, name: str, when: str, *do: str, condition: str = "") -> None:
    session.commit(editing.add(session, name, when=when, condition=condition, do=do))


def deal(session: Session, name: str) -> dict[str, Any]:
    return next(one for one in session.ws.all("deal").values() if one.get("name") == name)


def made(session: Session, subject: str) -> list[dict[str, Any]]:
    return [one for one in session.ws.all("followup").values() if one.get("subject") == subject]


async def test_what_a_rule_did_is_said_and_goes_with_one_undo(drive: Drive, session: Session) -> None:
    add(session, "Chase", "stage Demo", "followup ring them in 3 days", "tag hot")
    async with drive() as tui:
        await tui.press("l", "L")
        assert "Rule 'Chase': follow-up ring them" in tui.text
        assert len(made(session, "ring them")) == 1
        await tui.press("u")
        assert made(session, "ring them") == []
        assert deal(session, "Quint")["stage"] == "qualified"


async def test_a_stage_that_is_only_passed_leaves_nothing_behind(
    drive: Drive, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moves, "ROW_SECONDS", 30.0)
    add(session, "Demo", "stage Demo", "followup prepare demo in 3 days", "tag demoed")
    add(session, "Offer", "stage Proposal", "followup chase offer in 3 days")
    tags = deal(session, "Quint").get("tags", [])
    async with drive() as tui:
        await tui.press("l", "L", "L")
        assert deal(session, "Quint")["stage"] == "proposal"
        assert (made(session, "prepare demo"), len(made(session, "chase offer"))) == ([], 1)
        assert deal(session, "Quint").get("tags", []) == tags
        entries = [one["subject"] for one in session.ws.all("activity").values() if one.get("type") == "rule"]
        assert len(entries) == 1
        await tui.press("H", "L")
        assert (made(session, "prepare demo"), len(made(session, "chase offer"))) == ([], 1)
        await tui.press("u")
        assert made(session, "chase offer") == []
        assert deal(session, "Quint")["stage"] == "qualified"


async def test_what_time_sets_off_is_done_while_the_program_is_open(
    drive: Drive, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duties, "FIRST_SECONDS", 0.01)
    add(session, "Quiet", "no activity for 1 day", "followup break the silence", condition="name:Quint")
    async with drive() as tui:
        await tui.until(lambda: len(made(session, "break the silence")) == 1)
        await tui.until(lambda: "Rule 'Quiet': follow-up break the silence" in tui.text)


async def test_without_rules_nothing_of_them_is_loaded(drive: Drive, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(duties, "FIRST_SECONDS", 0.01)
    monkeypatch.setattr("tuicrm.crm.due._source", asked.append)
    looked: list[bool] = []
    inner = duties.Duties.look

    def look(self: duties.Duties) -> None:
        inner(self)
        looked.append(self._busy)

    monkeypatch.setattr(duties.Duties, "look", look)
    async with drive() as tui:
        await tui.until(lambda: bool(looked))
        assert (looked[0], asked) == (False, [])


async def test_the_list_of_rules_turns_them_off_and_shows_what_they_would_have_done(
    drive: Drive, session: Session
) -> None:
    add(session, "Chase", "stage Demo", "tag hot")
    async with drive() as tui:
        await tui.press("P", *"rules", "enter")
        await tui.until(lambda: "on    Chase | never ran" in tui.text)
        await tui.press("p")
        await tui.until(lambda: "would have run" in tui.text)
        await tui.press("enter")
        await tui.until(lambda: "off   Chase" in tui.text)
        assert next(iter(session.ws.all("rule").values()))["active"] is False
        await tui.press("escape", "l", "L")
        assert "Rule 'Chase'" not in tui.text


async def test_the_first_rule_is_made_by_whoever_looks_for_rules(drive: Drive, session: Session) -> None:
    async with drive((80, 60)) as tui:
        await tui.press("P")
        assert "The team's rules" not in tui.text
        await tui.press(*"rules", "enter")
        assert "none yet: a adds one" in tui.text
        await tui.press("a", *"Chase", "enter", *"stage Demmo", "enter")
        assert "no pipeline has a stage 'Demmo'; did you mean Demo?" in tui.text
        await tui.press("backspace", "backspace", "backspace", *"mo", "enter", *"valu>1", "enter")
        assert "deals have no field 'valu'; did you mean value?" in tui.text
        await tui.press("left", "left", *"e", "enter", *"tag hot", "enter")
        assert "on    Chase | never ran" in tui.text
        (rule,) = session.ws.all("rule").values()
        assert (rule["trigger"], rule["stage"], rule["condition"]) == ("stage", "demo", "value>1")
        await tui.press("u")
        assert "none yet" in tui.text


async def test_a_rule_is_changed_line_by_line(drive: Drive, session: Session) -> None:
    add(session, "Chase", "stage Demo", "tag hot", "log LINE", condition="value>1")

    def rule() -> Rule:
        return rules(session)[0]

    async with drive() as tui:
        await tui.press("P", *"rules", "enter", "e")
        assert "Rule: Chase" in tui.text
        await tui.press("enter", "ctrl+u", *"Hot", "enter", "j", "enter", "ctrl+u", *"value changed", "enter")
        assert (rule().name, rule().trigger, rule().field) == ("Hot", "changed", "value")
        await tui.press("j", "enter", "ctrl+u", "enter", "j", "enter", "ctrl+u", *"untag hot", "enter")
        assert (rule().condition, [one.do for one in rule().actions]) == ("", ["untag", "log"])
        await tui.press("a", *"set value=3", "enter")
        assert "the rule would set itself off" in tui.text
        await tui.press("ctrl+u", *"set category=commit", "enter", "g", "j", "j", "j", "D")
        assert [one.do for one in rule().actions] == ["log", "set"]
        await tui.press("D", "D")
        assert "a rule has to do something" in tui.text
        await tui.press("u")
        assert [one.do for one in rule().actions] == ["log", "set"]
        await tui.press("escape")
        assert "on    Hot" in tui.text
        await tui.press("D")
        assert "none yet" in tui.text


async def test_the_list_says_whose_command_waits_to_be_allowed(drive: Drive, session: Session) -> None:
    add(session, "Bell", "stage Demo", "command /bin/true")
    async with drive() as tui:
        await tui.press("P", *"rules", "enter")
        await tui.until(lambda: "its command is not run on this machine" in tui.text)
