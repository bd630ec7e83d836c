"""`quality`: what to fix first in the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tuicrm.cli.lazy import command
from tuicrm.cli.output import FORMATS, format_options, give_json, give_json_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tuicrm.cli.state import State
    from tuicrm.crm.quality import Finding, Quality, Standing

NAMES = ("check", "kind", "id", "name", "why", "fix", "owner", "owner_name")
STANDING = ("owner", "owner_name", "records", "to_fix", "score", "completeness")
SHOWN = 20


def build(name: str) -> click.Command:
    """Return `quality`."""
    return quality


@command(
    "quality",
    help="Show what to fix first in the data, each with the command that does it: people with open deals who cannot be "
    "reached as noted, people without an address, deals without a company or a close date, values that look wrong, "
    "details nobody has looked at for long, records of which little is known. KIND is contact, company, deal or lead; "
    "all of them where it is left out. The score is the percentage of records with nothing to fix.",
    examples=["tuicrm quality", "tuicrm quality contact --owner me", "tuicrm quality --json"],
    json_names=(*STANDING, "owners", "counts", "findings", *NAMES[:6]),
)
@click.argument("kind", required=False, default="")
@click.option("--owner", default="", metavar="USER", help="Only what this user owns; `me` is you.")
@click.option("--team", default="", metavar="NAME", help="Only what users of this team own.")
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help=f"At most so many; a table shows {SHOWN}.")
@click.option("--all", "everything", is_flag=True, help="However many there are.")
@format_options(FORMATS)
def quality(
    state: State, *, kind: str, owner: str, team: str, limit: int | None, everything: bool, form: str | None
) -> None:
    """Print what to fix."""
    from tuicrm.crm.quality import quality as look
    from tuicrm.crm.report.whose import owners_meant

    session = state.session
    found = look(session, kind, owners_meant(session, owner, team))
    most = limit if limit is not None else SHOWN if form in (None, "table") and not everything else None
    shown = found.findings[:most]
    if form in (None, "table"):
        _give_table(state, found, shown)
    elif form == "ids":
        state.give("".join(f"{one}\n" for one in dict.fromkeys(one.id for one in shown)))
    elif form == "json":
        give_json(state, facts(state, found, shown))
    elif form == "jsonl":
        give_json_lines(state, [_finding(_namer(state), one) for one in shown])
    else:
        from tuicrm.cli.sheet import sheet

        call = _namer(state)
        rows = [[str(one) for one in _finding(call, finding).values()] for finding in shown]
        state.give(sheet(NAMES, rows, delimiter="\t" if form == "tsv" else ","))


def facts(state: State, found: Quality, shown: Sequence[Finding]) -> dict[str, Any]:
    """Return what was found as JSON shows it."""
    call = _namer(state)
    whole = {name: value for name, value in _standing(call, found.whole).items() if not name.startswith("owner")}
    return {
        **whole,
        "owners": [_standing(call, one) for one in found.owners],
        "counts": found.counts(),
        "findings": [_finding(call, one) for one in shown],
    }


def _namer(state: State) -> Callable[[str], str]:
    from tuicrm.crm.lookup import name_of

    return lambda key: name_of(state.session, "user", key) if key else ""


def _standing(call: Callable[[str], str], one: Standing) -> dict[str, Any]:
    values = (one.owner or None, call(one.owner) or None, one.records, one.to_fix, one.score, one.completeness)
    return dict(zip(STANDING, values, strict=True))


def _finding(call: Callable[[str], str], one: Finding) -> dict[str, Any]:
    values = (one.check, one.kind, one.id, one.name, one.why, one.fix, one.owner, call(one.owner))
    return dict(zip(NAMES, values, strict=True))


def _give_table(state: State, found: Quality, shown: Sequence[Finding]) -> None:
    from tuicrm.cli.grid import grid
    from tuicrm.crm.quality import CHECKS

    call, whole = _namer(state), found.whole
    fine = whole.records - whole.to_fix
    parts = [
        f"Score {whole.score}: of {whole.records:,} records {fine:,} {'has' if fine == 1 else 'have'} nothing to fix; "
        f"{whole.completeness}% of the useful fields are filled in.\n"
    ]
    if len(found.owners) > 1:
        rows = [
            [
                call(one.owner) or "(nobody)",
                f"{one.records:,}",
                f"{one.to_fix:,}",
                str(one.score),
                f"{one.completeness}%",
            ]
            for one in found.owners
        ]
        heads = ("WHO", "RECORDS", "TO FIX", "SCORE", "COMPLETE")
        parts.append(grid(heads, rows, right={1, 2, 3, 4}, cells=state.width, bold=state.colour)[0])
    counted = [[f"{count:,}", CHECKS[check]] for check, count in found.counts().items() if count]
    if counted:
        parts.append(grid(("COUNT", "WHAT"), counted, right={0}, cells=state.width, bold=state.colour)[0])
    if shown:
        rows = [[one.name, one.why, one.fix] for one in shown]
        # The command is what one copies, so it is the name and the reason that give way.
        parts.append(grid(("WHO OR WHAT", "WHY", "FIX"), rows, fixed={2}, cells=state.width, bold=state.colour)[0])
    state.give("\n".join(parts))
    rest = len(found.findings) - len(shown)
    if rest > 0:
        state.tell(f"{rest:,} more; --all lists them")
