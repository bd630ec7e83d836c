"""`conflict`: values that gave way when two people had changed the same thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tuicrm.cli.lazy import LazyGroup, Verb, command
from tuicrm.cli.output import format_options, give_json, give_json_lines

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tuicrm.cli.state import State
    from tuicrm.crm.conflicts import Conflict

NAMES = (
    "id",
    "kind",
    "record",
    "record_name",
    "field",
    "label",
    "lost",
    "lost_at",
    "lost_by",
    "current",
    "current_at",
    "current_by",
    "mine",
    "resolved",
)
_ALIASES = {"ls": "list", "view": "show", "settle": "resolve"}


def build(name: str) -> LazyGroup:
    """Return the group of conflict commands."""
    verbs = {
        "list": Verb("List what nobody has decided about.", lambda: list_),
        "show": Verb("Show conflicts side by side.", lambda: show),
        "resolve": Verb("Keep one value, and close the conflict.", lambda: resolve),
    }
    return LazyGroup(
        "conflict",
        verbs,
        aliases=_ALIASES,
        help="When two people change the same thing, the later change stands and the other one is kept here.",
    )


@command(
    "list",
    help="List the values that gave way in a sync and that nobody has decided about, the newest first.",
    examples=["tuicrm conflict list", "tuicrm conflict list --all --json"],
    json_names=NAMES,
)
@click.option("--all", "everything", is_flag=True, help="Also those that are settled.")
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="At most so many.")
@format_options()
def list_(state: State, *, everything: bool, limit: int | None, form: str | None) -> None:
    """Print the open conflicts."""
    from tuicrm.crm.conflicts import conflicts
    from tuicrm.sync.whose import with_authors

    found = conflicts(state.session, resolved=everything)[:limit]
    if form != "ids":
        found = with_authors(state.session, found, state.env)
    if form == "ids":
        state.give("".join(f"{one.id}\n" for one in found))
    elif form == "json":
        give_json(state, [facts(one) for one in found])
    elif form == "jsonl":
        give_json_lines(state, [facts(one) for one in found])
    elif form in ("csv", "tsv"):
        from tuicrm.cli.sheet import sheet

        rows = [[_cell(value) for value in facts(one).values()] for one in found]
        state.give(sheet(NAMES, rows, delimiter="\t" if form == "tsv" else ","))
    elif not found:
        state.tell("no conflicts" if everything else "no conflicts are open")
    else:
        _give_table(state, found, everything)


def _give_table(state: State, found: Sequence[Conflict], everything: bool) -> None:
    from tuicrm.cli.grid import grid
    from tuicrm.crm.lookup import short_id

    heads = ["ID", "RECORD", "WHAT", "GAVE WAY", "STANDS", "WRITTEN", *(["STATE"] if everything else [])]
    rows = []
    for one in found:
        row = [short_id(state.session, "conflict", one.id), one.title, one.label, _side(one.lost, one.by)]
        row += [_side(one.current, one.current_by), _wall(state, one.at)]
        rows.append([*row, "settled" if one.resolved else "open"] if everything else row)
    text, left_out = grid(heads, rows, fixed={0}, cells=state.width, bold=state.colour)
    state.give(text)
    if left_out:
        state.tell(f"{left_out} more columns do not fit; tuicrm conflict show ID shows all")


def _side(text: str, by: str) -> str:
    """Return a value and who wrote it."""
    return f"{text} ({by})" if by and not text.endswith(f" {by}") else text


def _wall(state: State, at: datetime | None) -> str:
    return f"{at.astimezone(state.session.reading.now.tzinfo):%Y-%m-%d %H:%M}" if at is not None else ""


def facts(one: Conflict) -> dict[str, Any]:
    """Return a conflict as one flat JSON object."""
    from tuicrm.records.values import instant_text

    values = (
        one.id,
        one.kind,
        one.record_id,
        one.title,
        one.path,
        one.label,
        one.lost,
        instant_text(one.at),
        one.by,
        one.current,
        instant_text(one.current_at) if one.current_at is not None else None,
        one.current_by,
        one.is_mine,
        one.resolved,
    )
    return dict(zip(NAMES, values, strict=True))


def _cell(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


@command(
    "show",
    help="Show conflicts side by side: the value that gave way, the one that stands, who wrote them and when. REF is "
    "the conflict's id, or names a record that has only one.",
    examples=["tuicrm conflict show 7KQ2", 'tuicrm conflict show "Acme renewal" --json'],
    json_names=NAMES,
)
@click.argument("refs", nargs=-1, required=True, metavar="REF...")
@format_options(("table", "json", "jsonl"))
def show(state: State, *, refs: Sequence[str], form: str | None) -> None:
    """Print whole conflicts."""
    from tuicrm.crm.conflicts import find_all
    from tuicrm.sync.whose import with_authors

    found = with_authors(state.session, find_all(state.session, refs, settled=True), state.env)
    if form == "json":
        shown = [facts(one) for one in found]
        give_json(state, shown[0] if len(shown) == 1 else shown)
    elif form == "jsonl":
        give_json_lines(state, [facts(one) for one in found])
    else:
        state.give("\n".join(_card(state, one) for one in found))
        if any(not one.resolved for one in found):
            state.tell("settle it: tuicrm conflict resolve REF --keep current, lost, mine, theirs, or a value")


def _card(state: State, one: Conflict) -> str:
    from tuicrm.cli.grid import card

    pairs = [
        ("id", one.id),
        (one.kind, one.title),
        ("what", one.label),
        ("gave way", one.lost),
        ("written", _written(state, one.at, one.by, one.is_mine)),
        ("stands", one.current),
        ("written", _written(state, one.current_at, one.current_by, one.is_current_mine)),
        ("state", "settled" if one.resolved else "open"),
    ]
    return card([pair for pair in pairs if pair[1]], bold=state.colour)


def _written(state: State, at: datetime | None, by: str, is_mine: bool | None) -> str:
    who = f"by {by}" if by else "by somebody else" if is_mine is False else ""
    return " ".join(filter(None, (_wall(state, at), who, "(you, on this machine)" if is_mine else "")))


@command(
    "resolve",
    help="Close conflicts by keeping one of the values: `current` (the one that stands), `lost` (the one that gave "
    "way), `mine` or `theirs`, or a value typed as the field takes it. It can be undone, and syncs like any change.",
    examples=[
        "tuicrm conflict resolve 7KQ2 --keep lost",
        'tuicrm conflict resolve "Acme renewal" --keep 14k',
        "tuicrm conflict resolve 7KQ2 M4TX --keep current",
    ],
    json_names=NAMES,
)
@click.argument("refs", nargs=-1, required=True, metavar="REF...")
@click.option(
    "--keep",
    metavar="current|lost|mine|theirs|VALUE",
    help="What is to stand.",
    shell_complete=lambda ctx, param, incomplete: _words_to_keep(incomplete),
)
@click.option("--value", metavar="TEXT", help="A value that is to stand, also where it is one of those four words.")
@click.option("--json", "form", flag_value="json", help="Print the conflicts as JSON instead of their ids.")
def resolve(state: State, *, refs: Sequence[str], keep: str | None, value: str | None, form: str | None) -> None:
    """Settle conflicts in one step."""
    from tuicrm.cli.outcome import carry_out
    from tuicrm.crm import conflicts
    from tuicrm.errors import UsageProblem

    if (keep is None) == (value is None):
        raise UsageProblem("what is to stand is said by --keep or by --value", hint="--keep lost, or --value 14k")
    session = state.session
    ids = [one.id for one in conflicts.find_all(session, refs)]
    plan = conflicts.resolve(session, ids, value or "" if keep is None else keep, typed=keep is None)
    carry_out(state, plan, ids=form != "json")
    if form == "json":
        shown = [facts(one) for one in conflicts.conflicts(session, resolved=True) if one.id in ids]
        give_json(state, shown[0] if len(shown) == 1 else shown)


def _words_to_keep(incomplete: str) -> list[str]:
    from tuicrm.crm.conflicts import KEEP

    return [one for one in KEEP if one.startswith(incomplete)]
