"""Giving what is there to the people of its territory, and saying why it is theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.crm.plan import Plan
from tuicrm.crm.shapes import word
from tuicrm.crm.territories import PLACED, company_of, fits, least_busy, territories
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tuicrm.crm.query.tree import Node
    from tuicrm.crm.session import Session
    from tuicrm.crm.territories import Territory
    from tuicrm.store.changes import Change

Record = dict[str, Any]


class Given(NamedTuple):
    """One record that gets another owner."""

    kind: str
    record: Record
    territory: Territory
    owner: str


class Verdict(NamedTuple):
    """What one territory says of a record."""

    territory: Territory
    fits: bool
    why: str


def given(session: Session, kinds: Sequence[str] = PLACED, where: str = "", *, unowned: bool = False) -> list[Given]:
    """Return the records that are live and belong to somebody else than the people of their territory.

    With `unowned` only what belongs to nobody. Whoever has least open gets most.
    """
    from tuicrm.crm.listing import select

    held = session.ws.all("user")
    if not territories(session):
        raise Invalid(
            "there are no territories to go by", hint='tuicrm territory add NAME --if "country:de" --rep ann adds one.'
        )
    chosen = [(kind, one) for kind in kinds for one in select(session, kind, where=where)]
    if unowned:
        chosen = [(kind, one) for kind, one in chosen if word(one.get("owner")) not in held]
    return given_of(session, chosen)


def given_of(session: Session, records: Sequence[tuple[str, Record]]) -> list[Given]:
    """Return those of some records that belong to somebody else than the people of their territory."""
    rules = territories(session)
    loads: dict[str, dict[str, int]] = {}
    found = []
    for kind, record in records:
        company = company_of(session, kind, record)
        one = next((rule for rule in rules if fits(rule, kind, record, company)), None)
        if one is not None and one.reps and word(record.get("owner")) not in one.reps:
            found.append(Given(kind, record, one, least_busy(session, kind, one.reps, loads)))
    return found


def apply(session: Session, rows: Sequence[Given]) -> Plan:
    """Return the plan that gives records to their new owners, as one step."""
    from tuicrm.crm.edit import written

    made: list[Change] = []
    counts: dict[str, int] = {}
    for one in rows:
        kind = session.kind(one.kind)
        made.extend(written(session, kind, one.record, {"owner": one.owner}))
        counts[one.kind] = counts.get(one.kind, 0) + 1
    said = ", ".join(f"{count} {_called(session, kind, count)}" for kind, count in counts.items())
    note = f"gave {said} to their territories" if rows else "nothing to change: all belong to their territories"
    return Plan(tuple(made), note, ids=tuple(one.record["id"] for one in rows))


def _called(session: Session, kind: str, count: int) -> str:
    declared = session.kind(kind)
    return declared.one if count == 1 else declared.many


def verdicts(session: Session, kind: str, record: Record) -> Iterator[Verdict]:
    """Yield what each territory says of a record, up to the one that it fits."""
    company = company_of(session, kind, record)
    for one in territories(session):
        fitting = fits(one, kind, record, company)
        yield Verdict(one, fitting, _why(session, one, kind, record, company, fitting))
        if fitting:
            return


def _why(session: Session, one: Territory, kind: str, record: Record, company: Record | None, fitting: bool) -> str:
    """Return why a record lies in a territory, or which parts of its condition keep it out."""
    if company is not None and company["id"] in one.companies:
        return "the company is in its list"
    if not one.condition:
        return "it takes whatever no other takes" if fitting else "the company is not in its list"
    if one.wrong:
        return one.wrong
    asked = [(kind, record)] if kind in one.tests else []
    if kind != "company" and company is not None and "company" in one.tests:
        asked.append(("company", company))
    if not asked:
        return "it has no company" if company is None else f"a {kind} has no such fields"
    if fitting:
        sort, of = next(pair for pair in asked if one.tests[pair[0]](pair[1]))
        return ", ".join(_told(session, sort, of, one.condition, wanted=True))
    return ", ".join(_told(session, *asked[-1], one.condition, wanted=False))


def _told(session: Session, kind: str, record: Record, condition: str, *, wanted: bool) -> Iterator[str]:
    """Yield the parts of a condition that a record fits, or does not, with what it holds."""
    from tuicrm.crm.query import parse
    from tuicrm.crm.query.compile import compile_node
    from tuicrm.crm.query.tree import All

    node = parse(condition)
    parts: tuple[Node, ...] = node.nodes if isinstance(node, All) else (node,)
    for part in parts:
        if compile_node(session, kind, part)(record) is wanted:
            yield _said(session, kind, record, part, condition)


def _said(session: Session, kind: str, record: Record, node: Node, whole: str) -> str:
    from tuicrm.crm.query.tree import Not, Term, Words
    from tuicrm.crm.rows import cells

    if isinstance(node, Words):
        return node.text
    if isinstance(node, Not):
        return f"-{_said(session, kind, record, node.node, whole)}"
    if not isinstance(node, Term):
        return whole
    asked = f"{node.name}{node.op}{node.value}"
    if node.name.lower() in ("is", "id"):
        return asked
    field = session.kind(kind).by_name[node.name.lower().replace("-", "_")]
    (held,) = cells(session, kind, record, [field.name])
    return f"{asked} (it is {held})" if held else f"{asked} (it is empty)"
