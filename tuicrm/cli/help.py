"""`help`: a command's help page, or one of the topics."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tuicrm.cli.lazy import command

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.cli.state import State


def build(name: str) -> click.Command:
    """Return `help`."""
    return help_command


@command(
    "help",
    help="Show the help of a command, or a topic: exit-codes, query, dates.",
    examples=["tuicrm help query", "tuicrm help deal add"],
)
@click.argument("words", nargs=-1, metavar="[TOPIC | COMMAND...]")
def help_command(state: State, *, words: Sequence[str]) -> None:
    """Print a topic or a command's help."""
    from tuicrm.cli.root import build_root
    from tuicrm.cli.topics import TOPICS

    if len(words) == 1 and words[0] in TOPICS:
        state.give(TOPICS[words[0]])
        return
    found: click.Command = build_root()
    ctx = click.Context(found, info_name="tuicrm", obj=state)
    for word in words:
        if not isinstance(found, click.Group):
            break
        name, inner, _ = found.resolve_command(ctx, [word])
        if inner is None:
            break
        found = inner
        ctx = click.Context(found, info_name=name, parent=ctx, **found.context_settings)
    state.give(f"{found.get_help(ctx)}\n")
