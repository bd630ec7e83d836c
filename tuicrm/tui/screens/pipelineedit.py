"""The pipeline editor: a list of stages, each of which opens into what can be changed in it; every change is a step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from tuicrm.crm.stages import StageInfo, stages
from tuicrm.tui.safe import fit, short
from tuicrm.tui.screens.dialog import Dialog
from tuicrm.tui.screens.stagerows import Item, stage_list, stage_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session
    from tuicrm.tui.desk import Done
    from tuicrm.tui.safe import Line, Span
    from tuicrm.tui.screens.ask import Ask
    from tuicrm.tui.screens.stagerows import Make
    from tuicrm.tui.stepping import StepKeys

WIDEST = 74
AROUND = 6
"""Cells and lines that the box takes for itself."""


class PipelineEditor(Dialog[None]):
    """Enter opens or changes, `a` adds, `D` removes, `H` and `L` carry a stage earlier and later, `u` undoes."""

    DEFAULT_CSS = "PipelineEditor { layers: base over; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,backspace", "back", show=False),
        Binding("q", "cancel", show=False),
        Binding("enter,e", "take", show=False),
        Binding("a", "add", show=False),
        Binding("D", "remove", show=False),
        Binding("H,shift+left", "carry(-1)", show=False),
        Binding("L,shift+right", "carry(1)", show=False),
        Binding("comma", "turn(-1)", show=False),
        Binding("full_stop", "turn(1)", show=False),
        Binding("u", "undo", show=False, id="step.undo"),
        Binding("U,ctrl+r", "redo", show=False, id="step.redo"),
    ]

    def __init__(self, program: StepKeys, pipeline: str) -> None:
        super().__init__()
        self.stepping = program
        self.desk = program.desk
        self.pipeline = pipeline
        self.stage = ""
        """The stage whose page is shown; empty for the list of stages."""
        self.at = 0
        self.top = 0
        self.note: Span = ("", "muted")
        self._line: Ask | None = None

    @property
    def record(self) -> dict[str, Any]:
        """The pipeline as it is; empty where somebody has removed it."""
        return self.desk.session.ws.get("pipeline", self.pipeline) or {}

    def _stages(self) -> list[StageInfo]:
        return stages(self.record)

    def items(self) -> list[Item]:
        """Return the lines that the cursor goes over."""
        here = next((one for one in self._stages() if one.key == self.stage), None)
        if here is None:
            self.stage = ""
            return stage_list(self.record)
        return stage_page(here)

    def lines(self) -> list[Line]:
        width, height = min(WIDEST, self.app.size.width - AROUND), self.app.size.height - AROUND
        with self.desk.lock:
            items = self.items()
            name = str(self.record.get("name", "it has been removed"))
            stage = next((one.name for one in self._stages() if one.key == self.stage), "")
        self.at = min(self.at, len(items) - 1)
        room = max(3, height - 4)
        self.top = max(min(self.top, self.at, len(items) - room), self.at - room + 1, 0)
        made: list[Line] = [((fit(f" {name}{f' > {stage}' if stage else ''}", width), "head"),)]
        for place in range(self.top, min(self.top + room, len(items))):
            here = place == self.at
            text = fit(items[place].text, width - 2)
            made.append(((">" if here else " ", "key"), (text, "cursor" if here else "text")))
        made.append(((short(f" {self.note[0]}", width), self.note[1]),))
        keys = "Enter changes, D removes a box, Esc back" if stage else "Enter opens, a adds, H L order, D removes, Esc"
        made.append(((short(f" {keys}, u undoes", width), "muted"),))
        return made

    def draw(self) -> None:
        """Show the lines as they are now."""
        self.box.put(self.lines())

    def action_step(self, by: int) -> None:
        """Go down or up the list."""
        self.at = min(max(0, self.at + by), len(self.items()) - 1)
        self.draw()

    def action_back(self) -> None:
        """From a stage to the list, from the list out."""
        if not self.stage:
            self.dismiss(None)
            return
        self.at = next((at for at, one in enumerate(self._stages()) if one.key == self.stage), 0)
        self.stage = ""
        self.draw()

    def action_turn(self, by: int) -> None:
        """The next pipeline, or the one before."""
        held = self.desk.pipelines()
        if self.pipeline in held and len(held) > 1:
            self.pipeline = held[(held.index(self.pipeline) + by) % len(held)]
            self.stage, self.at = "", 0
            self.draw()

    def action_take(self) -> None:
        """Open the stage, or change what is under the cursor."""
        item = self.items()[self.at]
        if item.key:
            self.stage, self.at, self.top = item.key, 0, 0
            self.draw()
        elif item.make is not None:
            self._change(item.prompt, item.value, item.make)

    def _change(self, prompt: str, value: str, make: Make) -> None:
        def write(text: str) -> None:
            self._write(lambda session: make(session, self.record, text))

        self._ask(prompt, value, write)

    def action_add(self) -> None:
        """Add a stage below the one under the cursor; in a stage, a box."""
        from tuicrm.crm.pipelines import add_stage

        if self.stage:
            self.at = len(self.items()) - 1
            self.action_take()
            return
        held = [one for one in self._stages() if one.kind == "open"]
        after = held[self.at].key if self.at < len(held) else ""

        def write(text: str) -> None:
            self._write(lambda session: add_stage(session, self.record, text, after=after))

        self._ask("stage, as in Legal 80% 14d:", "", write)

    def action_remove(self) -> None:
        """Remove the stage, asking where its deals go; in a stage, the box."""
        item = self.items()[self.at]
        if item.check:
            from tuicrm.crm.pipelines import edit_stage

            self._write(lambda session: edit_stage(session, self.record, self.stage, unchecks=[item.check]))
        elif item.key:
            self._remove_stage(item.key)
        else:
            self._say("only stages and boxes are removed here")

    def _remove_stage(self, key: str) -> None:
        from tuicrm.crm.dissolving import inside_stage, remove_stage
        from tuicrm.tui.screens.choose import Choose

        held = self._stages()
        here = next(one for one in held if one.key == key)
        others = [one for one in held if one.key != key and one.kind == here.kind]
        with self.desk.lock:
            count = len(inside_stage(self.desk.session, self.record, key))

        def gone(to: str) -> None:
            self._write(lambda session: remove_stage(session, self.record, key, to=to))

        def chosen(place: int | None) -> None:
            if place is not None:
                gone(others[place].key)

        if count and others:
            deals = f"{count} {'deal' if count == 1 else 'deals'} of {here.name} to:"
            self.app.push_screen(Choose(deals, [one.name for one in others]), chosen)
        else:
            gone("")

    def action_carry(self, by: int) -> None:
        """Carry a stage earlier or later."""
        from tuicrm.crm.pipelines import edit_stage

        held = self._stages()
        to = self.at + by
        if self.stage or not (0 <= self.at < len(held) and 0 <= to < len(held)):
            return
        if held[self.at].kind != held[to].kind:
            self._say("open stages come first, won and lost after them")
            return
        key, before, after = held[self.at].key, held[to].key if by < 0 else "", held[to].key if by > 0 else ""
        if self._write(lambda session: edit_stage(session, self.record, key, before=before, after=after)):
            self.at = to
            self.draw()

    def action_undo(self) -> None:
        """Undo the latest step."""
        self._told(self.stepping.undo_step())

    def action_redo(self) -> None:
        """Redo the last undone step."""
        self._told(self.stepping.redo_step())

    def _ask(self, prompt: str, value: str, then: Callable[[str], None]) -> None:
        from tuicrm.tui.screens.ask import Ask

        def done(text: str | None) -> None:
            self._line = None
            if text is not None:
                then(text)

        if self._line is None:
            self._line = Ask(prompt, value, done=done)
            self.mount(self._line)

    def _write(self, make: Callable[[Session], Plan | None]) -> bool:
        done = self.desk.write(make)
        if done.changed:
            self.stepping.changed()
        self._told(done)
        return done.changed

    def _told(self, done: Done) -> None:
        self._say(done.said, "late" if done.failed else "good")

    def _say(self, text: str, look: str = "muted") -> None:
        self.note = (text, look)
        self.draw()
