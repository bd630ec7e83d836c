"""The automatic history: which entries there are, and that they agree with the deal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tuicrm.crm import deals, undo
from tuicrm.crm.edit import add, edit
from tuicrm.crm.track import entries, shown
from tuicrm.records.kinds.activity import TRACKED

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.session import Session

Acme = dict[str, str]


def deal_of(session: Session, key: str) -> dict[str, Any]:
    record = session.ws.get("deal", key)
    assert record is not None
    return record


def log(session: Session, key: str, field: str) -> list[tuple[str, str]]:
    found = [one for one in session.ws.all("activity").values() if one.get("deal") == key and one["field"] == field]
    return [(one.get("before", ""), one.get("after", "")) for one in sorted(found, key=lambda one: str(one["id"]))]


def test_adding_makes_no_entry(session: Session, acme: Acme) -> None:
    assert not session.ws.all("activity")
    assert entries(session, None, {"stage": "lead"}) == []


def test_each_tracked_field_is_entered_and_no_other(session: Session, acme: Acme) -> None:
    deal = acme["deal"]
    typed = {"value": ["$5k"], "close": ["2026-12-01"], "owner": ["bob"], "notes": ["x"], "tags": ["hot"]}
    session.commit(edit(session, "deal", [deal_of(session, deal)], typed))
    assert log(session, deal, "value") == [("12000.00 EUR", "5000.00 USD")]
    assert log(session, deal, "expected_close") == [("", "2026-12-01")]
    bob = next(one["id"] for one in session.ws.all("user").values() if one["handle"] == "bob")
    assert log(session, deal, "owner") == [(session.me, bob)]
    assert len(session.ws.all("activity")) == 3


def test_another_currency_is_another_value_but_alone_it_is_none(session: Session, acme: Acme) -> None:
    deal = acme["deal"]
    session.commit(edit(session, "deal", [deal_of(session, deal)], {"currency": ["USD"]}))
    assert log(session, deal, "value") == [("12000.00 EUR", "12000.00 USD")]
    session.commit(edit(session, "deal", [deal_of(session, deal)], {"value": [""]}))
    session.commit(edit(session, "deal", [deal_of(session, deal)], {"currency": ["EUR"]}))
    assert log(session, deal, "value")[1:] == [("12000.00 USD", "")]


EDITS = st.one_of(
    st.tuples(st.just("value"), st.sampled_from(["1k", "$2k", "3000 GBP", ""])),
    st.tuples(st.just("expected_close"), st.sampled_from(["2026-11-01", "2026-12-24", ""])),
    st.tuples(st.just("owner"), st.sampled_from(["ann", "bob", ""])),
    st.tuples(st.just("stage"), st.sampled_from(["lead", "demo", "verbal", "won", "lost"])),
    st.tuples(st.just("shift"), st.sampled_from(["1", "-1", "3"])),
    st.tuples(st.sampled_from(["undo", "redo"]), st.just("")),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(EDITS, min_size=1, max_size=12))
def test_entries_in_their_order_lead_to_what_the_deal_holds(
    fresh: Callable[[], Session], steps: list[tuple[str, str]]
) -> None:
    with_session(fresh(), steps)


def with_session(session: Session, steps: list[tuple[str, str]]) -> None:
    first = add(session, "deal", {"name": ["x"], "value": ["100"]})
    session.commit(first)
    key = first.ids[0]
    start = {name: shown(deal_of(session, key), name) for name in TRACKED}
    done = undone = 0
    for name, text in steps:
        deal = deal_of(session, key)
        if name == "undo":
            plan = undo.undo(session) if done else None
            done, undone = max(done - 1, 0), undone + (done > 0)
        elif name == "redo":
            plan = undo.redo(session) if undone else None
            done, undone = done + (undone > 0), max(undone - 1, 0)
        else:
            plan = (
                deals.shift(session, deal, int(text))
                if name == "shift"
                else edit(session, "deal", [deal], {name: [text]})
            )
            if plan is not None and plan.changes:
                done, undone = done + 1, 0
        if plan is not None:
            session.commit(plan)
        for field in TRACKED:
            value = start[field]
            for before, after in log(session, key, field):
                assert before == value
                value = after
            assert value == shown(deal_of(session, key), field)
    session.ws.close()
