"""Finding records while typing: what fits, in which order, and that typing on never loses anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tuicrm.crm.findable import KINDS, Entry, findable, words
from tuicrm.crm.finder import HANDLE, LETTERS, Finder, Index, fitting
from tuicrm.store.changes import Write

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.session import Session

    Put = Callable[..., str]


def caught_up(session: Session) -> Finder:
    finder = Finder(session)
    for _ in finder.catch_up():
        pass
    finder.lay_out()
    return finder


def titles(session: Session, text: str, limit: int = 50) -> list[str]:
    found = caught_up(session).index.find(text, limit)
    return [str((session.ws.get(one.kind, one.id) or {}).get(_called(one.kind))) for one in found]


def _called(kind: str) -> str:
    return "subject" if kind == "followup" else "name"


@pytest.fixture
def people(session: Session, put: Put) -> Session:
    """Return a session with customers whose names are in several scripts."""
    acme = put("company", name="Acme GmbH", domain="acme.example")
    put("company", name="Αθήνα Εμπορική", phone="+30 21 0555 0199")
    jane = put("contact", name="Jane Roe", company=acme, emails={"jane@acme.example": {}}, phones={"+49305550142": {}})
    put("contact", name="علي كريمي", phones={"02155512345": {}})
    deal = put("deal", name="Acme renewal", company=acme, contacts=[jane], stage="demo")
    put("deal", name="Acme pilot", company=acme, stage="lost")
    put("followup", subject="send the SOC2 report", deal=deal)
    put("followup", subject="send flowers", done_at="2026-10-01T09:00:00Z")
    put("activity", type="call", subject="Wants a discount", deal=deal)
    return session


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("JANE", ["Jane Roe", "Acme renewal"]),
        ("roe jane", ["Jane Roe", "Acme renewal"]),
        ("jane@acme.example", ["Jane Roe"]),
        ("acme.example", ["Acme GmbH", "Jane Roe"]),
        ("030 555 01", ["Jane Roe"]),
        ("+49 (30) 555-0142", ["Jane Roe"]),
        ("0305550142", ["Jane Roe"]),
        ("+98 21 5551 2345", ["علي كريمي"]),
        ("۰۲۱۵۵۵۱۲۳۴۵", ["علي كريمي"]),
        ("0210555", ["Αθήνα Εμπορική"]),
        ("αθηνα", ["Αθήνα Εμπορική"]),
        ("علی", ["علي كريمي"]),
        ("send", ["send the SOC2 report"]),
        ("soc2 renewal", ["send the SOC2 report"]),
        ("discount", []),
        ("acrnw", ["Acme renewal"]),
        ("qqq", []),
        ("", []),
        (" - ", []),
    ],
)
def test_names_addresses_numbers_and_any_script(people: Session, text: str, found: list[str]) -> None:
    assert titles(people, text) == found


def test_names_go_before_mentions_and_live_deals_before_closed_ones(people: Session) -> None:
    assert titles(people, "acme") == ["Acme GmbH", "Acme renewal", "Acme pilot", "Jane Roe", "send the SOC2 report"]


def test_a_whole_name_then_its_beginning_then_a_word_then_a_part(session: Session, put: Put) -> None:
    for name in ("Grandma Roe Ltd", "Roebuck", "Monroe", "Roe", "Le Roe", "Rover Oceanic"):
        put("company", name=name)
    put("company", name="Other", city="Roe")
    assert titles(session, "roe") == ["Roe", "Roebuck", "Le Roe", "Grandma Roe Ltd", "Monroe", "Other"]
    assert titles(session, "rover") == ["Rover Oceanic"]
    assert titles(session, "rxoc") == []
    assert titles(session, "rocean") == ["Rover Oceanic"]


def test_the_end_of_an_id_finds_its_record(people: Session) -> None:
    key = next(iter(people.ws.all("deal")))
    for text in (key, key[-6:].lower()):
        assert [(one.id, one.fit) for one in caught_up(people).index.find(text, 5)] == [(key, HANDLE)]


def test_an_index_is_fresh_until_something_changes(people: Session) -> None:
    finder = caught_up(people)
    assert finder.fresh
    key = next(key for key, one in people.ws.all("company").items() if one["name"] == "Acme GmbH")
    people.ws.commit([Write("company", key, {"name": "Orbis"})], by="ann", note="")
    assert not finder.fresh
    assert titles(people, "gmbh") == []
    assert titles(people, "orbis")[0] == "Orbis"


def test_it_is_read_in_steps(people: Session, put: Put) -> None:
    for at in range(250):
        put("company", name=f"Company {at}")
    assert sum(1 for _ in Finder(people).catch_up()) >= len(KINDS) + 2


def test_odd_records_are_found_like_others(session: Session, put: Put) -> None:
    put("contact", name=17, emails=["a@b.example"], phones="none", company=3, tags={"x": None})
    put("deal", company="gone", contacts=["gone"])
    assert len([one for kind in KINDS for one in findable(session, kind)]) == len(caught_up(session).index)


NAMES = st.text(alphabet="ab c", max_size=12).map(words)


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.tuples(st.booleans(), st.integers(0, 2), NAMES, NAMES), max_size=12),
    text=st.text(alphabet="abc ", max_size=6),
    limit=st.integers(1, 14),
)
def test_typing_on_finds_what_a_look_at_every_record_finds(
    rows: list[tuple[bool, int, str, str]], text: str, limit: int
) -> None:
    entries = sorted(
        Entry(over, place, len(name), name, f"{at:026}", rest, (), ())
        for at, (over, place, name, rest) in enumerate(rows)
    )
    fits = [(fitting(one.name, f"{one.name} {one.rest}", words(text)), at) for at, one in enumerate(entries)]
    wanted = [entries[at].id for _, at in sorted((fit, at) for fit, at in fits if fit is not None)]
    index = Index(entries)
    for end in range(1, len(text) + 1):
        typed = [one.id for one in index.find(text[:end], limit) if one.fit != LETTERS]
        again = [one.id for one in Index(entries).find(text[:end], limit) if one.fit != LETTERS]
        assert typed == again
    if words(text):
        assert [one.id for one in index.find(text, limit) if one.fit != LETTERS] == wanted[:limit]
