"""Sequences: the common verbs, with steps typed as in "3 call Any questions?", and who is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tuicrm.cli.lazy import LazyGroup, Verb, command
from tuicrm.cli.noun import noun
from tuicrm.cli.noun_read import json_names
from tuicrm.cli.outcome import carry_out
from tuicrm.cli.output import format_options
from tuicrm.errors import NotFound, UsageProblem
from tuicrm.records.kinds.sequence import ENROLMENT, SEQUENCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.cli.state import State
    from tuicrm.crm.session import Session

KINDS = ("contact", "lead")
_STEP = "A step: its day, what to do (call, email, todo, wait), and words or a template. May be repeated."


def build(name: str) -> LazyGroup:
    """Return the group of sequence commands."""
    extra = {
        "add": Verb("Add a sequence with its steps.", lambda: add),
        "show": Verb("Show a sequence, and who is in it.", lambda: show),
        "edit": Verb("Rename a sequence, add steps or drop them.", lambda: edit),
        "rm": Verb("Remove sequences; who is in one is taken out of it.", lambda: rm),
        "start": Verb("Start a sequence with a lead or a contact.", lambda: start),
        "stop": Verb("Stop it with somebody.", lambda: stop),
    }
    return noun(SEQUENCE, extra)


@command(
    "add",
    help="Add a sequence and print its id. A step is the day after the start, what to do, and words; the words of an "
    "e-mail may be the name of a template.",
    examples=[SEQUENCE.example],
    json_names=lambda: json_names(SEQUENCE),
)
@click.argument("name")
@click.option("--step", "steps", multiple=True, metavar="STEP", help=_STEP)
@click.option("--json", "form", flag_value="json", help="Print the sequence as JSON instead of its id.")
def add(state: State, *, name: str, steps: Sequence[str], form: str | None) -> None:
    """Add a sequence."""
    from tuicrm.crm import sequences

    carry_out(state, sequences.add(state.session, name, steps), "sequence", form)


@command(
    "edit",
    help="Rename a sequence, add steps (--step) or drop them by their numbers (--drop). Who is in it goes on with the "
    "steps as they are then.",
    examples=['tuicrm sequence edit Outbound --step "5 call Still there?" --drop 3'],
    json_names=lambda: json_names(SEQUENCE),
)
@click.argument("ref", metavar="SEQUENCE")
@click.option("--name", default="", metavar="TEXT", help="Another name.")
@click.option("--step", "steps", multiple=True, metavar="STEP", help=_STEP)
@click.option("--drop", "dropped", multiple=True, metavar="NUMBER", help="Drop a step, by its number in `show`.")
@click.option("--json", "form", flag_value="json", help="Print the sequence as JSON instead of its id.")
def edit(state: State, *, ref: str, name: str, steps: Sequence[str], dropped: Sequence[str], form: str | None) -> None:
    """Change a sequence."""
    from dataclasses import replace

    from tuicrm.crm import edit as editing
    from tuicrm.crm import sequences
    from tuicrm.crm.lookup import find

    session = state.session
    record = find(session, "sequence", ref)
    if not (name or steps or dropped):
        raise UsageProblem("nothing to change was given", hint="tuicrm sequence edit --help lists what can be changed.")
    plan = editing.edit(session, "sequence", [record], {"name": [name]} if name else {})
    if steps or dropped:
        also = sequences.edit_steps(session, record, steps, dropped)
        plan = replace(also, changes=(*plan.changes, *also.changes))
    carry_out(state, plan, "sequence", form)


@command(
    "rm",
    help="Remove sequences, and end them for whoever is in one; `restore` or `tuicrm undo` brings them back.",
    examples=["tuicrm sequence rm Outbound"],
)
@click.argument("refs", nargs=-1, required=True, metavar="SEQUENCE...")
def rm(state: State, *, refs: Sequence[str]) -> None:
    """Remove sequences."""
    from tuicrm.cli.noun_read import find_all
    from tuicrm.crm import sequences

    carry_out(state, sequences.remove(state.session, find_all(state, "sequence", refs)))


@command(
    "start",
    help="Start a sequence with leads or contacts: its first step becomes a follow-up, and each step that is done "
    "brings the next. It ends by itself when they answer, at a meeting, and when a deal of theirs moves.",
    examples=["tuicrm sequence start Outbound jane@acme.example"],
    json_names=lambda: json_names(ENROLMENT),
)
@click.argument("name", metavar="SEQUENCE")
@click.argument("refs", nargs=-1, required=True, metavar="REF...")
@click.option("--json", "form", flag_value="json", help="Print who is in it as JSON instead of its id.")
def start(state: State, *, name: str, refs: Sequence[str], form: str | None) -> None:
    """Start a sequence."""
    from tuicrm.crm import sequences
    from tuicrm.crm.lookup import find

    session = state.session
    sequence = find(session, "sequence", name)
    people = [_person(session, ref) for ref in refs]
    carry_out(state, sequences.start_each(session, sequence, people), "enrolment", form)


@command(
    "stop",
    help="Stop a sequence with somebody; what was still to be done of it goes. With one name: all that they are in.",
    examples=["tuicrm sequence stop Outbound jane@acme.example", "tuicrm sequence stop jane@acme.example"],
    json_names=lambda: json_names(ENROLMENT),
)
@click.argument("names", nargs=-1, required=True, metavar="[SEQUENCE] REF")
@click.option("--json", "form", flag_value="json", help="Print who was in it as JSON instead of its id.")
def stop(state: State, *, names: Sequence[str], form: str | None) -> None:
    """Stop a sequence."""
    from tuicrm.crm import sequences
    from tuicrm.crm.lookup import find

    if len(names) > 2:
        raise UsageProblem("name the sequence and the person, or the person alone")
    session = state.session
    sequence = find(session, "sequence", names[0]) if len(names) == 2 else None
    carry_out(state, sequences.stop(session, sequence, *_person(session, names[-1])), "enrolment", form)


def _person(session: Session, ref: str) -> tuple[str, dict[str, Any]]:
    from tuicrm.crm.lookup import find

    try:
        return "contact", find(session, "contact", ref)
    except NotFound as problem:
        try:
            return "lead", find(session, "lead", ref)
        except NotFound:
            raise NotFound(f"no contact and no lead answers to {ref!r}", hint=problem.hint) from None


@command(
    "show",
    help="Show the steps of a sequence, who is in it and where, and how it ended for others.",
    examples=["tuicrm sequence show Outbound"],
    json_names=lambda: [*json_names(SEQUENCE), "people"],
)
@click.argument("ref", metavar="SEQUENCE")
@format_options(("table", "json"))
def show(state: State, *, ref: str, form: str | None) -> None:
    """Show a sequence."""
    from tuicrm.crm import rows
    from tuicrm.crm.lookup import find
    from tuicrm.crm.members import members

    session = state.session
    record = find(session, "sequence", ref)
    people = members(session, record)
    if form == "json":
        from tuicrm.cli.output import give_json

        give_json(state, {**rows.flat(session, "sequence", record), "people": [one.flat for one in people]})
        return
    from tuicrm.cli.grid import grid
    from tuicrm.crm.steps import steps

    numbered = [(str(at), str(one.day), one.said) for at, one in enumerate(steps(record), 1)]
    state.give(_title(str(record.get("name", ""))))
    state.give(grid(("STEP", "DAY", "WHAT"), numbered, right=(0, 1), cells=state.width, bold=state.colour)[0])
    if people:
        cells = [one.cells for one in people]
        heads = ("WHO", "STEP", "NEXT", "STARTED", "ENDED", "WHY")
        state.give("\n" + grid(heads, cells, cells=state.width, bold=state.colour)[0])


def _title(text: str) -> str:
    from tuicrm.text import clean_line

    return f"{clean_line(text)}\n\n"
