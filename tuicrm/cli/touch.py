"""`touch`: what brought a lead, a contact or a deal here, or back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tuicrm.cli.lazy import command
from tuicrm.cli.noun_read import json_names
from tuicrm.records.kinds.activity import ACTIVITY, TOUCHES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.cli.state import State

Record = dict[str, Any]


def build(name: str) -> click.Command:
    """Return the command."""
    return touch


@command(
    "touch",
    help="Note what brought a lead, a contact, a deal or a company here, or back: a campaign, an event, a referral, a "
    "page. It stands on the timeline and feeds the report sources; the first one is the source where none is set.",
    examples=[
        'tuicrm touch "Jane Roe" event "Spring fair" --at "12 May"',
        'tuicrm touch jane@acme.example campaign "Autumn letter" --source newsletter --page acme.example/offer',
        'tuicrm activity list --where "type:touch campaign:autumn"',
    ],
    json_names=lambda: json_names(ACTIVITY),
)
@click.argument("ref", metavar="REF")
@click.argument("sort", metavar="|".join((*TOUCHES, "WORD")))
@click.argument("name", nargs=-1, metavar="NAME...")
@click.option("--source", default="", metavar="TEXT", help="What gets the credit; the name where not given.")
@click.option("--campaign", default="", metavar="TEXT", help="The campaign behind it.")
@click.option("--page", default="", metavar="URL", help="The address of the page.")
@click.option("--at", default="", metavar="WHEN", help="When it happened; now where not given.")
@click.option("--note", "body", default="", metavar="TEXT", help="What else there is to say.")
@click.option("--kind", type=click.Choice(("contact", "lead", "deal", "company")), help="What the REF names.")
@click.option("--json", "form", flag_value="json", help="Print the activity as JSON instead of its id.")
def touch(
    state: State,
    *,
    ref: str,
    sort: str,
    name: Sequence[str],
    source: str,
    campaign: str,
    page: str,
    at: str,
    body: str,
    kind: str | None,
    form: str | None,
) -> None:
    """Note one touch."""
    from tuicrm.cli.outcome import carry_out
    from tuicrm.crm import touchpoints

    found, record = _meant(state, ref, (kind,) if kind else touchpoints.TOUCHED)
    one = touchpoints.Touch(sort, " ".join(name), source, campaign, page, at, body)
    carry_out(state, touchpoints.touch(state.session, found, record, one), "activity", form)


def _meant(state: State, ref: str, kinds: tuple[str, ...]) -> tuple[str, Record]:
    """Return the record that a text names and its kind: people first, and a lead that became one is that one."""
    from tuicrm.cli.history import any_record, became
    from tuicrm.errors import Ambiguous

    try:
        return any_record(state, ref, kinds)
    except Ambiguous as problem:
        ws = state.session.ws
        keys = {key for key, _ in problem.candidates}
        gone = {key for key in keys if keys & became(ws.get("lead", key))}
        left = [(kind, one) for key in keys - gone for kind in kinds if (one := ws.get(kind, key)) is not None]
        people = [pair for pair in left if pair[0] in ("contact", "lead")]
        if len(people or left) != 1:
            raise
        return (people or left)[0]
