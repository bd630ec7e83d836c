"""Rules: what the program does by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tuicrm.cli.lazy import LazyGroup, Verb, command
from tuicrm.cli.noun import noun
from tuicrm.cli.noun_read import json_names
from tuicrm.cli.outcome import carry_out
from tuicrm.errors import UsageProblem
from tuicrm.records.kinds.rule import RULE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.cli.state import State

WHEN = (
    '"deal created", "value changed", "stage Proposal", "follow-up overdue", "no activity for 14 days", '
    '"7 days before expected_close"'
)
DO = (
    '"followup call in 3 days", "assign round robin ann, bob", "assign load ann, bob", "assign territory", '
    '"set category=commit", "tag hot", "untag cold", "log TEXT", "notify ann: TEXT", "draft TEMPLATE", '
    '"command PROGRAM"'
)


def build(name: str) -> LazyGroup:
    """Return the group of rule commands."""
    from tuicrm.cli import rule_read, rule_run

    extra = {
        "add": Verb("Add a rule.", lambda: add),
        "list": Verb("List the rules: when, if, do, and when they ran last.", lambda: rule_read.listing),
        "show": Verb("Show rules, each action with its number.", lambda: rule_read.show),
        "edit": Verb("Change a rule, or turn it on or off.", lambda: edit),
        "test": Verb("Show what a rule would have done in the last 30 days.", lambda: rule_run.test),
        "run": Verb("Let a rule do now what is due for it.", lambda: rule_run.run),
        "log": Verb("Show what rules did.", lambda: rule_run.log),
        "allow": Verb("Allow a rule's command on this machine.", lambda: allow),
    }
    return noun(RULE, extra)


@command(
    "add",
    help="Add a rule and print its id. It is set off by something that happens or by a time that has come (--when), "
    "looks whether the record fits a query (--if), and does one thing or several (--do).\n\n"
    f"--when takes {WHEN}.\n\n--do takes {DO}.",
    examples=[
        RULE.example,
        'tuicrm rule add "New leads" --when "lead created" --if "source:website" --do "assign round robin ann, bob"',
        'tuicrm rule add Quiet --when "no activity for 14 days" --if "value>50k" --do "notify owner: call them"',
    ],
    json_names=lambda: json_names(RULE),
)
@click.argument("name")
@click.option("--when", required=True, metavar="TRIGGER", help="What sets it off.")
@click.option("--if", "condition", default="", metavar="QUERY", help="The query that the record must fit.")
@click.option("--do", "do", multiple=True, required=True, metavar="ACTION", help="What it does. May be repeated.")
@click.option("--of", default="", metavar="KIND", help="The kind of records, where the trigger does not say it: deal.")
@click.option("--off", is_flag=True, help="Add it turned off.")
@click.option("--json", "form", flag_value="json", help="Print the rule as JSON instead of its id.")
def add(
    state: State,
    *,
    name: str,
    when: str,
    condition: str,
    do: Sequence[str],
    of: str,
    off: bool,
    form: str | None,
) -> None:
    """Add a rule."""
    from tuicrm.crm.rules import editing

    plan = editing.add(state.session, name, when=when, condition=condition, do=do, of=of, active=not off)
    carry_out(state, plan, "rule", form)
    _tell(state, plan.ids[0])


def _tell(state: State, key: str) -> None:
    """Say how the rule was understood, and what its commands need."""
    from tuicrm.crm.rules.model import rule_of
    from tuicrm.crm.rules.telling import held_back, said

    rule = rule_of(state.session.ws.all("rule")[key])
    state.tell(f"  {said(state.session, rule)}")
    for one in rule.actions:
        if one.do == "followup" and not one.due and any(letter.isdigit() for letter in one.text):
            state.tell(f"  no date was understood in: {one.text}")
    if held := held_back(state.session, rule):
        state.tell(f"  {held}")


@command(
    "edit",
    help="Change a rule. --do replaces all that it does, --also adds to it, --without takes one thing away by the "
    "number that `show` gives it.",
    examples=[
        'tuicrm rule edit "Chase offers" --if "value>20k" --also "tag hot"',
        'tuicrm rule edit "Chase offers" --off',
    ],
    json_names=lambda: json_names(RULE),
)
@click.argument("ref", metavar="REF")
@click.option("--name", metavar="TEXT", help="Another name.")
@click.option("--when", metavar="TRIGGER", help="What sets it off.")
@click.option("--if", "condition", metavar="QUERY", help="The query that the record must fit; empty for none.")
@click.option("--do", "do", multiple=True, metavar="ACTION", help="What it does, instead of what it did.")
@click.option("--also", multiple=True, metavar="ACTION", help="Something more that it does.")
@click.option("--without", multiple=True, type=int, metavar="NUMBER", help="What it does no longer.")
@click.option("--on/--off", "active", default=None, help="Turn it on or off.")
@click.option("--json", "form", flag_value="json", help="Print the rule as JSON instead of its id.")
def edit(state: State, *, ref: str, form: str | None, **changes: Any) -> None:
    """Change a rule."""
    from tuicrm.crm.lookup import find
    from tuicrm.crm.rules import editing

    if all(value in (None, ()) for value in changes.values()):
        raise UsageProblem("nothing to change was given", hint="tuicrm rule edit --help lists what can be changed.")
    session = state.session
    record = find(session, "rule", ref)
    carry_out(state, editing.edit(session, record, **changes), "rule", form)
    _tell(state, record["id"])


@command(
    "allow",
    help="Allow the commands of a rule to be run: by you, on this machine, for this workspace, and only as they are "
    "written now. Shows them first. Programs are run without a shell, with what is known of the record in the "
    "environment (TUICRM_RECORD as JSON, TUICRM_ID, TUICRM_KIND, TUICRM_TITLE, TUICRM_RULE), for 10 seconds at most.",
    examples=['tuicrm rule allow "Ring the bell"'],
)
@click.argument("ref", metavar="RULE")
@click.option("--yes", is_flag=True, help="Do not ask.")
def allow(state: State, *, ref: str, yes: bool) -> None:
    """Allow a rule's commands."""
    from tuicrm.cli.progress import can_ask
    from tuicrm.crm.lookup import find
    from tuicrm.crm.rules import commands
    from tuicrm.crm.rules.model import rule_of
    from tuicrm.errors import Decision, Invalid

    session = state.session
    rule = rule_of(find(session, "rule", ref))
    texts = [one.text for one in rule.actions if one.do == "command"]
    if not texts:
        raise Invalid(f"{rule.name} runs no command, so there is nothing to allow")
    for text in texts:
        state.tell(f"{rule.name} wants to run: {text}")
    if not yes:
        if not can_ask():
            raise Decision("a command is allowed by whoever has looked at it", hint="--yes says that you have.")
        if not click.confirm("Let it, as you, on this machine?", default=False, err=True):
            raise click.Abort
    commands.allow(session, texts)
    state.tell("allowed")
