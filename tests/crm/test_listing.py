"""Which records a list shows, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tuicrm.crm.listing import ordered, select, sort_keys
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.session import Session

    Put = Callable[..., str]


def names(session: Session, kind: str, **asked: Any) -> list[str]:
    return [str(one.get("name") or one.get("subject")) for one in select(session, kind, **asked)]


@pytest.fixture
def deals(session: Session, put: Put) -> Session:
    """Return a session with deals in several states."""
    put("deal", days_ago=9, name="a", stage="demo", value="900.00", expected_close="2026-11-01")
    put("deal", days_ago=8, name="b", stage="lead", value="12000.00")
    put("deal", days_ago=7, name="c", stage="won", value="50.00", closed_on="2026-10-01")
    put("deal", days_ago=6, name="d", stage="lost", closed_on="2026-09-01", lost_reason="price")
    put("deal", days_ago=5, name="e", stage="gone", expected_close="2026-10-10")
    return session


@pytest.mark.parametrize(
    ("where", "shown"),
    [
        ("", "abe"),
        ("value>1", "ab"),
        ("is:won", "c"),
        ("is:lost or is:won", "cd"),
        ("is:any", "abcde"),
        ("-is:open", "cd"),
        ("status:lost", "d"),
        ("closed>=2026-09-15", "c"),
        ("lost_reason:price", "d"),
        ("is:rotting", ""),
        ("is:mine", ""),
    ],
)
def test_a_list_of_deals_shows_the_open_ones_unless_a_state_is_named(deals: Session, where: str, shown: str) -> None:
    assert "".join(sorted(names(deals, "deal", where=where))) == shown


def test_everything_means_every_state(deals: Session) -> None:
    assert len(select(deals, "deal", everything=True)) == 5
    assert names(deals, "deal", where="value<100", everything=True) == ["c"]


def test_followups_show_the_undone_in_the_order_they_are_due(session: Session, put: Put) -> None:
    put("followup", subject="later", due="2026-12-01")
    put("followup", subject="undated")
    put("followup", subject="soon", due="2026-10-09T10:00[Europe/Berlin]")
    put("followup", subject="done", due="2026-10-01", done_at="2026-10-01T08:00:00Z")
    assert names(session, "followup") == ["soon", "later", "undated"]
    assert names(session, "followup", where="is:done") == ["done"]


def test_the_log_shows_the_newest_first(session: Session, put: Put) -> None:
    put("activity", type="call", subject="old", days_ago=9)
    put("activity", type="call", subject="dated", at="2026-10-05T09:00:00Z", days_ago=20)
    put("activity", type="call", subject="fresh", days_ago=1)
    assert names(session, "activity") == ["fresh", "dated", "old"]


@pytest.mark.parametrize(
    ("sort", "shown"),
    [
        ("value", "cabde"),
        ("-value", "bacde"),
        ("close", "eabcd"),
        ("-close", "aebcd"),
        ("name", "abcde"),
        ("-name", "edcba"),
        ("stage", "bacde"),
        ("-id", "edcba"),
        ("created", "abcde"),
        ("status,-name", "ebacd"),
        ("-closed,name", "cdabe"),
    ],
)
def test_empty_values_come_last_in_both_directions(deals: Session, sort: str, shown: str) -> None:
    assert "".join(names(deals, "deal", sort=sort, everything=True)) == shown


def test_references_sort_by_name_and_money_by_number(session: Session, put: Put) -> None:
    zephyr, acme = put("company", name="Zephyr"), put("company", name="ácme")
    put("deal", name="z", company=zephyr, value="9.00")
    put("deal", name="a", company=acme, value="10.00")
    assert names(session, "deal", sort="company") == ["a", "z"]
    assert names(session, "deal", sort="company_name") == ["a", "z"]
    assert names(session, "deal", sort="-value") == ["a", "z"]


def test_companies_are_listed_by_name(session: Session, put: Put) -> None:
    for name in ("Zephyr", "acme", "Émile"):
        put("company", name=name)
    assert names(session, "company") == ["acme", "Émile", "Zephyr"]


def test_a_limit_cuts_after_sorting(deals: Session) -> None:
    assert names(deals, "deal", sort="-value", limit=1) == ["b"]
    assert names(deals, "deal", limit=0) == []
    with pytest.raises(Invalid):
        select(deals, "deal", limit=-1)


def test_an_unknown_field_to_sort_by_names_the_nearest(deals: Session) -> None:
    with pytest.raises(Invalid, match="did you mean value"):
        select(deals, "deal", sort="-valeu")


values = st.one_of(
    st.none(), st.text(max_size=3), st.integers(-3, 3), st.booleans(), st.lists(st.text(max_size=2), max_size=2)
)
SORTS = ("value", "name", "close", "probability", "tags", "company", "stage", "category", "created", "age", "weighted")


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    held=st.lists(
        st.dictionaries(
            st.sampled_from(["value", "name", "expected_close", "probability", "tags", "company", "stage", "category"]),
            values,
        ),
        max_size=8,
    ),
    field=st.sampled_from(SORTS),
)
def test_sorting_is_total_whatever_records_hold(session: Session, held: list[dict[str, Any]], field: str) -> None:
    records = [{**one, "id": f"01KV3B3SE0{place:016d}"} for place, one in enumerate(held)]
    upward, downward = (ordered(records[::-1], sort_keys(session, "deal", sort)) for sort in (field, f"-{field}"))
    assert sorted(one["id"] for one in upward) == [one["id"] for one in records]
    ((key, _),) = sort_keys(session, "deal", field)
    empty = [one["id"] for one in records if key(one) is None]
    filled = [key(one) for one in upward if key(one) is not None]
    assert filled == sorted(filled)
    assert [one["id"] for one in upward[len(filled) :]] == [one["id"] for one in downward[len(filled) :]] == empty
