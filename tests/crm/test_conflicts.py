"""Values that gave way in a merge: how they read, whose they are, and what settling them does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tuicrm.crm.conflicts import conflicts, count, find_all, resolve
from tuicrm.crm.deals import move
from tuicrm.crm.edit import add, edit, remove
from tuicrm.crm.history import history
from tuicrm.crm.undo import undo
from tuicrm.errors import Ambiguous, Invalid, NotFound, TuicrmError
from tuicrm.store.changes import Write
from tuicrm.store.leaves import versions
from tuicrm.store.ulid import encode

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.conflicts import Conflict
    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session

    Lose = Callable[..., str]

LATER = 1_800_000_000_000
"""A time in milliseconds after the session's."""


@pytest.fixture
def lose(session: Session) -> Lose:
    """Return what puts a loser into the ledger, as a sync does, and gives its id."""

    def put(
        kind: str, record: str, path: str, value: str = "", *, form: str = "", version: str = "", at: int = LATER
    ) -> str:
        version = version or encode(at, at)
        fields = {"of": kind, "record": record, "field": path, "version": version, "value": value or None}
        key = session.ws.new_id(at)
        told: dict[str, Any] = {**fields, "form": form or None}
        session.ws.commit([Write("conflict", key, told)], by="sync", note="")
        return key

    return put


def only(session: Session, **which: bool) -> Conflict:
    (found,) = conflicts(session, **which)
    return found


def find(session: Session, ref: str, *, settled: bool = False) -> Conflict:
    (found,) = find_all(session, [ref], settled=settled)
    return found


def record(session: Session, kind: str, key: str) -> dict[str, Any]:
    found = session.ws.get(kind, key)
    assert found is not None
    return found


def test_nothing_waits_where_nothing_was_lost(session: Session) -> None:
    assert conflicts(session) == []
    assert count(session) == 0


def test_a_value_is_shown_beside_the_one_that_stands(session: Session, acme: dict[str, str], lose: Lose) -> None:
    key = lose("deal", acme["deal"], "next_step", "send the quote")
    session.commit(edit(session, "deal", [record(session, "deal", acme["deal"])], {"next_step": ["call Jane"]}))
    found = only(session)
    assert (found.id, found.kind, found.record_id) == (key, "deal", acme["deal"])
    assert (found.title, found.label) == ("Acme renewal", "next step")
    assert (found.lost, found.current) == ("send the quote", "call Jane")
    assert found.current_by == "ann"
    assert found.is_current_mine is True
    assert count(session) == 1


def test_an_amount_and_its_currency_are_one_conflict(session: Session, acme: dict[str, str], lose: Lose) -> None:
    version = encode(LATER, 7)
    lose("deal", acme["deal"], "currency", "USD", version=version)
    lose("deal", acme["deal"], "value", "15000.00", version=version)
    found = only(session)
    assert (found.label, found.lost, found.current) == ("value", "USD 15,000", "EUR 12,000")
    session.commit(resolve(session, [found.id], "lost"))
    after = record(session, "deal", acme["deal"])
    assert (after["value"], after["currency"]) == ("15000.00", "USD")
    assert count(session) == 0


def test_two_edits_of_one_field_are_two_conflicts_the_newest_first(
    session: Session, acme: dict[str, str], lose: Lose
) -> None:
    lose("deal", acme["deal"], "next_step", "older", at=LATER)
    lose("deal", acme["deal"], "next_step", "newer", at=LATER + 1000)
    assert [one.lost for one in conflicts(session)] == ["newer", "older"]


def test_keeping_what_stands_settles_the_conflict_alone(session: Session, acme: dict[str, str], lose: Lose) -> None:
    before = record(session, "deal", acme["deal"])
    key = lose("deal", acme["deal"], "next_step", "send the quote")
    session.commit(resolve(session, [key], "current"))
    assert conflicts(session) == []
    assert record(session, "deal", acme["deal"]) == before
    ledger = record(session, "conflict", key)
    assert (ledger["resolved"], ledger["resolved_by"]) == ("2026-10-08T09:00:00Z", "ann")
    assert only(session, resolved=True).resolved


def test_settling_is_one_step_to_undo(session: Session, acme: dict[str, str], lose: Lose) -> None:
    key = lose("deal", acme["deal"], "next_step", "send the quote")
    session.commit(resolve(session, [key], "lost"))
    assert record(session, "deal", acme["deal"])["next_step"] == "send the quote"
    session.commit(undo(session))
    assert "next_step" not in record(session, "deal", acme["deal"])
    assert count(session) == 1


