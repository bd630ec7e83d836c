"""From a query to a test of records: what lists, boards and the filter bar all use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.query.compare import comparison, unknown_field
from tuicrm.crm.query.freetext import holds
from tuicrm.crm.query.lexer import problem
from tuicrm.crm.query.parser import parse
from tuicrm.crm.query.states import NAMING, mine, state
from tuicrm.crm.query.tree import All, Not, Term, Words, terms

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.query.tree import Node
    from tuicrm.crm.session import Session

    Test = Callable[[dict[str, Any]], bool]

ENDINGS = frozenset({"status", "closed_on", "lost_reason", "done_at"})
"""Fields that only what is over has: a query about one of them says itself which records are wanted."""


def compile_query(session: Session, kind: str, text: str) -> Test:
    """Return the test that a query stands for, for records of one kind; raises Invalid and nothing else.

    Read again whenever the workspace or the day may have changed: names, `me` and words such as `today` are
    looked up here, once, and not for each record.
    """
    return compile_node(session, kind, parse(text))


def compile_node(session: Session, kind: str, node: Node) -> Test:
    """Return the test that a query stands for which has been parsed before."""
    return _test(session, session.kind(kind).name, node)


def names_states(session: Session, kind: str, text: str) -> bool:
    """Tell whether a query says itself which states are wanted, so that a list adds none: `is:won`, `closed>2026`."""
    declared = session.kind(kind)
    for term in terms(parse(text)):
        name = term.name.lower().replace("-", "_")
        if name == "is" and term.value.strip().lower() in NAMING:
            return True
        if name in declared.by_name and declared.by_name[name].name in ENDINGS:
            return True
    return False


def _test(session: Session, kind: str, node: Node) -> Test:
    if isinstance(node, Term):
        return _term(session, kind, node)
    if isinstance(node, Words):
        return holds(session, kind, node.text)
    if isinstance(node, Not):
        inner = _test(session, kind, node.node)
        return lambda record: not inner(record)
    tests = [_test(session, kind, one) for one in node.nodes]
    return _all(tests) if isinstance(node, All) else _either(tests)


def _all(tests: list[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]
    if len(tests) == 2:
        first, second = tests
        return lambda record: first(record) and second(record)

    def fits(record: dict[str, Any]) -> bool:
        for test in tests:  # noqa: SIM110 - a plain loop takes half the time of all() with a generator
            if not test(record):
                return False
        return True

    return fits


def _either(tests: list[Test]) -> Test:
    return lambda record: any(test(record) for test in tests)


def _term(session: Session, kind: str, term: Term) -> Test:
    name = term.name.lower().replace("-", "_")
    if name == "is":
        if term.op not in (":", "=", "!="):
            raise problem(f"is{term.op} means nothing; write is:{term.value}", term.column, "is")
        test = state(session, kind, term)
        return (lambda record: not test(record)) if term.op == "!=" else test
    if name == "id":
        return _id(term)
    field = session.kind(kind).by_name.get(name)
    if field is None:
        raise unknown_field(session, kind, term)
    if field.type.refers == "user" and term.value.lower() == "me" and not term.quoted and term.op in (":", "="):
        return (
            mine(session, kind, term)
            if field.name == "owner" and kind != "user"
            else comparison(session, kind, field, term)
        )
    return comparison(session, kind, field, term)


def _id(term: Term) -> Test:
    """An id compares by its end, as people type it."""
    if term.op not in (":", "=", "!="):
        raise problem("ids cannot be ordered; write id:", term.column, "id")
    wanted = term.value.strip().upper()
    equal = term.op != "!="
    return lambda record: str(record["id"]).endswith(wanted) == equal
