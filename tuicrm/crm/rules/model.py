"""A rule as it is run, made from its record; what a colleague's later version put there is left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.crm.shapes import word, words
from tuicrm.records.kinds.rule import ACTIONS, CREATED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuicrm.crm.session import Session

Record = dict[str, Any]
OWNER = "owner"
"""Stands for whoever owns the record, where an action names a person."""


class Action(NamedTuple):
    """One thing that a rule does."""

    key: str
    do: str
    text: str = ""
    """The subject of a follow-up, the text of a note or a notice, a tag, the name of a template, a command."""
    due: str = ""
    """When a follow-up is due, in words."""
    who: str = ""
    """The id of a user, or `owner`."""
    field: str = ""
    value: str = ""
    how: str = ""
    """How an owner is chosen: empty for `who`, else `round robin`, `load` or `territory`."""
    among: tuple[str, ...] = ()
    """The ids of the users to choose from."""


class Rule(NamedTuple):
    """One rule."""

    id: str
    name: str
    active: bool
    trigger: str
    of: str
    field: str
    stage: str
    days: int
    condition: str
    actions: tuple[Action, ...]
    owner: str
    changed_ms: int
    """When it was last edited, in milliseconds since 1970."""

    @property
    def listens(self) -> tuple[str, str, str]:
        """What sets it off: trigger, kind, and the field or the stage."""
        return (self.trigger, self.of, self.stage or self.field)


def rule_of(record: Mapping[str, Any]) -> Rule:
    """Return the rule that a record holds."""
    from tuicrm.crm.derive import updated_ms

    days = record.get("days")
    return Rule(
        id=str(record["id"]),
        name=word(record.get("name")) or "a rule",
        active=record.get("active") is not False,
        trigger=word(record.get("trigger")) or CREATED,
        of=word(record.get("of")),
        field=word(record.get("field")),
        stage=word(record.get("stage")),
        days=days if isinstance(days, int) and not isinstance(days, bool) else 0,
        condition=word(record.get("condition")),
        actions=actions_of(record.get("actions")),
        owner=word(record.get("owner")),
        changed_ms=updated_ms(record),
    )


def actions_of(held: object) -> tuple[Action, ...]:
    """Return the actions of a stored map in their order; what is none of this version's is left out."""
    if not isinstance(held, dict):
        return ()
    known = [(key, one) for key, one in held.items() if isinstance(one, dict) and one.get("do") in ACTIONS]
    known.sort(key=lambda pair: (word(pair[1].get("order")), pair[0]))
    return tuple(_action(key, one) for key, one in known)


def _action(key: str, held: Record) -> Action:
    do, text, due, who, field, value, how = (word(held.get(name)) for name in Action._fields[1:-1])
    return Action(key, do, text, due, who, field, value, how, tuple(words(held.get("among"))))


def rules(session: Session) -> list[Rule]:
    """Return all rules of the workspace, oldest first."""
    return [rule_of(one) for one in session.ws.all("rule").values()]
