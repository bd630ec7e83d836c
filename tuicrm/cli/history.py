"""`history`: what happened with a record of any kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tuicrm.cli.lazy import command
from tuicrm.cli.output import format_options, give_json, give_json_lines

if TYPE_CHECKING:
    from tuicrm.cli.state import State

Record = dict[str, Any]

KINDS = ("deal", "contact", "company", "lead", "followup", "activity", "product", "user")
HEADS = ("at", "by", "text", "kind", "id", "field", "before", "after", "commit")


def build(name: str) -> click.Command:
    """Return `history`."""
    return history


@command(
    "history",
    help="Show what happened with a record, the newest first: activities, changes and who made them, follow-ups done.",
    examples=['tuicrm history "Acme renewal"', "tuicrm history jane@acme.example --limit 5 --json"],
    json_names=HEADS,
)
@click.argument("ref", metavar="REF")
@click.option("--kind", type=click.Choice(KINDS), help="What the REF names, where several kinds have such a name.")
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="At most so many.")
@format_options(("table", "json", "jsonl", "csv", "tsv"))
def history(state: State, *, ref: str, kind: str | None, limit: int | None, form: str | None) -> None:
    """Print the events of one record."""
    from tuicrm.sync.history import full_history

    session = state.session
    found_kind, record = any_record(state, ref, (kind,) if kind else KINDS)
    events = full_history(session, found_kind, record["id"], state.env, said=state.tell)[:limit]
    facts = [{"at": _utc(event.at), **{head: getattr(event, head) for head in HEADS[1:]}} for event in events]
    if form == "json":
        give_json(state, facts)
    elif form == "jsonl":
        give_json_lines(state, facts)
    elif form in ("csv", "tsv"):
        from tuicrm.cli.sheet import sheet

        rows = [[str(fact[head]) for head in HEADS] for fact in facts]
        state.give(sheet(HEADS, rows, delimiter="\t" if form == "tsv" else ","))
    elif not events:
        state.tell("nothing happened yet")
    else:
        from tuicrm.cli.grid import grid

        zone = session.reading.now.tzinfo
        rows = [[f"{event.at.astimezone(zone):%Y-%m-%d %H:%M}", event.by, event.text] for event in events]
        state.give(grid(["AT", "BY", "WHAT"], rows, fixed={0}, cells=state.width, bold=state.colour)[0])


def _utc(at: Any) -> str:
    from tuicrm.records.values import instant_text

    return instant_text(at)


def any_record(state: State, ref: str, kinds: tuple[str, ...]) -> tuple[str, Record]:
    """Return the record of any of the kinds that a text names, and its kind; a full name goes before a part of one."""
    from tuicrm.crm.lookup import find, label, named
    from tuicrm.errors import Ambiguous, NotFound

    session = state.session
    wanted = ref.strip()
    found = [(kind, one) for kind in kinds for one in _by_id(state, kind, wanted) or named(session, kind, wanted)]
    if not found:
        hints: list[NotFound] = []
        for kind in kinds:
            try:
                found.append((kind, find(session, kind, wanted)))
            except NotFound as problem:
                hints.append(problem)
        if not found:
            if len(kinds) == 1:
                raise hints[0]
            raise NotFound(f"no record answers to {ref!r}", hint="tuicrm search finds records by words in them.")
    found = _as_they_are(found)
    if len(found) == 1:
        return found[0]
    raise Ambiguous(
        f"{ref!r} fits {len(found)} records",
        candidates=[(one["id"], f"{kind}: {label(session, kind, one)}") for kind, one in found],
        hint="Name it by its id, or say what it is with --kind.",
    )


def _as_they_are(found: list[tuple[str, Record]]) -> list[tuple[str, Record]]:
    """Return records without the leads that became one of the others: who is meant is what they are now."""
    keys = {one["id"] for _, one in found}
    return [pair for pair in found if pair[0] != "lead" or not keys & became(pair[1])]


def became(lead: Record | None) -> set[str]:
    """Return the ids of the records that a lead was converted to."""
    from tuicrm.crm.shapes import word

    return {word((lead or {}).get(name)) for name in ("contact", "deal", "company")} - {""}


def _by_id(state: State, kind: str, ref: str) -> list[Record]:
    record = state.session.ws.stored.get(kind, ref.upper()) if len(ref) == 26 else None
    return [record] if record is not None else []