def test_a_typed_value_is_read_as_the_field_takes_it(session: Session, acme: dict[str, str], lose: Lose) -> None:
    key = lose("deal", acme["deal"], "expected_close", "2026-12-01")
    with pytest.raises(Invalid, match="expected_close"):
        resolve(session, [key], "no such day")
    session.commit(resolve(session, [key], "24 dec"))
    assert record(session, "deal", acme["deal"])["expected_close"] == "2026-12-24"
    assert count(session) == 0


def test_a_typed_amount_may_name_its_currency(session: Session, acme: dict[str, str], lose: Lose) -> None:
    key = lose("deal", acme["deal"], "currency", "USD")
    session.commit(resolve(session, [key], "14k USD"))
    after = record(session, "deal", acme["deal"])
    assert (after["value"], after["currency"]) == ("14000.00", "USD")


def test_a_tag_is_there_or_removed(session: Session, acme: dict[str, str], lose: Lose) -> None:
    session.commit(edit(session, "deal", [record(session, "deal", acme["deal"])], {"tags": ["hot"]}))
    gone = lose("deal", acme["deal"], "tags/hot", form="absent")
    came = lose("deal", acme["deal"], "tags/cold", form="member", at=LATER + 5)
    assert [(one.label, one.lost, one.current) for one in conflicts(session)] == [
        ("tag cold", "there", "removed"),
        ("tag hot", "removed", "there"),
    ]
    with pytest.raises(Invalid, match="no single value"):
        resolve(session, [gone], "yes")
    session.commit(resolve(session, [gone, came], "lost"))
    assert record(session, "deal", acme["deal"])["tags"] == ["cold"]


def test_references_are_shown_by_name(session: Session, acme: dict[str, str], lose: Lose) -> None:
    bob = next(key for key, one in session.ws.all("user").items() if one["handle"] == "bob")
    lose("deal", acme["deal"], "owner", bob)
    lose("deal", acme["deal"], f"contacts/{acme['contact']}", form="absent", at=LATER + 5)
    people, owner = conflicts(session)
    assert (owner.label, owner.lost) == ("owner", "Bob Ray")
    assert (people.label, people.lost, people.current) == ("contact Jane Roe", "removed", "there")


def test_a_removed_address_is_one_conflict(session: Session, acme: dict[str, str], lose: Lose) -> None:
    version = encode(LATER, 3)
    lose("contact", acme["contact"], "emails/jane@acme.example/rank", form="absent", version=version)
    lose("contact", acme["contact"], "emails/jane@acme.example/label", form="absent", version=version)
    found = only(session)
    assert (found.label, found.lost, found.current) == ("e-mail jane@acme.example", "removed", "there")
    session.commit(resolve(session, [found.id], "lost"))
    assert "emails" not in record(session, "contact", acme["contact"])
    assert count(session) == 0


def test_a_lost_move_comes_back_with_its_closing_and_its_history(
    session: Session, acme: dict[str, str], lose: Lose
) -> None:
    deal = record(session, "deal", acme["deal"])
    lose("deal", acme["deal"], "stage", "won")
    assert only(session).lost == "Won"
    session.commit(resolve(session, [only(session).id], "lost"))
    after = record(session, "deal", acme["deal"])
    assert after["stage"] == "won" != deal["stage"]
    assert after["closed_on"] == session.today.isoformat()
    assert any(event.text == "stage: Lead > Won" for event in history(session, "deal", acme["deal"]))


def test_the_day_that_the_winner_noted_stays(session: Session, acme: dict[str, str], lose: Lose) -> None:
    """Their closing date had no rival, so it was merged; only the stage lost."""
    session.ws.commit([Write("deal", acme["deal"], {"closed_on": "2026-10-01"})], by="bob", note="")
    lose("deal", acme["deal"], "stage", "won")
    session.commit(resolve(session, [only(session).id], "lost"))
    assert record(session, "deal", acme["deal"])["closed_on"] == "2026-10-01"


def test_a_return_to_an_open_stage_takes_the_closing_away(session: Session, acme: dict[str, str], lose: Lose) -> None:
    deal = record(session, "deal", acme["deal"])
    first = deal["stage"]
    session.commit(move(session, [deal], "won"))
    assert record(session, "deal", acme["deal"])["closed_on"]
    lose("deal", acme["deal"], "stage", first)
    session.commit(resolve(session, [only(session).id], "lost"))
    after = record(session, "deal", acme["deal"])
    assert after["stage"] == first
    assert "closed_on" not in after


def test_a_deletion_that_gave_way_can_be_carried_out(session: Session, acme: dict[str, str], lose: Lose) -> None:
    key = lose("deal", acme["deal"], "_del", "bob")
    found = only(session)
    assert found.is_deletion
    assert (found.label, found.lost, found.current, found.by) == ("deleted", "deleted by bob", "kept", "bob")
    with pytest.raises(Invalid, match="keep current, or keep lost"):
        resolve(session, [key], "something")
    session.commit(resolve(session, [key], "theirs"))
    assert session.ws.get("deal", acme["deal"]) is None
    assert acme["deal"] in session.ws.dead("deal")
    assert count(session) == 0


