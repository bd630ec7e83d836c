"""Merged records as readers see them: the same whatever the order of merges, never a loop, never a dead end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuicrm.store.changes import Remove, Revive, Write
from tuicrm.store.forwards import survivors
from tuicrm.store.still import Still

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.session import Session

IDS = "abcdefgh"


@given(st.dictionaries(st.sampled_from(IDS), st.sampled_from([*IDS, "?"])), st.frozensets(st.sampled_from(IDS)))
def test_whoever_is_led_to_is_live_and_leads_nowhere(edges: dict[str, str], live: frozenset[str]) -> None:
    found = survivors(edges, live)
    for one, end in found.items():
        assert one in edges
        assert end in live
        assert end not in found
        assert one != end
    # Nothing that is live gets lost: it is there itself, or leads to what is.
    assert all(one in found or found.get(one, one) in live for one in live)


@given(st.permutations([*{"a": "b", "b": "c", "c": "a", "d": "c", "e": "e", "f": "?", "g": "f", "h": "d"}.items()]))
def test_the_order_of_merges_makes_no_difference(order: list[tuple[str, str]]) -> None:
    # A circle leads to its smallest, what leads nowhere stays, and chains are followed.
    assert survivors(dict(order), IDS) == {"b": "a", "c": "a", "d": "a", "h": "a", "g": "f"}


def test_the_dead_are_stepped_over_where_they_lead_on() -> None:
    edges = {"a": "b", "b": "c", "d": "a"}
    assert survivors(edges, {"a", "c", "d"}) == {"a": "c", "b": "c", "d": "c"}
    assert survivors(edges, {"a", "b", "d"}) == {"a": "b", "d": "b"}
    assert survivors({"a": "b", "b": "a"}, {"b"}) == {"a": "b"}
    assert survivors({"a": "b", "b": "a"}, ()) == {}


def led(session: Session, kind: str, gone: str, into: str | None) -> None:
    session.ws.commit([Write(kind, gone, {"merged_into": into})], by="bob", note="")


def test_without_a_merge_the_workspace_hands_out_its_own_records(session: Session, acme: dict[str, str]) -> None:
    for kind in ("company", "contact", "deal"):
        assert session.ws.get(kind, acme[kind]) is session.ws.stored.get(kind, acme[kind])
        assert session.ws._forwards.live(kind) is session.ws._picture.shelf(kind).live
    assert not session.ws.forwards("company")


def test_records_are_the_same_objects_until_something_changes(
    session: Session, acme: dict[str, str], put: Callable[..., str]
) -> None:
    keep, other = put("company", name="ACME Ltd."), put("deal", name="Other")
    led(session, "company", acme["company"], keep)
    first = dict(session.ws.all("deal"))
    assert first[acme["deal"]]["company"] == keep
    assert first[other] is session.ws.stored.get("deal", other)
    put("deal", name="Third")
    put("company", name="Somebody")
    again = session.ws.all("deal")
    assert all(again[key] is one for key, one in first.items())
    session.ws.commit([Write("deal", acme["deal"], {"next_step": "call"})], by="ann", note="")
    assert session.ws.all("deal")[acme["deal"]] is not first[acme["deal"]]
    assert session.ws.all("deal")[acme["deal"]]["company"] == keep


def test_what_arrives_later_is_led_too_and_lists_stay_in_order(
    session: Session, acme: dict[str, str], put: Callable[..., str]
) -> None:
    keep = put("contact", name="J. Roe")
    led(session, "contact", acme["contact"], keep)
    assert keep in session.ws.all("contact")
    late = put("deal", name="Late", contacts=[acme["contact"], keep], days_ago=30)
    note = put("activity", type="note", subject="x", contacts=[acme["contact"]])
    assert session.ws.all("deal")[late]["contacts"] == [keep]
    assert session.ws.all("activity")[note]["contacts"] == [keep]
    assert list(session.ws.all("deal")) == sorted(session.ws.all("deal"))


def test_a_merge_taken_back_or_its_end_removed_shows_the_record_again(
    session: Session, acme: dict[str, str], put: Callable[..., str]
) -> None:
    ws, keep = session.ws, put("company", name="ACME Ltd.")
    led(session, "company", acme["company"], keep)
    assert list(ws.all("company")) == [keep]
    ws.commit([Remove("company", keep)], by="bob", note="")
    assert list(ws.all("company")) == [acme["company"]]
    assert ws.all("deal")[acme["deal"]]["company"] == acme["company"]
    ws.commit([Revive("company", keep)], by="bob", note="")
    assert list(ws.all("company")) == [keep]
    led(session, "company", acme["company"], None)
    assert list(ws.all("company")) == sorted([keep, acme["company"]])
    assert ws.get("deal", acme["deal"]) is ws.stored.get("deal", acme["deal"])


def test_the_trash_is_led_too(session: Session, acme: dict[str, str], put: Callable[..., str]) -> None:
    keep = put("company", name="ACME Ltd.")
    led(session, "company", acme["company"], keep)
    session.ws.commit([Remove("deal", acme["deal"])], by="ann", note="")
    assert session.ws.dead("deal")[acme["deal"]]["company"] == keep


@pytest.mark.parametrize("into", ["", "nothing", 7, ["x"]])
def test_what_leads_nowhere_is_as_if_it_was_not_there(session: Session, acme: dict[str, str], into: object) -> None:
    session.ws.commit([Write("company", acme["company"], {"merged_into": into})], by="x", note="")
    assert list(session.ws.all("company")) == [acme["company"]]


def test_a_picture_that_stands_still_follows_merges_as_they_were(
    session: Session, acme: dict[str, str], put: Callable[..., str]
) -> None:
    keep = put("company", name="ACME Ltd.")
    still = Still(session.ws)
    assert still.all("deal")[acme["deal"]]["company"] == acme["company"]
    led(session, "company", acme["company"], keep)
    assert still.all("deal")[acme["deal"]]["company"] == acme["company"]
    assert still.take()
    assert still.all("deal")[acme["deal"]]["company"] == keep
    assert list(still.all("company")) == [keep]


def test_tinydb_shows_what_is_stored(session: Session, acme: dict[str, str], put: Callable[..., str]) -> None:
    keep = put("company", name="ACME Ltd.")
    led(session, "company", acme["company"], keep)
    assert len(session.ws.table("company")) == 2


def test_one_more_record_costs_no_look_at_all_the_others(session: Session, put: Callable[..., str]) -> None:
    keep, gone = put("company", name="A"), put("company", name="B")
    keys = [session.ws.new_id() for _ in range(300)]
    session.ws.commit([Write("deal", key, {"name": "x", "company": gone}) for key in keys], by="a", note="")
    led(session, "company", gone, keep)
    held = session.ws.all("deal")
    view = session.ws._forwards._views["deal", True]
    looked: list[str] = []
    shown = view._shown
    view._shown = lambda record, named: (looked.append(record["id"]), shown(record, named))[1]  # type: ignore[method-assign]
    more = put("deal", name="y", company=gone)
    assert session.ws.all("deal")[more]["company"] == keep
    assert looked == [more]
    assert len(held) == 301
