"""The record view by keys alone."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING, Any

import pytest

from tuicrm.crm.opening import open_session
from tuicrm.store.changes import Write
from tuicrm.sync import lookback
from tuicrm.tui.panes.record import RecordPane

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


def under_cursor(tui: Driver) -> str:
    """Return the line that the cursor is on."""
    lines = tui.text.splitlines()
    halves = [half for line in lines[2:-4] for half in line.split("│")]
    return next((half[1:].strip() for half in halves if half.startswith(">")), "")


async def test_a_deal_opens_with_its_fields_and_history(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("l", "l", "enter")
        text = tui.text
        assert "Sales > Demo > Acme renewal" in text
        assert "1 of 11" in text
        assert "EUR 12,000" in text
        assert "Acme GmbH, Berlin" in text
        assert "1 open 12k, 2 won 64k" in text
        assert "Jane Roe" in text
        assert "NEXT" in text
        assert "!LATE 3d  call Jane Roe re SOC2" in text
        assert "Qualified > Demo" in text


async def test_back_returns_to_the_same_card(drive: Drive) -> None:
    for key in ("escape", "backspace", "q", "1"):
        async with drive() as tui:
            await tui.press("l", "l", "enter", key)
            assert tui.board.display
            assert tui.board.place.card is not None
            assert tui.board.place.card.title == "Acme renewal"
            await tui.press("j")
            assert tui.board.place.rows[2] == 1


async def test_the_next_record_of_the_stage(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("l", "l", "enter", "G", "full_stop")
        second = tui.stage("Demo")[1]
        assert f"> {second}" in tui.text
        assert "2 of 11" in tui.text
        assert "NEXT" in tui.text, "another record begins at its beginning"
        await tui.press("comma", "comma")
        assert "Acme renewal" in tui.text
        assert "no further deal" in tui.status


async def test_moving_in_the_record_moves_on_the_board(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("l", "l", "enter", "L")
        assert "Sales > Proposal > Acme renewal" in tui.text
        assert "Demo > Proposal" in tui.text
        await tui.press("escape")
        assert "Acme renewal" in tui.stage("Proposal")


async def test_tab_goes_through_the_areas(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("l", "l", "enter")
        assert under_cursor(tui) == ""
        seen = []
        for _ in range(5):
            await tui.press("tab")
            seen.append(under_cursor(tui).split("  ")[0])
        assert seen[0].startswith("stage Demo")
        assert seen[1].startswith("Acme GmbH")
        assert seen[2].startswith("!LATE 3d")
        assert " move" in seen[3]
        assert seen[4] == seen[0]
        await tui.press("shift+tab")
        assert under_cursor(tui).split("  ")[0] == seen[3]


async def test_links_open_and_come_back_to_the_same_cursor(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("l", "l", "enter", "tab", "tab", "enter")
        assert "Companies > Acme GmbH" in tui.text
        assert "Tom Winter" in tui.text
        assert "Acme rollout  55k Won" in tui.text
        await tui.press("tab", "tab", "enter")
        assert "Contacts > Jane Roe" in tui.text
        assert "1 of 2" in tui.text
        await tui.press("full_stop")
        assert "Contacts > Tom Winter" in tui.text
        await tui.press("escape")
        assert under_cursor(tui).startswith("Tom Winter")
        await tui.press("q")
        assert "Sales > Demo > Acme renewal" in tui.text
        assert under_cursor(tui).startswith("Acme GmbH")


async def test_keys_act_on_the_linked_record_under_the_cursor(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("6", "enter")
        assert "Companies > Acme GmbH" in tui.text
        await tui.press("L")
        assert "no deal here" in tui.status
        while "Acme renewal" not in under_cursor(tui):
            await tui.press("j")
        await tui.press("L")
        assert "Acme renewal  12k Proposal" in tui.text
        assert "Acme renewal" in under_cursor(tui)


async def test_the_history_is_narrowed_by_sort_and_by_words(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("l", "l", "enter", "v", "3")
        assert "[mail]" in tui.text
        assert "Sent references" in tui.text
        assert "Next steps" not in tui.text
        await tui.press("escape")
        assert "[all]" in tui.text
        await tui.press("slash", *"legal")
        assert "1 found" in tui.text
        await tui.press("enter")
        assert "Legal looks at the contract" in tui.text
        assert "Sent references" not in tui.text
        await tui.press("escape")
        assert "Sent references" in tui.text
        await tui.press("escape")
        assert tui.board.display


@pytest.mark.parametrize("typed", ["15k", "15,000"])
async def test_a_field_is_edited_where_it_stands(drive: Drive, session: Session, typed: str) -> None:
    async with drive() as tui:
        await tui.press("l", "l", "enter")
        while not under_cursor(tui).startswith("value"):
            await tui.press("j")
        await tui.press("e", "ctrl+u", *["full_stop" if one == "." else one for one in typed.replace(",", "")])
        assert "EUR 15,000" in tui.text
        await tui.press("enter")
        assert "value EUR 15,000" in tui.text
        assert under_cursor(tui).startswith("value")
        await tui.press("u")
        assert "value EUR 12,000" in tui.text


async def test_one_number_of_several_is_edited_and_keeps_its_place(drive: Drive, session: Session) -> None:
    jane = next(one for one in session.ws.all("contact").values() if one.get("name") == "Jane Roe")
    numbers = {"+4930111111": {"rank": 1, "label": "work"}, "+4930222222": {"rank": 2}}
    session.ws.commit([Write("contact", jane["id"], {"phones": numbers})], by="ann", note="phones")
    async with drive() as tui:
        tui.app.open_record("contact", jane["id"])
        await tui.settle()
        await tui.press("j", "j", "e", "ctrl+u", *"030999", "enter")
        lines = [line.split("│")[0].strip() for line in tui.text.splitlines()]
        at = lines.index("+4930222222")
        assert lines[at - 1].removeprefix(">") == "030999"
        await tui.press("k", "j", "e", "ctrl+u", "enter")
        assert not [line for line in tui.text.splitlines() if "030999" in line.split("│")[0]]
        assert "+4930222222" in tui.text


async def test_what_the_next_stage_needs_is_filled_in_at_its_place(drive: Drive, session: Session) -> None:
    pipeline = next(iter(session.ws.all("pipeline").values()))
    stages = {**pipeline["stages"], "proposal": {**pipeline["stages"]["proposal"], "requires": ["next_step"]}}
    session.ws.commit([Write("pipeline", pipeline["id"], {"stages": stages})], by="ann", note="gate")
    async with drive() as tui:
        await tui.press("l", "l", "enter")
        assert "[ ] next step  (Proposal needs it)" in tui.text
        while not under_cursor(tui).startswith("[ ]"):
            await tui.press("j")
        await tui.press("enter", *"pilot", "enter")
        assert "[ ] next step" not in tui.text
        assert "next step pilot" in tui.text


async def test_a_deleted_record_closes(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("l", "l", "enter", "D")
        assert tui.board.display
        assert "Acme renewal" not in tui.stage("Demo")
        await tui.press("u")
        assert "Acme renewal" in tui.stage("Demo")


async def test_any_kind_of_record_opens(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        for kind in ("activity", "followup", "product", "user", "view", "pipeline", "setting"):
            for key in list(session.ws.all(kind))[:1]:
                tui.app.open_record(kind, key)
                await tui.settle()
                assert f"{session.kind(kind).many.capitalize()} > " in tui.text
                await tui.press("G", "g", "tab", "escape")


async def test_the_history_names_who_changed_what(drive: Drive, session: Session, env: dict[str, str]) -> None:
    jane = next(one for one in session.ws.all("contact").values() if one.get("name") == "Jane Roe")
    session.ws.commit([Write("contact", jane["id"], {"title": "CEO"})], by="bob", note="title")
    other = open_session(session.ws.root, env)
    async with drive((120, 40)) as tui:
        tui.app.open_record("contact", jane["id"])
        await tui.settle()
        assert "title: CTO > CEO (bob)" in tui.text
        assert "added (ann)" in tui.text
        other.ws.commit([Write("contact", jane["id"], {"nickname": "JJ"})], by="carla", note="nickname")
        tui.app._poll()
        await tui.settle()
        assert "nickname: JJ (carla)" in tui.text
    other.ws.close()


async def test_keys_are_answered_while_git_is_asked(
    drive: Drive, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, look_back = Event(), lookback.look_back

    def slowly(*words: Any, **more: Any) -> lookback.Known:
        assert go.wait(30)
        return look_back(*words, **more)

    monkeypatch.setattr(lookback, "look_back", slowly)
    jane = next(one for one in session.ws.all("contact").values() if one.get("name") == "Jane Roe")
    session.ws.commit([Write("contact", jane["id"], {"title": "CEO"})], by="bob", note="title")
    async with drive((120, 40)) as tui:
        tui.app.open_record("contact", jane["id"])
        await tui.until(lambda: "added" in tui.text)
        await tui.pilot.press("j", "j")
        pane = tui.app.main.pane
        assert isinstance(pane, RecordPane)
        at = pane.at
        assert at > 0
        assert "(bob)" not in tui.text
        go.set()
        await tui.settle()
        assert "title: CTO > CEO (bob)" in tui.text
        assert pane.at == at
