"""`quote accept` and `quote decline`: what the customer said, and what it means for the deal."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from tuicrm.cli.deal import along_of, along_options
from tuicrm.cli.lazy import Command
from tuicrm.cli.noun_read import find_all, json_names
from tuicrm.cli.options import field_options, typed_values
from tuicrm.cli.outcome import carry_out
from tuicrm.errors import UsageProblem
from tuicrm.records.kinds.deal import DEAL
from tuicrm.records.kinds.quote import QUOTE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tuicrm.cli.state import State

_OF_QUOTE = ("ref", "reason", "lose", "form", "workspace")
"""What declining a quote takes, whether its deal is lost or not."""
_NOT_HERE = ("stage", "pipeline", "lost_reason")


def _command(
    name: str, text: str, callback: Callable[..., None], params: Sequence[click.Parameter], examples: Sequence[str]
) -> Command:
    """Return a command that may close a deal; it takes what the deal's stages ask for."""
    along = [one for one in field_options(DEAL, removing=False) if one.name not in _NOT_HERE]
    asked = click.Option(["--json", "form"], flag_value="json", help="Print the quote as JSON instead of its id.")
    return Command(
        name,
        help=text,
        callback=click.pass_obj(callback),
        params=[click.Argument(["ref"], metavar="QUOTE"), *params, *along_options(back=False), *along, asked],
        examples=examples,
        json_names=partial(json_names, QUOTE),
    )


def accept_command() -> Command:
    """Return the command that accepts a quote."""
    return _command(
        "accept",
        "Accept a quote, and win its deal, in one step. What the pipeline asks for can be given along.",
        _accept,
        [click.Option(["--take-value"], is_flag=True, help="Let the deal's value be what the quote comes to.")],
        ["tuicrm quote accept Q-2026-0012", "tuicrm quote accept Q-2026-0012 --take-value --closed yesterday"],
    )


def _accept(state: State, *, ref: str, take_value: bool, form: str | None, **values: Any) -> None:
    from tuicrm.crm.gates import MissingFields
    from tuicrm.crm.quotes import deciding

    session, along = state.session, along_of(values)
    (quote,) = find_all(state, "quote", [ref])
    typed, _ = typed_values(session.kind("deal"), values)
    try:
        plan = deciding.accept(session, quote, typed=typed, along=along, take_value=take_value)
    except MissingFields as gate:
        gate.hint = gate.hint.replace("tuicrm deal move", "tuicrm quote accept")
        raise
    carry_out(state, plan, "quote", form)


def decline_command() -> Command:
    """Return the command that declines a quote."""
    return _command(
        "decline",
        "Note that a quote was declined. Its deal stays open for another one, unless --lose is given.",
        _decline,
        [
            click.Option(["--reason"], metavar="TEXT", default="", help="Why it was declined."),
            click.Option(["--lose"], is_flag=True, help="The deal is lost as well, for the same reason."),
        ],
        ["tuicrm quote decline Q-2026-0012 --reason price", "tuicrm quote decline Q-2026-0012 --reason timing --lose"],
    )


def _decline(state: State, *, ref: str, reason: str, lose: bool, form: str | None, **values: Any) -> None:
    from tuicrm.crm.gates import MissingFields
    from tuicrm.crm.quotes import deciding

    if not lose:
        _refuse_unused()
    session, along = state.session, along_of(values)
    (quote,) = find_all(state, "quote", [ref])
    typed, _ = typed_values(session.kind("deal"), values)
    try:
        plan = deciding.decline(session, quote, reason, lose=lose, typed=typed, along=along)
    except MissingFields as gate:
        gate.hint = gate.hint.replace("tuicrm deal move", "tuicrm quote decline")
        raise
    carry_out(state, plan, "quote", form)


def _refuse_unused() -> None:
    """Raise UsageProblem where something is said of the deal, which stays as it is."""
    ctx = click.get_current_context()
    said = [
        one.opts[0]
        for one in ctx.command.params
        if one.name not in _OF_QUOTE and ctx.get_parameter_source(str(one.name)) is ParameterSource.COMMANDLINE
    ]
    if said:
        raise UsageProblem(
            f"{said[0]} is for a deal that is lost, which --lose says; without it the deal stays as it is"
        )
