"""The pipeline editor: a list of stages, each of which opens into what can be changed in it; every change is a step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from tuicrm.crm.stages import StageInfo, stages
from tuicrm.tui.screens.itemlist import Item, ItemList
from tuicrm.tui.screens.stagerows import stage_list, stage_page

if TYPE_CHECKING:
    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session
    from tuicrm.tui.desk import Done
    from tuicrm.tui.stepping import StepKeys


class PipelineEditor(ItemList):
    """Beside what every such list does, `H` and `L` carry a stage earlier and later, and `A` adds a pipeline."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("A", "another", show=False),
        Binding("H,shift+left", "carry(-1)", show=False),
        Binding("L,shift+right", "carry(1)", show=False),
        Binding("comma", "turn(-1)", show=False),
        Binding("full_stop", "turn(1)", show=False),
    ]

    def __init__(self, program: StepKeys, pipeline: str) -> None:
        super().__init__(program)
        self.pipeline = pipeline
        self.stage = ""
        """The stage whose page is shown; empty for the list of stages."""

    @property
    def record(self) -> dict[str, Any]:
        """The pipeline as it is; empty where somebody has removed it."""
        return self.desk.session.ws.get("pipeline", self.pipeline) or {}

    def _stages(self) -> list[StageInfo]:
        return stages(self.record)

    def items(self) -> list[Item]:
        """Return the lines that the cursor goes over."""
        held = self.desk.pipelines()
        if self.pipeline not in held and held:
            self.pipeline = held[0]
        here = next((one for one in self._stages() if one.key == self.stage), None)
        if here is None:
            self.stage = ""
            return stage_list(self.record)
        return stage_page(here)

    def heading(self) -> str:
        """Return the name of the pipeline, and of the stage that is shown."""
        name = str(self.record.get("name", "it has been removed"))
        stage = next((one.name for one in self._stages() if one.key == self.stage), "")
        return f"{name}{f' > {stage}' if stage else ''}"

    def keys(self) -> str:
        """Return what the keys do."""
        if self.stage:
            return "Enter changes, D removes a box, Esc back"
        return "Enter opens, a adds, H L order, D removes, A pipeline, Esc"

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
        else:
            super().action_take()

    def action_add(self) -> None:
        """Add a stage below the one under the cursor; in a stage, a box."""
        from tuicrm.crm.pipelines import add_stage

        if self.stage:
            self.at = len(self.items()) - 1
            self.action_take()
            return
        held = [one for one in self._stages() if one.kind == "open"]
        after = held[self.at].key if self.at < len(held) else ""

        self.change(
            "stage, as in Legal 80% 14d:", "", lambda session, held, text: add_stage(session, held, text, after=after)
        )

    def action_another(self) -> None:
        """Add a pipeline with the usual stages, and go to it."""
        from tuicrm.crm.pipelines import add

        def write(text: str) -> Done:
            def plan(session: Session) -> Plan:
                return add(session, text.strip())

            done = self.write(plan)
            if done.changed and done.plan is not None:
                self.pipeline, self.stage, self.at = done.plan.ids[0], "", 0
                self.draw()
            return done

        self.ask_until("name of another pipeline, as in Renewals:", "", write)

    def action_remove(self) -> None:
        """Remove the stage, asking where its deals go; in a stage, the box."""
        item = self.items()[self.at]
        if item.part and self.stage:
            from tuicrm.crm.pipelines import edit_stage

            self.write(lambda session: edit_stage(session, self.record, self.stage, unchecks=[item.part]))
        elif item.key:
            self._remove_stage(item.key)
        elif item.part:
            self._remove_pipeline()
        else:
            self.say("only stages, boxes and the pipeline itself are removed here")

    def _remove_pipeline(self) -> None:
        """Remove the pipeline, asking where its deals go where it has any."""
        from tuicrm.crm.dissolving import deals_of, remove
        from tuicrm.tui.screens.choose import Choose

        with self.desk.lock:
            session, key = self.desk.session, self.pipeline
            others = [one for one in session.ws.all("pipeline").values() if one["id"] != key]
            count = len(deals_of(session, key))

        def gone(to: str) -> None:
            if self.write(lambda session: remove(session, self.record, to=to)).changed and others:
                self.pipeline, self.at = str(others[0]["id"]), 0
                self.draw()

        def chosen(place: int | None) -> None:
            if place is not None:
                gone(str(others[place]["id"]))

        if count and others:
            deals = f"{count} {'deal' if count == 1 else 'deals'} of {self.record.get('name', '')} to:"
            self.app.push_screen(Choose(deals, [str(one.get("name", "")) for one in others]), chosen)
        else:
            gone("")

    def _remove_stage(self, key: str) -> None:
        from tuicrm.crm.dissolving import inside_stage, remove_stage
        from tuicrm.tui.screens.choose import Choose

        held = self._stages()
        here = next(one for one in held if one.key == key)
        others = [one for one in held if one.key != key and one.kind == here.kind]
        with self.desk.lock:
            count = len(inside_stage(self.desk.session, self.record, key))

        def gone(to: str) -> None:
            self.write(lambda session: remove_stage(session, self.record, key, to=to))

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
            self.say("open stages come first, won and lost after them")
            return
        key, before, after = held[self.at].key, held[to].key if by < 0 else "", held[to].key if by > 0 else ""
        if self.write(lambda session: edit_stage(session, self.record, key, before=before, after=after)).changed:
            self.at = to
            self.draw()
