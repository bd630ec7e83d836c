"""Whatever text is in the records: every screen opens, and nothing that steers a terminal reaches it."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.benchmarks.terminal import Terminal
from tests.tui.conftest import Driver, environment
from tuicrm.crm.opening import open_session
from tuicrm.records.registry import KINDS
from tuicrm.records.types import Flag, Integer, Ref, Refs
from tuicrm.records.values import Amount, Nested, Stage
from tuicrm.store.changes import Write
from tuicrm.tui.app import TuicrmApp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.session import Session
    from tuicrm.records.field import Field

STEERING = {*range(0x20), 0x7F, *range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F}
"""Code points that a terminal would obey or that turn the direction of text."""
NASTY = (
    "\x1b]0;owned\x07",
    "\x1b[2J\x1b[H",
    "[/",
    "[@click=app.exit]x[/]",
    "[bold red]",
    "\u202egnp.exe",
    "\x9b31m",
    "a\nb\tc\rd",
    "\x00",
    "{}",
    "%s",
    "👩‍👩‍👧",
    "میخواهم",
    "e\u0301" * 40,
    "字" * 90,
    "",
)
SHOWN = ("deal", "company", "contact", "followup", "activity", "product", "user", "view", "pipeline")
TEXTS = st.one_of(st.sampled_from(NASTY), st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
MANY_TEXTS = st.lists(TEXTS, min_size=1, max_size=12)
TOUR = (
    ("1", "j", "enter", "tab", "j", "enter", "escape", "escape"),
    ("2", "j", "enter", "escape"),
    ("3", "j", "minus", "enter", "escape"),
    ("4", "j", "enter", "escape", "escape"),
    ("5", "j", "enter", "tab", "tab", "escape"),
    ("4", "v", "3", "j", "enter", "j", "enter", "escape", "escape", "v", "7", "G", "escape"),
    ("6", "j", "enter", "escape"),
    ("1", "question_mark", "escape"),
    ("P", "a", "escape"),
    ("exclamation_mark", "escape"),
    ("c", "escape"),
    ("f", "escape"),
    ("e", "escape", "escape"),
    ("s", "escape"),
    ("x", "escape"),
    ("v", "escape"),
    ("o", "escape"),
    ("O", "escape"),
    ("t", "escape"),
    ("y", "escape"),
    ("colon", "a", "escape"),
    ("slash", "a", "escape"),
)
"""Keys that open every screen, and leave it."""


def filled(fields: tuple[Field, ...], text: str) -> dict[str, object]:
    """Return the text in every field that a text fits, as a hand could have written it into the file."""
    kept = (Ref, Refs, Stage, Nested, Amount, Integer, Flag)
    plain = [one for one in fields if not one.computed and not isinstance(one.type, kept)]
    return {one.name: [text] if one.type.many else text for one in plain}


def rewrite(session: Session, texts: Sequence[str]) -> None:
    """Put texts into every field of some records of every kind: each record has another one."""
    writes = []
    for kind in SHOWN:
        for place, key in enumerate(list(session.ws.all(kind))[: max(8, len(texts))]):
            fields = filled(KINDS[kind].all_fields, texts[place % len(texts)])
            if kind in ("view", "user"):
                fields.pop("handle", None)
                fields.pop("of", None)
            writes.append(Write(kind, key, fields))
    session.ws.commit(writes, by="eve", note="text")


def steering(text: str) -> list[str]:
    return [f"U+{ord(one):04X}" for one in text if ord(one) in STEERING and one != "\n"]


async def look_around(sample_folder: Path, texts: Sequence[str]) -> None:
    """Open every screen on a workspace that holds these texts."""
    with tempfile.TemporaryDirectory() as home:
        env = environment(Path(home))
        folder = Path(home) / "acme-sales"
        shutil.copytree(sample_folder, folder)
        session = open_session(folder, env)
        rewrite(session, texts)
        app = TuicrmApp(session, env=env)
        async with app.run_test(size=(80, 24)) as pilot:
            tui = Driver(app, pilot)
            await tui.settle()
            for keys in TOUR:
                for key in (*keys, "escape"):
                    await pilot.press(key)
                    assert not steering(tui.text), (keys, key)
                await tui.settle()
                assert not steering(tui.text), keys
        assert app.return_code in (0, None)


@pytest.mark.parametrize("at", [0, 8])
async def test_every_screen_opens_on_texts_that_are_known_to_harm(sample_folder: Path, at: int) -> None:
    await look_around(sample_folder, NASTY[at:] + NASTY[:at])


@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=MANY_TEXTS)
async def test_every_screen_opens_on_any_text(sample_folder: Path, texts: list[str]) -> None:
    await look_around(sample_folder, texts)


@pytest.mark.slow
@pytest.mark.timeout(600)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=MANY_TEXTS)
async def test_every_screen_opens_on_lots_of_texts(sample_folder: Path, texts: list[str]) -> None:
    await look_around(sample_folder, texts)


def test_no_escape_sequence_from_the_data_reaches_the_terminal(session: Session, env: dict[str, str]) -> None:
    rewrite(session, NASTY[:7])
    session.ws.close()
    command = [sys.executable, "-m", "tuicrm", "--workspace", str(session.ws.root)]
    surroundings = {**env, "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    with Terminal(command, env=surroundings, columns=120, rows=40) as terminal:
        terminal.until(b"weighted")
        for keys in (b"\r", b"\x1b", b"2", b"3", b"4", b"5", b"6", b"1", b"P", b"\x1b", b"?", b"\x1b"):
            terminal.press(keys)
            # A lone Esc is told from the start of a sequence by what does not follow it.
            terminal.settle(0.3)
        written = bytes(terminal.written)
    for sequence in (b"\x1b]0;", b"\xc2\x9b", "\u202e".encode()):
        assert sequence not in written
    assert written.count(b"\x1b[2J") <= 2
