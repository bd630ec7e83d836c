"""Rules as they are: list and show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tuicrm.cli.lazy import command
from tuicrm.cli.output import format_options
from tuicrm.cli.rule_run import FORMS, give, named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.cli.state import State

LISTED = ("id", "name", "active", "of", "when", "if", "do", "runs", "last_ran_at", "problem")


@command(
    "list",
    help="List the rules: what sets them off, the query, what they do, how often they ran, and when last.",
    examples=["tuicrm rule list", "tuicrm rule list --json"],
    json_names=LISTED,
)
@format_options(FORMS)
def listing(state: State, *, form: str | None) -> None:
    """List rules."""
    from tuicrm.crm.rules.model import rules
    from tuicrm.crm.rules.telling import row

    rows = [row(state.session, one) for one in rules(state.session)]
    if give(state, rows, form):
        return
    if not rows:
        state.tell("no rules; tuicrm rule add --help shows how to make one")
        return
    from tuicrm.cli.grid import grid

    lines = [
        [
            one["name"],
            "on" if one["active"] and not one["problem"] else "WRONG" if one["problem"] else "off",
            one["when"],
            one["if"],
            "; ".join(one["do"]),
            str(one["runs"]),
            (one["last_ran_at"] or "")[:10],
        ]
        for one in rows
    ]
    heads = ("NAME", "ON", "WHEN", "IF", "DO", "RUNS", "LAST")
    text, _ = grid(heads, lines, right={5}, cells=state.width, bold=state.colour)
    state.give(text)
    for one in rows:
        if one["problem"]:
            state.tell(f"{one['name']}: {one['problem']}")


@command(
    "show",
    help="Show rules: when, if, and each thing they do with its number, for edit --without.",
    examples=['tuicrm rule show "Chase offers"'],
    json_names=LISTED,
)
@click.argument("refs", nargs=-1, required=True, metavar="REF...")
@format_options(FORMS)
def show(state: State, *, refs: Sequence[str], form: str | None) -> None:
    """Show rules."""
    from tuicrm.crm.rules.telling import held_back, row

    held = [named(state, ref) for ref in refs]
    rows = [row(state.session, one) for one in held]
    if form == "json" and len(rows) == 1:
        from tuicrm.cli.output import give_json

        give_json(state, rows[0])
        return
    if give(state, rows, form):
        return
    from tuicrm.cli.grid import card

    cards = []
    for one in rows:
        pairs = [("id", one["id"]), ("name", one["name"]), ("on", "yes" if one["active"] else "no")]
        pairs += [(name, one[name]) for name in ("when", "if") if one[name]]
        pairs += [(f"do {place}", text) for place, text in enumerate(one["do"], 1)]
        pairs += [("runs", str(one["runs"])), ("last ran", one["last_ran_at"] or "never")]
        cards.append(card([*pairs, *([("problem", one["problem"])] if one["problem"] else [])], bold=state.colour))
    state.give("\n".join(cards))
    for rule in held:
        if said := held_back(state.session, rule):
            state.tell(f"{rule.name}: {said}")
