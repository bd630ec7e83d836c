"""Reading records from a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tuicrm.cli.lazy import command
from tuicrm.cli.paths import FilePath

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.cli.state import State
    from tuicrm.exchange.sources import Options, Source


def build(name: str) -> click.Command:
    """Return the command."""
    return import_file


@command(
    "import",
    help="Read records from a file (CSV, vCard, iCalendar, JSON, TinyDB, mbox, Maildir, an e-mail, an archive that "
    "export all wrote; - for standard input), as one step that undo takes back. What the file is, and which column "
    "fills which field, is found out and shown; exports of Google, Outlook, LinkedIn, HubSpot, Pipedrive, Salesforce "
    "and Thunderbird are recognised. Rows that cannot be taken go to a file with their reason and stop no other.",
    examples=[
        "tuicrm import people.csv --dry-run",
        "tuicrm import deals.csv --as deals --dates mdy --create-missing --map deal_stage=stage --map amount=value",
        'tuicrm import people.csv --update --map "Firm=company.name" --value "status:Ex-customer=left"',
    ],
    json_names=lambda: [
        *("created", "updated", "skipped", "rejected", "missing", "linked", "stages", "fields", "rejects", "dry_run")
    ],
)
@click.argument("file", type=FilePath())
@click.option("--as", "kind", metavar="KIND", help="What the rows are: contacts, deals, ...; or found out.")
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="COLUMN=FIELD",
    help="Which column fills which field; company.domain is a field of the record that a row names, - leaves it out.",
)
@click.option(
    "--value",
    "values",
    multiple=True,
    metavar="FIELD:FROM=TO",
    help="What a value in the file becomes, as stage:S1=Demo.",
)
@click.option("--preset", default="", metavar="NAME", help="Whose export it is, as in hubspot-deals; or none.")
@click.option(
    "--extra",
    type=click.Choice(["fields", "drop"]),
    default="fields",
    help="What becomes of columns that no field has: fields of your own (the default), or nothing.",
)
@click.option("--update", is_flag=True, help="Change records that are here already to what the file says.")
@click.option(
    "--match", multiple=True, metavar="FIELD", help="The field by which --update, which it means, finds them."
)
@click.option("--dates", type=click.Choice(["mdy", "dmy", "ymd"]), help="How 10/11/2026 is read; found out otherwise.")
@click.option(
    "--numbers", type=click.Choice(["point", "comma"]), help="What stands before the decimals; found out otherwise."
)
@click.option("--create-missing", is_flag=True, help="Create records and stages that rows name and nobody has.")
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option("--encoding", default="", metavar="NAME", help="The file's encoding; found out otherwise.")
@click.option("--separator", default="", metavar="CHAR", help="What stands between cells; found out otherwise.")
@click.option(
    "--header-line",
    "header",
    type=click.IntRange(0),
    metavar="LINE",
    help="Where the columns are named; 0 for nowhere.",
)
@click.option("--mapping", "recipe", default="", metavar="NAME", help="Use the saved mapping of this name.")
@click.option("--save-mapping", "keep", default="", metavar="NAME", help="Save how the file is read, for the next one.")
@click.option(
    "--format", default="", metavar="NAME", help="csv, vcard, icalendar, json, mbox, ...; found out otherwise."
)
@click.option("--leads", is_flag=True, help="Of e-mails: add people whom nobody knows as leads.")
@click.option("--rejects", type=FilePath(), metavar="FILE", help="Where rejected rows go.")
@click.option("--json", "form", flag_value="json", help="Print the outcome as JSON.")
def import_file(
    state: State,
    *,
    file: Path,
    recipe: str,
    keep: str,
    dry_run: bool,
    rejects: Path | None,
    form: str | None,
    **said: Any,
) -> None:
    """Import a file."""
    from tuicrm.cli import import_told
    from tuicrm.errors import Invalid, TuicrmError
    from tuicrm.exchange.rejects import free_name, write_rejects

    session = state.session
    if _is_archive(file):
        _refuse_for_archives(said, bool(recipe or keep or rejects))
        import_told.bring_archive(state, file, dry_run=dry_run, as_json=form == "json")
        return
    options = _options(state, recipe, said)
    source = _open(state, file, options)
    done = source.work_out(session, options, _progress(state))
    place = rejects or free_name(Path(f"{'import' if str(file) == '-' else file.stem}.rejected.csv"))
    if not dry_run:
        plan = done.plan(session, source.name)
        if keep:
            from tuicrm.exchange.recipes import saved

            plan = saved(session, plan, keep, options, source)
        if done.rejected:
            write_rejects(place, source, done.rejected)
        source.let_go(done)
        if plan.changes:
            try:
                session.commit(plan)
            except TuicrmError:
                if done.rejected and not rejects:
                    place.unlink(missing_ok=True)
                raise
    import_told.tell(state, source, done, place, dry_run=dry_run)
    if form == "json":
        from tuicrm.cli.jsontext import dumps

        state.give(dumps(import_told.outcome(done, place, dry_run=dry_run)) + b"\n")
    if done.rejected and not done.created and not done.skipped and not done.updated:
        raise Invalid(f"no row of {source.name} could be taken; the first: {done.rejected[0][1]}")


def _is_archive(file: Path) -> bool:
    from tuicrm.exchange.archive import is_archive

    return str(file) != "-" and file.is_file() and is_archive(file)


def _refuse_for_archives(said: dict[str, Any], more: bool) -> None:
    from tuicrm.errors import UsageProblem

    if more or any(value not in ("", (), None, False, "fields") for value in said.values()):
        raise UsageProblem("an archive of a workspace is brought in as it is: only --dry-run and --json go with it")


def _options(state: State, recipe: str, said: dict[str, Any]) -> Options:
    """Return what the user said, on top of a saved mapping."""
    from tuicrm.exchange.sources import Options

    if said["kind"] is not None:
        said["kind"] = state.session.kind(said["kind"]).name
    said["separator"] = _one_character(said["separator"])
    found: dict[str, Any] = {name: tuple(said.pop(name)) for name in ("maps", "values", "match")}
    header = said.pop("header")
    found.update((name, "" if value is None else value) for name, value in said.items())
    options = Options(**found, header=header)
    if recipe:
        from tuicrm.exchange.recipes import with_recipe

        options = with_recipe(state.session, recipe, options)
    return options


def _open(state: State, file: Path, options: Options) -> Source:
    from tuicrm.exchange.sources import open_file

    data = sys.stdin.buffer.read() if str(file) == "-" else None
    if data is not None and data.startswith((b"PK\x03\x04", b"\x1f\x8b")):
        from tuicrm.errors import Invalid

        raise Invalid("standard input is an archive, which is read from a file only: name that file")
    return open_file(state.session, file if data is None else Path("standard input"), options, data)


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
