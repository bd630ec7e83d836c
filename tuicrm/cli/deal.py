"""Deals: the common verbs, and their way through the stages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tuicrm.cli.lazy import Command, LazyGroup, Verb
from tuicrm.cli.noun import noun
from tuicrm.cli.noun_read import find_all, json_names
from tuicrm.cli.options import field_options, refs_argument, typed_values
from tuicrm.cli.outcome import carry_out
from tuicrm.records.kinds.deal import DEAL

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tuicrm.cli.state import State

ALIASES = {"won": "win", "close": "win", "lost": "lose"}
_BY_STAGE = ("stage", "pipeline", "lost_reason")


def build(name: str) -> LazyGroup:
    """Return the group of deal commands."""
    extra = {
        "move": Verb("Move deals to a stage.", _move_command),
        "win": Verb("Mark deals as won.", _win_command),
        "lose": Verb("Mark deals as lost.", _lose_command),
        "reopen": Verb("Take won or lost deals up again.", _reopen_command),
        "clone": Verb("Add deals like others.", _clone_command),
    }
    return noun(DEAL, extra, aliases=ALIASES)


def _command(
    name: str, text: str, callback: Callable[..., None], params: Sequence[click.Parameter], examples: Sequence[str]
) -> Command:
    """Return a stage command; it takes the deal's fields too, for stages that ask for some of them."""
    along = [one for one in field_options(DEAL, removing=False) if one.name not in _BY_STAGE]
    asked = click.Option(["--json", "form"], flag_value="json", help="Print the deals as JSON instead of their ids.")
    return Command(
        name,
        help=text,
        callback=click.pass_obj(callback),
        params=[*params, *along, asked],
        examples=examples,
        json_names=lambda: json_names(DEAL),
    )


def _move_command() -> Command:
    return _command(
        "move",
        "Move deals to a stage of their pipeline. Fields that the stage asks for can be given along.",
        _move,
        [refs_argument(), click.Argument(["stage_text"], metavar="STAGE")],
        ['tuicrm deal move "Acme renewal" proposal', 'tuicrm deal move "Acme renewal" demo --value 12k'],
    )


def _move(state: State, *, refs: Sequence[str], stage_text: str, form: str | None, **values: Any) -> None:
    from tuicrm.crm import deals

    records = find_all(state, "deal", refs)
    typed, _ = typed_values(state.session.kind("deal"), values)
    carry_out(state, deals.move(state.session, records, stage_text, typed=typed), "deal", form)


def _win_command() -> Command:
    return _command(
        "win",
        "Mark deals as won, today or on the day of --closed.",
        _win,
        [refs_argument()],
        ['tuicrm deal win "Acme renewal"', 'tuicrm deal win "Acme renewal" --closed yesterday --value 11.5k'],
    )


def _win(state: State, *, refs: Sequence[str], form: str | None, **values: Any) -> None:
    from tuicrm.crm import deals

    records = find_all(state, "deal", refs)
    typed, _ = typed_values(state.session.kind("deal"), values)
    carry_out(state, deals.win(state.session, records, typed=typed), "deal", form)


def _lose_command() -> Command:
    return _command(
        "lose",
        "Mark deals as lost, with the reason; `tuicrm config get lost_reasons` lists the usual ones.",
        _lose,
        [refs_argument(), click.Option(["--reason", "--lost-reason"], metavar="TEXT", help="Why it was lost.")],
        ['tuicrm deal lose "Acme renewal" --reason timing'],
    )


def _lose(state: State, *, refs: Sequence[str], reason: str | None, form: str | None, **values: Any) -> None:
    from tuicrm.crm import deals

    records = find_all(state, "deal", refs)
    typed, _ = typed_values(state.session.kind("deal"), values)
    carry_out(state, deals.lose(state.session, records, reason or "", typed=typed), "deal", form)


def _reopen_command() -> Command:
    return Command(
        "reopen",
        help="Take won or lost deals up again, in the stage they were in before.",
        callback=click.pass_obj(_reopen),
        params=[
            refs_argument(),
            click.Option(["--stage"], metavar="STAGE", default="", help="The stage to go on in."),
            click.Option(["--json", "form"], flag_value="json", help="Print the deals as JSON instead of their ids."),
        ],
        examples=['tuicrm deal reopen "Acme renewal" --stage proposal'],
        json_names=lambda: json_names(DEAL),
    )


def _reopen(state: State, *, refs: Sequence[str], stage: str, form: str | None) -> None:
    from tuicrm.crm import deals

    records = find_all(state, "deal", refs)
    carry_out(state, deals.reopen(state.session, records, stage), "deal", form)


def _clone_command() -> Command:
    return Command(
        "clone",
        help="Add deals like others, at the first stage: what they are about is taken over, what happened is not.",
        callback=click.pass_obj(_clone),
        params=[
            refs_argument(),
            click.Option(["--json", "form"], flag_value="json", help="Print the deals as JSON instead of their ids."),
        ],
        examples=['tuicrm deal clone "Acme renewal"'],
        json_names=lambda: json_names(DEAL),
    )


def _clone(state: State, *, refs: Sequence[str], form: str | None) -> None:
    from tuicrm.crm.cloning import clone

    carry_out(state, clone(state.session, find_all(state, "deal", refs)), "deal", form)
