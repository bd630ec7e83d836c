"""`export`: records to a file or to the standard output, one kind or all there is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tuicrm.cli.lazy import command
from tuicrm.cli.paths import FilePath

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tuicrm.cli.state import State
    from tuicrm.records.field import Kind

Record = dict[str, Any]
ALL = "all"
FORMATS = ("csv", "json", "jsonl", "vcard", "ical", "archive", "tinydb")
WHOLE = ("archive", "tinydb")
"""What `all` can be written as."""
SUFFIXES = {
    ".csv": "csv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".vcf": "vcard",
    ".ics": "ical",
    ".zip": "archive",
    ".tgz": "archive",
    ".tar.gz": "archive",
}


def build(name: str) -> click.Command:
    """Return the command."""
    return export


@command(
    "export",
    help="Write all records of a kind to a file, whatever their state, or to the standard output. The end of the "
    "file's name says the format. KIND may be any (contacts, deals, users, pipelines, ...); `all` writes the whole "
    "workspace, deleted records and history included, to one archive that import and restore read. "
    "A report comes out with `tuicrm report NAME --format csv`.",
    examples=[
        "tuicrm export contacts people.csv",
        "tuicrm export contacts people.vcf --where 'tag:newsletter'",
        "tuicrm export deals --where is:won --columns name,value,currency,closed_on > won.csv",
        "tuicrm export followups todo.ics",
        "tuicrm export all acme.zip",
        "tuicrm export all acme.json --format tinydb",
    ],
)
@click.argument("kind_name", metavar="KIND")
@click.argument("file", required=False, type=FilePath(), metavar="[FILE]")
@click.option("--format", "form", type=click.Choice(FORMATS), help="The format, where the file's name does not say.")
@click.option("--json", "form", flag_value="json", help="Short for --format json.")
@click.option("--where", metavar="QUERY", help="Only these; `tuicrm help query` shows the language.")
@click.option("--columns", metavar="NAMES", help="Only these fields, with commas; all of them otherwise.")
@click.option("--sort", metavar="FIELDS", help="Order by fields, as in -value,name.")
@click.option("--all", "everything", is_flag=True, help="In every state, which is so unless --where says otherwise.")
@click.option("--events", is_flag=True, help="In ical: follow-ups as events, for calendars that show no to-dos.")
def export(
    state: State,
    *,
    kind_name: str,
    file: Path | None,
    form: str | None,
    where: str | None,
    columns: str | None,
    sort: str | None,
    everything: bool,
    events: bool,
) -> None:
    """Export records."""
    from tuicrm.cli.ending import ends_cleanly
    from tuicrm.errors import UsageProblem

    if file is not None and str(file) == "-":
        file = None
    chosen = form or _by_suffix(file, kind_name)
    if (kind_name == ALL) != (chosen in WHOLE):
        which = f"all is written as {' or '.join(WHOLE)}" if kind_name == ALL else f"{chosen} is for all there is"
        raise UsageProblem(f"{which}, so {kind_name} cannot be exported as {chosen}", hint=_HINT)
    with ends_cleanly():
        if kind_name == ALL:
            if where or columns or sort or events:
                raise UsageProblem("all there is has no --where, --columns, --sort or --events: it is everything")
            _export_all(state, file, chosen)
            return
        kind, records, shown = _chosen(state, kind_name, where, columns, sort)
        _export_kind(state, kind, records, shown, file, chosen, events=events)


_HINT = "tuicrm export contacts people.csv, tuicrm export all acme.zip"


def _by_suffix(file: Path | None, kind_name: str) -> str:
    from tuicrm.errors import UsageProblem

    if file is None:
        return "archive" if kind_name == ALL else "csv"
    name = file.name.lower()
    found = next((form for suffix, form in SUFFIXES.items() if name.endswith(suffix)), "")
    if not found:
        raise UsageProblem(
            f"the name of {file} does not say a format: it ends in none of {', '.join(SUFFIXES)}",
            hint=f"Say it: --format {'|'.join(FORMATS)}",
        )
    return "tinydb" if kind_name == ALL and found == "json" else found


def _chosen(
    state: State, kind_name: str, where: str | None, columns: str | None, sort: str | None
) -> tuple[Kind, list[Record], list[str] | None]:
    from tuicrm.crm import listing, rows

    session = state.session
    kind = session.kind(kind_name)
    wanted = [one for one in (columns or "").split(",") if one.strip()]
    shown = rows.column_names(session, kind.name, wanted) if wanted else None
    if not sort and not where:
        # In the order in which they were made, which is how they are held.
        return kind, list(session.ws.all(kind.name).values()), shown
    return kind, listing.select(session, kind.name, where=where or "", sort=sort or "id", everything=True), shown


def _export_kind(
    state: State,
    kind: Kind,
    records: Sequence[Record],
    columns: list[str] | None,
    file: Path | None,
    form: str,
    *,
    events: bool,
) -> None:
    from tuicrm.cli.progress import Progress

    _refuse_odd(kind, form, columns, events)
    if form == "ical" and kind.name == "activity":
        records = _meetings(state, records)
    with Progress() as said:

        def progress(count: int, total: int) -> None:
            if count and (file is not None or not state.on_terminal):
                said(f"{count:,} of {total:,} {kind.many}")

        _write(state, file, _parts(state, kind, records, columns, form, events=events, progress=progress))
    if file is not None:
        one, many = ("meeting", "meetings") if form == "ical" and kind.name == "activity" else (kind.one, kind.many)
        state.tell(f"exported {len(records):,} {one if len(records) == 1 else many} to {file}")


def _refuse_odd(kind: Kind, form: str, columns: list[str] | None, events: bool) -> None:
    from tuicrm.errors import UsageProblem
    from tuicrm.exchange import icalout, vcardout

    for one, kinds, spoken in (("vcard", vcardout.KINDS, "vCards"), ("ical", icalout.KINDS, "calendar entries")):
        if form == one and kind.name not in kinds:
            raise UsageProblem(f"{kind.many} cannot be written as {spoken}", hint=f"These can: {', '.join(kinds)}.")
        if form == one and columns:
            raise UsageProblem(f"--columns has no meaning for {spoken}, which have fields of their own")
    if events and not (form == "ical" and kind.name == "followup"):
        raise UsageProblem("--events is for follow-ups as ical")


def _meetings(state: State, records: Sequence[Record]) -> list[Record]:
    from tuicrm.exchange.icalout import MEETING

    found = [one for one in records if one.get("type") == MEETING]
    if len(found) < len(records):
        state.tell(f"left out {len(records) - len(found):,} that are no meetings: a calendar has no place for them")
    return found


def _parts(
    state: State,
    kind: Kind,
    records: Sequence[Record],
    columns: list[str] | None,
    form: str,
    *,
    events: bool,
    progress: Callable[[int, int], None],
) -> Iterable[str | bytes]:
    """Return what is written, a part at a time."""
    from tuicrm.exchange import exporting

    session = state.session
    if form == "csv":
        return exporting.csv_parts(session, kind, records, columns, progress=progress)
    if form in ("json", "jsonl"):
        from tuicrm.cli.jsontext import dumps

        lines = form == "jsonl"
        return exporting.json_parts(session, kind, records, columns, lines=lines, dumps=dumps, progress=progress)
    if form == "vcard":
        from tuicrm.exchange.vcardout import cards

        return cards(session, kind.name, records, progress)
    from tuicrm.exchange.icalout import calendar

    return [calendar(session, kind.name, records, as_events=events, progress=progress)]


def _write(state: State, file: Path | None, parts: Iterable[str | bytes]) -> None:
    if file is None:
        for part in parts:
            state.give(_shown(part) if state.on_terminal else part)
        return
    from tuicrm.exchange.outfile import written_whole

    with written_whole(file, root=state.session.ws.root) as out:
        for part in parts:
            out.write(part if isinstance(part, bytes) else part.encode())


def _shown(part: str | bytes) -> str:
    """Return what a terminal may see of a file."""
    from tuicrm.text import clean

    text = part if isinstance(part, str) else part.decode()
    return clean(text.replace("\r\n", "\n"))


def _export_all(state: State, file: Path | None, form: str) -> None:
    from tuicrm.cli.progress import Progress
    from tuicrm.errors import UsageProblem

    if file is None:
        raise UsageProblem("all there is needs a file to go to", hint="tuicrm export all acme.zip")
    if form == "tinydb":
        from tuicrm.cli.jsontext import dumps
        from tuicrm.exchange.tinydbfile import tinydb_parts
        from tuicrm.store.contenthash import content

        held = content(state.session.ws)
        _write(state, file, tinydb_parts(state.session, held, dumps))
        state.tell(f"exported all records to {file}, which TinyDB opens")
        return
    from tuicrm.exchange.archiving import write_archive

    with Progress() as said:
        packed = write_archive(state.session, file, progress=said)
    state.tell(f"exported all {packed.records:,} records to {file} (hash {packed.hash})")
