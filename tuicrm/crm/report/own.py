"""Reports that a team defines as data: adding, finding, listing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.crm.report.declared import NUMBER, Column, Report
from tuicrm.crm.report.registry import LINES
from tuicrm.crm.shapes import word
from tuicrm.errors import Ambiguous, Invalid, NotFound

if TYPE_CHECKING:
    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session

Record = dict[str, Any]
KINDS = ("deal", "activity", "company", "contact", "lead", "followup", "product", "user")
"""The kinds that a report may count."""
VERBS = ("add", "list", "show", "rm", "restore", "create", "new", "ls", "view", "delete", "remove")
"""Words after `tuicrm report` that mean something else already."""


class Own(NamedTuple):
    """A report of the team's own, as lists show it."""

    id: str
    name: str
    line: str


def listing(session: Session) -> list[Own]:
    """Return the team's own reports by name."""
    from tuicrm.folding import fold

    held = [Own(one["id"], word(one.get("name")), _line(one)) for one in session.ws.all("report").values()]
    return sorted(held, key=lambda one: (fold(one.name), one.id))


def _line(record: Record) -> str:
    group, where = word(record.get("group")), word(record.get("where"))
    by = f" by {group}" if group else ""
    return f"{word(record.get('measure'))} of {word(record.get('of'))}{by}{f', {where}' if where else ''}"


def find(session: Session, name: str) -> Record:
    """Return the team's report that a name or an id means; NotFound names the nearest of all reports."""
    from tuicrm.crm.lookup import find as find_record

    try:
        return find_record(session, "report", name)
    except Ambiguous:
        raise
    except NotFound:
        from tuicrm.folding import nearest

        near = nearest(name, [*LINES, *(one.name for one in listing(session))])
        guess = f"; did you mean {near}?" if near else ""
        raise NotFound(f"there is no report called {name!r}{guess}", hint="tuicrm report lists them.") from None


def add(
    session: Session, name: str, *, of: str, measure: str, group: str = "", where: str = "", period_field: str = ""
) -> Plan:
    """Return the plan that defines a report, all of it checked; its name is none that means something already."""
    from tuicrm.crm.edit import add as add_record
    from tuicrm.crm.query import compile_query
    from tuicrm.crm.report import owncheck
    from tuicrm.crm.report.grouping import group_named
    from tuicrm.crm.report.ownrun import declared
    from tuicrm.folding import fold

    taken = fold(name.strip())
    if taken in (*LINES, *VERBS) or name.strip().startswith("-"):
        raise Invalid(f"name: {name.strip()!r} is taken: `tuicrm report {name.strip()}` means something", field="name")
    kind = session.kind(of)
    if kind.name not in KINDS:
        raise Invalid(f"of: {kind.many} cannot be reported; use {', '.join(KINDS)}", field="of")
    owncheck.measured(kind, measure)
    owncheck.period_field(kind, period_field)
    compile_query(session, kind.name, where)
    typed = {
        "name": name,
        "of": kind.name,
        "measure": measure.strip().lower(),
        "group": group.strip().lower(),
        "where": where.strip(),
        "period_field": period_field.strip().lower().replace("-", "_"),
    }
    plan = add_record(session, "report", {field: [text] for field, text in typed.items() if text})
    group_named(session, declared(session, typed), group)
    return plan


SHAPE = Report(
    name="NAME",
    help="A report of the team's own.",
    counts="What its definition says.",
    columns=(Column("measure", NUMBER, "Its measure, named after what it is: sum_value."),),
    lead="measure",
    subject="record",
    gather=lambda facts, span: (),
    measure=lambda facts, cases, span: {},
)
"""What all of the team's own reports have in common, for the help."""
