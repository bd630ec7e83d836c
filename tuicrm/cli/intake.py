"""`intake`: form posts and e-mails from outside become leads, touches and entries of the log."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tuicrm.cli.lazy import command
from tuicrm.cli.paths import FilePath

if TYPE_CHECKING:
    from tuicrm.cli.state import State
    from tuicrm.exchange.intake.outcome import Outcome

PATIENCE = 60.0
"""Seconds that an intake waits for others: a form on a website may be sent many times at once."""


def build(name: str) -> click.Command:
    """Return the command."""
    return intake


def _json_names() -> tuple[str, ...]:
    from tuicrm.exchange.intake.outcome import FACTS, NAMES

    return (*NAMES, *FACTS)


@command(
    "intake",
    help="Take a form post (JSON, urlencoded, CSV) or an e-mail (.eml) from a file or the standard input: finds the "
    "contact or lead with its e-mail address or phone number, else makes a lead; sets the source, notes a touch and "
    "puts the message into the log, as one step that undo takes back. The same post twice changes nothing. Exits 5 "
    "where a post could not be taken, and says why.",
    examples=[
        "tuicrm intake post.json --source website",
        "tuicrm intake - --json < post.json",
        "tuicrm intake --watch ~/inbox",
    ],
    json_names=_json_names,
)
@click.argument("file", type=FilePath(), required=False)
@click.option("--source", default="", metavar="TEXT", help="Where it came from; else what the post says (utm_source).")
@click.option("--owner", default="", metavar="USER", help="Whose fresh leads are; nobody's where not given.")
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option(
    "--watch",
    type=FilePath(),
    metavar="FOLDER",
    help="Take each file that appears in a folder, and move it to done/ or failed/ there. Ctrl-C ends it.",
)
@click.option("--once", is_flag=True, help="With --watch: take what is there, and end.")
@click.option(
    "--every", type=click.FloatRange(0.2, 3600), default=2.0, metavar="SECONDS", help="With --watch: how often to look."
)
@click.option("--json", "form", flag_value="json", help="Print what was made, found and touched as JSON.")
def intake(
    state: State,
    *,
    file: Path | None,
    source: str,
    owner: str,
    dry_run: bool,
    watch: Path | None,
    once: bool,
    every: float,
    form: str | None,
) -> None:
    """Take one intake, or watch a folder."""
    from tuicrm.errors import UsageProblem

    if (file is None) == (watch is None):
        raise UsageProblem("name a file (or - for the standard input), or a folder with --watch")
    if watch is not None:
        if dry_run:
            raise UsageProblem("--dry-run goes with a single file: tuicrm intake FILE --dry-run")
        from tuicrm.cli.intake_watch import watch_folder

        watch_folder(state, watch, source=source, owner=owner, every=every, once=once, as_json=form == "json")
        return
    if once:
        raise UsageProblem("--once goes with --watch FOLDER")
    assert file is not None
    name, data = _read(file)
    done = take(state, data, name, source=source, owner=owner, dry_run=dry_run)
    give(state, done, dry_run=dry_run, as_json=form == "json")
    refuse_left(done)


def _read(file: Path) -> tuple[str, bytes]:
    from tuicrm.exchange.intake.receiving import read_file, read_stream

    if str(file) == "-":
        return "standard input", read_stream(sys.stdin.buffer)
    return file.name, read_file(file, str(file))


def take(state: State, data: bytes, name: str, *, source: str, owner: str, dry_run: bool = False) -> Outcome:
    """Work an intake out and write it as one step: one process at a time, or each would make a lead of its own."""
    from tuicrm.exchange.intake.receiving import receive

    session = state.session
    with nullcontext() if dry_run else session.ws.in_turn("intake", wait=PATIENCE):
        done = receive(session, data, name, source=source, owner=owner)
        if done.changes and not dry_run:
            session.commit(done.plan())
    return done


def give(state: State, done: Outcome, *, dry_run: bool = False, as_json: bool) -> None:
    """Say what came of an intake: ids or JSON on stdout, sentences on stderr."""
    from tuicrm.cli.jsontext import dumps
    from tuicrm.exchange.intake.outcome import FOUND, LEFT, MADE

    for one in done.taken:
        if one.what == LEFT and len(done.taken) == 1:
            continue  # It is the error that the command ends with.
        state.tell(f"{'would have ' if dry_run and one.what in (MADE, FOUND) else ''}{one.said()}")
        for line in one.more:
            state.tell(f"  {line}")
        if one.kept:
            state.tell(f"  kept in the text: {', '.join(one.kept)}")
        if one.dropped:
            state.tell(f"  left out: {', '.join(one.dropped)}")
    if as_json:
        state.give(dumps(done.facts(dry_run=dry_run)) + b"\n")
    elif not dry_run:
        state.give("".join(f"{key}\n" for key in done.plan().ids))


def refuse_left(done: Outcome) -> None:
    """Raise Invalid where posts were left; the others are taken."""
    from tuicrm.errors import Invalid

    if not done.left:
        return
    first = done.left[0]
    if len(done.taken) == 1:
        raise Invalid(f"{done.name}: {first.why}")
    raise Invalid(f"{len(done.left)} of {len(done.taken)} posts of {done.name} were left; {first.where}: {first.why}")