def test_a_deletion_of_ones_own_is_mine(session: Session, acme: dict[str, str], lose: Lose) -> None:
    session.commit(remove(session, "deal", [record(session, "deal", acme["deal"])]))
    session.commit(undo(session))
    lose("deal", acme["deal"], "_del", "ann")
    assert only(session).is_mine is True


def test_mine_and_theirs_go_by_who_wrote_on_this_machine(session: Session, acme: dict[str, str], lose: Lose) -> None:
    deal = record(session, "deal", acme["deal"])
    session.commit(edit(session, "deal", [deal], {"next_step": ["mine"]}))
    version = versions(record(session, "deal", acme["deal"]))["next_step"]
    # A sync gave their value the higher version.
    session.ws.commit([Write("deal", acme["deal"], {"next_step": "theirs"})], by="bob", note="")
    key = lose("deal", acme["deal"], "next_step", "mine", version=version)
    found = only(session)
    assert (found.is_mine, found.by) == (True, "ann")
    assert (found.is_current_mine, found.current_by) == (False, "bob")
    session.commit(resolve(session, [key], "mine"))
    assert record(session, "deal", acme["deal"])["next_step"] == "mine"


def test_mine_is_refused_where_nobody_knows(session: Session, acme: dict[str, str], lose: Lose) -> None:
    session.ws.commit([Write("deal", acme["deal"], {"next_step": "x"})], by="bob", note="")
    key = lose("deal", acme["deal"], "next_step", "y")
    with pytest.raises(Invalid, match="neither value"):
        resolve(session, [key], "mine")
    assert only(session).is_mine is False


def test_who_changed_a_deal_is_told_from_its_log(session: Session, acme: dict[str, str], lose: Lose) -> None:
    bob = next(key for key, one in session.ws.all("user").items() if one["handle"] == "bob")
    entry = {"type": "change", "deal": acme["deal"], "field": "value", "before": "12000.00 EUR"}
    told = {**entry, "after": "15000.00 EUR", "owner": bob}
    session.ws.commit([Write("activity", session.ws.new_id(LATER), told)], by="sync", note="")
    lose("deal", acme["deal"], "value", "15000.00", at=LATER + 40)
    assert only(session).by == "bob"


def test_a_conflict_answers_to_its_id_and_to_its_record(session: Session, acme: dict[str, str], lose: Lose) -> None:
    key = lose("deal", acme["deal"], "next_step", "one")
    assert find(session, key[-6:].lower()).id == key
    assert find(session, "Acme renewal").id == key
    other = lose("deal", acme["deal"], "source", "fair", at=LATER + 9)
    with pytest.raises(Ambiguous) as refused:
        find(session, "Acme renewal")
    assert {one for one, _ in refused.value.candidates} == {key, other}
    with pytest.raises(NotFound, match="no conflict"):
        find(session, "Zork")


def test_what_breaks_a_rule_today_does_not_come_back(session: Session, acme: dict[str, str], lose: Lose) -> None:
    """A parent that lost would make two companies own each other by now."""
    session.commit(add(session, "company", {"name": ["Holding"], "parent": ["Acme"]}))
    holding = next(key for key, one in session.ws.all("company").items() if one["name"] == "Holding")
    lose("company", acme["company"], "parent", holding)
    with pytest.raises(Invalid, match="would own itself"):
        resolve(session, [only(session).id], "lost")


def test_a_record_in_the_trash_is_restored_first(session: Session, acme: dict[str, str], lose: Lose) -> None:
    key = lose("deal", acme["deal"], "next_step", "one")
    session.commit(remove(session, "deal", [record(session, "deal", acme["deal"])]))
    assert find(session, "Acme renewal").id == key
    with pytest.raises(Invalid, match="in the trash"):
        resolve(session, [key], "lost")
    session.commit(resolve(session, [key], "current"))
    assert count(session) == 0


def test_what_is_settled_stays_settled(session: Session, acme: dict[str, str], lose: Lose) -> None:
    key = lose("deal", acme["deal"], "next_step", "one")
    session.commit(resolve(session, [key], "current"))
    with pytest.raises(Invalid, match="settled already"):
        resolve(session, [key], "lost")
    with pytest.raises(Invalid, match="next step of Acme renewal is settled already"):
        find(session, key)
    assert find(session, key, settled=True).resolved
    with pytest.raises(NotFound):
        resolve(session, [session.ws.new_id()], "lost")


