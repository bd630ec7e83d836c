"""Reading records from a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tuicrm.cli.lazy import command

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tuicrm.cli.state import State
    from tuicrm.exchange.importing import Import
    from tuicrm.exchange.sheet import Sheet

SHOWN = 20


def build(name: str) -> click.Command:
    """Return the command."""
    return import_file


@command(
    "import",
    help="Read records from a CSV file, as one step that undo takes back. Columns named like a field map themselves. "
    "Rows that cannot be taken go to a file with their reason and stop no other.",
    examples=[
        "tuicrm import people.csv --as contacts --dry-run",
        "tuicrm import deals.csv --as deals --dates mdy --create-missing --map deal_stage=stage --map amount=value",
    ],
    json_names=lambda: ["created", "skipped", "rejected", "missing", "stages", "rejects", "dry_run"],
)
@click.argument("file", type=click.Path(path_type=Path, readable=False))
@click.option("--as", "kind_name", required=True, metavar="KIND", help="What the rows are: contacts, deals, ...")
@click.option("--map", "maps", multiple=True, metavar="COLUMN=FIELD", help="Which column fills which field.")
@click.option("--dates", type=click.Choice(["mdy", "dmy", "ymd"]), help="How 10/11/2026 is read; found out otherwise.")
@click.option("--create-missing", is_flag=True, help="Create records and stages that rows name and nobody has.")
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option("--encoding", default="", metavar="NAME", help="The file's encoding; found out otherwise.")
@click.option("--separator", default="", metavar="CHAR", help="What stands between cells; found out otherwise.")
@click.option("--rejects", type=click.Path(path_type=Path), metavar="FILE", help="Where rejected rows go.")
@click.option("--json", "form", flag_value="json", help="Print the outcome as JSON.")
def import_file(
    state: State,
    *,
    file: Path,
    kind_name: str,
    maps: Sequence[str],
    dates: str | None,
    create_missing: bool,
    dry_run: bool,
    encoding: str,
    separator: str,
    rejects: Path | None,
    form: str | None,
) -> None:
    """Import a file."""
    from tuicrm.errors import TuicrmError
    from tuicrm.exchange.importing import Importer
    from tuicrm.exchange.mapping import map_columns
    from tuicrm.exchange.rejects import free_name, write_rejects
    from tuicrm.exchange.sheet import read_sheet

    session = state.session
    kind = session.kind(kind_name)
    sheet = read_sheet(file, encoding=encoding, separator=_one_character(separator))
    mapping = map_columns(sheet, kind, maps)
    importer = Importer(session, sheet, kind, mapping, create_missing=create_missing, dates=dates or "")
    done = importer.work_out(_progress(state))
    place = rejects or free_name(Path(f"{file.stem}.rejected.csv"))
    if not dry_run:
        if done.rejected:
            write_rejects(place, sheet, done.rejected)
        if done.changes:
            try:
                session.commit(done.plan(file.name))
            except TuicrmError:
                if done.rejected and not rejects:
                    place.unlink(missing_ok=True)
                raise
    _tell(state, sheet, done, mapping.unused, place, dry_run=dry_run)
    if form == "json":
        from tuicrm.cli.jsontext import dumps

        state.give(dumps(_outcome(done, place, dry_run=dry_run)) + b"\n")
    if done.rejected and not done.created and not done.skipped:
        from tuicrm.errors import Invalid

        raise Invalid(f"no row of {file.name} could be taken; the first: {done.rejected[0][1]}")


def _one_character(text: str) -> str:
    mark = {"\\t": "\t", "tab": "\t", "comma": ",", "semicolon": ";"}.get(text, text)
    if len(mark) > 1 or mark in ('"', "\n", "\r", "\0"):
        raise click.BadParameter(
            f"{text!r} is not one character that can stand between cells", param_hint="--separator"
        )
    return mark


def _progress(state: State) -> Callable[[int, int], None] | None:
    """Return what shows progress on stderr, where that is a terminal."""
    if sys.stderr is None or not sys.stderr.isatty():
        return None

    def show(count: int, total: int) -> None:
        sys.stderr.write(f"\r{count:,} of {total:,} rows" if count else "")
        sys.stderr.flush()

    return show


def _tell(state: State, sheet: Sheet, done: Import, unused: Sequence[str], place: Path, *, dry_run: bool) -> None:
    """Say what happened, or would happen, the sums first."""
    if _progress(state):
        sys.stderr.write("\r")
    verb = "would import" if dry_run else "imported"
    what = done.kind.one if len(done.created) == 1 else done.kind.many
    state.tell(f"{verb} {len(done.created):,} {what} from {sheet.path.name} ({sheet.encoding})")
    for line in done.said:
        state.tell(f"  {line}")
    if unused:
        state.tell(f"  columns not used: {', '.join(unused)}")
    for stages in done.stages.values():
        state.tell(f"  {'would add' if dry_run else 'added'} stages at 50 %: {', '.join(stages.values())}")
    for one in done.missing[:SHOWN]:
        near = f", which looks like {one.near}" if one.near else ""
        state.tell(f"  {'would create' if dry_run else 'created'} {one.kind} {one.text!r}{near}")
    if len(done.missing) > SHOWN:
        state.tell(f"  and {len(done.missing) - SHOWN:,} more")
    if done.skipped:
        row, reason = done.skipped[0]
        state.tell(f"  skipped {len(done.skipped):,}: line {row.line}: {reason}")
    if done.rejected:
        state.tell(f"  rejected {len(done.rejected):,}" + ("" if dry_run else f", listed in {place}"))
        for row, reason in done.rejected[:5]:
            state.tell(f"    line {row.line}: {reason}")


def _outcome(done: Import, place: Path, *, dry_run: bool) -> dict[str, Any]:
    return {
        "created": len(done.created),
        "skipped": len(done.skipped),
        "rejected": [{"line": row.line, "reason": reason} for row, reason in done.rejected],
        "missing": [{"kind": one.kind, "name": one.text, "id": one.id, "near": one.near} for one in done.missing],
        "stages": [name for made in done.stages.values() for name in made.values()],
        "rejects": str(place) if done.rejected and not dry_run else None,
        "dry_run": dry_run,
    }
