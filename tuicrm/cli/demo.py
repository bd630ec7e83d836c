"""`demo`: a sample workspace, opened in the TUI, or printed where there is no terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tuicrm.cli.lazy import command

if TYPE_CHECKING:
    from pathlib import Path

    from tuicrm.cli.state import State

SIZES = ("small", "large")


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
    from tuicrm.crm.opening import data_folder

    default = data_folder(state.env) / ("demo" if size == "small" else f"demo-{size}")
    path = (Path.cwd() / Path(folder).expanduser()).absolute() if folder else default
    if not (path / "tuicrm.json").is_file():
        state.tell(f"making a sample workspace in {path}" + (", which takes some seconds" if size == "large" else ""))
        _make(state, path, size)
    state.workspace = str(path)
    if can_draw(state):
        click.get_current_context().exit(open_tui(state))
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


def _make(state: State, path: Path, size: str) -> None:
    """Make the sample beside its place and move it there when it is whole, so that no half of one is found again."""
    import os
    import shutil

    from tuicrm.crm.demo import sample
    from tuicrm.crm.opening import create_workspace
    from tuicrm.errors import Invalid

    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise Invalid(f"{path} exists and is no workspace", hint="Name another folder with --dir.")
    path.parent.mkdir(parents=True, exist_ok=True)
    making = path.with_name(f".{path.name}.making-{os.getpid()}")
    try:
        session = state.adopt(create_workspace(making, name="Demo", currency="EUR", user="ann", env=state.env))
        for plan in sample(session, size):
            session.commit(plan)
        state.close()
        if path.is_dir():
            path.rmdir()
        making.rename(path)
    finally:
        shutil.rmtree(making, ignore_errors=True)
