"""The query language: what each form of a term finds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tuicrm.crm.listing import select
from tuicrm.crm.query import compile_query
from tuicrm.crm.session import Session
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable

    Put = Callable[..., str]


@pytest.fixture
def deals(session: Session, put: Put) -> Session:
    """Return a session with four deals: alpha and beta open, gamma won, delta lost."""
    acme, athens = put("company", name="Acme GmbH", domain="acme.example"), put("company", name="Αθήνα Εμπορική")
    jane, plan = put("contact", name="Jane Roe"), put("product", name="Team plan", sku="TP-1")
    bob = next(one["id"] for one in session.ws.all("user").values() if one["handle"] == "bob")
    pipeline = next(iter(session.ws.all("pipeline")))
    put(
        *("deal",),
        **{"name": "alpha", "company": acme, "contacts": [jane], "pipeline": pipeline, "stage": "proposal"},
        **{"value": "12000.00", "currency": "EUR", "owner": session.me, "tags": ["hot", "Big One"]},
        **{"expected_close": "2026-10-30", "category": "commit", "notes": "Wants the SOC2 report", "days_ago": 5},
        items={"x": {"product": plan}},
    )
    put(
        *("deal",),
        **{"name": "beta", "company": athens, "pipeline": pipeline, "stage": "lead", "value": "900.00"},
        **{"currency": "USD", "owner": bob, "expected_close": "2026-10-01", "probability": 75, "days_ago": 100},
    )
    put(
        *("deal",),
        **{"name": "gamma", "company": acme, "pipeline": pipeline, "stage": "won", "value": "50000.00"},
        **{"currency": "EUR", "owner": bob, "closed_on": "2026-09-30", "days_ago": 60, "tags": ["cold"]},
    )
    put(
        *("deal",),
        **{"name": "delta", "pipeline": pipeline, "stage": "lost", "closed_on": "2026-10-05", "days_ago": 30},
        **{"lost_reason": "price", "opened_on": "2026-01-15"},
    )
    return session


def found(session: Session, query: str, kind: str = "deal") -> str:
    """Return the names of what a query finds, in whatever state, sorted and joined by spaces."""
    records = select(session, kind, where=query, everything=True)
    return " ".join(sorted(str(one.get("name") or one.get("subject")) for one in records))


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", "alpha beta delta gamma"),
        ("   ", "alpha beta delta gamma"),
        ("alpha", "alpha"),
        ("ALPHA", "alpha"),
        ("acme", "alpha gamma"),
        ("αθηνα", "beta"),
        ("jane", "alpha"),
        ("team plan", "alpha"),
        ('"soc2 report"', "alpha"),
        ('"report soc2"', ""),
        ("report soc2", "alpha"),
        ("name:alph", "alpha"),
        ("name=alph", ""),
        ("name=ALPHA", "alpha"),
        ("name!=alpha", "beta delta gamma"),
        ("notes:soc2", "alpha"),
        ("stage:proposal", "alpha"),
        ("stage:prop", "alpha"),
        ("stage>lead", "alpha delta gamma"),
        ("stage<=lead", "beta"),
        ("pipeline:sales", "alpha beta delta gamma"),
        ("status:won", "gamma"),
        ("is:open", "alpha beta"),
        ("is:won", "gamma"),
        ("is:lost or is:won", "delta gamma"),
        ("is:any", "alpha beta delta gamma"),
        ("is:mine", "alpha"),
        ("is:overdue", "beta"),
        ("owner:me", "alpha"),
        ("owner!=me", "beta delta gamma"),
        ("owner:bob", "beta gamma"),
        ('owner:"Ann Lee"', "alpha"),
        ("owner:none", "delta"),
        ("owner:any", "alpha beta gamma"),
        ("owner!=none", "alpha beta gamma"),
        ("company:acme.example", "alpha gamma"),
        ("company=acme", ""),
        ('company="acme gmbh"', "alpha gamma"),
        ("contact:roe", "alpha"),
        ("product:team", "alpha"),
        ("product:TP-1", "alpha"),
        ("product:none", "beta delta gamma"),
        ("value>10k", "alpha gamma"),
        ("value > 10k", "alpha gamma"),
        ("value:>10k", "alpha gamma"),
        ("value>=12,000", "alpha gamma"),
        ("value<1000", ""),
        ("value<1000usd", "beta"),
        ("value>$1", "beta"),
        ("value>1eur", "alpha gamma"),
        ("value=$900", "beta"),
        ("value:none", "delta"),
        ("weighted>=6000", "alpha gamma"),
        ("probability>70", "beta gamma"),
        ("probability:50", "alpha"),
        ("probability:any", "beta"),
        ("tag:hot", "alpha"),
        ("tag:ho", ""),
        ('tag:"big one"', "alpha"),
        ("-tag:hot", "beta delta gamma"),
        ("tag:hot -tag:cold", "alpha"),
        ("--tag:hot", "alpha"),
        ("tag!=hot", "beta delta gamma"),
        ("tags:none", "beta delta"),
        ("category:commit", "alpha"),
        ("category:any", "alpha"),
        ("close<2026-10-15", "beta"),
        ('close:"this month"', "alpha beta"),
        ("close:2026-10", "alpha beta"),
        ("close:2026-10-30", "alpha"),
        ("expected-close:none", "delta gamma"),
        ("closed>=2026-10-01", "delta"),
        ('closed:"last month"', "gamma"),
        ("closed!=2026-10-05", "alpha beta gamma"),
        ("opened<2026-02-01", "delta"),
        ("opened:any", "delta"),
        ("opened>=2026-10-01", "alpha"),
        ("created>2026-08-20", "alpha delta"),
        ("created:2026-10-03", "alpha"),
        ("age>90", "beta delta"),
        ("age<=5d", "alpha"),
        ("lost-reason:price", "delta"),
        ("currency:usd", "beta"),
        ("(alpha or beta) owner:me", "alpha"),
        ("alpha or beta owner:me", "alpha"),
        ("-(alpha or beta)", "delta gamma"),
        ("alpha and owner:me", "alpha"),
        ('"or"', "alpha"),
        ("rotting:yes", "beta"),
        ("is:rotting", "beta"),
        ("rotting:no", "alpha delta gamma"),
        ("-", ""),
        ("“soc2 report”", "alpha"),
        (r'"a \"b\" c"', ""),
    ],
)
def test_deals(deals: Session, query: str, names: str) -> None:
    assert found(deals, query) == names


def test_ids_are_found_by_their_end(deals: Session) -> None:
    key = next(one["id"] for one in deals.ws.all("deal").values() if one["name"] == "alpha")
    assert found(deals, f"id:{key[-6:].lower()}") == "alpha"
    acme = deals.ws.all("deal")[key]["company"]
    assert found(deals, f"company:{acme}") == "alpha gamma"
    assert found(deals, f"company:{acme[-8:]}") == "alpha gamma"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("is:undone", "far late none now slept zone"),
        ("is:done", "done"),
        ("is:overdue", "late"),
        ("is:late", "late"),
        ("is:today", "now"),
        ("is:snoozed", "slept"),
        ("due<today", "done late slept"),
        ("due:today", "now"),
        ("due:none", "none"),
        ('due<"today 12:00"', "done late now slept"),
        ('due>="2026-10-08 11:00"', "far zone"),
        ("due:2026-10-09", "zone"),
        ("done:any", "done"),
        ("done:2026-10-07", "done"),
        ("priority>low", "far"),
    ],
)
def test_followups(session: Session, put: Put, query: str, names: str) -> None:
    put("followup", subject="late", due="2026-10-05")
    put("followup", subject="now", due="2026-10-08T10:00[Europe/Berlin]")
    put("followup", subject="far", due="2027-01-01", priority="high")
    # Morning in Tokyo is the night before in Berlin; the day is Berlin's.
    put("followup", subject="zone", due="2026-10-10T01:00[Asia/Tokyo]")
    put("followup", subject="slept", due="2026-10-01", snoozed_until="2026-10-09")
    put("followup", subject="none")
    put("followup", subject="done", due="2026-10-01", done_at="2026-10-07T08:00:00Z")
    assert found(session, query, "followup") == names


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("email:acme.example", "Jane"),
        ("email=JANE@acme.example", "Jane"),
        ("email:none", "Max"),
        ('phone:"030 555"', "Jane"),
        ("phone:0142", "Jane"),
        ('phone="030 555 0142"', "Jane"),
        ('phone:"+49 30 777 0000"', "Max"),
        ("0142", "Jane"),
        ("do_not_contact:no", "Jane"),
        ("do-not-contact:yes", "Max"),
        ("last_verified>2026", ""),
        ("city:koln", "Max"),
        ("علی", ""),
    ],
)
def test_contacts(session: Session, put: Put, query: str, names: str) -> None:
    put("contact", name="Jane", emails={"jane@acme.example": {}}, phones={"+49305550142": {}})
    put("contact", name="Max", phones={"0307770000": {}}, do_not_contact=True, city="Köln")
    assert found(session, query, "contact") == names


def test_a_bare_amount_is_in_the_base_currency(session: Session, put: Put) -> None:
    put("company", name="a", annual_revenue="5000000.00")
    assert found(session, "annual_revenue>1m", "company") == "a"
    assert found(session, "annual_revenue>$1m", "company") == ""
    assert found(session, 'annual_revenue>"1m eur"', "company") == "a"


def test_a_flag_with_a_default_counts_as_set_where_absent(session: Session, put: Put) -> None:
    put("product", name="old", active=False)
    put("product", name="fine")
    assert found(session, "active:yes", "product") == "fine"


def test_activities_are_found_by_when_they_happened(session: Session, put: Put) -> None:
    put("activity", type="call", subject="plain", days_ago=1)
    put("activity", type="call", subject="dated", at="2026-09-01T10:00:00Z")
    assert found(session, "at:yesterday type:call", "activity") == "plain"
    assert found(session, "at<2026-09-15", "activity") == "dated"


def test_custom_fields_filter_like_any_other(session: Session, put: Put) -> None:
    put("field", name="seats", of="deal", type="number")
    put("field", name="region", of="deal", type="choice", choices=["emea", "apac"])
    put("deal", name="a", seats=5, region="emea")
    put("deal", name="b", seats=50, region="apac")
    assert found(session, "seats>10") == "b"
    assert found(session, "region:EMEA") == "a"


@pytest.mark.parametrize(
    ("query", "says", "field"),
    [
        ("stge:demo", "did you mean stage", "stge"),
        ("alpha foo:1", "at column 7", "foo"),
        ("stage:", "a value is missing after stage:", "stage"),
        ("value>", "a value is missing after value>", "value"),
        (":x", "a field's name is missing", ""),
        ("value>lots", "value: ", "value"),
        ("value>12xyz", "value: ", "value"),
        ("close<someday", "expected_close: ", "expected_close"),
        ("stage:nonsense", "there is no stage", "stage"),
        ("category:x", "not one of commit", "category"),
        ("is:opne", "did you mean is:open", "is"),
        ("is>open", "means nothing", "is"),
        ("rotting:maybe", "neither yes nor no", "rotting"),
        ("tag>hot", "cannot be ordered", "tags"),
        ("owner>me", "cannot be ordered", "owner"),
        ("probability:half", "probability: ", "probability"),
        ('"open', "the quote is never closed", ""),
        ("(a", "this bracket is never closed", ""),
        ("a)", "this bracket closes nothing", ""),
        ("()", "something to look for is missing", ""),
        ("or a", "missing before 'or'", ""),
        ("a or", "missing at the end", ""),
        ("a -(", "missing at the end", ""),
        ("(" * 100 + "a" + ")" * 100, "nested more than", ""),
        ("x" * 20_000, "at most", ""),
    ],
)
def test_mistakes_are_named_with_their_place(deals: Session, query: str, says: str, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        compile_query(deals, "deal", query)
    assert says in str(caught.value)
    assert caught.value.field == field
    assert "\n" not in str(caught.value)


def test_a_deal_in_a_stage_that_is_gone_can_be_found(session: Session, put: Put) -> None:
    put("deal", name="stray", stage="gone")
    assert found(session, "stage:gone") == "stray"


def test_me_without_a_user_is_said(session: Session) -> None:
    stranger = Session(session.ws, user="nobody", now=session.now)
    with pytest.raises(Invalid, match="no user of this workspace is called 'nobody'"):
        compile_query(stranger, "deal", "owner:me")


QUERIES = (
    *("value>1", "value<1", "tag:hot", "contact:a", "company:b", "stage:demo", "stage>lead", "product:x", "name:y"),
    *("owner:me", "close<today", "opened<today", "closed>today", "probability>5", "category:commit", "age>1", "x"),
    *("weighted>1", "is:rotting", "is:overdue", "next_due:any", "last_activity_at:any", "created<today"),
)


@pytest.mark.parametrize(
    "damage",
    [
        {"value": 5, "tags": "hot", "contacts": "x", "company": ["a"], "stage": {"a": 1}, "items": [], "name": 7},
        {"value": "NaN", "items": {"a": None}, "owner": 3, "expected_close": "soon", "opened_on": 9, "pipeline": 1},
        {"value": "sNaN", "tags": {"hot": None}, "closed_on": 1, "probability": "x", "category": ["commit"]},
    ],
)
def test_damaged_values_never_stop_a_query(session: Session, damage: dict[str, Any]) -> None:
    record = {"id": "01KV3B3SE0YSC5XMTFWMX0AAAA", **damage}
    for query in QUERIES:
        assert compile_query(session, "deal", query)(record) in (True, False)
