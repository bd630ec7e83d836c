"""Text from outside, in every field, on every screen: no crash, no markup, no escape byte."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.style import Style

import tuicrm.tui
from tuicrm.store.changes import Write
from tuicrm.tui.safe import cell, literal, strip

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]

EVIL = (
    "[/",
    "[@click=app.quit]x[/]",
    "\x1b]0;owned\x07\x1b[2J",
    "\u202eevil\u2066",
    "a\u200bb\u200e\ufeff",
    "-rf",
    "شرکت پارس",
    "Αθήνα ΑΕ",
    "日本語株式会社",
    "👩‍👩‍👧‍👦 family",
    "z\u0335\u0336\u0337\u0338\u0339\u033a\u033b",
    "line\nbreak\r\ttab",
    "x" * 5000,
)


def unsafe(text: str) -> bool:
    """Tell whether text could steer a terminal or reorder a line."""
    return any(
        ord(one) < 32 or 0x7F <= ord(one) < 0xA0 or one in "\u202a\u202b\u202d\u202e\u2066\u2067" for one in text
    )


@given(st.text(), st.integers(1, 60))
@settings(max_examples=200, deadline=None)
def test_a_line_has_its_size_and_no_control_characters(text: str, size: int) -> None:
    made = strip([(text, "text"), (text, "muted")], size, lambda name: Style.null())
    assert made.cell_length == size
    assert not unsafe(made.text)


@given(st.text())
@settings(max_examples=200, deadline=None)
def test_content_and_cells_are_literal(text: str) -> None:
    assert not unsafe(literal(text).plain.replace("\n", ""))
    assert not unsafe(cell(text).plain)
    assert literal("[b]x[/b]").plain == "[b]x[/b]"


@pytest.mark.parametrize("evil", EVIL, ids=range(len(EVIL)))
async def test_names_are_harmless_on_every_screen(drive: Drive, session: Session, evil: str) -> None:
    pipeline = next(iter(session.ws.all("pipeline")))
    company, contact, deal, task = (session.ws.new_id() for _ in range(4))
    session.ws.commit(
        [
            Write("company", company, {"name": evil, "city": evil}),
            Write("contact", contact, {"name": evil, "title": evil, "company": company}),
            Write(
                "deal",
                deal,
                {
                    "name": evil,
                    "company": company,
                    "contacts": [contact],
                    "pipeline": pipeline,
                    "stage": "lead",
                    "owner": session.me,
                    "notes": evil,
                    "tags": [evil.replace(",", "")],
                },
            ),
            Write("followup", task, {"subject": evil, "deal": deal, "due": "2026-01-01"}),
        ],
        by="ann",
        note=evil,
    )
    async with drive() as tui:
        assert tui.board.place.card is not None
        assert tui.board.place.card.id == deal
        seen = [tui.text]
        for keys in (["space"], ["enter"], ["escape"], ["x"], ["escape"], ["L"], ["u"], ["slash", "z", "enter"]):
            await tui.press(*keys)
            seen.append(tui.text)
        assert tui.app.is_running
        assert not any(unsafe(line) for text in seen for line in text.split("\n"))


WIDGETS = {"Static", "Label", "Option", "notify", "Button", "Markdown", "Checkbox", "Collapsible", "add_row"}


def test_no_text_reaches_a_widget_except_through_safe() -> None:
    found: list[str] = []
    for path in Path(tuicrm.tui.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                plain = [one for one in node.args if not (isinstance(one, ast.Call) and _door(one))]
                if name in WIDGETS and plain:
                    found.append(f"{path.name}:{node.lineno} {name}(…)")
    assert found == []


def _door(call: ast.Call) -> bool:
    return getattr(call.func, "id", getattr(call.func, "attr", "")) in ("literal", "cell")