def test_a_record_that_is_gone_can_be_let_go(session: Session, lose: Lose) -> None:
    key = lose("deal", session.ws.new_id(), "next_step", "one")
    assert only(session).lost == "one"
    with pytest.raises(NotFound):
        resolve(session, [key], "lost")
    session.commit(resolve(session, [key], "current"))
    assert count(session) == 0


def test_kinds_and_fields_of_a_later_version_are_settled_too(
    session: Session, put: Callable[..., str], lose: Lose
) -> None:
    ticket = put("ticket", name="Printer", rank=3)
    key = lose("ticket", ticket, "rank", "5", form="json")
    found = only(session)
    assert (found.title, found.label, found.lost, found.current) == ("Printer", "rank", "5", "3")
    session.commit(resolve(session, [key], "lost"))
    assert record(session, "ticket", ticket)["rank"] == 5


@pytest.mark.parametrize(
    ("typed", "stored"), [("7", 7), (" -7 ", -7), ("many", "many"), ("7.5", "7.5"), ("true", "true")]
)
def test_a_number_typed_where_one_was_stays_a_number(
    session: Session, put: Callable[..., str], lose: Lose, typed: str, stored: object
) -> None:
    ticket = put("ticket", name="Printer", rank=3)
    session.commit(resolve(session, [lose("ticket", ticket, "rank", "5", form="json")], typed))
    held = record(session, "ticket", ticket)["rank"]
    assert (held, type(held)) == (stored, type(stored))


def test_odd_lines_in_the_ledger_are_passed_over(
    session: Session, acme: dict[str, str], put: Callable[..., str]
) -> None:
    put("conflict", of=3, field="x")
    put("conflict", of="deal", record=acme["deal"], field="stage", version="rubbish", value=["a"], form="json")
    put("conflict", of="deal", record=acme["deal"], field="value", version="", value="no number")
    put("conflict", of="deal", record=acme["deal"], field="contacts", version="", value="{", form="json")
    put("conflict", of="deal", record=acme["deal"], field="expected_close", value="7", form="json")
    assert len(conflicts(session)) == 4
    assert all(one.title == "Acme renewal" for one in conflicts(session))


@pytest.mark.parametrize(
    ("of", "field", "value"),
    [
        ("../../etc", "passwd", "1"),
        ("", "x", "1"),
        ("deal", "id", '"01J9ZC0V8Q4N7R2T5W8Y1B3D6F"'),
        ("deal", "_v/stage", '"x"'),
        ("deal", "_del/purged", "true"),
        ("deal", "probability", "1.5"),
        ("deal", "probability", "NaN"),
        ("deal", "probability", "1" * 400),
        ("deal", "items", '{"a": {"b": 1}}'),
        ("deal", "items", "[" * 100_000),
        ("deal", "tags//x", "[]"),
        ("deal", "/", "null"),
    ],
)
def test_what_a_stranger_put_into_the_ledger_does_no_harm(
    session: Session, acme: dict[str, str], put: Callable[..., str], of: str, field: str, value: str
) -> None:
    before = record(session, "deal", acme["deal"])
    version = encode(LATER, 5)
    key = put("conflict", of=of, record=acme["deal"], field=field, version=version, value=value, form="json")
    for one in conflicts(session):
        assert one.id == key
        try:
            session.commit(resolve(session, [key], "lost"))
        except TuicrmError:
            session.commit(resolve(session, [key], "current"))
    after = record(session, "deal", acme["deal"])
    assert (after["id"], after["name"], after["stage"]) == (before["id"], before["name"], before["stage"])
    session.ws.checkpoint()
    assert session.ws.problems() == []


def test_nobody_adds_to_the_ledger_or_rewrites_it(session: Session, acme: dict[str, str], lose: Lose) -> None:
    typed = {"of": ["deal"], "record": [acme["deal"]], "field": ["stage"], "version": ["x"]}
    with pytest.raises(Invalid, match="noted by the program itself"):
        add(session, "conflict", typed)
    key = lose("deal", acme["deal"], "next_step", "one")
    with pytest.raises(Invalid, match="noted by the program itself"):
        edit(session, "conflict", [record(session, "conflict", key)], {"value": ["two"]})


def test_several_are_settled_as_one_step(
    session: Session, acme: dict[str, str], lose: Lose, do: Callable[[Plan], str]
) -> None:
    other = do(add(session, "company", {"name": ["Zenith"]}))
    keys = [lose("deal", acme["deal"], "next_step", "one"), lose("company", other, "city", "Rome", at=LATER + 3)]
    plan = resolve(session, keys, "lost")
    assert plan.note == "settled 2 conflicts"
    assert set(plan.ids) == set(keys)
    session.commit(plan)
    assert record(session, "company", other)["city"] == "Rome"
    session.commit(undo(session))
    assert count(session) == 2
