"""Pipelines: the common verbs, with stages typed as in "Offer 60% 14d"."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from tuicrm.cli.lazy import Command, LazyGroup, Verb, command
from tuicrm.cli.noun import noun
from tuicrm.cli.noun_read import find_all, format_parameters, json_names
from tuicrm.cli.options import refs_argument
from tuicrm.cli.outcome import carry_out
from tuicrm.errors import UsageProblem
from tuicrm.records.kinds.team import PIPELINE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.cli.state import State

HEADS = ("KEY", "NAME", "KIND", "CHANCE", "ROTS AFTER", "NEEDS")
_OF_STAGE = {
    "name": "name",
    "probability": "probability",
    "rotting": "rotting",
    "requires": "requires",
    "activities": "activities",
    "checks": "check",
    "unchecks": "uncheck",
    "rechecks": "recheck",
}
"""What changes a stage, by the option that says it."""


def build(name: str) -> LazyGroup:
    """Return the group of pipeline commands."""
    extra = {
        "add": Verb("Add a pipeline with its stages.", lambda: add),
        "show": Verb("Show a pipeline's stages.", _show_command),
        "edit": Verb("Add, change, order or remove stages.", lambda: edit),
        "rename": Verb("Give a pipeline another name.", lambda: rename),
        "rm": Verb("Remove pipelines; restore brings them back.", lambda: rm),
    }
    return noun(PIPELINE, extra)


def _names() -> list[str]:
    return json_names(PIPELINE)


@command(
    "add",
    help="Add a pipeline and print its id. A stage is a name, its chance, the days after which deals in it rot, and "
    "won or lost where it ends there. Without stages it gets the usual ones.",
    examples=['tuicrm pipeline add Renewals --stage "Due 20% 30d" --stage "Offer 60%" --stage "Signed 100% won"'],
    json_names=_names,
)
@click.argument("name")
@click.option("--stage", "stages", multiple=True, metavar="STAGE", help="A stage, in their order. May be repeated.")
@click.option("--json", "form", flag_value="json", help="Print the pipeline as JSON instead of its id.")
def add(state: State, *, name: str, stages: Sequence[str], form: str | None) -> None:
    """Add a pipeline."""
    from tuicrm.crm import pipelines

    carry_out(state, pipelines.add(state.session, name, stages), "pipeline", form)


@command(
    "rename",
    help="Give a pipeline another name.",
    examples=['tuicrm pipeline rename Sales "Key accounts"'],
    json_names=_names,
)
@click.argument("ref", metavar="REF")
@click.argument("name")
@click.option("--json", "form", flag_value="json", help="Print the pipeline as JSON instead of its id.")
def rename(state: State, *, ref: str, name: str, form: str | None) -> None:
    """Rename a pipeline."""
    from tuicrm.crm import pipelines
    from tuicrm.crm.lookup import find

    record = find(state.session, "pipeline", ref)
    carry_out(state, pipelines.rename(state.session, record, name), "pipeline", form)


@command(
    "edit",
    help="Change one stage (--stage), add one (--add) or remove one (--remove), or say why deals go back "
    "(--back-reasons). What a stage asks for are fields, activities and boxes to tick.",
    examples=[
        "tuicrm pipeline edit Sales --stage demo --name Trial --probability 35 --rotting 10",
        "tuicrm pipeline edit Sales --stage proposal --requires value,expected_close",
        'tuicrm pipeline edit Sales --stage proposal --activities "meeting, 2 calls reached"',
        'tuicrm pipeline edit Sales --stage proposal --check "decision maker named"',
        'tuicrm pipeline edit Sales --back-reasons "budget gone, contact left, other scope"',
        'tuicrm pipeline edit Sales --add "Legal 80%" --after verbal',
        "tuicrm pipeline edit Sales --remove verbal --to negotiation",
    ],
    json_names=_names,
)
@click.argument("ref", metavar="REF")
@click.option("--stage", metavar="STAGE", help="The stage to change.")
@click.option("--add", "added", metavar="STAGE", help='A stage to add, as in "Legal 80% 14d".')
@click.option("--remove", "removed", metavar="STAGE", help="A stage to remove.")
@click.option("--to", default="", metavar="STAGE", help="With --remove: where its deals go.")
@click.option("--name", metavar="TEXT", help="With --stage: another name.")
@click.option("--probability", metavar="PERCENT", help="With --stage: the chance of winning.")
@click.option("--rotting", metavar="DAYS", help="With --stage: days after which deals rot, 0 for never.")
@click.option("--requires", metavar="FIELDS", help="With --stage: fields needed to enter, with commas; empty for none.")
@click.option(
    "--activities", metavar="LIST", help="With --stage: what must have been logged, with commas; empty for nothing."
)
@click.option("--check", "checks", multiple=True, metavar="TEXT", help="With --stage: a box to tick. May be repeated.")
@click.option("--uncheck", "unchecks", multiple=True, metavar="TEXT", help="With --stage: take a box away.")
@click.option(
    "--recheck", "rechecks", multiple=True, nargs=2, metavar="TEXT NEW", help="With --stage: a box in other words."
)
@click.option("--back-reasons", metavar="LIST", help="Why deals go back, with commas: asked for then; empty for not.")
@click.option("--before", default="", metavar="STAGE", help="With --stage or --add: goes before this one.")
@click.option("--after", default="", metavar="STAGE", help="With --stage or --add: goes after this one.")
@click.option("--json", "form", flag_value="json", help="Print the pipeline as JSON instead of its id.")
def edit(
    state: State,
    *,
    ref: str,
    stage: str | None,
    added: str | None,
    removed: str | None,
    to: str,
    back_reasons: str | None,
    form: str | None,
    **changes: Any,
) -> None:
    """Change the stages of a pipeline."""
    from tuicrm.crm import dissolving, pipelines
    from tuicrm.crm.lookup import find

    if sum(one is not None for one in (stage, added, removed, back_reasons)) != 1:
        raise UsageProblem("say one of --stage, --add, --remove and --back-reasons")
    if stage is None and (given := [name for name in _OF_STAGE if changes[name] not in (None, ())]):
        raise UsageProblem(f"{', '.join(f'--{_OF_STAGE[name]}' for name in given)} goes with --stage")
    session = state.session
    record = find(session, "pipeline", ref)
    if added is not None:
        plan = pipelines.add_stage(session, record, added, before=changes["before"], after=changes["after"])
    elif removed is not None:
        plan = dissolving.remove_stage(session, record, removed, to=to)
    elif back_reasons is not None:
        plan = pipelines.ask_back(session, record, back_reasons.split(","))
    else:
        for name in ("requires", "activities"):
            if changes[name] is not None:
                changes[name] = [changes[name]]
        changes["rotting_days"] = changes.pop("rotting")
        plan = pipelines.edit_stage(session, record, stage or "", **changes)
    carry_out(state, plan, "pipeline", form)


@command(
    "rm",
    help="Remove pipelines. They stay in the trash: `restore` or `tuicrm undo` brings them back. Where deals are in "
    "one, --to says where they go.",
    examples=["tuicrm pipeline rm Old --to Sales", 'tuicrm pipeline rm Old --to "Sales: Qualified"'],
)
@click.argument("refs", nargs=-1, required=True, metavar="REF...")
@click.option("--to", default="", metavar="PIPELINE", help='Where their deals go: "Sales", or "Sales: Qualified".')
def rm(state: State, *, refs: Sequence[str], to: str) -> None:
    """Remove pipelines."""
    from tuicrm.crm import dissolving, edit

    records = find_all(state, "pipeline", refs)
    if to and len(records) > 1:
        raise UsageProblem("--to goes with one pipeline at a time")
    if to:
        plan = dissolving.remove(state.session, records[0], to=to)
    else:
        plan = edit.remove(state.session, "pipeline", records)
    carry_out(state, plan)


def _show_command() -> Command:
    return Command(
        "show",
        help="Show pipelines with their stages.",
        callback=click.pass_obj(partial(_show)),
        params=[refs_argument(), *format_parameters()],
        examples=["tuicrm pipeline show Sales"],
        json_names=_names,
    )


def _show(state: State, *, refs: Sequence[str], form: str | None) -> None:
    from tuicrm.cli.output import give_cards

    session = state.session
    records = find_all(state, "pipeline", refs)
    if form not in (None, "table"):
        give_cards(state, session.kind("pipeline"), records, form)
        return
    from tuicrm.cli.grid import grid
    from tuicrm.crm.needs import asked_texts
    from tuicrm.crm.pipelines import stages
    from tuicrm.crm.stages import texts
    from tuicrm.text import clean_line

    pages = []
    for record in records:
        rows = [
            [
                stage.key,
                stage.name,
                stage.kind,
                f"{stage.probability}%",
                f"{stage.rotting_days}d" if stage.rotting_days else "",
                ", ".join(asked_texts(stage)),
            ]
            for stage in stages(record)
        ]
        table, _ = grid(HEADS, rows, right={3, 4}, cells=state.width, bold=state.colour)
        reasons = ", ".join(one.text for one in texts(record.get("back_reasons")))
        back = f"going back asks for a reason: {clean_line(reasons)}\n" if reasons else ""
        pages.append(f"{clean_line(str(record.get('name', '')))}  {record['id']}\n{table}{back}")
    state.give("\n".join(pages))
