"""Leads: the common verbs, deciding about them, and their statuses and scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tuicrm.cli.lazy import LazyGroup, Verb, command
from tuicrm.cli.noun import noun
from tuicrm.cli.noun_read import find_all, json_names
from tuicrm.cli.outcome import carry_out
from tuicrm.records.kinds.lead import LEAD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.cli.state import State
    from tuicrm.crm.session import Session

ALIASES = {"qualify": "convert", "disqualified": "disqualify", "reject": "disqualify", "rules": "score"}


def build(name: str) -> LazyGroup:
    """Return the group of lead commands."""
    extra = {
        "show": Verb("Show one lead or several, with what gave the score.", _show),
        "triage": Verb("List the leads that wait for a decision, and why they are worth it.", _triage),
        "convert": Verb("Make a contact, a company and a deal of a lead.", _convert),
        "disqualify": Verb("Take leads off the list, with the reason.", lambda: disqualify),
        "snooze": Verb("Not now: take leads off the list until a day.", lambda: snooze),
        "reopen": Verb("Put leads back on the list.", lambda: reopen),
        "status": Verb("The statuses of leads, with their criteria.", _status),
        "score": Verb("The rules that give leads points.", _score),
        "erase": Verb("Erase a person for good.", _erase),
    }
    return noun(LEAD, extra, aliases=ALIASES)


def _names() -> list[str]:
    return json_names(LEAD)


def _show() -> click.Command:
    from tuicrm.cli.noun_read import show_command

    return show_command(LEAD, _more)


def _more(session: Session, lead: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what a card says besides: why the score is what it is, and what the status asks for."""
    from tuicrm.crm import scoring
    from tuicrm.crm.statuses import status_of

    status = status_of(session, lead)
    said = (("score from", scoring.explained(session, lead)), (f"{status.name} means", status.criteria))
    return [(label, text) for label, text in said if text]


def _triage() -> click.Command:
    from tuicrm.cli.lead_triage import triage

    return triage


def _convert() -> click.Command:
    from tuicrm.cli.lead_convert import convert

    return convert


def _status() -> click.Command:
    from tuicrm.cli.lead_status import group

    return group()


def _score() -> click.Command:
    from tuicrm.cli.lead_score import group

    return group()


def _erase() -> click.Command:
    from tuicrm.cli.erasing import erase_command

    return erase_command(LEAD)


@command(
    "disqualify",
    help="Take leads off the list, with the reason; `tuicrm config get disqualify_reasons` lists the usual ones.",
    examples=['tuicrm lead disqualify "Jane Roe" --reason "no budget"', "tuicrm lead disqualify 7KQ2 --reason wrong"],
    json_names=_names,
)
@click.argument("refs", nargs=-1, required=True, metavar="REF...")
@click.option("--reason", default="", metavar="REASON", help="Why; the beginning of a usual one will do.")
@click.option("--json", "form", flag_value="json", help="Print the leads as JSON instead of their ids.")
def disqualify(state: State, *, refs: Sequence[str], reason: str, form: str | None) -> None:
    """Disqualify leads."""
    from tuicrm.crm import leads

    carry_out(state, leads.disqualify(state.session, find_all(state, "lead", refs), reason), "lead", form)


@command(
    "snooze",
    help="Not now: take leads off the triage list until a day, with a follow-up then where nothing is planned.",
    examples=['tuicrm lead snooze "Jane Roe" --until "next monday"'],
    json_names=_names,
)
@click.argument("refs", nargs=-1, required=True, metavar="REF...")
@click.option("--until", required=True, metavar="WHEN", help="When to show them again.")
@click.option("--json", "form", flag_value="json", help="Print the leads as JSON instead of their ids.")
def snooze(state: State, *, refs: Sequence[str], until: str, form: str | None) -> None:
    """Snooze leads."""
    from tuicrm.crm import leads

    carry_out(state, leads.snooze(state.session, find_all(state, "lead", refs), until), "lead", form)


@command(
    "reopen",
    help="Put leads back on the list that were put off, disqualified or converted; what a lead became stays.",
    examples=['tuicrm lead reopen "Jane Roe"'],
    json_names=_names,
)
@click.argument("refs", nargs=-1, required=True, metavar="REF...")
@click.option("--json", "form", flag_value="json", help="Print the leads as JSON instead of their ids.")
def reopen(state: State, *, refs: Sequence[str], form: str | None) -> None:
    """Reopen leads."""
    from tuicrm.crm import leads

    carry_out(state, leads.reopen(state.session, find_all(state, "lead", refs)), "lead", form)
