"""`sync`: a workspace and its team's repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tuicrm.cli.lazy import command
from tuicrm.cli.output import give_json
from tuicrm.sync.summary import REPORT_NAMES, STATUS_NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.cli.state import State
    from tuicrm.sync.report import Report, Status


def build(name: str) -> click.Command:
    """Return `sync`."""
    return sync


@command(
    "sync",
    help="Commit what changed here, fetch what changed elsewhere, join both, and send the result. Nothing is lost and "
    "nobody sees a conflict marker: where two changed the same thing, the later change stands and the other one is "
    "kept by `tuicrm conflict`. Without a network it commits, and sends with the next sync.",
    examples=[
        "tuicrm sync",
        "tuicrm sync --status",
        "tuicrm sync --remote git@example.com:team/sales.git",
        "tuicrm sync --json",
    ],
    json_names=REPORT_NAMES,
)
@click.option(
    "--status",
    is_flag=True,
    help=f"Only say how this workspace stands; nothing is fetched or sent. In JSON: {', '.join(STATUS_NAMES)}.",
)
@click.option("--remote", "url", default="", metavar="URL", help="First let this be the team's repository.")
@click.option("--make-repository", is_flag=True, help="First make the folder a git repository where it is none.")
@click.option("--adopt", is_flag=True, help="Join with a repository whose workspace was started apart from this one.")
@click.option(
    "--went-back",
    type=click.Choice(["restore", "follow"]),
    help="Where the repository has lost its latest commits: give them to it again, or give them up here.",
)
@click.option(
    "--allow", multiple=True, metavar="KEY", help="Let this repository's configuration hold a key, as it stands now."
)
@click.option("--json", "form", flag_value="json", help="Print what happened as JSON.")
def sync(
    state: State,
    *,
    status: bool,
    url: str,
    make_repository: bool,
    adopt: bool,
    went_back: str | None,
    allow: Sequence[str],
    form: str | None,
) -> None:
    """Sync, or say how things stand."""
    session = state.session
    if status:
        from tuicrm.sync.status import status as look

        _give_status(state, look(session, state.env), form)
        return
    _prepare(state, url, make_repository, allow, form)
    run(state, form, adopt=adopt, went_back=went_back or "")


def run(state: State, form: str | None = None, *, adopt: bool = False, went_back: str = "") -> Report:
    """Sync the state's workspace, and say what came of it; raises what kept it from doing all."""
    from tuicrm.cli.ending import ends_cleanly
    from tuicrm.cli.progress import Progress, can_ask
    from tuicrm.sync import summary
    from tuicrm.sync.checkup import note_place
    from tuicrm.sync.syncing import sync as engine

    note_place(state.session.ws.private)
    with Progress() as said, ends_cleanly():
        report = engine(
            state.session,
            environ=state.env,
            said=said,
            adopt=adopt,
            interactive=form is None and can_ask(),
            went_back=went_back,
        )
    if form == "json":
        give_json(state, summary.report_facts(report))
    else:
        _tell(state, report)
    if report.problem is not None:
        raise report.problem
    return report


def _tell(state: State, report: Report) -> None:
    from tuicrm.sync import summary

    state.tell(summary.said(report))
    for note in report.notes:
        state.tell(f"  {note}")
    if report.conflicts:
        state.tell("  tuicrm conflict list shows what gave way")
    if not report.remote:
        state.tell("  there is no remote yet: tuicrm sync --remote URL")


def _give_status(state: State, status: Status, form: str | None) -> None:
    from tuicrm.sync import summary

    if form == "json":
        give_json(state, summary.status_facts(status))
        return
    from tuicrm.cli.grid import card
    from tuicrm.sync.message import subject

    local = subject(status.local) if any(status.local.values()) else "nothing"
    pairs = [
        ("remote", status.remote or "none"),
        ("branch", status.branch.removeprefix("refs/heads/")),
        ("changed here", local),
        ("to send", f"{status.ahead} commits" if status.ahead != 1 else "1 commit"),
        ("to join", f"{status.behind} commits" if status.behind != 1 else "1 commit"),
        ("conflicts", str(status.conflicts)),
        ("last sync", _wall(state, status.last_sync) or "never"),
        ("it said", status.last_result),
    ]
    if status.problem:
        pairs = [("in the way", status.problem), ("the way out", status.hint), *pairs[5:7]]
    if not status.repository:
        pairs = [("repository", "none: tuicrm sync --make-repository makes one"), pairs[5]]
    state.give(card([pair for pair in pairs if pair[1]], bold=state.colour))


def _wall(state: State, instant: str) -> str:
    from datetime import datetime

    try:
        at = datetime.fromisoformat(instant)
    except ValueError:
        return ""
    return f"{at.astimezone(state.session.reading.now.tzinfo):%Y-%m-%d %H:%M}"


def _prepare(state: State, url: str, make: bool, allow: Sequence[str], form: str | None) -> None:
    """Make the repository, set the remote and allow keys, as far as that was asked for."""
    from pathlib import Path

    from tuicrm.cli.ending import ends_cleanly
    from tuicrm.cli.progress import can_ask
    from tuicrm.sync import setup, trust
    from tuicrm.sync.git import find
    from tuicrm.sync.urls import without_password
    from tuicrm.text import clean_line

    root = state.session.ws.root
    where = setup.remote_url(url, Path.cwd()) if url else ""
    if find(str(root), state.env) is None and not make and not url and form is None and can_ask():
        make = click.confirm(f"{root} is no git repository yet. Make it one?", err=True)
    if make or allow or not where:
        git = setup.repository(root, state.env, make=make)
        for key in allow:
            trust.allow(git, key)
            state.tell(f"allowed here, on this machine: {key}")
    if where:
        with ends_cleanly():
            setup.refuse_silent(root, where, state.env, interactive=form is None and can_ask())
        git = setup.repository(root, state.env, make=True)
        was = setup.set_remote(git, where)
        if was not in ("", where):
            state.tell(f"the remote was {clean_line(without_password(was))}")
