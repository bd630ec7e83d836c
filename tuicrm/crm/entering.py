"""Saving what a form holds: one step, with the records that it names and that do not exist yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tuicrm.crm.parsing import Typing
from tuicrm.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session

Record = dict[str, Any]
Typed = dict[str, list[str]]

CREATABLE = ("company", "contact", "deal", "product")
"""The kinds of which a name is enough to make one."""


@dataclass(frozen=True)
class Fresh:
    """A record that a form names and that is to be added with it."""

    kind: str
    name: str


def enter(
    session: Session,
    kind: str,
    ids: Sequence[str],
    typed: Mapping[str, Sequence[str]],
    *,
    removed: Mapping[str, Sequence[str]] | None = None,
    fresh: Sequence[Fresh] = (),
) -> Plan:
    """Return the plan that adds a record (no `ids`) or edits these, together with the `fresh` ones that it names.

    A fresh contact works for the company that the form names.
    """
    from tuicrm.crm import edit

    ctx = Typing(session)
    plans: list[Plan] = []
    for one in sorted(dict.fromkeys(fresh), key=lambda one: one.kind != "company"):
        made = edit.add(session, one.kind, _first_fields(one, typed), ctx=ctx)
        ctx.expect(one.kind, one.name, made.ids[0])
        plans.append(made)
    if ids:
        plan = edit.edit(session, kind, held(session, kind, ids), typed, removed, ctx=ctx)
    else:
        plan = edit.add(session, kind, typed, ctx=ctx)
    if not plans:
        return plan
    names = " and ".join(f"{one.kind} {one.name}" for one in dict.fromkeys(fresh))
    changes = tuple(change for one in plans for change in one.changes)
    return replace(plan, changes=(*changes, *plan.changes), note=f"{plan.note}, with {names}")


def held(session: Session, kind: str, ids: Sequence[str]) -> list[Record]:
    """Return the live records of these ids; NotFound where one has been deleted meanwhile."""
    found: list[Record] = []
    for key in ids:
        record = session.ws.get(kind, key)
        if record is None:
            raise NotFound(f"this {session.kind(kind).one} has been deleted", hint="u undoes a deletion of your own")
        found.append(record)
    return found


def _first_fields(fresh: Fresh, typed: Mapping[str, Sequence[str]]) -> Typed:
    """Return what is known of a record that a form names: its name, an address where that was typed, the company."""
    fields: Typed = {"name": [fresh.name]}
    if fresh.kind == "contact":
        if _is_email(fresh.name):
            local = fresh.name.partition("@")[0]
            fields = {"name": [local.replace(".", " ").replace("_", " ").title()], "emails": [fresh.name]}
        company = "".join(typed.get("company", ())[:1])
        if company:
            fields["company"] = [company]
    return fields


def _is_email(text: str) -> bool:
    from tuicrm.errors import Invalid
    from tuicrm.records.types import normal_email

    try:
        return bool(normal_email(text))
    except Invalid:
        return False
