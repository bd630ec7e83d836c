"""`duplicate`: records that may be one thing: listed, merged, or called different for good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tuicrm.cli.lazy import LazyGroup, Verb, command
from tuicrm.cli.merge import chosen, take_option
from tuicrm.cli.output import format_options, give_json, give_json_lines
from tuicrm.records.merged import MERGEABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tuicrm.cli.state import State
    from tuicrm.crm.duplicates import Pair

Record = dict[str, Any]

NAMES = ("kind", "keep", "keep_name", "merge", "merge_name", "score", "why", "late")
_ALIASES = {"ls": "list", "ignore": "dismiss", "join": "merge"}


def build(name: str) -> LazyGroup:
    """Return the group of commands about duplicates."""
    verbs = {
        "list": Verb("List pairs of records that may be one thing.", lambda: list_),
        "merge": Verb("Make one record of two.", lambda: merge),
        "dismiss": Verb("Note that two records are not the same.", lambda: dismiss),
    }
    return LazyGroup("duplicate", verbs, aliases=_ALIASES, help="Records that may be one thing, kept twice.")


@command(
    "list",
    help="List pairs of records that may be one thing, the surest first, with the reason: the same e-mail, phone, "
    "domain or name, or a name that is one slip away. KIND is company, contact, lead or deal; all of them where none "
    "is said. Merged records that somebody edited without knowing of the merge come first.",
    examples=["tuicrm duplicate list", "tuicrm duplicate list contact --min-score 80 --json"],
    json_names=NAMES,
)
@click.argument("kind", required=False, metavar="[KIND]")
@click.option(
    "--min-score", type=click.IntRange(0, 100), default=60, metavar="N", help="Only those so sure; 60 of 100."
)
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="At most so many.")
@format_options(("table", "json", "jsonl", "csv", "tsv"))
def list_(state: State, *, kind: str | None, min_score: int, limit: int | None, form: str | None) -> None:
    """Print the pairs."""
    from tuicrm.crm.duplicates import duplicates

    found = duplicates(state.session, kind or "", least=min_score)[:limit]
    if form == "json":
        give_json(state, [facts(state, one) for one in found])
    elif form == "jsonl":
        give_json_lines(state, [facts(state, one) for one in found])
    elif form in ("csv", "tsv"):
        from tuicrm.cli.sheet import sheet

        rows = [[_cell(value) for value in facts(state, one).values()] for one in found]
        state.give(sheet(NAMES, rows, delimiter="\t" if form == "tsv" else ","))
    elif not found:
        state.tell(f"nothing looks like a duplicate{f' with a score of {min_score} or more' if min_score > 0 else ''}")
    else:
        _give_table(state, found)


def _give_table(state: State, found: Sequence[Pair]) -> None:
    from tuicrm.cli.grid import grid
    from tuicrm.crm.forwarded import called
    from tuicrm.crm.lookup import short_id

    session = state.session
    rows = []
    for one in found:
        names = [
            f"{called(session, one.kind, key)} ({short_id(session, one.kind, key)})" for key in (one.keep, one.gone)
        ]
        rows.append([str(one.score), one.kind, *names, one.reason])
    heads = ["SCORE", "KIND", "ONE", "OTHER", "WHY"]
    text, _ = grid(heads, rows, right={0}, fixed={0, 1, 2, 3, 4}, cells=state.width, bold=state.colour)
    state.give(text)
    state.tell("tuicrm duplicate merge ONE OTHER makes one of two, tuicrm duplicate dismiss ONE OTHER keeps both")


def facts(state: State, one: Pair) -> dict[str, Any]:
    """Return a pair as one flat JSON object."""
    from tuicrm.crm.forwarded import called

    names = [called(state.session, one.kind, key) for key in (one.keep, one.gone)]
    values = (one.kind, one.keep, names[0], one.gone, names[1], one.score, list(one.why), list(one.late))
    return dict(zip(NAMES, values, strict=True))


def _cell(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


@command(
    "merge",
    help="Make one record of two of any kind, as `tuicrm contact merge` and its like do: A stays, B leads to it.",
    examples=["tuicrm duplicate merge 7KQ2 M4TX", "tuicrm duplicate merge 7KQ2 M4TX --kind contact --take title=B"],
)
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.option("--kind", type=click.Choice(MERGEABLE), help="What A and B name, where several kinds have such names.")
def merge(state: State, *, first: str, second: str, kind: str | None, take: Sequence[str]) -> None:
    """Merge two records."""
    from tuicrm.cli.outcome import carry_out
    from tuicrm.crm.merging import find_pair
    from tuicrm.crm.merging import merge as merged

    of, (keep, gone) = _both(first, second, kind, lambda of: find_pair(state.session, of, first, second))
    carry_out(state, merged(state.session, of, keep, gone, chosen(take)))


merge.params.insert(3, take_option())


@command(
    "dismiss",
    help="Note that two records are not the same, so that they are not listed again; for the whole team, and undo "
    "takes it back.",
    examples=["tuicrm duplicate dismiss 7KQ2 M4TX"],
)
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.option("--kind", type=click.Choice(MERGEABLE), help="What A and B name, where several kinds have such names.")
def dismiss(state: State, *, first: str, second: str, kind: str | None) -> None:
    """Keep both records."""
    from tuicrm.cli.outcome import carry_out
    from tuicrm.crm import duplicates
    from tuicrm.crm.merging import find_two

    session = state.session
    of, (one, other) = _both(first, second, kind, lambda of: find_two(session, of, first, second))
    carry_out(state, duplicates.dismiss(session, of, one, other))


def _both(
    first: str, second: str, kind: str | None, find: Callable[[str], tuple[Record, Record]]
) -> tuple[str, tuple[Record, Record]]:
    """Return the one kind in which two texts name records, and those; NotFound, Ambiguous, Invalid."""
    from tuicrm.errors import Ambiguous, NotFound

    if kind is not None:
        return kind, find(kind)
    found = []
    for of in MERGEABLE:
        try:
            found.append((of, find(of)))
        except NotFound:
            continue
    if not found:
        raise NotFound(
            f"no two records of one kind answer to {first!r} and {second!r}",
            hint="tuicrm duplicate list shows their ids.",
        )
    if len(found) > 1:
        raise Ambiguous(
            f"{first!r} and {second!r} fit records of {len(found)} kinds",
            candidates=[(records[0]["id"], of) for of, records in found],
            hint=f"say what they are: --kind {found[0][0]}",
        )
    return found[0]
