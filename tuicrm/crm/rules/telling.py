"""Rules in words: one line for lists, and what they did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.rules.doing import say_do
from tuicrm.crm.rules.words import say_when
from tuicrm.errors import TuicrmError

if TYPE_CHECKING:
    from tuicrm.crm.rules.model import Rule
    from tuicrm.crm.session import Session


def said(session: Session, rule: Rule) -> str:
    """Return a rule in one line: `stage Proposal, if value>10k: followup call in 3 days; tag hot`."""
    condition = f", if {rule.condition}" if rule.condition.strip() else ""
    return f"{say_when(session, rule)}{condition}: {'; '.join(does(session, rule))}"


def does(session: Session, rule: Rule) -> list[str]:
    """Return what a rule does, each action as it can be typed."""
    return [say_do(session, one) for one in rule.actions]


def wrong(session: Session, rule: Rule) -> str:
    """Return why a rule cannot run (any more), in a sentence; empty where it can."""
    from tuicrm.crm.rules.checking import check_rule

    record = session.ws.get("rule", rule.id)
    try:
        check_rule(session, record or {"id": rule.id})
    except TuicrmError as problem:
        return problem.message
    return ""


def held_back(session: Session, rule: Rule) -> str:
    """Return why a rule's commands are not run on this machine, in a sentence; empty where nothing keeps them back."""
    from tuicrm.crm.rules.commands import is_allowed

    if all(is_allowed(session, one.text) for one in rule.actions if one.do == "command"):
        return ""
    return f'its command is not run on this machine until you allow it: tuicrm rule allow "{rule.name}"'


def row(session: Session, rule: Rule) -> dict[str, Any]:
    """Return a rule as lists and JSON show it."""
    from tuicrm.crm.derive import instant_of
    from tuicrm.crm.rules.runs import runs

    done = runs(session)
    last = done.last_ms(rule.id)
    return {
        "id": rule.id,
        "name": rule.name,
        "active": rule.active,
        "of": rule.of,
        "when": say_when(session, rule),
        "if": rule.condition,
        "do": does(session, rule),
        "runs": len(done.by_rule.get(rule.id, ())),
        "last_ran_at": instant_of(last) if last else None,
        "problem": wrong(session, rule),
    }
