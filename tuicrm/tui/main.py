"""The one screen: the row of panes above, a pane, and below it what is selected, messages and key hints."""

from __future__ import annotations

from time import time
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Container
from textual.reactive import Reactive
from textual.screen import Screen

from tuicrm.tui.commands import COMPANIES, CONTACTS
from tuicrm.tui.lines import Lines
from tuicrm.tui.looks import CLASSES
from tuicrm.tui.safe import cells, fit, short
from tuicrm.tui.standing import fitted
from tuicrm.tui.tabs import ON_USE, TABS, Tab
from tuicrm.tui.tight import TightCompositor
from tuicrm.tui.wrap import wrapped

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.widget import Widget

    from tuicrm.tui.pane import Pane
    from tuicrm.tui.safe import Line, Span

MOST_SAID = 200
"""Messages that are kept for looking them up."""
LOW = 18
"""Below this height the strip and the key hints make room for the pane."""


class Main(Screen[None]):
    """Bars around a stack of panes; the topmost is shown and has the focus."""

    COMPONENT_CLASSES: ClassVar[set[str]] = set(CLASSES)
    AUTO_FOCUS = ""
    # Another focus changes what the widgets concerned show, not the whole screen.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    def __init__(self) -> None:
        super().__init__()
        self._compositor = TightCompositor()
        # As many lines as they will have: another layout would draw the whole screen again.
        self.top = Lines(id="top", count=2)
        self.body = Container(id="body")
        self.bottom = Lines(id="bottom", count=5)
        self.stack: list[Pane] = []
        """The pane of the row at the top, and what was opened above it."""
        self.roots: dict[str, Pane] = {}
        """The panes of the row at the top that were looked at, by place."""
        self._badges: dict[str, str] = {}
        self._offered: frozenset[str] = frozenset()
        """The panes for some teams only that this team has use for."""
        self.note: Span | None = None
        self.said: list[tuple[float, str, str]] = []
        """The messages so far, with when they were shown and their looks; the latest last."""
        self._hinted: tuple[object, Line] = (None, ())
        self.about: tuple[Span, ...] = ()
        """The workspace and who acts, at the right of the status line."""
        self._stands: tuple[Span, ...] = ()
        """Beside it how sync stands and what waits for somebody."""

    def compose(self) -> ComposeResult:
        yield self.top
        yield self.body
        yield self.bottom

    def on_resize(self, event: events.Resize) -> None:
        """Fill the bars for the size at hand."""
        self.bars()

    def on_click(self, event: events.Click) -> None:
        """Go to the pane whose name is clicked, or do what a key hint names."""
        from tuicrm.tui.pressing import key_at, tab_at

        x, y, pane = int(event.screen_x), int(event.screen_y), self.pane
        if y == 0 and self.roots and pane is not None:
            place = tab_at(self._tabs(), x, [tab.place for tab in self._named()])
            if place:
                pane.program.show_tab(place)
        elif y == self.size.height - 1 and pane is not None and self.size.height >= LOW:
            key = key_at(self._hints(self.size.width), x, pane.PLACE, pane.program.keymap.of)
            if key:
                self.app.simulate_key(key)

    @property
    def pane(self) -> Pane | None:
        """The pane that is shown."""
        return self.stack[-1] if self.stack else None

    def panes(self) -> list[Pane]:
        """Return every pane there is, in sight or not."""
        return [*self.roots.values(), *(one for one in self.stack if one not in self.roots.values())]

    def add(self, place: str, pane: Pane) -> None:
        """Add a pane to those of the row at the top, out of sight."""
        self.roots[place] = pane
        pane.display = False
        self.body.mount(pane)

    def show(self, place: str) -> None:
        """Show a pane of the row at the top, and close what was opened above another."""
        root = self.roots[place]
        for one in self.stack:
            if one not in self.roots.values():
                one.remove()
            elif one is not root:
                one.display = False
        self.stack = [root]
        self._front()

    def enter(self, pane: Pane) -> None:
        """Show a pane above the present one."""
        if self.stack:
            self.stack[-1].display = False
        self.stack.append(pane)
        self.body.mount(pane)
        self.call_after_refresh(pane.focus)
        self._front()

    def back(self) -> bool:
        """Go back to the pane before; False at the bottom of the stack."""
        if len(self.stack) < 2:
            return False
        self.stack.pop().remove()
        self._front()
        return True

    def _front(self) -> None:
        pane = self.stack[-1]
        pane.display = True
        pane.focus()
        pane.shown()
        self.bars()

    def badge(self, place: str, text: str) -> None:
        """Put a short text behind the name of a pane of the row at the top."""
        if self._badges.get(place, "") != text:
            self._badges[place] = text
            self.bars()

    def stands(self, parts: tuple[Span, ...]) -> None:
        """Show how sync stands, at the right of the status line."""
        if parts != self._stands:
            self._stands = parts
            self.foot()

    def bars(self) -> None:
        """Fill the bars from the pane at hand; only lines that differ are repainted."""
        size = self.size.width
        if not size:
            return
        pane = self.pane
        self.top.put([self._tabs(), *(pane.header() if pane else [()])])
        self.foot()

    def foot(self) -> None:
        """Fill the lower bar: what is selected, the message, the key hints."""
        size = self.size.width
        if not size:
            return
        pane = self.pane
        low = self.size.height < LOW
        about = pane.strip_lines() if pane else [(), ()]
        shown = [*about[: 1 if low else 2], self._status(size)]
        long = self._long(size, len(shown))
        shown[len(shown) - len(long) :] = long
        rule: list[Line] = [(("─" * size, "rule"),)] if about else []
        self.bottom.put([*rule, *shown, *([] if low else [self._hints(size)])])

    def say(self, text: str, look: str = "text") -> None:
        """Show a message in the status line until the next key."""
        self.note = (text, look)
        # What is said again and again, such as that a folder is gone, takes the place of one message.
        before = self.said[:-1] if self.said and self.said[-1][1:] == self.note else self.said
        self.said = [*before[1 - MOST_SAID :], (time(), text, look)]
        self.foot()

    def hush(self, old: Span | None) -> None:
        """Take away a message that was there before a key, unless the key brought another one."""
        if old is not None and self.note is old:
            self.note = None
            self.foot()

    def _tabs(self) -> Line:
        """Return the row of panes; where they do not fit, the others shrink to their keys."""
        if not self.roots:
            return ((" ", "text"),)
        here = next((place for place, pane in self.roots.items() if self.stack and pane is self.stack[0]), "")
        every = frozenset(tab.place for tab in TABS)
        ways: list[tuple[frozenset[str], bool, frozenset[str]]] = [(every, True, frozenset())]
        if self._offered:
            # The pane that some teams have besides costs the others little: the blanks between them, then two names.
            few: tuple[frozenset[str], ...] = (frozenset(), frozenset({COMPANIES}), frozenset({COMPANIES, CONTACTS}))
            ways += [(every, False, brief) for brief in few] + [(every - brief, False, brief) for brief in few[1:]]
        for named, loose, brief in ways:
            line = self._tab_spans(here, named, loose=loose, brief=brief)
            if sum(cells(text) for text, _ in line) <= self.size.width:
                return line
        return self._tab_spans(here, frozenset())

    def offer(self, place: str, used: bool) -> None:
        """Name a pane of the row at the top that is of use to those only who have something for it, or no longer."""
        before = self._offered
        self._offered = before | {place} if used else before - {place}
        if before != self._offered:
            self.bars()

    def _named(self) -> list[Tab]:
        return [
            tab for tab in TABS if tab.place not in ON_USE or tab.place in self._offered or self._is_here(tab.place)
        ]

    def _is_here(self, place: str) -> bool:
        return bool(self.stack) and self.roots.get(place) is self.stack[0]

    def _tab_spans(
        self, here: str, named: frozenset[str], *, loose: bool = True, brief: frozenset[str] = frozenset()
    ) -> Line:
        spans: list[Span] = [(" ", "text")]
        for tab in self._named():
            badge = self._badges.get(tab.place, "")
            called = tab.brief if tab.place in brief and tab.place != here else tab.name
            name = " ".join(filter(None, (tab.key, called if tab.place in named or tab.place == here else "", badge)))
            apart = f" {name} " if loose else f"{name} "
            spans.append((f"[{name}]" if tab.place == here else apart, "head" if tab.place == here else "muted"))
        return tuple(spans)

    def _status(self, size: int) -> Line:
        pane = self.pane
        text, look = self.note or ((pane.standing() if pane else ""), "muted")
        about = fitted((*self.about, *self._stands), max(0, size // 2 - 2))
        room = size - sum(cells(part) for part, _ in about) - 3
        if cells(text) > room:
            return ((" ", "text"), (fit(text, size - 2), look))
        return ((" ", "text"), (fit(text, room), look), (" ", "muted"), *about, (" ", "muted"))

    def _long(self, size: int, most: int) -> list[Line]:
        """Return the lines of a message too long for one; they cover what is said of the selection."""
        text, look = self.note or ("", "")
        parts = wrapped(((short(text, size * most), look),), size - 2)
        if len(parts) < 2:
            return []
        rest = " ".join(piece for part in parts[most - 1 :] for piece, _ in part)
        shown = [*parts[: most - 1], ((rest, look),)] if len(parts) > most else parts
        return [((" ", "text"), *part) for part in shown]

    def _hints(self, size: int) -> Line:
        held = self.pane.keys_now() if self.pane else []
        key = (size, tuple(held))
        if self._hinted[0] != key:
            self._hinted = (key, _fitted(held, size))
        return self._hinted[1]


def _fitted(held: list[tuple[str, str]], size: int) -> Line:
    """Return as many hints as fit; the last one, for help, stays: it leads to all the others."""
    held = list(held)
    while held and sum(cells(f"{key} {label}  ") for key, label in held) > size - 1:
        held.pop(-2 if len(held) > 1 else -1)
    spans: list[Span] = [(" ", "text")]
    for key, label in held:
        spans += [(key, "key"), (f" {label}  ", "muted")]
    return tuple(spans)
