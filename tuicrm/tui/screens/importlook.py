"""What the import dialog shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.exchange.sources import KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tuicrm.crm.session import Session
    from tuicrm.exchange.bringing import Trial
    from tuicrm.exchange.sheet import Sheet
    from tuicrm.tui.safe import Line, Span

Keys = tuple[tuple[str, str], ...]

HEAD: list[Line] = [
    (("Import a file", "head"),),
    (("Its path: CSV, vCard, calendar, JSON, mail. It becomes one step that undo takes back.", "muted"),),
]
PATH_KEYS: Keys = (("Enter", "reads it"), ("Tab", "completes"), ("Down", "next"), ("Esc", "closes"))
MAP_KEYS: Keys = (("Enter", "takes it"), ("Tab", "completes"), ("Down", "next"), ("Esc", "back"))
DONE_KEYS: Keys = (("Enter", "closes"),)
MOST_SHOWN = 5


def offers(paths: Sequence[str], at: int, height: int, *, mapping: bool = False) -> list[Line]:
    """Return the paths (or the columns and fields) that the text may become, around the one under the cursor."""
    room = max(3, min(12, height - 10))
    top = max(0, min(at - room // 2, len(paths) - room))
    made: list[Line] = []
    for place in range(top, min(top + room, len(paths))):
        here = place == at
        made.append(((">" if here else " ", "key"), (f" {paths[place]} ", "cursor" if here else "text")))
    nothing = "no such column or field" if mapping else "nothing there reads like a table"
    return made or [((f"  {nothing}", "muted"),)]


def foot(alert: str, keys: Keys, look: str = "late") -> list[Line]:
    """Return what is wrong, or going on, and the keys."""
    spans: list[Span] = []
    for key, what in keys:
        spans += [(key, "key"), (f" {what}  ", "muted")]
    return [(), *([((alert, look),)] if alert else []), tuple(spans)]


def keys(trial: Trial | None) -> Keys:
    """Return what can be done with what is shown."""
    last: Keys = (("m", "map a column"), ("1-6", "as another kind"), ("Esc", "another file"))
    if trial is None:
        return last
    if trial.source.sheet is None:
        last = last[-1:]
    missing = bool(trial.done.missing or trial.done.rejected or trial.options.create_missing)
    more: Keys = (("c", "create none" if trial.options.create_missing else "create what rows name"),) if missing else ()
    if trial.done.skipped or trial.done.updated:
        more += (("p", "leave those here alone" if trial.options.update else "update those here already"),)
    if trial.done.fields or (trial.source.mapping and trial.source.mapping.unused):
        more += (("x", "drop other columns" if trial.done.fields else "keep other columns"),)
    return ((("Enter", "imports"),) if trial.done.changes else ()) + more + last


def trial(session: Session, path: Path, sheet: Sheet | None, kind: str, one: Trial | None) -> list[Line]:
    """Return which kind, which column fills which field, and how many rows would do what."""
    spans: list[Span] = [("as ", "muted")]
    for place, name in enumerate(KINDS):
        plural = session.kind(name).plural
        spans.append((f"[{place + 1} {plural}]" if name == kind else f" {place + 1} {plural} ",
                      "head" if name == kind else "muted"))  # fmt: skip
    made: list[Line] = [
        ((f"{path.name}: ", "title"), (_size(sheet, one), "text")),
        *([tuple(spans)] if sheet is not None else ()),
    ]
    return [*made, *(_would(session, one) if one else ())]


def _would(session: Session, one: Trial) -> list[Line]:
    done, mapping, sheet = one.done, one.source.mapping, one.source.sheet
    made: list[Line] = [()]
    first = sheet.rows[0].cells if sheet and sheet.rows else ()
    for column in mapping.columns if mapping else ():
        cell = first[column.place] if column.place < len(first) else ""
        what = column.target if column.ref else column.field.title
        new = (" (new field)", "muted") if column.fresh else ("", "muted")
        made.append(((f"  {column.name}", "text"), (" > ", "muted"), (what, "key"), new, (f"   {cell}", "muted")))
    if mapping and mapping.unused:
        made.append((("  not used: ", "muted"), (", ".join(mapping.unused), "muted")))
    made += [(), ((done.told(session), "title"), (" to import", "text"))]
    made += [((f"  {said}", "muted"),) for said in done.said]
    for stages in done.stages.values():
        made.append(((f"  adds the stages {', '.join(stages.values())}", "text"),))
    if done.missing:
        names = ", ".join(f"{missing.kind} {missing.text}" for missing in done.missing[:MOST_SHOWN])
        more = f" and {len(done.missing) - MOST_SHOWN:,} more" if len(done.missing) > MOST_SHOWN else ""
        made.append(((f"  creates {names}{more}", "text"),))
    return [*made, *_left_out(one)]


def _size(sheet: Sheet | None, one: Trial | None) -> str:
    if sheet is not None:
        return f"{len(sheet.rows):,} rows, {sheet.encoding}"
    return f"{len(one.source.items):,} records" if one else ""


def _left_out(one: Trial) -> list[Line]:
    made: list[Line] = []
    if one.done.skipped:
        item, reason = one.done.skipped[0]
        made.append(((f"  {len(one.done.skipped):,} are here already: {item.where}: {reason}", "text"),))
    if one.done.rejected:
        made.append(((f"  {len(one.done.rejected):,} cannot be taken:", "late"),))
        made += [((f"    {item.where}: {reason}", "text"),) for item, reason in one.done.rejected[:MOST_SHOWN]]
    return made


def summary(session: Session, one: Trial, rejects: Path | None) -> list[Line]:
    """Return what an import came to."""
    done = one.done
    made: list[Line] = [((f"imported {done.told(session)}", "good"),)]
    if done.missing:
        made.append(((f"  created {len(done.missing):,} that rows named", "text"),))
    made += _left_out(one)
    if rejects is not None:
        made.append((("  they are in ", "text"), (str(rejects), "key"), (", to mend and import again", "text")))
    return [*made, (), (("u takes it back", "muted"),)]
