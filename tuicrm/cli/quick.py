"""`quick`: one line of text, understood and added."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tuicrm.cli.lazy import command

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.cli.state import State
    from tuicrm.crm.quick import Understood

NAMES = ["kind", "id", "fields", "creates", "not_understood", "warning", "dry_run"]


def build(name: str) -> click.Command:
    """Return `quick`."""
    return quick


@command(
    "quick",
    help="Add a deal, a contact, a follow-up or a log entry from one line of text. It says what it understood, and "
    "what else could be meant; --dry-run adds nothing.",
    examples=[
        'tuicrm quick "call jane tomorrow 10am re acme renewal"',
        "tuicrm quick 'called jane: wants SOC2 next 3d'",
        "tuicrm quick 'deal Acme renewal 12k close end of next month @acme #hot' --dry-run",
        "tuicrm quick 'Jane Roe jane@acme.example +49 30 555 0142 at Acme'",
    ],
    json_names=NAMES,
)
@click.argument("words", nargs=-1, required=True, metavar="TEXT...")
@click.option("--as", "kind", default="", metavar="KIND", help="What it is, where the text does not say it.")
@click.option(
    "--choose",
    "picks",
    multiple=True,
    metavar="FIELD=NUMBER",
    help="Take the second (2) or a later meaning of a field.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be added.")
@click.option("--json", "form", flag_value="json", help="Print what was understood as JSON.")
def quick(
    state: State, *, words: Sequence[str], kind: str, picks: Sequence[str], dry_run: bool, form: str | None
) -> None:
    """Understand a line and add what it says."""
    from tuicrm.crm.quick import understand

    session = state.session
    one = understand(session, " ".join(words), _kind(kind))
    for pick in picks:
        one = _picked(one, pick)
    _refuse_list(one, kind)
    plan = one.plan(session)
    for line in _preview(one):
        state.tell(line)
    if not dry_run:
        session.commit(plan)
        state.tell(plan.note)
    for line in (*plan.said, *session.told):
        state.tell(f"  {line}")
    if form == "json":
        from tuicrm.cli.output import give_json

        give_json(state, _outcome(one, "" if dry_run else plan.ids[0]))
    elif not dry_run:
        state.give("".join(f"{key}\n" for key in plan.ids))


def _kind(name: str) -> str:
    from tuicrm.crm.quick.vocabulary import KINDS
    from tuicrm.errors import Invalid

    if not name:
        return ""
    from tuicrm.records.registry import kind_named

    found = kind_named(name).name
    if found not in KINDS:
        raise Invalid(f"a {kind_named(name).one} cannot be added in one line: {', '.join(KINDS)} can")
    return found


def _picked(one: Understood, text: str) -> Understood:
    """Return the line understood with another candidate, as `who=2` asks for it."""
    from tuicrm.errors import Invalid, UsageProblem

    name, equals, number = text.partition("=")
    if not equals or not number.strip().isdecimal():
        raise UsageProblem(f"--choose takes FIELD=NUMBER such as who=2, not {text!r}")
    row = next((row for row in one.rows if name.strip().casefold() in (row.name, row.label)), None)
    if row is None or not 1 <= int(number) <= row.count:
        meanings = ", ".join(f"{row.label} ({row.count})" for row in one.rows if row.count > 1) or "none"
        raise Invalid(f"there is no {text!r} to choose; fields with several meanings: {meanings}")
    return one.choose(row.name, int(number) - 1)


def _refuse_list(one: Understood, kind: str) -> None:
    from tuicrm.errors import Invalid

    if one.goes and not kind:
        raise Invalid(
            f"{one.text.strip()!r} is the name of a list, which the TUI would go to",
            hint="tuicrm board, agenda, deal list, contact list show lists; --as says what to add.",
        )


def _preview(one: Understood) -> list[str]:
    """Return what was understood, a line for each field, with what else could be meant."""
    from tuicrm.crm.quick.subjects import heading

    made = [heading(one)]
    for row in one.rows:
        if row.value == "-":
            continue
        others = f"   or {'; '.join(row.others)}" if row.others else ""
        made.append(f"  {row.label}: {row.value}{others}")
    return [*made, *([f"  note: {one.warning}"] if one.warning else [])]


def _outcome(one: Understood, key: str) -> dict[str, Any]:
    fields = {
        row.name: {"value": row.value, "others": list(row.others)}
        for row in one.rows
        if row.value != "-" and row.name != "rest"
    }
    return {
        "kind": one.kind,
        "id": key or None,
        "fields": fields,
        "creates": list(one.creates),
        "not_understood": list(one.rest),
        "warning": one.warning or None,
        "dry_run": not key,
    }
