"""`config rate`: what other currencies are worth in the base currency, from which day on."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from tuicrm.cli.lazy import command
from tuicrm.cli.outcome import carry_out
from tuicrm.cli.output import format_options, give_json, give_json_lines
from tuicrm.errors import UsageProblem

if TYPE_CHECKING:
    from tuicrm.cli.state import State
    from tuicrm.crm.ratebook import Entry

NAMES = ("currency", "from", "rate", "base", "status")


@command(
    "rate",
    help="Set what 1 CURRENCY is worth in the base currency from a day on (today, where no day is given); with --rm "
    "take such a rate away; without a RATE list them. Of the rates of a currency the last one up to a day holds on it. "
    "The status of a rate is now, past, later, or other base where it does not count. With --format or --json, "
    "setting one lists them too.",
    examples=[
        "tuicrm config rate USD 0.92 --from 2026-10-01",
        "tuicrm config rate USD --from 2026-10-01 --rm",
        "tuicrm config rate --json",
    ],
    json_names=NAMES,
)
@click.argument("currency", required=False, default="")
@click.argument("rate", required=False)
@click.option("--from", "since", metavar="DAY", help="The first day on which it holds.")
@click.option("--rm", "away", is_flag=True, help="Take away the rate from that day.")
@format_options(("table", "json", "jsonl", "csv", "tsv"))
def rate(state: State, *, currency: str, rate: str | None, since: str | None, away: bool, form: str | None) -> None:
    """Set, take away or list rates."""
    _refuse_half_said(rate, since, away=away)
    from tuicrm.crm import ratebook

    session = state.session
    if rate is not None:
        carry_out(state, ratebook.set_rate(session, currency, rate, since or ""), ids=False)
    elif away:
        carry_out(state, ratebook.remove_rate(session, currency, since or ""), ids=False)
    if form is not None or (rate is None and not away):
        _give(state, ratebook.entries(session, currency), form)


def _refuse_half_said(rate: str | None, since: str | None, *, away: bool) -> None:
    """Raise UsageProblem where it is not clear what is wanted."""
    if away and rate is not None:
        raise UsageProblem("--rm takes no RATE: the currency and --from DAY say which rate is to go")
    if away and since is None:
        raise UsageProblem("--rm needs --from DAY, which says which rate is to go; tuicrm config rate lists them")
    if since is not None and rate is None and not away:
        raise UsageProblem("--from needs a RATE to be set, or --rm", hint="tuicrm config rate USD lists all of USD.")


def _give(state: State, found: list[Entry], form: str | None) -> None:
    facts = [dict(zip(NAMES, asdict(one).values(), strict=True)) for one in found]
    rows = [list(one.values()) for one in facts]
    if form == "json":
        give_json(state, facts)
    elif form == "jsonl":
        give_json_lines(state, facts)
    elif form in ("csv", "tsv"):
        from tuicrm.cli.sheet import sheet

        state.give(sheet(NAMES, rows, delimiter="\t" if form == "tsv" else ",", numeric={2}))
    elif not rows:
        state.tell("no rates")
    else:
        from tuicrm.cli.grid import grid

        heads = [name.upper() for name in NAMES]
        state.give(grid(heads, rows, right={2}, fixed={0, 1}, cells=state.width, bold=state.colour)[0])
