"""The program on the screen: a value in every record on every pane, typed into every form, and what a terminal gets."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
from base64 import b64decode
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from textual import _wait, events

from tests.benchmarks.terminal import Terminal
from tests.prove.hostile_desk import holds
from tests.prove.hostile_doors import came_back
from tests.prove.hostile_values import harm, storable
from tests.tui.conftest import NAP, Driver
from tuicrm.crm.echo import can_type
from tuicrm.crm.opening import open_session
from tuicrm.records.registry import KINDS
from tuicrm.tui.app import TuicrmApp
from tuicrm.tui.commands import COMMANDS, PLACES, Command, commands_in
from tuicrm.tui.forms import open_form
from tuicrm.tui.forms.screen import FormScreen

if TYPE_CHECKING:
    import random
    from collections.abc import AsyncIterator

    from tests.prove.hostile_desk import Desk, Told
    from tests.prove.hostile_doors import Ids

LEFT_OUT = {"app.leave", "app.suspend", "app.cancel", "sync.now"}
"""What ends the program, or talks to others."""
WAYS: dict[str, tuple[str, ...]] = {
    "pipeline": ("1", "j"), "activity": ("2", "j"), "followups": ("3", "j"), "forecast": ("4",),
    "contacts": ("5", "j"), "companies": ("6", "j"), "leads": ("7", "j"), "record": ("5", "enter"),
    "deals": ("4", "enter"), "reports": ("4", "v", "3", "enter"), "next": ("N",), "duplicates": ("equals_sign",),
    "conflicts": ("P", *"conflicts", "enter"), "anywhere": ("1",),
}  # fmt: skip
"""How one gets to each place."""
SIZES = ((80, 24), (120, 40), (50, 16))
QUICK = ("colon", "c", "slash", "f", "P", "n")
"""Keys that open something to type into, from the board."""
SEQUENCE = re.compile(
    rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[PX^_][^\x1b]*\x1b\\|\x1b[ -/]*[0-~]"
)
PAYLOAD = re.compile(rb"PWNED|UFdORUQ|6;9;53|\x1b\[[56]i")
USUAL = {
    "CSI  m", "CSI  H", "CSI ? h", "CSI ? l", "CSI ? p", "CSI > u", "CSI < u", "OSC 22", "OSC 8", "CSI  t", "CSI  J",
}  # fmt: skip
"""What the program itself sends: colours, places, modes, the pointer, links to web pages and addresses."""
COPIED = re.compile(rb"\x1b\]52;c;((?:[0-9A-Za-z+/]{4})*(?:[0-9A-Za-z+/]{2}==|[0-9A-Za-z+/]{3}=)?)\x07")
"""What the program sends when Enter on a number or an address copies it."""
SMUGGLED = "PWNED"
"""What the clipboard would hold if a value that sets it came through; no value is just that."""
LINK = re.compile(rb"\x1b\]8;[^;]*;([^\x07\x1b]+)")
TOUR = (
    b"j\r\t\tj\r\x1b", b"2j\r\x1b", b"3j-\x1b", b"4jv3j\r\x1b", b"v7G\x1b", b"5j\r\t\x1b", b"6j\r\x1b", b"7j\r\x1b",
    b"N\x1b", b"=\x1b", b"!\x1b", b"1Pa\x1b", b"?\x1b", b"e\x1b\x1b", b"c\x1b", b"f\x1b", b"s\x1b", b"x\x1b", b"t\x1b",
    b":a\x1b", b"/a\x1b", b"Prules\r\x1b", b"Pconflicts\r\x1b", b"Pundo list\r\x1b", b"Pedit stages\r\x1b", b"Lu",
)  # fmt: skip
"""Keys that a person presses who looks at everything."""


@asynccontextmanager
async def opened(desk: Desk, size: tuple[int, int]) -> AsyncIterator[Driver]:
    """Open the program on the workspace of a desk."""
    _wait.SLEEP_GRANULARITY = NAP
    env = {**desk.env, "TERM": "xterm-256color"}
    env.pop("NO_COLOR", None)
    session = open_session(desk.folder, env)
    try:
        async with TuicrmApp(session, env=env).run_test(size=size) as pilot:
            driver = Driver(pilot.app, pilot)  # type: ignore[arg-type]
            await driver.settle()
            yield driver
    finally:
        session.ws.close()


def look_around(desk: Desk, told: Told, chance: random.Random, value: str, door: str, most: int) -> None:
    """Press so many of the keys that do something, each where it works, in a workspace full of a value."""
    known = [(place, one) for place in PLACES for one in commands_in(place) if one.id not in LEFT_OUT]
    known += [("anywhere", one) for one in COMMANDS if not one.keys]
    chosen = chance.sample(known, min(most, len(known)))
    size = chance.choice(SIZES)
    try:
        asyncio.run(_look_around(desk, told, value, door, chosen, size))
    except Exception as problem:  # noqa: BLE001 - a program that ends is what is looked for
        told.fail(f"the program, {value} by {door}: {type(problem).__name__}: {str(problem)[:300]}")
    desk.put_back()


async def _look_around(
    desk: Desk, told: Told, value: str, door: str, chosen: list[tuple[str, Command]], size: tuple[int, int]
) -> None:
    async with opened(desk, size) as tui:
        for place, one in sorted(chosen, key=lambda pair: list(PLACES).index(pair[0])):
            await tui.press("escape", "escape", "escape", *WAYS[place])
            told.count(value, door, f"screen: {place}")
            _judge(tui, told, f"the screen {place}, {value} by {door}")
            keys = (one.keys[0],) if one.keys else ("P", *one.label.replace(" ", "_").split("_")[0], "enter")
            await tui.press(*keys)
            told.count(value, door, f"screen: {one.id} in {place}")
            _judge(tui, told, f"the screen {one.id} in {place}, {value} by {door}")
            if not tui.app.is_running:
                told.fail(f"{one.id} in {place} ended the program, {value} by {door}")
                return


def _judge(tui: Driver, told: Told, what: str) -> None:
    for line in tui.text.split("\n"):
        bad = harm(line)
        if bad:
            told.fail(f"{what}: {bad}")
            return
    title = f"{tui.app.title}{tui.app.sub_title}"
    if harm(title):
        told.fail(f"{what}: in the title {harm(title)}")


def type_in(desk: Desk, told: Told, chance: random.Random, value: str, text: str, ids: Ids, most: int) -> None:
    """Paste a value into forms, each field of text of so many kinds, and into the lines that commands open."""
    kinds = [one for one in KINDS if any(can_type(field) for field in KINDS[one].all_fields)]
    for kind in chance.sample(kinds, min(most, len(kinds))):
        for key in ("", (ids.get(kind) or [""])[0]):
            try:
                asyncio.run(_fill_in(desk, told, value, text, kind, key))
            except Exception as problem:  # noqa: BLE001 - a program that ends is what is looked for
                told.fail(f"the form of a {kind} with {value}: {type(problem).__name__}: {str(problem)[:300]}")
            desk.put_back()
    try:
        asyncio.run(_paste(desk, told, value, text))
    except Exception as problem:  # noqa: BLE001 - a program that ends is what is looked for
        told.fail(f"pasting {value}: {type(problem).__name__}: {str(problem)[:300]}")
    desk.put_back()


async def _fill_in(desk: Desk, told: Told, value: str, text: str, kind: str, key: str) -> None:
    what = f"form: {'edit' if key else 'new'} {kind}"
    async with opened(desk, (80, 24)) as tui:
        open_form(tui.app, kind, record_id=key)
        await tui.settle()
        await tui.press("ctrl+n")
        screen = tui.app.screen
        if not isinstance(screen, FormScreen):
            return
        for place, slot in enumerate(list(screen.sheet.slots)):
            screen.go(place)
            await tui.pilot.pause()
            focused = tui.app.focused
            if focused is not None:
                focused.post_message(events.Paste(text))
            await tui.settle()
            told.count(value, f"{what}, {slot.name}", "the form")
            _judge(tui, told, f"{what}, {slot.name} with {value}")
            if slot.verdict.bad and screen.sheet.slots[place] is slot:
                # What a field does not take is said beside it; the others are saved all the same.
                await tui.press("ctrl+u", "ctrl+a", "backspace")
        bad = [slot for slot in screen.sheet.everything if slot.verdict.bad and slot.dirty]
        for slot in bad:
            slot.type("")
            screen.sheet.judge(slot)
        await tui.press("ctrl+o")
        _judge(tui, told, f"{what} with {value}, saved")
    if desk.changed:
        problem = came_back(desk, told, value, " ".join(text.split("\n")).replace("\r", "").strip())
        if problem and storable(text):
            problem = (
                "" if any(holds(one, text) for held in desk.records().values() for one in held.values()) else problem
            )
        if problem:
            told.fail(f"{what} with {value}: {problem}")


async def _paste(desk: Desk, told: Told, value: str, text: str) -> None:
    async with opened(desk, (80, 24)) as tui:
        for key in QUICK:
            await tui.press("escape", "escape", "1", key)
            focused = tui.app.focused
            if focused is not None:
                focused.post_message(events.Paste(text))
            await tui.settle()
            told.count(value, f"pasted behind {key}", "the screen")
            _judge(tui, told, f"pasted behind {key}: {value}")
            await tui.press("enter")
            _judge(tui, told, f"pasted behind {key} and Enter: {value}")
            if not tui.app.is_running:
                told.fail(f"{value} pasted behind {key} ended the program")
                return


def shapes(written: bytes) -> set[str]:
    """Return what sorts of escape sequences are in what a terminal was sent."""
    found = set()
    for one in SEQUENCE.findall(written):
        kind = chr(one[1])
        if kind == "[":
            body = one[2:].decode("latin-1")
            found.add(f"CSI {body[:1] if body[:1] in '<=>?' else ''} {body[-1]}")
        elif kind == "]":
            found.add(f"OSC {one[2:].partition(b';')[0].decode('latin-1')}")
        else:
            found.add(f"ESC {one[1:2].decode('latin-1')}")
    return found


def without_copies(written: bytes) -> tuple[bytes, list[str]]:
    """Return what a terminal was sent but for what sets its clipboard, and the texts that it was set to."""
    return COPIED.sub(b"", written), [b64decode(one).decode() for one in COPIED.findall(written)]


def sent(desk: Desk) -> bytes:
    """Run the program in a terminal of its own, press all the keys, and return what it wrote there."""
    env = {**desk.env, "PYTHONPATH": os.getcwd(), "LANG": "C.UTF-8"}
    env.pop("NO_COLOR", None)
    command = [sys.executable, "-m", "tuicrm", "--workspace", str(desk.folder)]
    with Terminal(command, env=env, columns=120, rows=40) as terminal:
        terminal.until(b"\x1b[")
        terminal.settle(1.5)
        for keys in TOUR:
            for key in (keys[at : at + 1] for at in range(len(keys))):
                os.write(terminal.fd, key)
                # A lone Esc is told from the start of a sequence by what does not follow it.
                terminal.settle(0.15 if key == b"\x1b" else 0.06)
        os.write(terminal.fd, b"\x1b\x1b1q")
        terminal.settle(1)
        return bytes(terminal.written)


def through_a_terminal(desk: Desk, told: Told, value: str, door: str) -> None:
    """Look at a workspace in a real terminal: nothing but what the program itself sends on any day comes there."""
    written = sent(desk)
    for keys in TOUR:
        told.count(value, door, f"a terminal, after {keys!r}")
    what = f"a terminal, {value} by {door}"
    written, copies = without_copies(written)
    for one in copies:
        if one == SMUGGLED or harm(one):
            told.fail(f"{what}: the clipboard holds {one[:80]!r}")
    odd = shapes(written) - USUAL
    if odd:
        told.fail(f"{what}: {sorted(odd)}")
    found = PAYLOAD.search(b"".join(SEQUENCE.findall(written)))
    if found:
        told.fail(f"{what}: {found.group()!r} in an escape sequence")
    led = [one for one in LINK.findall(written) if not one.startswith((b"http://", b"https://", b"mailto:", b"tel:"))]
    if led:
        told.fail(f"{what}: a link to {led[0]!r}")
    text = SEQUENCE.sub(b"", written).decode("utf-8", "replace").replace("\r", "").replace("\b", "")
    if harm(text):
        told.fail(f"{what}: {harm(text)}")
    at = max(text.find("Traceback"), text.find("something unexpected"))
    if at >= 0:
        told.fail(f"{what}: {text[at : at + 400]!r}")
    desk.put_back()


def done(desk: Desk) -> None:
    """Remove a desk."""
    shutil.rmtree(desk.home)
