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
    from tuicrm.crm.along import Along

ALIASES = {"won": "win", "close": "win", "lost": "lose"}
_BY_STAGE = ("stage", "pipeline", "lost_reason")


def build(name: str) -> LazyGroup:
    """Return the group of deal commands."""
    extra = {
        "move": Verb("Move deals to a stage.", _move_command),
        "win": Verb("Mark deals as won.", _win_command),
        "lose": Verb("Mark deals as lost.", _lose_command),
        "reopen": Verb("Take won or lost deals up again.", _reopen_command),
        "check": Verb("Tick what a stage asks for.", _check_command),
        "clone": Verb("Add deals like others.", _clone_command),
        "discount": Verb("Give a discount, or ask for one.", _discount_command),
        "approve-discount": Verb("Approve a discount that somebody asks for.", _approve_command),
    }
    return noun(DEAL, extra, aliases=ALIASES)


def _along_options(*, back: bool) -> list[click.Parameter]:
    """Return what else can be given along for a stage that asks for it."""
    reason = click.Option(["--reason"], metavar="TEXT", help="Why it goes back, where the pipeline wants to know.")
    return [
        click.Option(["--check", "ticks"], multiple=True, metavar="TEXT", help="Tick a box. May be repeated."),
        click.Option(
            ["--log", "logs"], multiple=True, metavar='"TYPE TEXT"', help='Log a talk, as in "meeting kick-off".'
        ),
        *([reason] if back else []),
        click.Option(["--force"], is_flag=True, help="Go on without what the stage asks for; the history says so."),
    ]


def _along(values: dict[str, Any], reason: str = "") -> Along:
    """Return what was given along, which leaves the values of the deal's own fields."""
    from tuicrm.crm.along import Along
    from tuicrm.crm.gates import typed_log

    logs = tuple(typed_log(one) for one in values.pop("logs"))
    return Along(ticks=values.pop("ticks"), logs=logs, reason=reason, force=values.pop("force"))


def _command(
    name: str, text: str, callback: Callable[..., None], params: Sequence[click.Parameter], examples: Sequence[str]
) -> Command:
    """Return a stage command; it takes the deal's fields too, for stages that ask for some of them."""
    along = [one for one in field_options(DEAL, removing=False) if one.name not in _BY_STAGE]
    along = [*_along_options(back=name == "move"), *along]
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
        "Move deals to a stage of their pipeline. What the stage asks for can be given along.",
        _move,
        [refs_argument(), click.Argument(["stage_text"], metavar="STAGE")],
        [
            'tuicrm deal move "Acme renewal" proposal',
            'tuicrm deal move "Acme renewal" demo --value 12k --check "decision maker"',
        ],
    )


def _move(
    state: State, *, refs: Sequence[str], stage_text: str, reason: str | None, form: str | None, **values: Any
) -> None:
    from tuicrm.crm import deals

    along = _along(values, reason or "")
    records = find_all(state, "deal", refs)
    typed, _ = typed_values(state.session.kind("deal"), values)
    carry_out(state, deals.move(state.session, records, stage_text, typed=typed, along=along), "deal", form)


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

    along = _along(values)
    records = find_all(state, "deal", refs)
    typed, _ = typed_values(state.session.kind("deal"), values)
    carry_out(state, deals.win(state.session, records, typed=typed, along=along), "deal", form)


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

    along = _along(values)
    records = find_all(state, "deal", refs)
    typed, _ = typed_values(state.session.kind("deal"), values)
    carry_out(state, deals.lose(state.session, records, reason or "", typed=typed, along=along), "deal", form)


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


def _check_command() -> Command:
    return Command(
        "check",
        help="Tick boxes that stages ask for; without TEXT list a deal's boxes.",
        callback=click.pass_obj(_check),
        params=[
            click.Argument(["ref"], metavar="REF"),
            click.Argument(["texts"], nargs=-1, metavar="[TEXT]..."),
            click.Option(["--off"], is_flag=True, help="Take the ticks away again."),
            click.Option(["--json", "form"], flag_value="json", help="Print the deal as JSON instead of its id."),
        ],
        examples=['tuicrm deal check "Acme renewal" "decision maker"', 'tuicrm deal check "Acme renewal"'],
        json_names=lambda: json_names(DEAL),
    )


def _check(state: State, *, ref: str, texts: Sequence[str], off: bool, form: str | None) -> None:
    from tuicrm.crm import ticks
    from tuicrm.crm.lookup import find

    deal = find(state.session, "deal", ref)
    if texts:
        carry_out(state, ticks.tick(state.session, [deal], texts, off=off), "deal", form)
    elif form:
        from tuicrm.cli.output import give_cards

        give_cards(state, state.session.kind("deal"), [deal], form)
    else:
        from tuicrm.text import clean_line

        state.give("".join(f"{clean_line(line)}\n" for line in ticks.listed(state.session, deal)))


def _discount_command() -> click.Command:
    from tuicrm.cli.deal_discount import discount

    return discount


def _approve_command() -> click.Command:
    from tuicrm.cli.deal_discount import approve

    return approve


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
