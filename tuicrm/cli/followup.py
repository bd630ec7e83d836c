"""Follow-ups: the common verbs, and getting them done or put off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tuicrm.cli.lazy import LazyGroup, Verb, command
from tuicrm.cli.noun import noun
from tuicrm.cli.noun_read import find_all, json_names
from tuicrm.cli.outcome import carry_out
from tuicrm.records.kinds.followup import FOLLOWUP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.cli.state import State


def build(name: str) -> LazyGroup:
    """Return the group of follow-up commands."""
    extra = {
        "done": Verb("Mark follow-ups as done.", lambda: done),
        "snooze": Verb("Put follow-ups out of sight for a while.", lambda: snooze),
        "reschedule": Verb("Give follow-ups another date.", lambda: reschedule),
    }
    return noun(FOLLOWUP, extra, aliases={"close": "done", "defer": "snooze"})


def _names() -> list[str]:
    return json_names(FOLLOWUP)


@command(
    "done",
    help="Mark follow-ups as done. One that repeats comes back on its next date.",
    examples=["tuicrm followup done 7KQ2", 'tuicrm followup done 7KQ2 --next "call in 3 days"'],
    json_names=_names,
)
@click.argument("refs", nargs=-1, required=True, metavar="REF...")
@click.option("--next", "next_text", default="", metavar="TEXT", help='What to do next: "call in 3 days".')
@click.option("--json", "form", flag_value="json", help="Print the follow-ups as JSON instead of their ids.")
def done(state: State, *, refs: Sequence[str], next_text: str, form: str | None) -> None:
    """Complete follow-ups."""
    from tuicrm.crm import followups

    records = find_all(state, "followup", refs)
    carry_out(state, followups.done(state.session, records, next_text), "followup", form)


@command(
    "snooze",
    help="Put follow-ups out of sight until a day or a time; their date stays.",
    examples=['tuicrm followup snooze 7KQ2 --until "next monday"'],
    json_names=_names,
)
@click.argument("refs", nargs=-1, required=True, metavar="REF...")
@click.option("--until", required=True, metavar="WHEN", help="When to show them again.")
@click.option("--json", "form", flag_value="json", help="Print the follow-ups as JSON instead of their ids.")
def snooze(state: State, *, refs: Sequence[str], until: str, form: str | None) -> None:
    """Snooze follow-ups."""
    from tuicrm.crm import followups

    records = find_all(state, "followup", refs)
    carry_out(state, followups.snooze(state.session, records, until), "followup", form)


@command(
    "reschedule",
    help="Give follow-ups another date.",
    examples=['tuicrm followup reschedule 7KQ2 --until "tuesday 10am"'],
    json_names=_names,
)
@click.argument("refs", nargs=-1, required=True, metavar="REF...")
@click.option("--until", "--due", "--to", "until", required=True, metavar="WHEN", help="The date or time.")
@click.option("--json", "form", flag_value="json", help="Print the follow-ups as JSON instead of their ids.")
def reschedule(state: State, *, refs: Sequence[str], until: str, form: str | None) -> None:
    """Move follow-ups to another date."""
    from tuicrm.crm import followups

    records = find_all(state, "followup", refs)
    carry_out(state, followups.reschedule(state.session, records, until), "followup", form)
