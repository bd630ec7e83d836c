"""Activities: the common verbs, and `log`, which is also a command of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tuicrm.cli.lazy import Verb, command
from tuicrm.cli.noun import noun
from tuicrm.cli.noun_read import json_names
from tuicrm.cli.outcome import carry_out
from tuicrm.records.kinds.activity import ACTIVITY, LOGGED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.cli.state import State
    from tuicrm.crm.plan import Plan


def build(name: str) -> click.Command:
    """Return the group of activity commands, or `log` alone."""
    if name == "log":
        return log
    extra = {"log": Verb("Log a call, an e-mail, a meeting or a note.", lambda: log)}
    aliases = {"add": "log", "create": "log", "new": "log"}
    return noun(ACTIVITY, extra, aliases=aliases, without=("add",))


@command(
    "log",
    help="Log something that happened, with the next step. The first line is the subject.",
    examples=[
        'tuicrm log call "Wants the report first" --with "Jane Roe" --next "call in 3 days"',
        'tuicrm log meeting "Kick-off" --deal "Acme renewal" --at "yesterday 10am" --duration 45m',
    ],
    json_names=lambda: json_names(ACTIVITY),
)
@click.argument("what", type=click.Choice(LOGGED), metavar="|".join(LOGGED))
@click.argument("text", nargs=-1, metavar="TEXT...")
@click.option(
    "--with", "contacts", multiple=True, metavar="CONTACT", help="Who took part, a lead too. May be repeated."
)
@click.option("--deal", default="", metavar="DEAL", help="The deal concerned.")
@click.option("--company", default="", metavar="COMPANY", help="The company concerned.")
@click.option("--lead", default="", metavar="LEAD", help="The lead concerned.")
@click.option("--at", default="", metavar="WHEN", help="When it happened; now where not given.")
@click.option("--outcome", default="", metavar="OUTCOME", help="reached, no_answer, left_message, busy, or words.")
@click.option("--duration", default="", metavar="MINUTES", help="How long it took, as in 45m.")
@click.option("--next", "next_step", default="", metavar="TEXT", help='What to do next: "call in 3 days".')
@click.option("--followup", "--task", "followup", default="", metavar="REF", help="The follow-up that this completes.")
@click.option(
    "--from-file",
    "source",
    default="",
    metavar="FILE|-",
    help="Of an e-mail: read subject, time, people and text from a saved or copied one.",
)
@click.option("--json", "form", flag_value="json", help="Print the activity as JSON instead of its id.")
def log(
    state: State,
    *,
    what: str,
    text: Sequence[str],
    contacts: Sequence[str],
    deal: str,
    company: str,
    lead: str,
    at: str,
    outcome: str,
    duration: str,
    next_step: str,
    followup: str,
    source: str,
    form: str | None,
) -> None:
    """Log one activity."""
    if source:
        given = {"deal": deal, "company": company, "lead": lead, "at": at, "outcome": outcome, "next_step": next_step}
        plan = _from_file(state, what, source, " ".join(text), contacts, followup=followup, duration=duration, **given)
        carry_out(state, plan, "activity", form)
        return
    from tuicrm.crm import activities

    plan = activities.log(
        state.session,
        what,
        " ".join(text),
        contacts=contacts,
        deal=deal,
        company=company,
        lead=lead,
        at=at,
        outcome=outcome,
        duration=duration,
        next_step=next_step,
        followup=followup,
    )
    carry_out(state, plan, "activity", form)


def _from_file(
    state: State, what: str, source: str, text: str, contacts: Sequence[str], *, duration: str, **given: str
) -> Plan:
    """Return the plan that logs an e-mail as a file (or the standard input) has it."""
    from tuicrm.crm.mail import read_mail
    from tuicrm.crm.mailentry import log_letter
    from tuicrm.errors import Invalid, UsageProblem

    if what != "email" or duration:
        raise UsageProblem("--from-file goes with an e-mail, which has no duration")
    with click.open_file(source, "rb") as file:
        mail = read_mail(file.read())
    if mail is None:
        raise Invalid(
            f"{'the standard input' if source == '-' else source} is no e-mail that can be read",
            hint="it begins with headers (From: and To:, Subject: or Date:), or with a line `On ... wrote:`",
        )
    return log_letter(state.session, mail, text, contacts=tuple(contacts), **given)
