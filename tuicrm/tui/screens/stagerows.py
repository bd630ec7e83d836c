"""The lines of the pipeline editor: the stages of a pipeline, and all that is to be said of one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.needs import asked_texts, spec_text
from tuicrm.crm.pipelines import ask_back, edit_stage, rename
from tuicrm.crm.stages import stages, texts
from tuicrm.tui.safe import fit
from tuicrm.tui.screens.itemlist import Item

if TYPE_CHECKING:
    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session
    from tuicrm.crm.stages import StageInfo
    from tuicrm.tui.screens.itemlist import Make

NAME, CHANCE, DAYS = 22, 5, 6


def stage_list(pipeline: dict[str, Any]) -> list[Item]:
    """Return a line for each stage, then what holds for all of the pipeline."""
    made = [Item(_summary(one), key=one.key) for one in stages(pipeline)]
    reasons = ", ".join(one.text for one in texts(pipeline.get("back_reasons")))
    name = str(pipeline.get("name", ""))
    return [
        *made,
        Item(f"pipeline: {name}", prompt="name:", value=name, make=rename, part="pipeline"),
        Item(
            f"going back asks for: {reasons or 'nothing'}",
            prompt="reasons for going back, with commas; empty asks for none:",
            value=reasons,
            make=lambda session, held, text: ask_back(session, held, text.split(",")),
        ),
    ]


def _summary(stage: StageInfo) -> str:
    end = "" if stage.kind == "open" else stage.kind
    days = f"{stage.rotting_days}d" if stage.rotting_days else ""
    head = f"{fit(stage.name, NAME)} {f'{stage.probability}%':>{CHANCE}} {days or end:>{DAYS}}"
    asks = ", ".join(asked_texts(stage))
    return f"{head}  {asks}".rstrip()


def stage_page(stage: StageInfo) -> list[Item]:
    """Return what can be changed in a stage, a line each."""

    def field(label: str, value: str, name: str, *, prompt: str = "", lists: bool = False) -> Item:
        def make(session: Session, held: dict[str, Any], text: str) -> Plan:
            change: dict[str, Any] = {name: [text] if lists else text}
            return edit_stage(session, held, stage.key, **change)

        return Item(f"{label:<10} {value or '-'}", prompt=f"{prompt or label}:", value=value, make=make)

    def recheck(old: str) -> Make:
        return lambda session, held, text: edit_stage(session, held, stage.key, rechecks=[(old, text)])

    return [
        field("name", stage.name, "name"),
        field("chance", f"{stage.probability}%", "probability"),
        field("rots after", str(stage.rotting_days), "rotting_days", prompt="days after which deals rot, 0 for never"),
        field("fields", ", ".join(stage.requires), "requires", prompt="fields needed, with commas", lists=True),
        field(
            "activities",
            ", ".join(spec_text(one) for one in stage.activities),
            "activities",
            prompt="as in meeting, 2 calls reached",
            lists=True,
        ),
        *(
            Item(f"[ ] {one.text}", prompt="in other words:", value=one.text, make=recheck(one.key), part=one.key)
            for one in stage.checks
        ),
        Item(
            "+ a box to tick",
            prompt="box, as in decision maker named:",
            make=lambda session, held, text: edit_stage(session, held, stage.key, checks=[text]),
        ),
    ]
