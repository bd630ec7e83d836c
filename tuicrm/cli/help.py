"""`help`: a command's help page, or one of the topics."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tuicrm.cli.lazy import LazyGroup, command
from tuicrm.cli.table import ALIASES, SECTIONS
from tuicrm.errors import UsageProblem

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
    if words:
        _require_known(words[0], list(TOPICS))
    found: click.Command = build_root()
    ctx = click.Context(found, info_name="tuicrm", obj=state)
    for word in words:
        if not isinstance(found, LazyGroup):
            raise UsageProblem(f"{ctx.command_path} has no commands of its own, such as {word!r}")
        name, inner, _ = found.resolve_command(ctx, [word])
        if inner is None:
            raise UsageProblem(f"{ctx.command_path} has no command {word!r}")
        found = inner
        ctx = click.Context(found, info_name=name, parent=ctx, **found.context_settings)
    state.give(f"{found.get_help(ctx)}\n")


def _require_known(word: str, topics: list[str]) -> None:
    """Raise UsageProblem where a word is neither a command nor a topic."""
    known = [*(name for _, rows in SECTIONS for name, _, _ in rows), *ALIASES, *topics]
    if word in known:
        return
    from tuicrm.text import nearest

    near = nearest(word, known)
    guess = f"; did you mean {near}?" if near else ""
    raise UsageProblem(
        f"there is neither a command nor a topic called {word!r}{guess}",
        hint=f"The topics are {', '.join(topics)}; tuicrm --help lists the commands.",
    )
