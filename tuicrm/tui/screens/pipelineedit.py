"""The pipeline editor: a list of stages, each of which opens into what can be changed in it; every change is a step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from tuicrm.crm.stages import StageInfo, stages
from tuicrm.tui.screens.itemedit import ItemEditor
from tuicrm.tui.screens.stagerows import Item, stage_list, stage_page

if TYPE_CHECKING:
    from tuicrm.tui.stepping import StepKeys


class PipelineEditor(ItemEditor):
    """The stages of a pipeline; `,` and `.` go to the pipelines beside it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("comma", "turn(-1)", show=False),
        Binding("full_stop", "turn(1)", show=False),
    ]

    def __init__(self, program: StepKeys, pipeline: str) -> None:
        super().__init__(program)
        self.pipeline = pipeline

    @property
    def record(self) -> dict[str, Any]:
        """The pipeline as it is; empty where somebody has removed it."""
        return self.desk.session.ws.get("pipeline", self.pipeline) or {}

    def _stages(self) -> list[StageInfo]:
        return stages(self.record)

    def items(self) -> list[Item]:
        """Return the lines that the cursor goes over."""
        here = next((one for one in self._stages() if one.key == self.inside), None)
        if here is None:
            self.inside = ""
            return stage_list(self.record)
        return stage_page(here)

    def heading(self) -> str:
        name = str(self.record.get("name", "it has been removed"))
        stage = next((one.name for one in self._stages() if one.key == self.inside), "")
        return f"{name}{f' > {stage}' if stage else ''}"

    def keys(self) -> str:
        return (
            "Enter changes, D removes a box, Esc back"
            if self.inside
            else "Enter opens, a adds, H L order, D removes, Esc"
        )

    def action_turn(self, by: int) -> None:
        """The next pipeline, or the one before."""
        held = self.desk.pipelines()
        if self.pipeline in held and len(held) > 1:
            self.pipeline = held[(held.index(self.pipeline) + by) % len(held)]
            self.inside, self.at = "", 0
            self.draw()

    def action_add(self) -> None:
        """Add a stage below the one under the cursor; in a stage, a box."""
        from tuicrm.crm.pipelines import add_stage

        if self.inside:
            self.at = len(self.items()) - 1
            self.action_take()
            return
        held = [one for one in self._stages() if one.kind == "open"]
        after = held[self.at].key if self.at < len(held) else ""

        def write(text: str) -> None:
            self.write(lambda session: add_stage(session, self.record, text, after=after))

        self.ask("stage, as in Legal 80% 14d:", "", write)

    def action_remove(self) -> None:
        """Remove the stage, asking where its deals go; in a stage, the box."""
        item = self.items()[self.at]
        if item.check:
            from tuicrm.crm.pipelines import edit_stage

            self.write(lambda session: edit_stage(session, self.record, self.inside, unchecks=[item.check]))
        elif item.key:
            self._remove_stage(item.key)
        else:
            self.say("only stages and boxes are removed here")

    def _remove_stage(self, key: str) -> None:
        from tuicrm.crm.dissolving import inside_stage, remove_stage

        held = self._stages()
        here = next(one for one in held if one.key == key)
        others = [one for one in held if one.key != key and one.kind == here.kind]
        with self.desk.lock:
            count = len(inside_stage(self.desk.session, self.record, key))

        def gone(to: str) -> None:
            self.write(lambda session: remove_stage(session, self.record, key, to=to))

        if count and others:
            deals = f"{count} {'deal' if count == 1 else 'deals'} of {here.name} to:"
            self.choose(deals, [one.name for one in others], lambda place: gone(others[place].key))
        else:
            gone("")

    def action_carry(self, by: int) -> None:
        """Carry a stage earlier or later."""
        from tuicrm.crm.pipelines import edit_stage

        held = self._stages()
        to = self.at + by
        if self.inside or not (0 <= self.at < len(held) and 0 <= to < len(held)):
            return
        if held[self.at].kind != held[to].kind:
            self.say("open stages come first, won and lost after them")
            return
        key, before, after = held[self.at].key, held[to].key if by < 0 else "", held[to].key if by > 0 else ""
        if self.write(lambda session: edit_stage(session, self.record, key, before=before, after=after)):
            self.at = to
            self.draw()
