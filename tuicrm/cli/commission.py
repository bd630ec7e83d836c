"""Commission plans: the common verbs, with bands typed as in "6 from 100k"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tuicrm.cli.lazy import Command, LazyGroup, Verb
from tuicrm.cli.noun import noun
from tuicrm.cli.noun_read import json_names
from tuicrm.cli.options import field_options, typed_values
from tuicrm.cli.outcome import carry_out
from tuicrm.records.kinds.commission import COMMISSION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.cli.state import State


def build(name: str) -> LazyGroup:
    """Return the group of commission commands."""
    extra = {
        "add": Verb("Add a commission plan.", _add_command),
        "edit": Verb("Change a commission plan.", _edit_command),
        "statement": Verb("What somebody has earned in a period, deal by deal.", _statement_command),
    }
    return noun(COMMISSION, extra)


def _statement_command() -> click.Command:
    from tuicrm.cli.commission_statement import statement

    return statement


def _step_options() -> list[click.Parameter]:
    return [
        click.Option(
            ["--tier", "tiers"],
            multiple=True,
            metavar='"RATE [from AMOUNT]"',
            help='A rate in percent, and the sales from which it holds, as in "6 from 100k". May be repeated.',
        ),
        click.Option(
            ["--accelerator", "faster"],
            multiple=True,
            metavar='"FACTOR from PERCENT"',
            help='What rates are multiplied by beyond so much of the quota, as in "1.5 from 100". May be repeated.',
        ),
    ]


def _json_option() -> click.Option:
    return click.Option(["--json", "form"], flag_value="json", help="Print the plan as JSON instead of its id.")


def _add_command() -> Command:
    return Command(
        "add",
        help="Add a commission plan and print its id. One rate makes it flat, several make it marginal (each band has "
        "its own rate) unless --type says retroactive (the band that is reached counts for all).",
        callback=click.pass_obj(_add),
        params=[
            click.Argument(["named"], metavar="NAME"),
            *_step_options(),
            *[one for one in field_options(COMMISSION, removing=False) if one.name != "name"],
            _json_option(),
        ],
        examples=[
            COMMISSION.example,
            'tuicrm commission add Renewals --tier 2 --where "pipeline:Renewals" --team north --cap 5k',
            'tuicrm commission add Faster --tier 5 --accelerator "1.5 from 100" --period year',
        ],
        json_names=lambda: json_names(COMMISSION),
    )


def _add(
    state: State, *, named: str, tiers: Sequence[str], faster: Sequence[str], form: str | None, **values: Any
) -> None:
    from tuicrm.crm.commissions import plans

    typed, _ = typed_values(state.session.kind("commission"), values)
    carry_out(state, plans.add(state.session, {"name": [named], **typed}, tiers, faster), "commission", form)


def _edit_command() -> Command:
    return Command(
        "edit",
        help="Change a commission plan. A --tier from the same amount takes the place of the old one. "
        "Statements go by the plan as it is: for other rates from a day on, end it with --valid-to and add another.",
        callback=click.pass_obj(_edit),
        params=[
            click.Argument(["ref"], metavar="PLAN"),
            *_step_options(),
            click.Option(["--drop-tier", "gone_tiers"], multiple=True, metavar="AMOUNT", help="Take a band away."),
            click.Option(
                ["--drop-accelerator", "gone_faster"],
                multiple=True,
                metavar="PERCENT",
                help="Take an accelerator away.",
            ),
            *field_options(COMMISSION, removing=True),
            _json_option(),
        ],
        examples=['tuicrm commission edit Standard --tier "8 from 125k" --cap 20k --user ann'],
        json_names=lambda: json_names(COMMISSION),
    )


def _edit(
    state: State,
    *,
    ref: str,
    tiers: Sequence[str],
    faster: Sequence[str],
    gone_tiers: Sequence[str],
    gone_faster: Sequence[str],
    form: str | None,
    **values: Any,
) -> None:
    from tuicrm.crm.commissions import plans
    from tuicrm.crm.lookup import find
    from tuicrm.errors import UsageProblem

    session = state.session
    record = find(session, "commission", ref)
    typed, removed = typed_values(session.kind("commission"), values)
    if not (typed or removed or tiers or faster or gone_tiers or gone_faster):
        raise UsageProblem(
            "nothing to change was given", hint="tuicrm commission edit --help lists what can be changed."
        )
    plan = plans.edit(session, record, typed, removed, tiers, faster, gone_tiers, gone_faster)
    carry_out(state, plan, "commission", form)
