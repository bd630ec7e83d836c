"""`doctor`: looks for damage, and mends what can be mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tuicrm.cli.lazy import command
from tuicrm.cli.output import format_options, give_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.cli.state import State
    from tuicrm.crm.checkup import Finding

NAMES = ("level", "message", "kind", "id", "field", "path", "line")
DAMAGED = 8
NOTICES = 20
"""Notices that are listed one by one: a wrong clock makes one for every record."""


def build(name: str) -> click.Command:
    """Return `doctor`."""
    return doctor


@command(
    "doctor",
    help="Look for unreadable lines, values that no field may hold, references to nothing, wrong clocks, leftover "
    "locks, and what merges by hand, copied folders or git's settings mean for the next sync. Exit code 8 where data "
    "is damaged. Unreadable lines stay in their file and are copied aside.",
    examples=["tuicrm doctor", "tuicrm doctor --fix", "tuicrm doctor --recover"],
    json_names=NAMES,
)
@click.option(
    "--fix",
    is_flag=True,
    help="Write files that are not in canonical form anew; keep what a damaged journal still tells.",
)
@click.option(
    "--recover", is_flag=True, help="Bring back what this machine wrote and a git reset took away; undo works."
)
@format_options(("table", "json"))
def doctor(state: State, *, fix: bool, recover: bool, form: str | None) -> None:
    """Report, and mend."""
    from tuicrm.crm.checkup import BEHIND, DAMAGE, findings, journal_findings, mend
    from tuicrm.crm.checkup import recover as bring_back
    from tuicrm.sync import checkup as repository

    state.told_damage = True
    broken = journal_findings(state.find(), repair=fix)
    if broken and not fix:
        _give(state, broken, form)
        state.tell("tuicrm doctor --fix keeps the changes that can be read and copies the whole journal aside")
        click.get_current_context().exit(DAMAGED)
    session = state.session
    if broken:
        state.tell(f"the journal was damaged: {broken[0].message} (line {broken[0].line})")
        state.tell(f"its readable changes are kept; all of it was copied to {session.ws.private / 'quarantine'}")
    if fix:
        count = mend(session)
        state.tell(f"wrote {count} {'file' if count == 1 else 'files'} anew" if count else "nothing had to be mended")
    if recover:
        plan = bring_back(session)
        session.commit(plan)
        state.tell(plan.note)
    repository.note_place(session.ws.private, again=fix)
    found = [*findings(session), *repository.findings(session, state.env)]
    _give(state, found, form)
    if any(one.message == BEHIND for one in found):
        state.tell("tuicrm doctor --recover brings back what this machine wrote and the files have no more")
    damaged = sum(one.level == DAMAGE for one in found)
    state.tell(f"{damaged} damaged, {len(found) - damaged} to be noted" if found else "all is well")
    if damaged:
        click.get_current_context().exit(DAMAGED)


def _give(state: State, found: Sequence[Finding], form: str | None) -> None:
    if form == "json":
        give_json(state, [{name: getattr(one, name) for name in NAMES} for one in found])
    else:
        state.give("".join(f"{line}\n" for line in _lines(found)))


def _lines(found: Sequence[Finding]) -> list[str]:
    """Return a line for each damage and for the first notices; the findings come with the damage first."""
    from tuicrm.crm.checkup import DAMAGE
    from tuicrm.text import clean_line

    damaged = sum(one.level == DAMAGE for one in found)
    lines = []
    for one in found[: damaged + NOTICES]:
        place = f"{one.path}{f', line {one.line}' if one.line else ''}" if one.path else f"{one.kind} {one.id}".strip()
        lines.append(clean_line(": ".join(filter(None, (one.level, place, one.message)))))
    rest = len(found) - len(lines)
    return [*lines, f"notice: and {rest} more; tuicrm doctor --json lists them all"] if rest else lines
