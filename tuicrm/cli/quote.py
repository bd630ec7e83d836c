"""Quotes: made from a deal's items, printed, sent, accepted or declined."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from tuicrm.cli.lazy import Command, LazyGroup, Verb
from tuicrm.cli.noun import noun
from tuicrm.cli.noun_read import find_all, json_names
from tuicrm.cli.options import field_options, typed_values
from tuicrm.cli.outcome import carry_out
from tuicrm.records.kinds.quote import QUOTE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tuicrm.cli.state import State

_GIVEN = ("deal",)
"""What the argument of `add` says."""


def build(name: str) -> LazyGroup:
    """Return the group of quote commands."""
    extra = {
        "add": Verb("Make a quote of a deal's line items.", _add_command),
        "edit": Verb("Change quotes that are still drafts.", _edit_command),
        "revise": Verb("Make the next version of a quote.", _revise_command),
        "print": Verb("Print a quote as text, Markdown, HTML or PDF.", _print),
        "send": Verb("Mark a quote as sent, and draft the e-mail for it.", _send),
        "accept": Verb("Accept a quote: its deal is won.", _accept),
        "decline": Verb("Note that a quote was declined, and why.", _decline),
    }
    return noun(QUOTE, extra, aliases={"make": "add", "reject": "decline"})


def _print() -> click.Command:
    from tuicrm.cli.quote_give import print_quote

    return print_quote


def _send() -> click.Command:
    from tuicrm.cli.quote_give import send

    return send


def _accept() -> click.Command:
    from tuicrm.cli.quote_decide import accept_command

    return accept_command()


def _decline() -> click.Command:
    from tuicrm.cli.quote_decide import decline_command

    return decline_command()


def _command(
    name: str, text: str, callback: Callable[..., None], params: Sequence[click.Parameter], examples: Sequence[str]
) -> Command:
    fields = [one for one in field_options(QUOTE, removing=False) if one.name not in _GIVEN]
    asked = click.Option(["--json", "form"], flag_value="json", help="Print the quote as JSON instead of its id.")
    return Command(
        name,
        help=text,
        callback=click.pass_obj(callback),
        params=[*params, *fields, asked],
        examples=examples,
        json_names=partial(json_names, QUOTE),
    )


def _add_command() -> Command:
    return _command(
        "add",
        "Make a quote of a deal's line items, as they are now, and print its id.",
        _add,
        [click.Argument(["ref"], metavar="DEAL")],
        [QUOTE.example, 'tuicrm quote add "Acme renewal" --tax-rate 19 --terms "Payable within 14 days."'],
    )


def _add(state: State, *, ref: str, form: str | None, **values: Any) -> None:
    from tuicrm.crm.lookup import find
    from tuicrm.crm.quotes import making

    deal = find(state.session, "deal", ref)
    typed, _ = typed_values(state.session.kind("quote"), values)
    carry_out(state, making.make(state.session, deal, typed), "quote", form)


def _edit_command() -> Command:
    from tuicrm.cli.noun_write import edit_command

    made = edit_command(QUOTE)
    made.params = [one for one in made.params if one.name not in _GIVEN]
    made.examples = ('tuicrm quote edit Q-2026-0012 --valid-until "end of next month"',)
    return made


def _revise_command() -> Command:
    return _command(
        "revise",
        "Make the next version of a quote, with the items that its deal has now; the version before stays as it was.",
        _revise,
        [
            click.Argument(["ref"], metavar="QUOTE"),
            click.Option(["--keep-items"], is_flag=True, help="With the items and prices of the version before."),
        ],
        ["tuicrm quote revise Q-2026-0012", 'tuicrm quote revise Q-2026-0012 --keep-items --valid "in 14 days"'],
    )


def _revise(state: State, *, ref: str, keep_items: bool, form: str | None, **values: Any) -> None:
    from tuicrm.crm.quotes import making

    (quote,) = find_all(state, "quote", [ref])
    typed, _ = typed_values(state.session.kind("quote"), values)
    carry_out(state, making.revise(state.session, quote, typed, keep=keep_items), "quote", form)
