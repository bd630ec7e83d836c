"""`demo`: a sample workspace, opened in the TUI, or printed where there is no terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tuicrm.cli.lazy import command
from tuicrm.crm.demoplace import SIZES, is_there, make_sample, sample_folder

if TYPE_CHECKING:
    from tuicrm.cli.state import State


def build(name: str) -> click.Command:
    """Return `demo`."""
    return demo


@command(
    "demo",
    help="Open a sample workspace; made on the first call, found again on the next. Without a terminal it prints the "
    "board and says how to go on.",
    examples=["tuicrm demo", "tuicrm demo --size large --dir /tmp/big"],
)
@click.option("--size", type=click.Choice(SIZES), default="small", show_default=True, help="60 or 10,000 deals.")
@click.option("--dir", "folder", default="", metavar="DIR", help="Where to keep it.")
def demo(state: State, *, size: str, folder: str) -> None:
    """Open or print the sample."""
    from pathlib import Path

    from tuicrm.cli.root import can_draw, open_tui

    path = (Path.cwd() / Path(folder).expanduser()).absolute() if folder else sample_folder(state.env, size)
    if not is_there(path):
        state.tell(f"making a sample workspace in {path}" + (", which takes some seconds" if size == "large" else ""))
        make_sample(path, size, state.env)
    state.workspace = str(path)
    if can_draw(state):
        context = click.get_current_context()
        asked = context.find_root().params
        settings = {name: bool(asked.get(name)) for name in ("remote", "accessible")}
        context.exit(open_tui(state, **settings))
    from tuicrm.cli.board import print_board
    from tuicrm.crm.board import build_board

    print_board(state, build_board(state.session))
    state.tell(
        f"This is the sample workspace in {path}.\n"
        "In a terminal `tuicrm demo` opens it; delete the folder to start afresh. Or go on with commands:\n"
        "  tuicrm deal list --sort -value --limit 10\n"
        "  tuicrm agenda\n"
        '  tuicrm log call "Wants a quote" --next "send quote tomorrow"\n'
        "They work on this workspace until another one is opened; `tuicrm init DIR` makes your own."
    )
