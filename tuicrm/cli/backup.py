"""`backup` and `restore`: the whole workspace to one file, and from it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tuicrm.cli.lazy import command
from tuicrm.cli.output import format_options, give_json
from tuicrm.cli.paths import FilePath

if TYPE_CHECKING:
    from tuicrm.cli.state import State


def build(name: str) -> click.Command:
    """Return `backup` or `restore`."""
    return backup if name == "backup" else restore


@command(
    "backup",
    help="Put the whole workspace into one file, what was changed a moment ago and deleted records included, read it "
    "back and print its name. Without a name it goes to the workspace's private folder on this disk; a folder gets a "
    "file named after the workspace and the time.",
    examples=["tuicrm backup", "tuicrm backup /mnt/usb", "tuicrm backup acme.tar.gz", "tuicrm backup --list"],
    json_names=("file", "hash", "records", "bytes", "made_at"),
)
@click.argument("file", required=False, type=FilePath(), metavar="[FILE]")
@click.option("--list", "listed", is_flag=True, help="List the backups in the private folder instead.")
@format_options(("table", "json"))
def backup(state: State, *, file: Path | None, listed: bool, form: str | None) -> None:
    """Back up, or list the backups."""
    from tuicrm.cli.ending import ends_cleanly
    from tuicrm.cli.progress import Progress
    from tuicrm.errors import UsageProblem
    from tuicrm.exchange import backups
    from tuicrm.exchange.archiving import write_archive

    if listed:
        if file is not None:
            raise UsageProblem("--list takes no file: it lists the backups in the private folder")
        _list(state, form)
        return
    session = state.session
    with ends_cleanly(), Progress() as said:
        path = backups.place(session, file)
        packed = write_archive(session, path, replacing=file is not None, progress=said)
    if form == "json":
        facts = {"hash": packed.hash, "records": packed.records, "bytes": path.stat().st_size}
        give_json(state, {"file": str(path), **facts, "made_at": session.now.isoformat(timespec="seconds")})
        return
    state.tell(f"backed up {packed.records:,} records, and read them back (hash {packed.hash})")
    if file is None:
        state.tell("it is on the same disk as the workspace; a copy elsewhere is safer: tuicrm backup FOLDER")
    _give_path(state, path)


def _list(state: State, form: str | None) -> None:
    from tuicrm.exchange import backups

    held = backups.held(state.session)
    if form == "json":
        give_json(state, [one.facts() for one in held])
        return
    if not held:
        state.tell("no backups in the private folder")
        return
    from tuicrm.cli.grid import grid

    lines = [[one.made_at.replace("T", " ").replace("Z", ""), f"{one.bytes:,}", str(one.path)] for one in held]
    text, _ = grid(
        ["MADE (UTC)", "BYTES", "FILE"], lines, right={1}, fixed={0, 1}, cells=state.width, bold=state.colour
    )
    state.give(text)


@command(
    "restore",
    help="Make a workspace again from a backup or from what `export all` wrote, in a new folder or an empty one; "
    "nothing is ever restored over what is there. Checks afterwards that all of it arrived, and prints the folder.",
    examples=["tuicrm restore acme-20261128-193000.zip acme-again"],
    json_names=("folder", "hash", "records", "made_at"),
)
@click.argument("file", type=FilePath(), metavar="FILE")
@click.argument("folder", type=FilePath(), metavar="DIR")
@format_options(("table", "json"))
def restore(state: State, *, file: Path, folder: Path, form: str | None) -> None:
    """Restore a backup."""
    from os.path import abspath

    from tuicrm.cli.ending import ends_cleanly
    from tuicrm.cli.progress import Progress
    from tuicrm.exchange.archive import read_archive, restore_archive
    from tuicrm.exchange.restoring import refuse_taken

    path = Path(abspath(folder.expanduser()))
    refuse_taken(path)
    with ends_cleanly(), Progress() as said:
        said(f"reading {file}")
        archive = read_archive(file)
        said(f"restoring {archive.count:,} records")
        found = restore_archive(archive, path)
    if form == "json":
        facts = {"hash": found, "records": archive.count, "made_at": archive.made_at}
        give_json(state, {"folder": str(path), **facts})
        return
    state.tell(f"restored {archive.count:,} records of {archive.name}, and checked that all arrived (hash {found})")
    _give_path(state, path)


def _give_path(state: State, path: Path) -> None:
    from tuicrm.text import clean_line

    state.give(f"{clean_line(str(path)) if state.on_terminal else path}\n")
