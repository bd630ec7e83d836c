"""Targets: what is asked of people and teams in a period."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tuicrm.cli.lazy import LazyGroup, Verb, command
from tuicrm.cli.noun import noun
from tuicrm.cli.outcome import carry_out
from tuicrm.records.kinds.target import TARGET

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.cli.state import State


def build(name: str) -> LazyGroup:
    """Return the group of target commands."""
    extra = {"set": Verb("Set what is asked of people or of a team in a period.", lambda: set_)}
    return noun(TARGET, extra, without=("add", "edit"))


@command(
    "set",
    help="Set what is asked of these users, or of a team, in a month, a quarter or a year: what they should win, and "
    "how many calls, e-mails, meetings and notes. `none` takes it away. tuicrm report quota and tuicrm report activity "
    "show how far they are.",
    examples=[
        TARGET.example,
        'tuicrm target set ann bob --activity "call 240, meeting 60" --period 2026-Q4',
        "tuicrm target set --team north --quota none --period 2026-Q4",
    ],
)
@click.argument("refs", nargs=-1, metavar="[USER]...")
@click.option("--team", default="", metavar="TEAM", help="The team that it is asked of, instead of users.")
@click.option("--quota", default="", metavar="AMOUNT", help="What should be won.")
@click.option("--activity", default="", metavar="TEXT", help='How much should be done, as in "call 60, meeting 12".')
@click.option("--period", default="", metavar="PERIOD", help="As 2026-Q4, 2026-11 or 2026; this quarter if absent.")
def set_(state: State, *, refs: Sequence[str], team: str, quota: str, activity: str, period: str) -> None:
    """Set targets."""
    from tuicrm.cli.noun_read import find_all
    from tuicrm.crm.targets import set_target
    from tuicrm.errors import UsageProblem

    if bool(refs) == bool(team.strip()):
        raise UsageProblem("say whom it is asked of: users, or a --team (one of the two)")
    if not quota.strip() and not activity.strip():
        raise UsageProblem("say what is asked: --quota 2m, --activity 'meeting 60', or both")
    users = find_all(state, "user", refs)
    carry_out(state, set_target(state.session, users, team, period, quota, activity))
