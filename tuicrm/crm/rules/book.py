"""The rules of a workspace by what sets them off, and their conditions, each compiled as seldom as can be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.crm.query.compile import compile_node
from tuicrm.crm.query.parser import parse
from tuicrm.crm.query.states import NAMING
from tuicrm.crm.query.tree import All, Term, leaves
from tuicrm.crm.rules.model import rule_of
from tuicrm.errors import TuicrmError
from tuicrm.records.kinds.rule import TIMED
from tuicrm.records.values import Instant

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.query.tree import Node
    from tuicrm.crm.rules.model import Rule
    from tuicrm.crm.session import Session

    Test = Callable[[dict[str, Any]], bool]
    Listens = tuple[str, str, str]

Record = dict[str, Any]
LASTING = ("setting", "field", "user", "pipeline")
"""The kinds that a condition may look at and still be kept from one change to the next."""


class Condition(NamedTuple):
    """A condition, compiled as far as that lasts from one change to the next."""

    lasting: Test
    rest: Node | None
    """What has to be compiled again after each change; None where that is nothing."""


class Book:
    """The active rules, found by (trigger, kind, field or stage)."""

    def __init__(self) -> None:
        self.kinds: frozenset[str] = frozenset()
        """The kinds whose changes set off any rule."""
        self.timed: tuple[Rule, ...] = ()
        self._seen: list[Record] = []
        self._by: dict[Listens, list[Rule]] = {}
        self._gates: dict[Listens, list[tuple[Rule, Test]]] = {}
        self._conditions: dict[tuple[str, str], Condition] = {}
        self._held_by: list[Any] = []

    def follow(self, session: Session) -> None:
        """Take in the rules as they are, and forget the tests that go by anything that is another now."""
        # Records are replaced, never changed in place, so equal lists compare by identity.
        held = list(session.ws.all("rule").values())
        by = [session.today, session.zone, *(list(session.ws.all(kind).values()) for kind in LASTING)]
        if by != self._held_by:
            self._held_by, self._gates, self._conditions = by, {}, {}
        if held == self._seen:
            return
        self._seen, self._by, self._gates = held, {}, {}
        active = [one for one in map(rule_of, held) if one.active]
        self.timed = tuple(one for one in active if one.trigger in TIMED)
        for one in active:
            if one.trigger not in TIMED:
                self._by.setdefault(one.listens, []).append(one)
        self.kinds = frozenset(kind for _, kind, _ in self._by)

    def awaits(self, trigger: str, kind: str, about: str) -> bool:
        """Tell whether any rule waits for an event."""
        return (trigger, kind, about) in self._by

    def set_off(self, session: Session, event: Listens, record: Record) -> list[Rule]:
        """Return the rules that an event sets off for a record, oldest first."""
        gates = self._gates.get(event)
        if gates is None:
            waiting = self._by.get(event, ())
            gates = [(one, self._condition(session, one.of, one.condition).lasting) for one in waiting]
            self._gates[event] = gates
        found = [rule for rule, test in gates if test(record)]
        return [one for one in found if self.fits(session, one, record)] if found else found

    def fits(self, session: Session, rule: Rule, record: Record) -> bool:
        """Tell whether a record fits a rule's condition; none fits one that cannot be read (any more)."""
        condition = self._condition(session, rule.of, rule.condition)
        if not condition.lasting(record):
            return False
        if condition.rest is None:
            return True
        made: dict[tuple[str, str], Test] = session.remember(f"rule tests {session.today}", dict)
        key = (rule.of, rule.condition)
        try:
            if key not in made:
                made[key] = compile_node(session, rule.of, condition.rest)
        except TuicrmError:
            return False
        return made[key](record)

    def _condition(self, session: Session, kind: str, text: str) -> Condition:
        key = (kind, text)
        if key not in self._conditions:
            try:
                self._conditions[key] = _split(session, kind, text)
            except TuicrmError:
                # A field or a user that it names is gone since: `rule list` says so.
                self._conditions[key] = Condition(_never, None)
        return self._conditions[key]


def _never(record: Record) -> bool:
    return False


def _always(record: Record) -> bool:
    return True


def _split(session: Session, kind: str, text: str) -> Condition:
    """Return a condition in two parts: most records fall through the first, so that the second is seldom compiled."""
    if not text.strip():
        return Condition(_always, None)
    tree = parse(text)
    parts = tree.nodes if isinstance(tree, All) else (tree,)
    lasting = tuple(one for one in parts if _lasts(session, kind, one))
    rest = tuple(one for one in parts if one not in lasting)
    test = compile_node(session, kind, All(lasting)) if lasting else _always
    return Condition(test, All(rest) if rest else None)


def _lasts(session: Session, kind: str, tree: Node) -> bool:
    """Tell whether a query goes by the record and small kinds alone, not by the log or by other records' names."""
    known = session.kind(kind).by_name
    for one in leaves(tree):
        if not isinstance(one, Term):
            return False
        name = one.name.lower().replace("-", "_")
        if name == "is":
            if one.value.strip().lower() not in NAMING:
                return False
            continue
        field = known.get(name)
        if field is None or field.computed or field.name in ("probability", "product"):
            return False
        if field.type.refers not in ("", "user") or isinstance(field.type, Instant):
            return False
    return True


def book(session: Session) -> Book:
    """Return the rules of the session's workspace as they are at this moment."""
    held: Book = session.kept.setdefault("rules", Book())
    held.follow(session)
    return held
