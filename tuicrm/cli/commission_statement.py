"""`commission statement`: what somebody has earned, with a line for each deal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tuicrm.cli.lazy import command
from tuicrm.cli.output import format_options, give_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.cli.state import State

Fact = dict[str, Any]
CELLS = (
    *("user", "user_name", "plan", "plan_name", "period", "deal", "deal_name", "closed_on", "deal_value"),
    *("deal_currency", "value", "sales", "from", "rate", "times", "amount", "currency"),
    *("owner", "owner_name"),
)
NAMES = (
    *("period", "from", "to", "currency", "statements", "total", "user", "user_name", "plan", "plan_name", "type"),
    *("sales", "quota", "attainment", "cap", "uncapped", "amount", "deals", "deal", "deal_name", "closed_on"),
    *("deal_value", "deal_currency", "value", "parts", "rate", "times", "owner", "owner_name"),
)


@command(
    "statement",
    help="Show what somebody has earned in a period: each deal, what of it lies in which band, its rate and amount. "
    "Without USER your own. A plan is told for the whole of its periods that hold days of the one asked for.",
    examples=[
        "tuicrm commission statement",
        "tuicrm commission statement ann --period 2026-Q4",
        "tuicrm commission statement --all --period 2026-Q4 --format csv",
    ],
    json_names=NAMES,
)
@click.argument("refs", nargs=-1, metavar="[USER]...")
@click.option("--team", default="", metavar="TEAM", help="Everybody in a team.")
@click.option("--all", "everyone", is_flag=True, help="Everybody.")
@click.option("--period", default="", metavar="PERIOD", help="As 2026-Q4, 2026-11 or 2026; this quarter if absent.")
@click.option("--plan", default="", metavar="PLAN", help="By this plan alone.")
@format_options(("table", "json", "csv", "tsv"))
def statement(
    state: State, *, refs: Sequence[str], team: str, everyone: bool, period: str, plan: str, form: str | None
) -> None:
    """Print statements."""
    from tuicrm.crm.commissions.statement import flat, statements
    from tuicrm.crm.periods import period_named

    session = state.session
    asked = period_named(session, period)
    facts = [flat(session, one) for one in statements(session, _users(state, refs, team, everyone), asked, plan)]
    if form == "json":
        give_json(state, _whole(state, asked.key, facts))
    elif form in ("csv", "tsv"):
        from tuicrm.cli.sheet import sheet

        rows = [[str(row.get(name) or "") for name in CELLS] for row in _rows(facts)]
        state.give(sheet(CELLS, rows, delimiter="\t" if form == "tsv" else ","))
    elif facts:
        state.give("\n".join([_card(state, one) for one in facts]) + _total(state, facts))
    elif not session.ws.all("commission"):
        state.tell('there is no commission plan; tuicrm commission add NAME --tier 5 --tier "6 from 100k" adds one')
    else:
        state.tell(f"nothing was earned in {asked.title}: no deal was won that a plan pays for")


def _users(state: State, refs: Sequence[str], team: str, everyone: bool) -> list[dict[str, Any]]:
    """Return whose statements are wanted, in the order of their names."""
    from tuicrm.cli.noun_read import find_all
    from tuicrm.crm.lookup import title
    from tuicrm.crm.parsing import my_id
    from tuicrm.crm.scopes import team_named
    from tuicrm.errors import UsageProblem

    session = state.session
    if sum(map(bool, (refs, team, everyone))) > 1:
        raise UsageProblem("name users, a --team or --all: one of these")
    held = session.ws.all("user")
    if refs:
        return [held[my_id(session)] if ref == "me" else find_all(state, "user", [ref])[0] for ref in refs]
    if not team and not everyone:
        return [held[my_id(session)]]
    owners = team_named(session, team).owners if team else None
    found = [one for key, one in held.items() if owners is None or key in owners]
    return sorted(found, key=lambda one: (title(session, "user", one).casefold(), one["id"]))


def _whole(state: State, period: str, facts: Sequence[Fact]) -> Fact:
    session = state.session
    return {"period": period, "currency": session.currency, "total": _sum(state, facts), "statements": facts}


def _sum(state: State, facts: Sequence[Fact]) -> str:
    from decimal import Decimal

    from tuicrm.money import amount_text

    return amount_text(sum((Decimal(one["amount"]) for one in facts), Decimal(0)), state.session.currency)


def _rows(facts: Sequence[Fact]) -> list[Fact]:
    """Return one row for each part of each deal."""
    return [
        {**one, **deal, **part, "currency": one["currency"]}
        for one in facts
        for deal in one["deals"]
        for part in deal["parts"]
    ]


def _card(state: State, one: Fact) -> str:
    """Return a statement as a table with a head and a total."""
    from tuicrm.cli.grid import grid
    from tuicrm.crm.commissions import telling
    from tuicrm.text import clean_line

    cells, bold = state.width, state.colour
    table = grid(telling.HEADS, telling.rows(one), right=telling.RIGHT, fixed={0}, cells=cells, bold=bold)[0]
    foot = telling.capped(one)
    return f"{clean_line(telling.head(state.session, one))}\n{table}" + (f"{foot}\n" if foot else "")


def _total(state: State, facts: Sequence[Fact]) -> str:
    from tuicrm.crm.commissions.telling import money

    code = state.session.currency
    return f"\nin all {money(_sum(state, facts), code)} {code}\n" if len(facts) > 1 else ""
