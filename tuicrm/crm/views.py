"""Saved filters with their order and columns, shared with the team."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.plan import Plan
from tuicrm.errors import Ambiguous, Invalid, NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.session import Session
    from tuicrm.records.field import Kind

Record = dict[str, Any]


def listing(session: Session, of: str = "") -> list[Record]:
    """Return the views, of one kind of records if asked, by kind and name."""
    from tuicrm.folding import fold

    kind = session.kind(of).name if of else ""
    held = [one for one in session.ws.all("view").values() if not kind or one.get("of") == kind]
    return sorted(held, key=lambda one: (str(one.get("of", "")), fold(str(one.get("name", ""))), one["id"]))


def find(session: Session, name: str, of: str = "") -> Record:
    """Return the view of a name (or id), of one kind if given, or raise NotFound or Ambiguous."""
    from tuicrm.folding import fold, nearest

    held = listing(session, of)
    wanted = fold(name.strip())
    found = [one for one in held if one["id"] == name.strip().upper() or fold(str(one.get("name", ""))) == wanted]
    if len(found) == 1:
        return found[0]
    if found:
        pairs = [(one["id"], f"{one.get('name')} of {one.get('of')}") for one in found]
        raise Ambiguous(f"{name!r} fits {len(found)} views", candidates=pairs, hint="say which kind: --of deal")
    near = nearest(name, [str(one.get("name", "")) for one in held])
    raise NotFound(f"there is no view called {name!r}" + (f"; did you mean {near}?" if near else ""))


def add(
    session: Session,
    name: str,
    *,
    of: str = "deal",
    where: str = "",
    sort: str = "",
    columns: Sequence[str] = (),
    screen: str = "",
    replace: bool = False,
) -> Plan:
    """Return the plan that saves a view, all of it checked; `replace` overwrites one of that name.

    `screen` is what the TUI notes for itself beside the rest.
    """
    from tuicrm.crm.edit import add as add_record
    from tuicrm.crm.edit import edit

    kind = session.kind(of)
    typed = {
        "name": [name],
        "of": [kind.name],
        "where": [_query(session, kind, where)],
        "sort": [_sort(kind, sort)],
        "columns": [_columns(kind, columns)],
        "screen": [screen],
    }
    if replace:
        try:
            held = find(session, name, kind.name)
        except NotFound:
            pass
        else:
            return edit(session, "view", [held], typed)
    return add_record(session, "view", {key: texts for key, texts in typed.items() if texts[0]})


def rename(session: Session, view: Record, name: str) -> Plan:
    """Return the plan that gives a view another name; the name is free for that kind."""
    from tuicrm.crm.edit import edit

    return edit(session, "view", [view], {"name": [name]})


def remove(session: Session, view: Record) -> Plan:
    """Return the plan that removes a view."""
    from tuicrm.crm.edit import remove as remove_records

    return remove_records(session, "view", [view])


def _query(session: Session, kind: Kind, where: str) -> str:
    from tuicrm.crm.query import compile_query

    compile_query(session, kind.name, where)
    return where.strip()


def _sort(kind: Kind, sort: str) -> str:
    names = [one.strip() for one in sort.split(",") if one.strip()]
    return ",".join(("-" if one.startswith("-") else "") + _name(kind, one.lstrip("-+"), "sort") for one in names)


def _columns(kind: Kind, columns: Sequence[str]) -> str:
    names = [one.strip() for text in columns for one in text.split(",") if one.strip()]
    return ",".join(_name(kind, one, "columns") for one in names)


def _name(kind: Kind, text: str, where: str) -> str:
    from tuicrm.crm.parsing import field_of, named

    if text in ("id", "company_name", "owner_name"):
        return text
    try:
        return field_of(kind, text).name
    except Invalid as problem:
        raise named(Invalid(problem.message), where) from None
