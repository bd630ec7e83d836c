"""Long texts of a record can be read in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tuicrm.store.changes import Write
from tuicrm.text import clean_line
from tuicrm.tui.safe import cells
from tuicrm.tui.wrap import SKIPPED, wrapped

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]

WORDS = [f"word{number:03}" for number in range(120)]
PIECES = st.lists(
    st.sampled_from(["a", "long" * 9, " ", "語", "e\u0301", "👩\u200d👩\u200d👧", "\u202e", "\n", "بر\u200cم"])
)


@given(PIECES.map("".join), st.text(max_size=60), st.integers(6, 50))
@settings(max_examples=200, deadline=None)
def test_wrapping_keeps_the_text_and_the_size(first: str, more: str, size: int) -> None:
    made = wrapped(((first, "muted"), (more, "text")), size)
    assert all(sum(cells(text) for text, _ in line) <= size for line in made)
    left = "".join(text for line in made for text, _ in line)
    whole = clean_line(first) + clean_line(more) if len(made) > 1 else first + more
    skipped = dict.fromkeys(map(ord, SKIPPED))
    assert left.translate(skipped) == whole.translate(skipped)


def test_a_line_goes_on_under_its_text() -> None:
    entry = wrapped((("11:30 ", "muted"), ("call: wants the report", "text"), (" (ann)", "muted")), 24)
    assert ["".join(text for text, _ in line) for line in entry] == ["11:30 call: wants the", "      report (ann)"]
    word = wrapped((("x" * 25, "text"),), 10)
    assert [text for ((text, _),) in word] == ["x" * 10, "x" * 10, "x" * 5]


def entry(session: Session, body: str, notes: str) -> None:
    """Log a call with a long text, today, on a deal with long notes."""
    deal = next(one["id"] for one in session.ws.all("deal").values() if one.get("name") == "Acme renewal")
    call = {"type": "call", "subject": " ".join(WORDS[:20]), "body": body, "deal": deal, "at": "2026-10-08T08:59:00Z"}
    session.ws.commit(
        [Write("activity", session.ws.new_id(), call), Write("deal", deal, {"notes": notes})], by="ann", note="long"
    )


async def seen(tui: Driver, key: str) -> set[str]:
    """Return all words that come by while a key scrolls to the end."""
    found = set(tui.text.split())
    before = ""
    while tui.text != before:
        before = tui.text
        await tui.press(key)
        found |= set(tui.text.split())
    return found


@pytest.mark.parametrize(("size", "key"), [((80, 24), "j"), ((80, 24), "pagedown"), ((40, 20), "pagedown")])
async def test_long_texts_of_a_record_are_shown_in_full(
    drive: Drive, session: Session, size: tuple[int, int], key: str
) -> None:
    entry(session, " ".join(WORDS[20:60]) + "\nsecond\x1b[2J paragraph", " ".join(WORDS[60:]))
    async with drive(size) as tui:
        await tui.press("l", "l", "enter")
        await tui.counted()
        first = tui.text
        assert {*WORDS, "second␛[2J", "paragraph"} <= await seen(tui, key)
        await tui.press("k")
        assert tui.text != first
        await tui.press("g")
        assert tui.text == first


async def test_history_goes_on_under_its_text(drive: Drive, session: Session) -> None:
    entry(session, "the body", "")
    async with drive() as tui:
        await tui.press("l", "l", "enter")
        right = [line.partition("│")[2] for line in tui.text.splitlines()]
        at = next(number for number, line in enumerate(right) if "word000" in line)
        assert right[at].split()[0] == "08:59"
        assert right[at + 1].startswith(" " * 7 + "word")
        assert " " * 7 + "the body" in right
        await tui.pilot.resize_terminal(120, 40)
        await tui.settle()
        wide = next(line for line in tui.text.splitlines() if "word000" in line)
        assert len(wide) > 80
