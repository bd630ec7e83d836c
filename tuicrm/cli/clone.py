"""`clone`: a team's workspace, fetched from a git repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tuicrm.cli.lazy import command

if TYPE_CHECKING:
    from tuicrm.cli.state import State


def build(name: str) -> click.Command:
    """Return `clone`."""
    return clone


@command(
    "clone",
    help="Fetch a team's workspace from a git repository into a folder that is empty or missing. Prints the folder. "
    "A repository that is no workspace is refused.",
    examples=["tuicrm clone git@example.com:team/sales.git", "tuicrm clone https://example.com/team/sales.git sales"],
)
@click.argument("url", metavar="URL")
@click.argument("folder", default="", metavar="[DIR]")
def clone(state: State, *, url: str, folder: str) -> None:
    """Clone a workspace."""
    from os.path import abspath
    from pathlib import Path

    from tuicrm.cli.ending import ends_cleanly
    from tuicrm.cli.progress import Progress, can_ask
    from tuicrm.crm.opening import open_session, remember_last
    from tuicrm.errors import UsageProblem
    from tuicrm.sync.clone import clone as fetch
    from tuicrm.sync.clone import target_name
    from tuicrm.sync.urls import checked_url
    from tuicrm.text import clean_line

    name = folder or target_name(checked_url(url))
    if not name:
        raise UsageProblem("the URL does not say what to call the folder: name one after it")
    path = Path(abspath(Path(name).expanduser()))
    with Progress() as said, ends_cleanly():
        fetch(url, path, environ=state.env, said=said, interactive=can_ask())
    session = state.adopt(open_session(path, state.env))
    remember_last(path, state.env)
    state.tell(f"cloned the workspace {session.ws.name}")
    if not session.me:
        state.tell(f"  nobody in it is called {session.user!r}: tuicrm user list, then tuicrm config set user HANDLE")
    state.tell("go on with: tuicrm sync, which sends your changes and fetches those of others")
    state.give(f"{clean_line(str(path)) if state.on_terminal else path}\n")
