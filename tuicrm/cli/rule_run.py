"""Rules at work: test, run, log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tuicrm.cli.lazy import command
from tuicrm.cli.output import format_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.cli.state import State
    from tuicrm.crm.rules.model import Rule

Record = dict[str, Any]
TRIED = ("at", "kind", "id", "title", "does")
LOGGED = ("at", "rule", "kind", "id", "title", "did", "entry")
FORMS = ("table", "json", "jsonl")


def named(state: State, ref: str) -> Rule:
    """Return the rule that a text names."""
    from tuicrm.crm.lookup import find
    from tuicrm.crm.rules.model import rule_of

    return rule_of(find(state.session, "rule", ref))


def _sound(state: State, ref: str) -> Rule:
    """Return a rule that can be run, or raise Invalid saying why it cannot."""
    from tuicrm.crm.lookup import find
    from tuicrm.crm.rules.checking import check_rule

    check_rule(state.session, find(state.session, "rule", ref))
    return named(state, ref)


def give(state: State, rows: Sequence[dict[str, Any]], form: str | None) -> bool:
    """Print rows as JSON where that was asked for; tell whether it was."""
    from tuicrm.cli.output import give_json, give_json_lines

    if form == "json":
        give_json(state, list(rows))
    elif form == "jsonl":
        give_json_lines(state, rows)
    return form in ("json", "jsonl")


@command(
    "test",
    help="Show what a rule would have done in the last days, from the log and the records. Nothing is written, no "
    "command is run. What cannot be known of the past is said.",
    examples=['tuicrm rule test "Chase offers"', 'tuicrm rule test "Chase offers" --days 90'],
    json_names=TRIED,
)
@click.argument("ref", metavar="RULE")
@click.option("--days", type=click.IntRange(1, 3660), default=30, show_default=True, help="How many days back.")
@format_options(FORMS)
def test(state: State, *, ref: str, days: int, form: str | None) -> None:
    """Try a rule on the past."""
    from tuicrm.crm.derive import instant_of
    from tuicrm.crm.rules.replay import replay

    session, rule = state.session, _sound(state, ref)
    found = replay(session, rule, days)
    rows = [dict(zip(TRIED, (instant_of(one.ms), *one[1:]), strict=True)) for one in found.runs]
    if not give(state, rows, form) and rows:
        from tuicrm.cli.grid import grid

        lines = [[_when(state, one.ms), one.title, one.did] for one in found.runs]
        state.give(grid(("WHEN", "RECORD", "WOULD HAVE DONE"), lines, cells=state.width, bold=state.colour)[0])
    count = len({one.id for one in found.runs})
    kind = session.kind(rule.of)
    times = "time" if len(rows) == 1 else "times"
    on = f", on {count:,} {kind.one if count == 1 else kind.many}" if rows else ""
    state.tell(f"{rule.name} would have run {len(rows):,} {times} in the last {days} days{on}")
    for line in found.unknown:
        state.tell(f"  {line}")


def _when(state: State, ms: int) -> str:
    from datetime import UTC, datetime

    from tuicrm.when import say_instant

    reading = state.session.reading
    return say_instant(datetime.fromtimestamp(ms / 1000, UTC), reading.zone, this_year=reading.today.year)


@command(
    "run",
    help="Let one rule do now what is due for it. A rule that waits for a change is applied to what is there already "
    "and fits (for a stage: the deals that are in it), once each: it never does again what it did before.",
    examples=['tuicrm rule run "Chase offers"', 'tuicrm rule run "Chase offers" --dry-run'],
    json_names=("done", "told", "records"),
)
@click.argument("ref", metavar="RULE")
@click.option("--yes", is_flag=True, help="Do not ask, however many records there are.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option("--json", "form", flag_value="json", help="Print what was done as JSON instead of the records' ids.")
def run(state: State, *, ref: str, yes: bool, dry_run: bool, form: str | None) -> None:
    """Run a rule."""
    from tuicrm.crm.due import carry_out
    from tuicrm.crm.rules.timed import step
    from tuicrm.errors import Decision, Invalid

    session, rule = state.session, _sound(state, ref)
    if not rule.active:
        raise Invalid(f"{rule.name} is off", hint=f'tuicrm rule edit "{rule.name}" --on turns it on.')
    _refuse_foreign(state, rule)
    found = step(session, rule, anyway=yes or dry_run, whole=dry_run)
    if found.waits:
        if not _asked(state, f"{rule.name} would run on {found.records:,} {session.kind(rule.of).many}. Go on?"):
            raise Decision(f"{rule.name} would run on {found.records:,} records at once", hint="--yes does it.")
        found = step(session, rule, anyway=True)
    if found.plan is None:
        state.tell(f"nothing is due for {rule.name}")
        give(state, [], form)
        return
    told = found.told if dry_run else carry_out(session, found)
    if form:
        give(state, [{"done": found.plan.note, "told": list(told), "records": found.records}], form)
    for line in (f"{'would have: ' if dry_run else ''}{found.plan.note}", *told):
        state.tell(line)
    if not (dry_run or form):
        state.give("".join(f"{one}\n" for one in found.plan.ids))


def _refuse_foreign(state: State, rule: Rule) -> None:
    from tuicrm.crm.rules.commands import is_allowed
    from tuicrm.errors import Decision

    for one in rule.actions:
        if one.do == "command" and not is_allowed(state.session, one.text):
            raise Decision(
                f"{rule.name} runs a command that you have not allowed on this machine: {one.text}",
                hint=f'Look at it. To allow exactly this command here: tuicrm rule allow "{rule.name}"',
            )


def _asked(state: State, question: str) -> bool:
    """Ask on a terminal; elsewhere the answer is no."""
    from tuicrm.cli.progress import can_ask

    if not can_ask():
        return False
    from tuicrm.text import clean_line

    return click.confirm(clean_line(question), default=False, err=True)


@command(
    "log",
    help="Show what rules did, newest first: one of them, or all.",
    examples=["tuicrm rule log", 'tuicrm rule log "Chase offers" --json'],
    json_names=LOGGED,
)
@click.argument("ref", required=False, default="", metavar="[RULE]")
@click.option("--limit", type=click.IntRange(0), default=50, show_default=True, help="How many entries.")
@format_options(FORMS)
def log(state: State, *, ref: str, limit: int, form: str | None) -> None:
    """Show what rules did."""
    from tuicrm.crm.rules import runs

    held = runs.log(state.session, named(state, ref).id if ref else "")[:limit]
    rows = [_logged(state, one) for one in held]
    if give(state, rows, form):
        return
    if not rows:
        state.tell("no rule has run yet")
        return
    from tuicrm.cli.grid import grid
    from tuicrm.crm.touches import at_ms

    lines = [
        [_when(state, at_ms(one)), row["rule"], row["title"], row["did"]] for one, row in zip(held, rows, strict=True)
    ]
    state.give(grid(("WHEN", "RULE", "RECORD", "DID"), lines, cells=state.width, bold=state.colour)[0])


def _logged(state: State, entry: Record) -> dict[str, Any]:
    from tuicrm.crm.derive import instant_of
    from tuicrm.crm.lookup import name_of
    from tuicrm.crm.shapes import word
    from tuicrm.crm.touches import at_ms
    from tuicrm.records.registry import KINDS

    session = state.session
    kind, _, key = word(entry.get("before")).partition("/")
    name = name_of(session, "rule", word(entry.get("field")))
    subject = word(entry.get("subject"))
    told = (
        instant_of(at_ms(entry)),
        name,
        kind,
        key,
        name_of(session, kind, key) if kind in KINDS else "",
        subject.partition(": ")[2] or subject,
        entry["id"],
    )
    return dict(zip(LOGGED, told, strict=True))
