"""`init`: a workspace in a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tuicrm.cli.lazy import command

if TYPE_CHECKING:
    from pathlib import Path

    from tuicrm.cli.state import State


def build(name: str) -> click.Command:
    """Return `init`."""
    return init


@command(
    "init",
    help="Make a workspace: a folder (an ordinary git repository where git is installed) with the usual pipeline and "
    "you as its first user. Prints the folder.",
    examples=[
        "tuicrm init",
        'tuicrm init acme-sales --name "Acme sales" --currency EUR --user ann',
        "tuicrm init acme-sales --remote git@example.com:team/sales.git",
    ],
)
@click.argument("folder", default=".", metavar="[DIR]")
@click.option("--name", default="", metavar="TEXT", help="What to call it; the folder's name where not given.")
@click.option("--currency", default="", metavar="CODE", help="The base currency; EUR where not given.")
@click.option("--user", default="", metavar="HANDLE", help="Who you are; your login name where not given.")
@click.option("--remote", "url", default="", metavar="URL", help="The team's repository, empty yet; it is sent there.")
def init(state: State, *, folder: str, name: str, currency: str, user: str, url: str) -> None:
    """Make a workspace."""
    from os.path import abspath
    from pathlib import Path

    from tuicrm.crm.opening import create_workspace, remember_last
    from tuicrm.text import clean_line

    path = Path(abspath(Path(folder).expanduser()))
    path = path.resolve() if path.exists() else path
    where = _remote(state, url) if url else ""
    session = state.adopt(create_workspace(path, name=name, currency=currency, user=user, env=state.env))
    remember_last(path, state.env)
    state.tell(f"made the workspace {name or path.name} for {session.user}, with amounts in {session.currency}")
    state.tell("go on with: tuicrm company add, tuicrm deal add, tuicrm import; tuicrm alone opens the board")
    state.give(f"{clean_line(str(path)) if state.on_terminal else path}\n")
    if where:
        _send(state, path, where)


def _remote(state: State, url: str) -> str:
    """Return a remote's URL, looked at before anything is made: whether it is one, and free."""
    from pathlib import Path

    from tuicrm.cli.ending import ends_cleanly
    from tuicrm.cli.progress import Progress, can_ask
    from tuicrm.sync.setup import refuse_taken, remote_url

    where = remote_url(url, Path.cwd())
    with Progress() as said, ends_cleanly():
        refuse_taken(where, state.env, said, interactive=can_ask())
    return where


def _send(state: State, path: Path, url: str) -> None:
    """Set the remote and send the workspace there; where it cannot be reached now, the next sync sends it."""
    from tuicrm.cli.sync import run
    from tuicrm.sync import setup
    from tuicrm.sync.remote import Unreachable

    setup.set_remote(setup.repository(path, state.env, make=True), url)
    try:
        run(state)
    except Unreachable as problem:
        state.tell(f"it is not sent yet: {problem}")
        state.tell(f"  {problem.hint or 'tuicrm sync sends it once that works.'}")
