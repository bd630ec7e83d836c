"""`lead score`: the rules that give leads points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tuicrm.cli.lazy import LazyGroup, Verb, command
from tuicrm.cli.outcome import carry_out
from tuicrm.cli.output import format_options

if TYPE_CHECKING:
    from tuicrm.cli.state import State

HEADS = ("id", "where", "points", "label", "fits", "wrong")
# A rule may take points away, and -5 is no option.
_NUMBERS = {"ignore_unknown_options": True, "help_option_names": ["--help", "-h"]}


def group() -> LazyGroup:
    """Return the commands."""
    verbs = {
        "list": Verb("List the rules, and how many open leads each fits.", lambda: list_),
        "add": Verb("Add a rule.", lambda: add),
        "edit": Verb("Change a rule.", lambda: edit),
        "rm": Verb("Remove a rule.", lambda: remove),
        "show": Verb("Which rules gave a lead how many points.", lambda: show),
    }
    aliases = {"ls": "list", "new": "add", "create": "add", "remove": "rm", "delete": "rm", "explain": "show"}
    return LazyGroup("score", verbs, aliases=aliases, help="The rules that give leads points.")


@command(
    "list",
    help="List the rules, what gives most first, and how many open leads each fits.",
    examples=["tuicrm lead score list"],
    json_names=HEADS,
)
@format_options(("table", "json", "jsonl", "csv", "tsv"))
def list_(state: State, *, form: str | None) -> None:
    """Print the rules."""
    from tuicrm.crm.listing import select
    from tuicrm.crm.scoring import rules

    session = state.session
    held = rules(session)
    leads = select(session, "lead", where="is:open") if held else []
    facts = [
        {
            "id": one.id,
            "where": one.where,
            "points": one.points,
            "label": one.label,
            "fits": sum(1 for lead in leads if one.fits(lead)),
            "wrong": one.wrong,
        }
        for one in held
    ]
    if form in ("json", "jsonl"):
        from tuicrm.cli.output import give_json, give_json_lines

        give_json(state, facts) if form == "json" else give_json_lines(state, facts)
    elif form in ("csv", "tsv"):
        from tuicrm.cli.sheet import sheet

        rows = [[str(one[name]) for name in HEADS] for one in facts]
        state.give(sheet(HEADS, rows, delimiter="\t" if form == "tsv" else ","))
    elif not facts:
        state.tell('no score rules; add one: tuicrm lead score add "country:de" +10')
    else:
        from tuicrm.cli.grid import grid

        rows = [
            [str(at), f"{one['points']:+d}", str(one["where"]), str(one["fits"]), str(one["wrong"] or one["label"])]
            for at, one in enumerate(facts, 1)
        ]
        heads = ["NO", "POINTS", "WHERE", "FITS", "CALLED"]
        state.give(grid(heads, rows, right={0, 1, 3}, cells=state.width, bold=state.colour)[0])


@command(
    "add",
    help="Add a rule: leads that a query finds get so many points. Print the rule's id.",
    examples=[
        'tuicrm lead score add "country:de" +10',
        'tuicrm lead score add "source:fair employees>50" 25 --label "Met at a fair"',
        'tuicrm lead score add "emails:gmail.com" -5',
    ],
    context_settings=_NUMBERS,
)
@click.argument("where", metavar="QUERY")
@click.argument("points", metavar="POINTS")
@click.option("--label", default="", metavar="TEXT", help="What to call it where a score is explained.")
def add(state: State, *, where: str, points: str, label: str) -> None:
    """Add a rule."""
    from tuicrm.crm import scoring

    carry_out(state, scoring.add(state.session, where, points.removeprefix("+"), label))


@command(
    "edit",
    help="Change a rule, named by its number in the list, its query or its id.",
    examples=["tuicrm lead score edit 1 --points 20", "tuicrm lead score edit country:de --where country:at"],
)
@click.argument("ref", metavar="RULE")
@click.option("--where", default="", metavar="QUERY", help="Another query.")
@click.option("--points", default="", metavar="POINTS", help="Other points.")
@click.option("--label", default=None, metavar="TEXT", help="What to call it.")
def edit(state: State, *, ref: str, where: str, points: str, label: str | None) -> None:
    """Change a rule."""
    from tuicrm.crm import scoring
    from tuicrm.errors import UsageProblem

    if not where and not points and label is None:
        raise UsageProblem("nothing to change was given", hint="tuicrm lead score edit --help lists what can be.")
    plan = scoring.edit(state.session, ref, where=where, points=points.removeprefix("+"), label=label)
    carry_out(state, plan)


@command("rm", help="Remove a rule.", examples=["tuicrm lead score rm 1"])
@click.argument("ref", metavar="RULE")
def remove(state: State, *, ref: str) -> None:
    """Remove a rule."""
    from tuicrm.crm import scoring

    carry_out(state, scoring.remove(state.session, ref))


@command(
    "show",
    help="Say which rules gave a lead how many points.",
    examples=['tuicrm lead score show "Jane Roe"'],
    json_names=("points", "why"),
)
@click.argument("ref", metavar="LEAD")
@click.option("--json", "form", flag_value="json", help="Print the rules that count as JSON.")
def show(state: State, *, ref: str, form: str | None) -> None:
    """Explain a score."""
    from tuicrm.crm import scoring
    from tuicrm.crm.lookup import find

    lead = find(state.session, "lead", ref)
    given = scoring.explain(state.session, lead)
    if form == "json":
        from tuicrm.cli.output import give_json

        give_json(state, [one._asdict() for one in given])
        return
    from tuicrm.text import clean_line

    lines = [f"{one.points:+6d}  {clean_line(one.why)}\n" for one in given]
    total = scoring.score(state.session, lead)
    state.give("".join([*lines, f"{total if total is not None else 0:6d}  in all\n"]))
