"""Territories: the common verbs, which of them a record lies in and why, and giving records to their people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tuicrm.cli.lazy import LazyGroup, Verb, command
from tuicrm.cli.noun import noun
from tuicrm.cli.output import format_options
from tuicrm.records.kinds.territory import TERRITORY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.cli.state import State
    from tuicrm.crm.territorygiving import Given

KINDS = ("company", "lead", "deal", "contact")
GIVEN = ("company", "lead", "deal")
HEADS = ("kind", "id", "name", "territory", "territory_name", "owner", "owner_name", "previous", "previous_name")
MOST = 500
"""So many records get another owner without a question."""


def build(name: str) -> LazyGroup:
    """Return the group of territory commands."""
    extra = {
        "test": Verb("Say which territory a record lies in, and why.", lambda: test),
        "apply": Verb("Give companies, leads and deals to the people of their territories.", lambda: apply),
    }
    return noun(TERRITORY, extra)


@command(
    "test",
    help="Say which territory a company, a lead, a deal or a contact lies in, why, and what keeps it out of those "
    "that are asked before.",
    examples=['tuicrm territory test "Acme GmbH"'],
    json_names=("territory", "territory_name", "fits", "why", "reps"),
)
@click.argument("ref", metavar="REF")
@click.option("--kind", type=click.Choice(KINDS), help="What the REF names, where several kinds have such a name.")
@click.option("--json", "form", flag_value="json", help="Print what each territory says as JSON.")
def test(state: State, *, ref: str, kind: str | None, form: str | None) -> None:
    """Explain a territory."""
    from tuicrm.cli.history import any_record
    from tuicrm.crm.lookup import name_of
    from tuicrm.crm.territorygiving import verdicts
    from tuicrm.text import clean_line

    session = state.session
    found_kind, record = any_record(state, ref, (kind,) if kind else KINDS)
    said = list(verdicts(session, found_kind, record))
    if form == "json":
        from tuicrm.cli.output import give_json

        facts = [
            {
                "territory": one.territory.id,
                "territory_name": one.territory.name,
                "fits": one.fits,
                "why": one.why,
                "reps": list(one.territory.reps),
            }
            for one in said
        ]
        give_json(state, facts)
        return
    for one in said:
        people = ", ".join(name_of(session, "user", rep) for rep in one.territory.reps) or "nobody"
        head = f"{one.territory.name} ({people})" if one.fits else f"not {one.territory.name}"
        state.give(f"{clean_line(f'{head}: {one.why}')}\n")
    if not said:
        state.tell('there are no territories; tuicrm territory add NAME --if "country:de" --rep ann adds one')
    elif not said[-1].fits:
        state.tell("it lies in no territory")


@command(
    "apply",
    help="Give companies, open leads and open deals to the people of their territories, as one step to undo. What "
    "belongs to one of them already stays; of several people, whoever has least open gets it.",
    examples=["tuicrm territory apply --dry-run", "tuicrm territory apply --of lead --unowned"],
    json_names=HEADS,
)
@click.option("--of", "kinds", type=click.Choice(GIVEN), multiple=True, help="Only these. May be repeated.")
@click.option("--where", default="", metavar="QUERY", help="Only what the query finds; with one --of.")
@click.option("--unowned", is_flag=True, help="Only what belongs to nobody.")
@click.option("--dry-run", is_flag=True, help="Only show what would be given to whom.")
@click.option("--yes", is_flag=True, help="Do not ask, however many records there are.")
@format_options(("table", "json", "csv", "tsv", "ids"))
def apply(
    state: State, *, kinds: Sequence[str], where: str, unowned: bool, dry_run: bool, yes: bool, form: str | None
) -> None:
    """Give records to their territories."""
    from tuicrm.cli.outcome import carry_out
    from tuicrm.crm import territorygiving as giving
    from tuicrm.errors import Decision, UsageProblem

    if where and len(kinds) != 1:
        raise UsageProblem("--where needs to know of what: say --of company, lead or deal")
    rows = giving.given(state.session, kinds or GIVEN, where, unowned=unowned)
    plan = giving.apply(state.session, rows)
    if dry_run:
        _give(state, rows, form or "table")
        state.tell(f"would have: {plan.note}" if rows else plan.note)
        return
    if len(rows) > MOST and not yes:
        raise Decision(f"{len(rows):,} records would get another owner at once", hint="--yes does it.")
    facts = _facts(state, rows)
    carry_out(state, plan, ids=form in (None, "table", "ids"))
    if form not in (None, "table", "ids"):
        _print(state, facts, form)


def _give(state: State, rows: Sequence[Given], form: str) -> None:
    _print(state, _facts(state, rows), form)


def _facts(state: State, rows: Sequence[Given]) -> list[dict[str, Any]]:
    from tuicrm.crm.lookup import name_of, title

    session = state.session
    return [
        {
            "kind": one.kind,
            "id": one.record["id"],
            "name": title(session, one.kind, one.record),
            "territory": one.territory.id,
            "territory_name": one.territory.name,
            "owner": one.owner,
            "owner_name": name_of(session, "user", one.owner),
            "previous": one.record.get("owner") or None,
            "previous_name": name_of(session, "user", str(one.record.get("owner") or "")) or None,
        }
        for one in rows
    ]


def _print(state: State, facts: Sequence[dict[str, Any]], form: str | None) -> None:
    if form == "json":
        from tuicrm.cli.output import give_json

        give_json(state, facts)
    elif form == "ids":
        state.give("".join(f"{one['id']}\n" for one in facts))
    elif form in ("csv", "tsv"):
        from tuicrm.cli.sheet import sheet

        rows = [[str(one[name] or "") for name in HEADS] for one in facts]
        state.give(sheet(HEADS, rows, delimiter="\t" if form == "tsv" else ","))
    elif facts:
        from tuicrm.cli.grid import grid

        shown = ("kind", "name", "territory_name", "previous_name", "owner_name")
        rows = [[str(one[name] or "") for name in shown] for one in facts]
        heads = ["KIND", "NAME", "TERRITORY", "FROM", "TO"]
        state.give(grid(heads, rows, fixed={0}, cells=state.width, bold=state.colour)[0])
