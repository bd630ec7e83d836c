"""Bringing in a file: which one, as what, what would happen; Enter does it, and says what came of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical

from tuicrm.exchange import bringing
from tuicrm.exchange.sources import KINDS, with_map
from tuicrm.tui.lines import Wrapped
from tuicrm.tui.screens import importlook
from tuicrm.tui.screens.importwork import ImportWork
from tuicrm.tui.typed import Typed

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.widgets import Input

    from tuicrm.tui.desk import Desk, Done
    from tuicrm.tui.program import Program


AROUND = 9
"""Lines of the dialog that are not its body."""


class PathLine(Typed):
    """The line for the path: Tab completes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "screen.complete", show=False),
        Binding("down", "screen.step(1)", show=False),
        Binding("up", "screen.step(-1)", show=False),
        Binding("escape,ctrl+c", "screen.cancel", show=False),
    ]


class ImportScreen(ImportWork):
    """First the file, then what it holds."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,backspace,ctrl+c", "cancel", show=False),
        Binding("q", "cancel", show=False),
        Binding("enter", "take", show=False),
        Binding("c", "create", show=False),
        Binding("m", "map", show=False),
        Binding("p", "update", show=False),
        Binding("x", "extra", show=False),
        Binding("j,down", "step(1)", show=False),
        Binding("k,up", "step(-1)", show=False),
        *(Binding(str(place + 1), f"kind({place})", show=False) for place in range(len(KINDS))),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.head, self.body, self.foot = Wrapped(), Wrapped(), Wrapped()
        self.field = PathLine("")
        self.offers: list[str] = []
        self.offer = 0
        self.mapping = False
        """Whether it is said of a column which field it fills."""
        self._typed_path = ""

    def compose(self) -> ComposeResult:
        with Vertical(classes="importing"):
            yield self.head
            yield self.field
            yield self.body
            yield self.foot

    def on_mount(self) -> None:
        """Begin with the file."""
        self.head.put(importlook.HEAD)
        self.ask_path()

    def ask_path(self) -> None:
        """Let a path be typed."""
        self.path = self.sheet = self.trial = None
        self.mapping = False
        self._type(self._typed_path)

    def _type(self, text: str) -> None:
        """Show the line to type into, with a text in it."""
        self.field.value = text
        self.field.cursor_position = len(text)
        self.field.display = True
        self.field.focus()
        self._offer()

    def action_map(self) -> None:
        """Say which field a column fills."""
        if self.sheet is not None and not self.working and self.outcome is None:
            self.mapping = True
            self._type("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Offer what the path may become."""
        event.stop()
        self.offer = 0
        self._offer()

    def objection(self, text: str) -> None:
        """Say why the file cannot be read."""
        self._offer(text)

    def opened(self) -> None:
        """Go on to what the file holds."""
        self._typed_path = self.field.value
        self._rows()

    def _offer(self, alert: str = "") -> None:
        text = self.field.value
        if self.mapping and self.sheet is not None:
            self.offers = bringing.maps_for(self.desk.session, self.sheet, self.kind, text)
        else:
            self.offers = bringing.paths(text)
        self.fit()
        self.body.put(importlook.offers(self.offers, self.offer, self.size.height, mapping=self.mapping))
        self.foot.put(importlook.foot(alert, importlook.MAP_KEYS if self.mapping else importlook.PATH_KEYS))

    def fit(self) -> None:
        """Keep the keys in sight: what is longer than the screen scrolls."""
        self.body.styles.max_height = max(2, self.size.height - AROUND)

    def on_resize(self) -> None:
        """Fit to the screen."""
        self.fit()

    def action_complete(self) -> None:
        """Take the path under the cursor."""
        if self.offers:
            self.field.value = self.offers[self.offer]
            self.field.cursor_position = len(self.field.value)

    def action_step(self, by: int) -> None:
        """Go down or up: in the list of paths, or through what would happen."""
        if self.path is None or self.mapping:
            self.offer = min(max(0, self.offer + by), max(0, len(self.offers) - 1))
            self._offer()
        else:
            self.body.scroll_lines(by)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Read the file; a folder, or nothing that is there, is completed first."""
        event.stop()
        text = event.value
        if self.mapping:
            self._map(text)
            return
        path = Path(text).expanduser() if text.strip() else None
        if (path is None or not path.is_file()) and self.offers:
            self.action_complete()
            return
        if path is None:
            self._offer("name a file")
            return
        self.read(path)

    def _map(self, text: str) -> None:
        """Take a `COLUMN=FIELD`; an empty line changes nothing."""
        if text.strip() and not text.partition("=")[2].strip() and self.offers:
            self.action_complete()
            return
        self.mapping = False
        if text.strip():
            self.options = with_map(self.options, text)
        self._rows()

    def _rows(self) -> None:
        """Go on to what an import would do."""
        self.field.display = False
        self.set_focus(None)
        self.attempt()

    def action_kind(self, place: int) -> None:
        """Take the file for something else."""
        if self.path is not None and not self.working and self.outcome is None:
            self.options = replace(self.options, kind=KINDS[place], maps=())
            self.attempt()

    def action_create(self) -> None:
        """Create what rows name and nobody has, or not."""
        self._turn(create_missing=not self.options.create_missing)

    def action_update(self) -> None:
        """Change records that are here already, or leave them alone."""
        self._turn(update=not self.options.update)

    def action_extra(self) -> None:
        """Make fields of columns that no field has, or drop them."""
        self._turn(extra="drop" if self.options.extra == "fields" else "fields")

    def _turn(self, **what: Any) -> None:
        if self.trial is not None and not self.working and self.outcome is None:
            self.options = replace(self.options, **what)
            self.attempt()

    @property
    def kind(self) -> str:
        """The kind that the rows are taken for."""
        return self.trial.source.kind.name if self.trial is not None else self.options.kind or KINDS[0]

    def show(self, alert: str = "") -> None:
        """Show what an import would do."""
        assert self.path is not None
        self.body.put(importlook.trial(self.desk.session, self.path, self.sheet, self.kind, self.trial))
        self.foot.put(importlook.foot(alert, importlook.keys(self.trial)))

    def action_take(self) -> None:
        """Import; after that, close."""
        if self.outcome is not None:
            self.dismiss(self.outcome)
        elif self.trial is not None and not self.working and self.trial.done.changes:
            self.write(self.trial)

    def action_cancel(self) -> None:
        """Stop what is going on; else one step back; else close."""
        if self.outcome is not None:
            self.dismiss(self.outcome)
        elif self.mapping:
            self.mapping = False
            self._rows()
        elif self.working and self.trial is not None:
            return  # it is being written: undo takes it back
        elif self.working:
            self.stop()
            self.ask_path()
        elif self.path is not None:
            self.ask_path()
        else:
            self.dismiss(None)


def open_import(app: Program) -> None:
    """Open the dialog; what it brought in shows in every pane, and can be undone."""

    def left(done: Done | None) -> None:
        pane = app.main.pane
        if done is not None and pane is not None:
            pane.finish(done, [])

    app.push_screen(ImportScreen(app.desk), left)
