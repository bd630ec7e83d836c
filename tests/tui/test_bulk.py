"""Many deals at once, by keys: each change is one step of undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


@pytest.mark.parametrize(
    ("keys", "field"),
    [
        (["O", *"bob", "enter"], "owner"),
        (["C", *"1 dec", "enter"], "expected_close"),
        (["t", *"big", "enter"], "tags"),
        (["s", "5"], "stage"),
        (["L"], "stage"),
        (["w"], "stage"),
        (["x", "3", "enter"], "lost_reason"),
    ],
)
async def test_five_adjacent_deals_change_in_one_step(
    drive: Drive, session: Session, keys: list[str], field: str
) -> None:
    async with drive() as tui:
        names = tui.stage("Lead")[:5]
        held = {str(one["name"]): str(one["id"]) for one in session.ws.all("deal").values() if one.get("name") in names}
        before = {key: dict(session.ws.get("deal", key) or {}) for key in held.values()}
        await tui.press("J", "J", "J", "J", *keys)
        after = {key: session.ws.get("deal", key) or {} for key in held.values()}
        assert all(after[key].get(field) != before[key].get(field) for key in held.values())
        assert "u undoes" in tui.status
        await tui.press("u")
        assert all((session.ws.get("deal", key) or {}).get(field) == before[key].get(field) for key in held.values())


async def test_the_keys_are_as_few_as_promised(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        lost = ["x", "2", "enter"]
        owner = ["J", "J", "J", "J", "O", "enter"]
        assert (len(lost), len(owner)) == (3, 6)
        names = tui.stage("Lead")[:5]
        await tui.press(*owner[:-1], *"bob", owner[-1])
        bob = next(key for key, one in session.ws.all("user").items() if one.get("handle") == "bob")
        assert [one["owner"] for one in session.ws.all("deal").values() if one.get("name") in names] == [bob] * 5
