"""`since`: what teammates changed since one last looked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tuicrm.cli.lazy import command
from tuicrm.cli.output import format_options, give_json

if TYPE_CHECKING:
    from datetime import datetime

    from tuicrm.cli.state import State

HEADS = ("at", "by", "text", "kind", "id")


def build(name: str) -> click.Command:
    """Return `since`."""
    return since


@command(
    "since",
    help="Show what teammates changed since you last had the TUI open here, by person, the newest first.",
    examples=["tuicrm since", 'tuicrm since --from "2 days ago" --json'],
    json_names=HEADS,
)
@click.option("--from", "begin", default="", metavar="WHEN", help="Since then, instead of since you last looked.")
@click.option("--seen", is_flag=True, help="Take note that you have seen it: the next time begins here.")
@format_options(("table", "json"))
def since(state: State, *, begin: str, seen: bool, form: str | None) -> None:
    """Print what others did."""
    from tuicrm.crm.since import last_look, looked
    from tuicrm.crm.since import since as news_since

    session = state.session
    moment = _moment(state, begin) if begin else last_look(session)
    news = news_since(session, moment) if moment is not None else []
    if form == "json":
        from tuicrm.crm.derive import instant_of

        give_json(state, [{**{name: getattr(one, name) for name in HEADS}, "at": instant_of(one.at)} for one in news])
    elif moment is None:
        state.tell('you have not looked at this workspace here yet: tuicrm since --from "2 days ago"')
    elif not news:
        from tuicrm.crm.since import when_said

        state.tell(f"nothing was changed by others since {when_said(session, moment)}")
    else:
        from datetime import UTC, datetime

        from tuicrm.cli.grid import grid

        zone = session.reading.now.tzinfo
        rows = [
            [one.by or "-", f"{datetime.fromtimestamp(one.at / 1000, UTC).astimezone(zone):%Y-%m-%d %H:%M}", one.text]
            for one in news
        ]
        state.give(grid(["BY", "AT", "WHAT"], rows, fixed={0, 1}, cells=state.width, bold=state.colour)[0])
    if seen:
        looked(session)


def _moment(state: State, text: str) -> datetime:
    from tuicrm.when import parse_instant

    return parse_instant(text, state.session.reading)
