"""The rules of a workspace by what sets them off, and their conditions, each compiled as seldom as can be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.rules.model import rule_of
from tuicrm.records.kinds.rule import TIMED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tuicrm.crm.query.tree import Node
    from tuicrm.crm.rules.model import Rule
    from tuicrm.crm.session import Session

    Test = Callable[[dict[str, Any]], bool]

Record = dict[str, Any]
LASTING = ("setting", "field", "user", "pipeline")
"""The kinds that a condition may look at and still be kept from one change to the next."""


class Book:
    """The active rules, found by (trigger, kind, field or stage)."""

    def __init__(self) -> None:
        self.kinds: frozenset[str] = frozenset()
        """The kinds whose changes set off any rule."""
        self.timed: tuple[Rule, ...] = ()
        self._seen: list[Record] = []
        self._by: dict[tuple[str, str, str], list[Rule]] = {}
        self._trees: dict[str, Node] = {}
        self._lasting: dict[tuple[str, str], Test] = {}
        self._held_by: list[Any] = []

    def follow(self, held: list[Record]) -> None:
        """Take in the rules as they are; nothing is done where none has changed."""
        # Records are replaced, never changed in place, so equal lists compare by identity.
        if held == self._seen:
            return
        self._seen = held
        active = [one for one in map(rule_of, held) if one.active]
        self.timed = tuple(one for one in active if one.trigger in TIMED)
        self._by = {}
        for one in active:
            if one.trigger not in TIMED:
                self._by.setdefault(one.listens, []).append(one)
        self.kinds = frozenset(kind for _, kind, _ in self._by)

    def waiting(self, trigger: str, kind: str, about: str = "") -> Sequence[Rule]:
        """Return the rules that an event sets off, conditions aside, oldest first."""
        return self._by.get((trigger, kind, about), ())

    def test(self, session: Session, kind: str, condition: str) -> Test:
        """Return the test of a condition; Invalid where it is none (any more)."""
        from tuicrm.crm.query.compile import compile_node

        if not condition.strip():
            return lambda record: True
        tree = self._tree(condition)
        key = (kind, condition)
        if _lasts(session, kind, tree):
            self._renew(session)
            if key not in self._lasting:
                self._lasting[key] = compile_node(session, kind, tree)
            return self._lasting[key]
        made: dict[tuple[str, str], Test] = session.remember(f"rule tests {session.today}", dict)
        if key not in made:
            made[key] = compile_node(session, kind, tree)
        return made[key]

    def _tree(self, condition: str) -> Node:
        from tuicrm.crm.query import parse

        if condition not in self._trees:
            self._trees[condition] = parse(condition)
        return self._trees[condition]

    def _renew(self, session: Session) -> None:
        """Forget the tests that are kept, where the day or anything that they may look at is another."""
        now = [session.today, session.zone, *(list(session.ws.all(kind).values()) for kind in LASTING)]
        if now != self._held_by:
            self._held_by = now
            self._lasting = {}


def _lasts(session: Session, kind: str, tree: Node) -> bool:
    """Tell whether a condition goes by the record and small kinds alone, not by the log or by other records' names."""
    from tuicrm.crm.query.tree import Term, leaves
    from tuicrm.records.values import Instant

    known = session.kind(kind).by_name
    for one in leaves(tree):
        if not isinstance(one, Term):
            return False
        field = known.get(one.name.lower().replace("-", "_"))
        if field is None or field.computed or field.name in ("probability", "product", "stage"):
            return False
        if field.type.refers not in ("", "user") or isinstance(field.type, Instant):
            return False
    return True


def book(session: Session) -> Book:
    """Return the rules of the session's workspace as they are at this moment."""
    held: Book = session.kept.setdefault("rules", Book())
    held.follow(list(session.ws.all("rule").values()))
    return held
