"""`contact erase` and `lead erase`: a person out of the data for good, and where history still remembers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from tuicrm.cli.lazy import Command
from tuicrm.errors import NotFound, TuicrmError, UsageProblem

if TYPE_CHECKING:
    from tuicrm.cli.state import State
    from tuicrm.crm.erasing import Erasure
    from tuicrm.records.field import Kind
    from tuicrm.sync.remembering import Remembered

NAMES = ("id", "erased", "purged", "cleaned", "mentions", "remains", "commits", "first_commit", "last_commit")
PAGE = "docs/erasing.md"
MENTIONED = 20
"""Records that still name the person which are listed one by one."""


def erase_command(kind: Kind) -> Command:
    """Return the command that erases a person of a kind."""
    return Command(
        "erase",
        help=f"Erase a {kind.one} for good: the record, the log and the follow-ups about nobody else, the values that "
        "gave way in conflicts, and what this machine remembers of them. In what also concerns others the name and the "
        "addresses are replaced. Undo does not bring any of it back. Prints which records still name the person, and "
        "whether git's history remembers; docs/erasing.md says how to rewrite that.",
        callback=click.pass_obj(partial(_erase, kind.name)),
        params=[
            click.Argument(["ref"], metavar="REF"),
            click.Option(["--yes"], is_flag=True, help="Do not ask for the name to be typed."),
            click.Option(["--dry-run", "dry"], is_flag=True, help="Only say what would be erased."),
            click.Option(["--json", "form"], flag_value="json", help="Print what was done as JSON."),
        ],
        examples=[f"tuicrm {kind.name} erase jane@acme.example --dry-run", f"tuicrm {kind.name} erase 7KQ2 --yes"],
        json_names=NAMES,
    )


def _erase(kind: str, state: State, *, ref: str, yes: bool, dry: bool, form: str | None) -> None:
    from tuicrm.crm.erasing import erasure, remains

    session = state.session
    made = erasure(session, kind, _find(state, kind, ref))
    for line in _said(state, made, will=True):
        state.tell(line)
    if not dry:
        if not yes:
            _ask(made.name)
        receipt = session.commit(made.plan)
        _forget(state, made, receipt.tx)
    left = remains(session, made)
    git = _git(state, made)
    if not dry:
        state.tell(f"erased {made.name}")
        for line in _after(state, made, left, git):
            state.tell(line)
    if form == "json":
        from tuicrm.cli.output import give_json

        give_json(state, _facts(made, left, git, done=not dry))
    elif not dry:
        state.give(f"{made.id}\n")


def _find(state: State, kind: str, ref: str) -> dict[str, Any]:
    """Return the record that is meant, also one in the trash."""
    from tuicrm.crm.lookup import find

    try:
        return find(state.session, kind, ref)
    except NotFound:
        try:
            return find(state.session, kind, ref, trash=True)
        except NotFound:
            pass
        raise


def _ask(name: str) -> None:
    """Have the name typed on a terminal; elsewhere `--yes` is needed."""
    from tuicrm.cli.progress import can_ask
    from tuicrm.text import clean_line

    if not can_ask():
        raise UsageProblem("erasing cannot be undone: say --yes, or --dry-run to see what it would do")
    wanted = clean_line(name)
    typed = click.prompt(
        f"Undo will not bring this back. Type {wanted} to go on", default="", show_default=False, err=True
    )
    if " ".join(typed.split()).casefold() != " ".join(wanted.split()).casefold():
        raise click.Abort


def _forget(state: State, made: Erasure, tx: str) -> None:
    """Clear what this machine remembers."""
    if not state.session.ws.forget(made.ids, made.traces.clean, keep=tx):
        state.tell(
            "the journal is in use by git, so this machine still remembers: run the same command again, by the id"
        )


def _git(state: State, made: Erasure) -> Remembered | None:
    from tuicrm.sync.remembering import remembered

    refs = [(made.kind, made.id), *made.purged, *made.cleaned]
    try:
        return remembered(str(state.session.ws.root), refs, state.env)
    except (TuicrmError, OSError) as problem:
        state.tell(f"git's history was not looked at: {problem}")
        return None


def _said(state: State, made: Erasure, *, will: bool) -> list[str]:
    """Return what is going to happen."""
    lines = [f"{made.name} ({made.kind} {made.id}) is going to be erased for good; undo will not bring it back"]
    if made.purged:
        lines.append(
            f"  erased along, as they are about nobody else: {_counted(state, [kind for kind, _ in made.purged])}"
        )
    if made.cleaned:
        counted = _counted(state, [kind for kind, _ in made.cleaned])
        lines.append(f"  without the name and the addresses, as they also concern others: {counted}")
    return lines


def _counted(state: State, kinds: list[str]) -> str:
    from collections import Counter

    held = ((state.session.kind(kind), count) for kind, count in Counter(kinds).items())
    return ", ".join(f"{count:,} {kind.one if count == 1 else kind.many}" for kind, count in held)


def _after(state: State, made: Erasure, left: list[str], git: Remembered | None) -> list[str]:
    """Return where the person may still be named."""
    from tuicrm.crm.lookup import short_id

    session, lines = state.session, list[str]()
    for (kind, key), name in made.mentions[:MENTIONED]:
        lines.append(f"  still named: {kind} {short_id(session, kind, key)}, {name}")
    if len(made.mentions) > MENTIONED:
        lines.append(f"  and in {len(made.mentions) - MENTIONED:,} more places: tuicrm search finds them")
    lines += [f"  this machine still holds it: {session.ws.private / one}" for one in left]
    if git is not None and git.commits:
        many = f"{git.commits:,} commit{'' if git.commits == 1 else 's'}"
        lines.append(f"  git's history still holds it: {many}, from {_day(git.first)} to {_day(git.last)}")
        lines.append(f"  tuicrm sync, then rewrite it with git filter-repo: {PAGE}")
    elif git is not None:
        lines.append("  git's history does not hold it; tuicrm sync takes it from the clones of others")
    return lines


def _day(seconds: int) -> str:
    from datetime import UTC, datetime

    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d}"


def _facts(made: Erasure, left: list[str], git: Remembered | None, *, done: bool) -> dict[str, Any]:
    """Return what was done as JSON shows it."""

    def refs(held: list[tuple[str, str]]) -> list[dict[str, str]]:
        return [{"kind": kind, "id": key} for kind, key in held]

    values = (
        made.id,
        done,
        refs(made.purged),
        refs(made.cleaned),
        [{"kind": kind, "id": key, "field": name} for (kind, key), name in made.mentions],
        left,
        git.commits if git else None,
        _day(git.first) if git and git.commits else None,
        _day(git.last) if git and git.commits else None,
    )
    return dict(zip(NAMES, values, strict=True))
