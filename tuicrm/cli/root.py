"""The top of the command tree: global options, and the TUI where no command is named."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from tuicrm.cli.lazy import LazyGroup, Verb, workspace_option
from tuicrm.cli.table import ALIASES, SECTIONS, top_help

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.cli.state import State


class Root(LazyGroup):
    """The group of all commands."""

    def get_help(self, ctx: click.Context) -> str:
        return top_help().rstrip("\n")


def build_root() -> Root:
    """Return the tree of commands, none of which is built yet."""
    verbs = {name: Verb(text, _maker(name, module)) for _, rows in SECTIONS for name, module, text in rows}
    return Root(
        "tuicrm",
        verbs,
        aliases=ALIASES,
        invoke_without_command=True,
        callback=click.pass_context(_start),
        params=[
            workspace_option(hidden=False),
            click.Option(["--remote"], is_flag=True, help="For slow links, with the TUI."),
            click.Option(["--accessible"], is_flag=True, help="For screen readers, with the TUI."),
            click.Option(
                ["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_version, help="The version."
            ),
        ],
    )


def _maker(name: str, module: str) -> Callable[[], click.Command]:
    def make() -> click.Command:
        made: click.Command = import_module(module).build(name)
        return made

    return make


def _version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value:
        from tuicrm import __version__

        ctx.obj.give(f"tuicrm {__version__}\n")
        ctx.exit()


def _start(ctx: click.Context, remote: bool, accessible: bool) -> None:
    if ctx.invoked_subcommand is None:
        code = open_tui(ctx.obj, remote=remote, accessible=accessible)
        ctx.exit(code)


def open_tui(state: State, **settings: Any) -> int:
    """Open the TUI on the workspace that is meant, or its welcome screen where there is none."""
    from tuicrm.errors import NotFound

    require_terminal(state)
    session = None
    try:
        session = state.session
    except NotFound:
        if state.workspace or state.env.get("TUICRM_WORKSPACE"):
            raise
    import gc

    gc.enable()
    from tuicrm.tui import run

    return run(session, env=state.env, **settings)


def can_draw(state: State) -> bool:
    """Tell whether there is a terminal that the TUI can draw on."""
    import sys

    return (
        state.on_terminal
        and sys.stdin is not None
        and sys.stdin.isatty()
        and state.env.get("TERM", "dumb") not in ("", "dumb")
    )


def require_terminal(state: State) -> None:
    """Raise UsageProblem where the TUI cannot be drawn."""
    if can_draw(state):
        return
    from tuicrm.errors import UsageProblem

    why = "TERM is dumb" if state.on_terminal else "there is no terminal"
    raise UsageProblem(
        f"the board cannot be drawn here: {why}",
        hint="Use the commands instead: tuicrm board, tuicrm deal list, tuicrm agenda; tuicrm --help lists them all.",
    )
