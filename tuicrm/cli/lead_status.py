"""`lead status`: what the statuses of leads are, and what has to hold for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tuicrm.cli.lazy import LazyGroup, Verb, command
from tuicrm.cli.outcome import carry_out
from tuicrm.cli.output import format_options
from tuicrm.records.status import MEANINGS

if TYPE_CHECKING:
    from tuicrm.cli.state import State

HEADS = ("key", "name", "meaning", "criteria", "leads")


def group() -> LazyGroup:
    """Return the commands."""
    verbs = {
        "list": Verb("List the statuses with their criteria.", lambda: list_),
        "add": Verb("Add a status.", lambda: add),
        "edit": Verb("Change what a status means, its criteria or its place.", lambda: edit),
        "rename": Verb("Give a status another name; leads keep theirs.", lambda: rename),
        "rm": Verb("Remove a status; its leads get another one.", lambda: remove),
        "set": Verb("Give leads a status.", lambda: set_),
    }
    aliases = {"ls": "list", "new": "add", "create": "add", "remove": "rm", "delete": "rm"}
    return LazyGroup("status", verbs, aliases=aliases, help="The statuses of leads, with their criteria.")


@command(
    "list",
    help="List the statuses of leads in their order: what each means, and what has to hold for it.",
    examples=["tuicrm lead status list"],
    json_names=HEADS,
)
@format_options(("table", "json", "jsonl", "csv", "tsv"))
def list_(state: State, *, form: str | None) -> None:
    """Print the statuses."""
    from collections import Counter

    from tuicrm.crm.statuses import status_of, statuses

    session = state.session
    counts = Counter(status_of(session, one).key for one in session.ws.all("lead").values())
    facts = [
        {**{name: getattr(one, name) for name in HEADS[:-1]}, "leads": counts[one.key]} for one in statuses(session)
    ]
    rows = [[str(one[name]) for name in HEADS] for one in facts]
    if form in ("json", "jsonl"):
        from tuicrm.cli.output import give_json, give_json_lines

        give_json(state, facts) if form == "json" else give_json_lines(state, facts)
    elif form in ("csv", "tsv"):
        from tuicrm.cli.sheet import sheet

        state.give(sheet(HEADS, rows, delimiter="\t" if form == "tsv" else ","))
    else:
        from tuicrm.cli.grid import card

        # Criteria are what one looks for here: they are never cut.
        cards = [
            card(
                [
                    ("status", f"{one['name']} ({one['meaning']}, {_leads(one['leads'])})"),
                    ("criteria", one["criteria"]),
                ],
                bold=state.colour,
            )
            for one in facts
        ]
        state.give("\n".join(cards))


@command(
    "add",
    help="Add a status, behind the others of its meaning or beside one, and print the id of its record.",
    examples=['tuicrm lead status add "Meeting set" --criteria "A date is in both calendars" --after working'],
)
@click.argument("name")
@click.option("--criteria", default="", metavar="TEXT", help="What has to hold; shown wherever a status is chosen.")
@click.option("--meaning", type=click.Choice(MEANINGS), default="open", help="Still open, qualified or unqualified.")
@click.option("--before", default="", metavar="STATUS", help="Goes before this one.")
@click.option("--after", default="", metavar="STATUS", help="Goes after this one.")
def add(state: State, *, name: str, criteria: str, meaning: str, before: str, after: str) -> None:
    """Add a status."""
    from tuicrm.crm import statuses

    plan = statuses.add(state.session, name, criteria=criteria, meaning=meaning, before=before, after=after)
    carry_out(state, plan)


@command(
    "edit",
    help="Change what has to hold for a status, what it means, or its place.",
    examples=['tuicrm lead status edit qualified --criteria "Budget, need and a date are known"'],
)
@click.argument("ref", metavar="STATUS")
@click.option("--criteria", default=None, metavar="TEXT", help="What has to hold.")
@click.option("--meaning", type=click.Choice(MEANINGS), default=None, help="Still open, qualified or unqualified.")
@click.option("--before", default="", metavar="STATUS", help="Goes before this one.")
@click.option("--after", default="", metavar="STATUS", help="Goes after this one.")
def edit(state: State, *, ref: str, criteria: str | None, meaning: str | None, before: str, after: str) -> None:
    """Change a status."""
    from tuicrm.crm import statuses
    from tuicrm.errors import UsageProblem

    if criteria is None and meaning is None and not before and not after:
        raise UsageProblem("nothing to change was given", hint="tuicrm lead status edit --help lists what can be.")
    plan = statuses.edit(state.session, ref, criteria=criteria, meaning=meaning, before=before, after=after)
    carry_out(state, plan)


@command(
    "rename",
    help="Give a status another name; leads that have it keep it.",
    examples=['tuicrm lead status rename working "In touch"'],
)
@click.argument("ref", metavar="STATUS")
@click.argument("name")
def rename(state: State, *, ref: str, name: str) -> None:
    """Rename a status."""
    from tuicrm.crm import statuses

    carry_out(state, statuses.rename(state.session, ref, name))


@command(
    "rm",
    help="Remove a status. Where leads have it, say with --to which one they get.",
    examples=['tuicrm lead status rm "Meeting set" --to working'],
)
@click.argument("ref", metavar="STATUS")
@click.option("--to", default="", metavar="STATUS", help="Where its leads go.")
def remove(state: State, *, ref: str, to: str) -> None:
    """Remove a status."""
    from tuicrm.crm import statuses

    carry_out(state, statuses.remove(state.session, ref, to))


@command(
    "set",
    help="Give leads a status, and say what has to hold for it; short for `tuicrm lead edit REF --status STATUS`.",
    examples=['tuicrm lead status set working "Jane Roe"'],
)
@click.argument("status", metavar="STATUS")
@click.argument("refs", nargs=-1, required=True, metavar="REF...")
def set_(state: State, *, status: str, refs: tuple[str, ...]) -> None:
    """Set the status of leads."""
    from tuicrm.cli.noun_read import find_all
    from tuicrm.crm import leads

    carry_out(state, leads.set_status(state.session, find_all(state, "lead", refs), status))


def _leads(count: int) -> str:
    return f"{count:,} {'lead' if count == 1 else 'leads'}"
