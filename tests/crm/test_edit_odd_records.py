"""Records that somebody edited by hand into odd shapes can still be worked with, or are refused in a sentence."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tuicrm.crm import activities, deals, dissolving, followups, pipelines
from tuicrm.crm.edit import add, edit, remove
from tuicrm.errors import TuicrmError
from tuicrm.store.changes import Write

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session

    Start = tuple[Session, dict[str, dict[str, Any]]]
    """A session and the records that each example starts from, by kind."""

Acme = dict[str, str]
SCALARS = st.sampled_from(["", "x", "12", "2026-13-99", "won", 7, True])
ODD = SCALARS | st.lists(SCALARS, min_size=1, max_size=2) | st.dictionaries(st.sampled_from(["a", "b"]), SCALARS)
FIELDS = {
    "deal": [
        "name",
        "company",
        "contacts",
        "pipeline",
        "stage",
        "value",
        "currency",
        "expected_close",
        "items",
        "tags",
        "owner",
        "closed_on",
    ],
    "contact": ["name", "company", "emails", "phones", "tags", "do_not_contact"],
    "followup": ["subject", "due", "repeat", "contacts", "deal", "company", "done_at", "snoozed_until"],
    "company": ["name", "parent", "tags", "annual_revenue"],
}
RECORDS = st.fixed_dictionaries(
    {}, optional={kind: st.dictionaries(st.sampled_from(names), ODD, max_size=4) for kind, names in FIELDS.items()}
)


def one(session: Session, kind: str) -> dict[str, Any]:
    return next(iter(session.ws.all(kind).values()))


STEPS: dict[str, Callable[[Session], Plan | None]] = {
    "deal fields": lambda s: edit(s, "deal", [one(s, "deal")], {"value": ["5k"], "tags": ["hot"], "product": [""]}),
    "deal contacts": lambda s: edit(s, "deal", [one(s, "deal")], {"currency": ["USD"], "contacts": ["Jane Roe"]}),
    "move": lambda s: deals.move(s, [one(s, "deal")], "demo"),
    "win": lambda s: deals.win(s, [one(s, "deal")]),
    "shift": lambda s: deals.shift(s, one(s, "deal"), 1),
    "log": lambda s: activities.log(s, "call", "x", deal=one(s, "deal")["id"], next_step="call in 2 days"),
    "contact": lambda s: edit(
        s, "contact", [one(s, "contact")], {"email": ["n@x.example"], "tag": ["a"]}, {"phone": ["030 123"]}
    ),
    "company": lambda s: edit(s, "company", [one(s, "company")], {"parent": ["Other"], "annual_revenue": ["5"]}),
    "remove": lambda s: remove(s, "company", [one(s, "company")]),
    "done": lambda s: followups.done(s, [one(s, "followup")], "next in 3 days"),
    "snooze": lambda s: followups.snooze(s, [one(s, "followup")], "next week"),
    "later": lambda s: followups.shift_days(s, [one(s, "followup")], 1),
    "stage": lambda s: dissolving.remove_stage(s, pipelines.default(s), "lead", to="demo"),
}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(RECORDS)
def test_nothing_but_a_sentence_ever_comes_out(one_for_all: Start, odd: dict[str, dict[str, Any]]) -> None:
    session, first = one_for_all
    for kind, names in FIELDS.items():
        held = {name: first[kind].get(name) for name in names}
        session.ws.commit([Write(kind, first[kind]["id"], {**held, **odd.get(kind, {})})], by="hand", note="edited")
    for step in STEPS.values():
        with suppress(TuicrmError):
            step(session)


@pytest.fixture
def one_for_all(session: Session, acme: Acme) -> Start:
    session.commit(add(session, "company", {"name": ["Other"]}))
    session.commit(add(session, "followup", {"subject": ["call"], "due": ["today"], "deal": ["Acme renewal"]}))
    return session, {kind: dict(one(session, kind)) for kind in FIELDS}


@pytest.mark.parametrize(("odd", "left"), [("hot", ["hot", "new"]), ({"hot": None, "a": 5}, ["a", "hot", "new"])])
def test_adding_to_an_odd_set_keeps_what_it_holds(session: Session, acme: Acme, odd: object, left: list[str]) -> None:
    session.ws.commit([Write("deal", acme["deal"], {"tags": odd})], by="hand", note="edited")
    session.commit(edit(session, "deal", [one(session, "deal")], {"tags": ["new"]}))
    assert sorted(one(session, "deal")["tags"]) == left
