"""What an import says: what happened, or would happen, the sums first."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from tuicrm.cli.state import State
    from tuicrm.exchange.outcome import Import
    from tuicrm.exchange.sources import Source

SHOWN = 20
FEW = 5


def tell(state: State, source: Source, done: Import, place: Path, *, dry_run: bool) -> None:
    """Say what happened."""
    if sys.stderr is not None and sys.stderr.isatty():
        sys.stderr.write("\r")
    verb = "would import" if dry_run else "imported"
    encoding = f" ({source.sheet.encoding})" if source.sheet else ""
    state.tell(f"{verb} {done.told(state.session)} from {source.name}{encoding}")
    if source.is_guess:
        state.tell(f"  read as {source.kind.many}; --as KIND says otherwise")
    for line in done.said:
        state.tell(f"  {line}")
    _tell_columns(state, source, done, dry_run=dry_run)
    for stages in done.stages.values():
        state.tell(f"  {'would add' if dry_run else 'added'} stages at 50 %: {', '.join(stages.values())}")
    for one in done.missing[:SHOWN]:
        near = f", which looks like {one.near}" if one.near else ""
        state.tell(f"  {'would create' if dry_run else 'created'} {one.kind} {one.text!r}{near}")
    if len(done.missing) > SHOWN:
        state.tell(f"  and {len(done.missing) - SHOWN:,} more")
    for what, count in done.left_out.most_common(FEW):
        state.tell(f"  left out, as nobody answers to it: {what} ({count:,} times)")
    _tell_updates(state, done, dry_run=dry_run)
    if done.skipped:
        item, reason = done.skipped[0]
        state.tell(f"  skipped {len(done.skipped):,}: {item.where}: {reason}")
    if done.rejected:
        listed = "" if dry_run else f", listed in {place}{_how_to_read_it(state, source)}"
        state.tell(f"  rejected {len(done.rejected):,}{listed}")
        for item, reason in done.rejected[:FEW]:
            state.tell(f"    {item.where}: {reason}")
        if done.lacking:
            state.tell(f"  --create-missing adds {_lacking(state, done)} that rows name and nobody has")


def _lacking(state: State, done: Import) -> str:
    """Return `the 2 companies, the stage`."""
    told = []
    for kind, names in sorted(done.lacking.items()):
        one, many = (
            ("stage", "stages") if kind == "stage" else (state.session.kind(kind).one, state.session.kind(kind).many)
        )
        told.append(f"the {one}" if len(names) == 1 else f"the {len(names):,} {many}")
    return ", ".join(told)


def _how_to_read_it(state: State, source: Source) -> str:
    """Return what to say of the rejected rows' dates: the rows that showed their order are not among them."""
    usual = state.session.setting("date_order") or "dmy"
    return f"; import it with --dates {source.order}" if source.order not in ("", usual) else ""


def _tell_columns(state: State, source: Source, done: Import, *, dry_run: bool) -> None:
    mapping = source.mapping
    if mapping is not None:
        if dry_run:
            for one in mapping.columns:
                state.tell(f"  {one.name} > {one.target}" + (" (a field of your own)" if one.fresh else ""))
        if mapping.unused:
            state.tell(f"  columns not used: {', '.join(mapping.unused)}")
    if done.fields and not dry_run:
        names = ", ".join(one.name for _, one in done.fields)
        state.tell(f"  added fields of your own: {names}; --extra drop leaves such columns out")
    if source.parsed is not None and source.parsed.unknown:
        known = sorted(source.parsed.unknown.items(), key=lambda one: -one[1][1])
        told = ", ".join(f"{name or address} <{address}> ({count:,})" for address, (name, count) in known[:FEW])
        more = f" and {len(known) - FEW:,} more" if len(known) > FEW else ""
        state.tell(f"  nobody here knows {told}{more}; --leads adds them as leads")
    if source.parsed is not None and source.parsed.ignored:
        told = ", ".join(f"{name} ({count:,})" for name, count in sorted(source.parsed.ignored.items())[:SHOWN])
        state.tell(f"  not taken: {told}")


def _tell_updates(state: State, done: Import, *, dry_run: bool) -> None:
    if done.updated:
        state.tell(f"  {'would change' if dry_run else 'changed'} {len(done.updated):,}")
    for item, _, fields in done.updated[:FEW] if dry_run else ():
        state.tell(f"    {item.where}: {', '.join(fields)}")


def outcome(done: Import, place: Path, *, dry_run: bool) -> dict[str, Any]:
    """Return what `--json` prints."""
    return {
        "created": len(done.created),
        "updated": len(done.updated),
        "skipped": len(done.skipped),
        "rejected": [{"line": item.line or item.where, "reason": reason} for item, reason in done.rejected],
        "missing": [{"kind": one.kind, "name": one.text, "id": one.id, "near": one.near} for one in done.missing],
        "linked": [{"kind": item.kind, "id": record["id"]} for item, record in done.linked],
        "stages": [name for made in done.stages.values() for name in made.values()],
        "fields": [one.name for _, one in done.fields],
        "rejects": str(place) if done.rejected and not dry_run else None,
        "dry_run": dry_run,
    }


def bring_archive(state: State, file: Path, *, dry_run: bool, as_json: bool) -> None:
    """Bring an archive of a workspace in, and say what came of it."""
    from tuicrm.exchange.archive import import_archive

    done = import_archive(state.session, file, dry_run=dry_run)
    verb = "would bring in" if dry_run else "brought in"
    state.tell(f"{verb} {done.archive.name}: {done.created:,} records, {done.changed:,} joined, {done.same:,} the same")
    if as_json:
        from tuicrm.cli.jsontext import dumps

        state.give(dumps(done.facts(dry_run=dry_run)) + b"\n")
