"""The words after `is:`, for each kind of record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.query.lexer import problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.query.tree import Term
    from tuicrm.crm.session import Session

    Test = Callable[[dict[str, Any]], bool]

STATES = {
    "deal": ("open", "won", "lost", "any", "rotting", "overdue", "mine"),
    "lead": ("open", "qualified", "unqualified", "converted", "snoozed", "any", "mine"),
    "followup": ("undone", "done", "any", "overdue", "late", "today", "snoozed", "mine"),
}
OTHERS = ("any", "mine")
"""What `is:` takes for kinds that have no states of their own."""
NAMING = frozenset({"open", "won", "lost", "any", "done", "undone", "qualified", "unqualified", "converted"})
"""The words that say which records are wanted, so that a list adds nothing of its own."""


def state(session: Session, kind: str, term: Term) -> Test:
    """Return the test that `is:word` stands for, or raise Invalid naming the nearest word."""
    word = term.value.strip().lower()
    known = STATES.get(kind, OTHERS)
    if word not in known:
        from tuicrm.folding import nearest

        near = nearest(word, known)
        guess = f"did you mean is:{near}?" if near else f"use {', '.join(f'is:{one}' for one in known)}"
        raise problem(f"{session.kind(kind).many} are never {word!r}; {guess}", term.column, "is")
    if word == "any":
        return lambda record: True
    if word == "mine":
        return mine(session, kind, term)
    if kind == "lead":
        from tuicrm.crm.leads import state_test

        return state_test(session, word)
    return _of_deals(session, word) if kind == "deal" else _of_followups(session, word)


def mine(session: Session, kind: str, term: Term) -> Test:
    """Return the test for the acting user's own records; for users, the acting user's."""
    me = session.me
    if not me:
        raise problem(f"no user of this workspace is called {session.user!r}", term.column, term.name)
    field = "id" if kind == "user" else "owner"
    return lambda record: record.get(field) == me


def _of_deals(session: Session, word: str) -> Test:
    from tuicrm.crm import derive

    facts = derive.deals(session)
    if word == "rotting":
        return facts.rotting
    if word == "overdue":
        today = session.today.toordinal()
        return lambda deal: 0 < derive.day_ordinal(deal.get("expected_close")) < today and facts.status(deal) == "open"
    return lambda deal: facts.status(deal) == word


def _of_followups(session: Session, word: str) -> Test:
    from tuicrm.crm import nexts

    if word == "done":
        return lambda one: bool(one.get("done_at"))
    if word == "undone":
        return lambda one: not one.get("done_at")
    if word == "snoozed":
        return lambda one: not one.get("done_at") and nexts.snoozed(session, one)
    wanted = "late" if word in ("late", "overdue") else "today"
    return lambda one: (
        not one.get("done_at") and nexts.lateness(session, one) == wanted and not nexts.snoozed(session, one)
    )
