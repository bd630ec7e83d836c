"""Users: the common verbs, and their quotas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tuicrm.cli.lazy import Command, LazyGroup, Verb
from tuicrm.cli.noun import noun
from tuicrm.cli.noun_read import find_all, json_names
from tuicrm.cli.options import refs_argument
from tuicrm.cli.outcome import carry_out
from tuicrm.records.kinds.user import USER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.cli.state import State


def build(name: str) -> LazyGroup:
    """Return the group of user commands."""
    return noun(USER, {"quota": Verb("Set what users should win in a period.", _quota_command)})


def _quota_command() -> Command:
    return Command(
        "quota",
        help="Set what each of these users should win in a month, a quarter or a year; `none` takes it away.",
        callback=click.pass_obj(_quota),
        params=[
            refs_argument(),
            click.Argument(["amount"], metavar="AMOUNT"),
            click.Option(
                ["--period"], metavar="PERIOD", default="", help="As 2026-Q4, 2026-11 or 2026; this quarter if absent."
            ),
            click.Option(["--json", "form"], flag_value="json", help="Print the users as JSON instead of their ids."),
        ],
        examples=["tuicrm user quota ann 450k --period 2026-Q4", "tuicrm user quota ann none --period 2026-11"],
        json_names=lambda: json_names(USER),
    )


def _quota(state: State, *, refs: Sequence[str], amount: str, period: str, form: str | None) -> None:
    from tuicrm.crm.quotas import set_quota

    users = find_all(state, "user", refs)
    carry_out(state, set_quota(state.session, users, period, amount), "user", form)
