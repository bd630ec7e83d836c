"""`agenda`: what a day asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tuicrm.cli.lazy import command
from tuicrm.cli.output import format_options, give_json

if TYPE_CHECKING:
    from tuicrm.cli.state import State
    from tuicrm.crm.agenda import Agenda, Item

SECTIONS = (
    ("late", "LATE"),
    ("today", "TODAY"),
    ("meetings", "MEETINGS"),
    ("closes", "CLOSES DUE"),
    ("still_right", "STILL RIGHT?"),
)
NAMES = ("kind", "id", "day", "time", "text", "title", "who", "deal", "value_text", "owner_name", "repeats")
HEADS = ("", "WHEN", "ID", "WHAT", "WHO", "DEAL", "VALUE")


def build(name: str) -> click.Command:
    """Return `agenda`."""
    return agenda


@command(
    "agenda",
    help="Show what a day asks of you: follow-ups that are late or due, meetings, deals that should "
    "close, and a few people whose details nobody has looked at for long.",
    examples=["tuicrm agenda", "tuicrm agenda --day tomorrow --all --json"],
    json_names=("day", *(name for name, _ in SECTIONS), *NAMES),
)
@click.option("--day", default="", metavar="DATE", help="The day; today where not given.")
@click.option("--all", "everyone", is_flag=True, help="Of everybody, not yours alone.")
@format_options(("table", "json"))
def agenda(state: State, *, day: str, everyone: bool, form: str | None) -> None:
    """Print the agenda of a day."""
    from tuicrm.crm.agenda import agenda as agenda_of
    from tuicrm.crm.lookup import short_id

    session = state.session
    wanted = None
    if day:
        from tuicrm.when import parse_date

        wanted = parse_date(day, session.reading)
    found = agenda_of(session, wanted, everyone=everyone)
    if form == "json":
        give_json(state, agenda_facts(found))
        return
    from tuicrm.cli.grid import grid

    rows = [
        [title if at == 0 else "", _when(item), short_id(session, item.kind, item.id), *_what(item)]
        for name, title in SECTIONS
        for at, item in enumerate(getattr(found, name))
    ]
    if rows:
        state.give(grid(HEADS, rows, right={6}, fixed={0, 1, 2}, cells=state.width, bold=state.colour)[0])
        if found.still_right:
            rest = found.stale - len(found.still_right)
            more = f"{rest:,} more in tuicrm quality contact; " if rest else ""
            state.tell(f"{more}tuicrm contact verify REF says that somebody's details are still right")
    else:
        coming = found.coming
        then = f"; next: {coming.title}, {coming.day} {coming.time}".rstrip() if coming is not None else ""
        state.tell(f"nothing to do on {found.day}{then}")


def agenda_facts(found: Agenda) -> dict[str, Any]:
    """Return an agenda as JSON shows it."""
    return {
        "day": found.day,
        **{name: [{key: getattr(item, key) for key in NAMES} for item in getattr(found, name)] for name, _ in SECTIONS},
    }


def _when(item: Item) -> str:
    return " ".join(part for part in (item.text, item.time) if part)


def _what(item: Item) -> list[str]:
    title = f"{item.title} (repeats)" if item.repeats else item.title
    return [title, item.who, "" if item.kind == "deal" else item.deal, item.value_text]
