"""Contacts: the common verbs, what is known of their details, and erasing them for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tuicrm.cli.lazy import Command, LazyGroup, Verb
from tuicrm.cli.noun import noun
from tuicrm.cli.noun_read import find_all, json_names
from tuicrm.cli.options import refs_argument
from tuicrm.cli.outcome import carry_out
from tuicrm.records.kinds.contact import CONTACT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tuicrm.cli.state import State


def build(name: str) -> LazyGroup:
    """Return the group of contact commands."""
    extra = {
        "verify": Verb("The details of contacts are still right.", _verify_command),
        "bounced": Verb("E-mails to contacts come back.", _bounced_command),
        "erase": Verb("Erase a person for good.", _erase),
    }
    return noun(CONTACT, extra)


def _erase() -> click.Command:
    from tuicrm.cli.erasing import erase_command

    return erase_command(CONTACT)


def _command(name: str, text: str, callback: Callable[..., None], example: str) -> Command:
    asked = click.Option(["--json", "form"], flag_value="json", help="Print the contacts as JSON instead of their ids.")
    return Command(
        name,
        help=text,
        callback=click.pass_obj(callback),
        params=[refs_argument(), asked],
        examples=[example],
        json_names=lambda: json_names(CONTACT),
    )


def _verify_command() -> Command:
    return _command(
        "verify",
        "Note that the details of contacts are right as of today, so that nobody has to ask again for a while "
        "(`tuicrm config get stale_days` says how long).",
        _verify,
        "tuicrm contact verify jane@acme.example",
    )


def _verify(state: State, *, refs: Sequence[str], form: str | None) -> None:
    from tuicrm.crm.freshness import verify

    carry_out(state, verify(state.session, find_all(state, "contact", refs)), "contact", form)


def _bounced_command() -> Command:
    return _command(
        "bounced",
        "Note that e-mails to contacts come back; short for `tuicrm contact edit REF --status bounced`.",
        _bounced,
        "tuicrm contact bounced jane@acme.example",
    )


def _bounced(state: State, *, refs: Sequence[str], form: str | None) -> None:
    from tuicrm.crm.freshness import bounced

    carry_out(state, bounced(state.session, find_all(state, "contact", refs)), "contact", form)
