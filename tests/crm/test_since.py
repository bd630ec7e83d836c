"""What teammates changed since one last looked: whose, what, in which order, and what is one's own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tuicrm.crm import edit, followups
from tuicrm.crm.deals import lose, move
from tuicrm.crm.session import Session
from tuicrm.crm.since import last_look, looked, since, summary, when_said
from tuicrm.crm.undo import undo
from tuicrm.store.changes import Write

if TYPE_CHECKING:
    from collections.abc import Callable

YESTERDAY = datetime(2026, 10, 7, 15, 0, tzinfo=UTC)


@pytest.fixture
def bob(session: Session) -> Session:
    """Return Bob's session on Ann's workspace."""
    return Session(session.ws, user="bob", now=session.now, zone="Europe/Berlin")


def deal_of(session: Session, acme: dict[str, str]) -> dict[str, object]:
    return dict(session.ws.all("deal")[acme["deal"]])


def told(session: Session, moment: datetime = YESTERDAY) -> list[tuple[str, str]]:
    return [(one.by, one.text) for one in since(session, moment)]


def test_ones_own_changes_are_no_news(session: Session, acme: dict[str, str]) -> None:
    session.commit(move(session, [deal_of(session, acme)], "demo"))
    assert told(session) == []


def test_what_somebody_did_to_a_deal_of_mine(session: Session, bob: Session, acme: dict[str, str]) -> None:
    bob.commit(move(bob, [deal_of(bob, acme)], "demo"))
    bob.commit(edit.edit(bob, "deal", [deal_of(bob, acme)], {"value": ["15k"]}))
    bob.commit(lose(bob, [deal_of(bob, acme)], "price"))
    assert [text for by, text in told(session) if by == "bob"] == [
        "lost Acme renewal: price",
        "Acme renewal: value: EUR 12,000 > EUR 15,000",
        "Acme renewal: stage: Lead > Demo",
    ]
    assert {one.id for one in since(session, YESTERDAY)} == {acme["deal"]}
    assert [one for one in told(bob) if one[0] == "bob"] == []


def test_what_is_added_done_and_removed(session: Session, bob: Session, acme: dict[str, str]) -> None:
    session.commit(edit.add(session, "followup", {"subject": ["call Jane"], "deal": ["Acme"]}))
    task = next(iter(session.ws.all("followup").values()))
    bob.commit(followups.done(bob, [task], "mail tomorrow"))
    bob.commit(edit.add(bob, "company", {"name": ["Orbis"]}))
    bob.commit(edit.remove(bob, "contact", [bob.ws.all("contact")[acme["contact"]]]))
    assert set(told(session, YESTERDAY)) >= {
        ("bob", "done: call Jane"),
        ("bob", "added follow-up mail"),
        ("bob", "added company Orbis"),
    }
    # What came and went since then is no news; what had been there before is.
    assert not [text for _, text in told(session) if "Jane Roe" in text]


def test_a_removed_record_is_news_that_leads_nowhere(session: Session, bob: Session, put: Callable[..., str]) -> None:
    key = put("contact", days_ago=30, name="Old Friend")
    bob.commit(edit.remove(bob, "contact", [bob.ws.all("contact")[key]]))
    (one,) = since(session, YESTERDAY)
    assert (one.by, one.text, one.id) == ("bob", "removed contact Old Friend", "")


def test_an_entry_for_an_earlier_day_is_news_when_it_is_made(session: Session, bob: Session) -> None:
    from tuicrm.crm.activities import log

    bob.commit(log(bob, "note", "seen at the fair", at="3 days ago"))
    assert told(session) == [("bob", "note: seen at the fair")]


def test_what_was_undone_is_no_news(session: Session, bob: Session) -> None:
    bob.commit(edit.add(bob, "company", {"name": ["Orbis"]}))
    bob.commit(undo(bob))
    assert told(session) == []


def test_from_other_machines_the_owner_counts_as_the_one_who_did_it(session: Session, put: Callable[..., str]) -> None:
    bob = next(key for key, one in session.ws.all("user").items() if one.get("handle") == "bob")
    carla = put("user", days_ago=90, name="Carla", handle="carla")
    for ago, owner in ((0.5, bob), (0.1, carla), (0.2, bob), (0.05, ""), (0.01, session.me)):
        put("company", days_ago=ago, name=f"C{ago}", owner=owner)
    (session.ws.private / "undo.jsonl").unlink()
    found = told(session, session.now - timedelta(days=0.9))
    assert found == [
        ("carla", "added company C0.1"),
        ("bob", "added company C0.2"),
        ("bob", "added company C0.5"),
        ("", "added company C0.05"),
    ]
    news = since(session, session.now - timedelta(days=0.9))
    assert summary(session, news, YESTERDAY) == "4 changes by carla and bob since yesterday"


def test_a_crowd_as_from_an_import_is_told_as_one(session: Session, bob: Session) -> None:
    writes = [Write("contact", session.ws.new_id(), {"name": f"P{at}"}) for at in range(150)]
    session.ws.commit(writes, by="bob", note="")
    bob.commit(edit.add(bob, "company", {"name": ["Orbis"]}))
    news = since(session, YESTERDAY)
    assert [one.text for one in news] == ["added company Orbis", "added 150 contacts"]
    assert summary(session, news, YESTERDAY) == "151 changes by bob since yesterday"


def test_the_moment_is_kept_for_each_user(session: Session, bob: Session) -> None:
    assert last_look(session) is None
    looked(session)
    assert last_look(session) == session.now
    assert last_look(bob) is None


def test_it_is_said_in_one_line(session: Session, bob: Session) -> None:
    assert summary(session, [], YESTERDAY) == ""
    bob.commit(edit.add(bob, "company", {"name": ["Orbis"]}))
    assert summary(session, since(session, YESTERDAY), YESTERDAY) == "1 change by bob since yesterday"


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2026, 10, 8, 6, 30, tzinfo=UTC), "08:30"),
        (YESTERDAY, "yesterday"),
        (datetime(2026, 10, 2, 6, 0, tzinfo=UTC), "Fri 2 Oct"),
    ],
)
def test_when_it_was(session: Session, moment: datetime, said: str) -> None:
    assert when_said(session, moment) == said
