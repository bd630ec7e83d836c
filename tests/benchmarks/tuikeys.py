"""Keys of every pane beside the key of an empty app: how long until the answer begins, and how many bytes it is."""

from __future__ import annotations

import statistics
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.benchmarks.measure import Figure, at_most, milliseconds
from tests.benchmarks.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

KEYS = 24
MOVES = 10
CURSOR_BYTES, MOVE_BYTES = 1024, 6 * 1024
FLAT = 1.5
"""How much slower a key may be with 10,000 deals than with 300; repeated runs of one size differ by up to a third."""

ANSWERING = """
from textual.app import App
from textual.widgets import Static
class Answering(App):
    BINDINGS = [("j", "answer", ""), ("k", "answer", "")]
    count = 0
    def compose(self):
        self.line = Static("0")
        yield self.line
    def action_answer(self):
        self.count += 1
        self.line.update(str(self.count))
Answering().run()
"""
"""The least that answers a key: one line of text that changes."""

PANES = {"1": "pipeline", "2": "activity", "3": "follow-ups", "4": "forecast", "5": "contacts", "6": "companies"}


@dataclass
class Found:
    """What was measured with one workspace."""

    figures: list[Figure] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    """By the kind of key, for comparing sizes of workspaces."""


class Pair:
    """tuicrm and the least app, each on a terminal; their keys are pressed in turn."""

    def __init__(self, board: Terminal, least: Terminal, name: str) -> None:
        self.board = board
        self.least = least
        self.name = name
        self.found = Found()

    def compare(self, what: str, keys: list[bytes], bound: float) -> list[int]:
        """Press keys on both sides; note the ratio of the medians and return the bytes of each of our answers."""
        ours, other = [], []
        for at, key in enumerate(keys):
            ours.append(self.board.press(key))
            other.append(self.least.press(b"jk"[at % 2 : at % 2 + 1]))
        mine = statistics.median(took for took, _ in ours)
        theirs = statistics.median(took for took, _ in other)
        title = f"TUI, {self.name} deals: {what}"
        self.found.figures.append(at_most(title, milliseconds(mine), milliseconds(theirs), mine / theirs, bound))
        self.found.seconds[what] = mine
        return [size for _, size in ours]

    def weigh(self, what: str, sizes: list[int], bound: int) -> None:
        """Note the median of a number of bytes."""
        size = round(statistics.median(sizes))
        title = f"TUI, {self.name} deals: {what}"
        met = size <= bound
        ratio = size / bound if bound else float(size)
        self.found.figures.append(Figure(title, f"{size} B", f"{bound} B", ratio, f"<= {bound} B", met))


def keys(name: str, command: list[str], env: Mapping[str, str]) -> Found:
    """Press the keys of every pane at 120 x 40."""
    with (
        Terminal(command, env=env, columns=120, rows=40) as board,
        Terminal([sys.executable, "-c", ANSWERING], env=env, columns=120, rows=40) as least,
    ):
        board.until(b"weighted")
        board.settle(2.0)
        least.settle(1.5)
        pair = Pair(board, least, name)
        for key, pane in PANES.items():
            board.press(key.encode())
            board.settle(3.0)
            # Down and up again, so that no list scrolls or ends.
            sizes = pair.compare(f"cursor key, {pane}", [b"j", b"k"] * (KEYS // 2), 1.5)
            pair.weigh(f"bytes per cursor key, {pane}", sizes, CURSOR_BYTES)
            if pane in ("pipeline", "follow-ups", "contacts"):
                pair.compare(f"mark, {pane}", [b" "] * KEYS, 1.5)
        board.press(b"1")
        board.settle(1.0)
        _moves(pair)
        _palette(pair)
        _idle(pair)
        return pair.found


def _moves(pair: Pair) -> None:
    sizes = pair.compare("moving a card", [b"L", b"H"] * (MOVES // 2), 3.0)
    pair.weigh("bytes per moved card", sizes, MOVE_BYTES)
    pair.board.settle(1.0)


def _palette(pair: Pair) -> None:
    pair.board.press(b"P")
    pair.board.settle(1.0)
    pair.compare("letter in the palette", [b"a", b"n", b"n", b"\x7f", b"\x7f", b"\x7f"] * 2, 3.0)
    pair.board.press(b"\x1b")
    pair.board.settle(1.0)
    opened = []
    for _ in range(MOVES):
        opened.append(pair.board.press(b"P")[0])
        pair.board.settle(0.3)
        pair.board.press(b"\x1b")
        pair.board.settle(1.0)
    theirs = statistics.median(pair.least.press(b"jk"[at % 2 : at % 2 + 1])[0] for at in range(MOVES))
    mine = statistics.median(opened)
    title = f"TUI, {pair.name} deals: opening the palette"
    pair.found.figures.append(at_most(title, milliseconds(mine), milliseconds(theirs), mine / theirs, 3.0))
    pair.found.seconds["opening the palette"] = mine


def _idle(pair: Pair) -> None:
    pair.weigh("bytes in 3 s of idling", [pair.board.settle(3.0)], 0)
    pair.board.press(b"/")
    pair.board.settle(1.0)
    pair.weigh("bytes in 3 s with a field focused", [pair.board.settle(3.0)], 0)
    pair.board.press(b"\x1b")
    pair.board.settle(1.0)


def steady(measured: Mapping[str, Mapping[str, float]]) -> Iterator[Figure]:
    """Yield how much slower each key is in the largest workspace than in the smallest."""
    few, *_, many = measured.values()
    for what, seconds in few.items():
        title = f"TUI, 10,000 beside 300: {what}"
        yield at_most(title, milliseconds(many[what]), milliseconds(seconds), many[what] / seconds, FLAT)
