"""A workspace that stands still while others write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tuicrm.errors import ReadOnly
from tuicrm.store.changes import Remove, Write
from tuicrm.store.still import Still
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    found = Workspace.create(tmp_path / "w", name="w")
    found.commit([Write("deal", found.new_id(), {"name": "one"})], by="ann", note="")
    return found


def add(ws: Workspace, kind: str, name: str) -> str:
    key = ws.new_id()
    ws.commit([Write(kind, key, {"name": name})], by="ann", note="")
    return key


def names(ws: Workspace, kind: str) -> list[str]:
    return [one["name"] for one in ws.all(kind).values()]


def test_it_stays_as_it_was_until_it_is_taken_again(ws: Workspace) -> None:
    still = Still(ws)
    held = still.all("deal")
    (first,) = held
    add(ws, "deal", "two")
    ws.commit([Write("deal", first, {"name": "other"})], by="ann", note="")
    assert names(still, "deal") == ["one"]
    assert still.get("deal", first) == held[first]
    assert held[first]["name"] == "one"
    before = still.revision
    assert still.take()
    assert still.revision > before
    assert names(still, "deal") == ["other", "two"]
    assert [one["name"] for one in held.values()] == ["one"]


def test_what_was_never_asked_for_makes_no_difference(ws: Workspace) -> None:
    still = Still(ws)
    still.all("deal")
    still.take()
    before = still.revision
    add(ws, "contact", "Jane")
    assert not still.take()
    assert still.revision == before
    assert names(still, "contact") == ["Jane"]
    add(ws, "contact", "Ben")
    assert still.take()


def test_the_trash_is_part_of_it(ws: Workspace) -> None:
    still = Still(ws)
    (key,) = still.all("deal")
    ws.commit([Remove("deal", key)], by="ann", note="")
    assert (list(still.all("deal")), list(still.dead("deal"))) == ([key], [])
    still.take()
    assert (list(still.all("deal")), list(still.dead("deal"))) == ([], [key])
    assert still.kinds() == ws.kinds()


def test_nothing_is_written_through_it(ws: Workspace) -> None:
    still = Still(ws)
    with pytest.raises(ReadOnly):
        add(still, "deal", "two")
    assert still.refresh() == ()
    still.close()
    assert names(ws, "deal") == ["one"]
