"""What happened to a record, in one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.crm.edit import edit
from tuicrm.crm.history import history

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.session import Session

    Put = Callable[..., str]


def lines(session: Session, kind: str, key: str) -> list[str]:
    return [event.text for event in history(session, kind, key)]


def test_a_deal_tells_its_story_newest_first(session: Session, put: Put) -> None:
    jane, key = put("contact", name="Jane Roe"), put("deal", name="Acme renewal", stage="demo", days_ago=20)
    bob = next(one["id"] for one in session.ws.all("user").values() if one["handle"] == "bob")
    put(
        *("activity",),
        **{"type": "call", "subject": "Wants SOC2", "deal": key, "contacts": [jane], "duration": 12},
        **{"outcome": "no_answer", "days_ago": 3, "owner": session.me},
    )
    put("activity", type="change", field="stage", before="lead", after="demo", deal=key, days_ago=9, owner=bob)
    put("activity", type="change", field="value", before="9000.00 EUR", after="12000.50 EUR", deal=key, days_ago=8)
    put("activity", type="change", field="owner", before=bob, after=session.me, deal=key, days_ago=7)
    put("activity", type="change", field="expected_close", before="2026-10-30", deal=key, days_ago=6)
    put("activity", type="email", subject="Pricing", at="2026-09-20T10:00:00Z", deal=key, days_ago=1)
    put("followup", subject="send quote", deal=key, done_at="2026-10-07T08:00:00Z", owner=bob)
    put("followup", subject="still to do", deal=key)
    put("activity", type="call", subject="elsewhere", deal=put("deal", name="other"))
    events = history(session, "deal", key)
    assert [event.text for event in events] == [
        "done: send quote",
        "call with Jane Roe: Wants SOC2 (12 min, no answer)",
        "expected close: cleared, was 2026-10-30",
        "owner: Bob Ray > Ann Lee",
        "value: EUR 9,000 > EUR 12,000.50",
        "stage: Lead > Demo",
        "email: Pricing",
        "added",
    ]
    assert [event.by for event in events[:2]] == ["Bob Ray", "Ann Lee"]
    assert all(event.at.utcoffset() is not None for event in events)
    assert {event.kind for event in events} == {"activity", "followup", "deal"}


def test_a_company_tells_of_its_people_and_deals(session: Session, put: Put) -> None:
    acme = put("company", name="Acme")
    jane = put("contact", name="Jane", company=acme, days_ago=9)
    deal = put("deal", name="Renewal", company=acme, stage="demo")
    put("activity", type="call", subject="one", contacts=[jane], days_ago=3)
    put("activity", type="call", subject="two", deal=deal, days_ago=2)
    put("activity", type="call", subject="three", company=acme, days_ago=1)
    put("activity", type="call", subject="four", company=put("company", name="Other"), contacts=[jane])
    shown = [text for text in lines(session, "company", acme) if text != "added"]
    assert shown == ["call: three", "Renewal: call: two", "call with Jane: one"]
    assert lines(session, "contact", jane)[0] == "call with Jane: four"


def test_a_deal_from_elsewhere_tells_when_it_was_opened_and_closed(session: Session, put: Put) -> None:
    key = put("deal", stage="lost", opened_on="2026-03-01", closed_on="2026-04-01", lost_reason="price")
    events = history(session, "deal", key)
    told = [(event.text, event.at.date().isoformat()) for event in events if event.text != "added"]
    assert told == [("Lost: price", "2026-04-01"), ("opened", "2026-03-01")]


def test_the_closing_is_told_once_where_the_log_has_it(session: Session, put: Put) -> None:
    key = put("deal", stage="won", closed_on="2026-10-01")
    put("activity", type="change", field="stage", before="demo", after="won", deal=key, days_ago=7)
    assert lines(session, "deal", key).count("stage: Demo > Won") == 1
    assert "Won" not in lines(session, "deal", key)


def test_what_editing_writes_is_told(session: Session, acme: dict[str, str]) -> None:
    deal = session.ws.get("deal", acme["deal"])
    assert deal is not None
    session.commit(edit(session, "deal", [deal], {"value": ["13k"], "owner": ["bob"]}))
    assert {"value: EUR 12,000 > EUR 13,000", "owner: Ann Lee > Bob Ray"} <= set(lines(session, "deal", acme["deal"]))


def test_removed_records_keep_their_history_and_unknown_ones_have_none(session: Session, put: Put) -> None:
    from tuicrm.store.changes import Remove

    key = put("product", name="x")
    session.ws.commit([Remove("product", key)], by="ann", note="")
    assert lines(session, "product", key) == ["added"]
    assert history(session, "deal", "01KV3B3SE0YSC5XMTFWMX0AAAA") == []


def test_damaged_entries_are_told_as_they_stand(session: Session, put: Put) -> None:
    key = put("deal", name="x", stage="demo")
    put("activity", type="change", field=["x"], before=5, after={"a": 1}, deal=key, at="whenever")
    put("activity", deal=key, contacts="x", duration="long", subject=["a"])
    assert len(history(session, "deal", key)) == 3
