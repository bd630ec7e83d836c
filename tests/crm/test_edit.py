"""Adding and editing records of any kind from typed text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tuicrm.crm.edit import add, edit, remove, restore
from tuicrm.errors import Ambiguous, Invalid, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session

Acme = dict[str, str]


def held(session: Session, kind: str, key: str) -> dict[str, Any]:
    record = session.ws.get(kind, key)
    assert record is not None
    return record


def test_a_contact_gets_an_owner_and_its_addresses_in_order(session: Session, do: Callable[[Plan], str]) -> None:
    key = do(
        add(session, "contact", {"name": ["Jane"], "emails": ["a@X.example", "b@x.example"], "phone": ["030 12345"]})
    )
    record = held(session, "contact", key)
    assert record["owner"] == session.me
    assert record["emails"] == {"a@x.example": {"rank": 1}, "b@x.example": {"rank": 2}}
    assert record["phones"] == {"03012345": {"rank": 1}}


def test_an_empty_owner_means_nobody(session: Session, do: Callable[[Plan], str]) -> None:
    assert "owner" not in held(session, "company", do(add(session, "company", {"name": ["X"], "owner": [""]})))


def test_me_is_the_acting_user_and_others_go_by_name(session: Session, do: Callable[[Plan], str]) -> None:
    mine = held(session, "company", do(add(session, "company", {"name": ["X"], "owner": ["me"]})))
    bobs = held(session, "company", do(add(session, "company", {"name": ["Y"], "owner": ["bob ray"]})))
    assert mine["owner"] == session.me
    assert held(session, "user", bobs["owner"])["handle"] == "bob"


def test_a_deal_starts_in_the_first_open_stage_with_a_currency(session: Session, acme: Acme) -> None:
    deal = held(session, "deal", acme["deal"])
    assert (deal["stage"], deal["value"], deal["currency"]) == ("lead", "12000.00", "EUR")
    assert held(session, "pipeline", deal["pipeline"])["name"] == "Sales"


def test_a_deal_takes_the_company_of_its_contacts(session: Session, acme: Acme, do: Callable[[Plan], str]) -> None:
    deal = held(session, "deal", do(add(session, "deal", {"name": ["x"], "contacts": ["Jane Roe"]})))
    assert deal["company"] == acme["company"]


@pytest.mark.parametrize(
    ("typed", "value", "currency"),
    [
        ({"value": ["$12k"]}, "12000.00", "USD"),
        ({"value": ["12,000.50"]}, "12000.50", "EUR"),
        ({"value": ["EUR 7"]}, "7.00", "EUR"),
        ({"value": ["100"], "currency": ["jpy"]}, "100", "JPY"),
        ({"currency": ["GBP"]}, None, "GBP"),
    ],
)
def test_money_and_its_currency_come_together(
    session: Session, do: Callable[[Plan], str], typed: dict[str, list[str]], value: str | None, currency: str
) -> None:
    deal = held(session, "deal", do(add(session, "deal", {"name": ["x"], **typed})))
    assert (deal.get("value"), deal["currency"]) == (value, currency)


def test_a_bare_amount_keeps_the_currency_that_the_deal_has(
    session: Session, acme: Acme, do: Callable[[Plan], str]
) -> None:
    do(edit(session, "deal", [held(session, "deal", acme["deal"])], {"value": ["$10"]}))
    plan = edit(session, "deal", [held(session, "deal", acme["deal"])], {"value": ["20"]})
    do(plan)
    deal = held(session, "deal", acme["deal"])
    assert (deal["value"], deal["currency"]) == ("20.00", "USD")
    assert {change.fields.keys() >= {"value", "currency"} for change in plan.changes if change.kind == "deal"} == {True}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("kind", "typed", "field", "says"),
    [
        ("deal", {"name": ["x"], "value": ["12x"]}, "value", "12x"),
        ("deal", {"name": ["x"], "value": ["€5"], "currency": ["USD"]}, "value", "USD"),
        ("deal", {"name": ["x"], "valeu": ["5"]}, "valeu", "did you mean value"),
        ("deal", {"name": ["x"], "age": ["5"]}, "age_days", "cannot be set"),
        ("deal", {"name": ["x"], "items": ["5"]}, "items", "several values"),
        ("deal", {"name": ["x"], "probability": ["101%"]}, "probability", "0 to 100"),
        ("deal", {"name": ["a", "b"]}, "name", "one value"),
        ("company", {"name": ["x"], "annual_revenue": ["$5"]}, "annual_revenue", "EUR"),
        ("company", {"city": ["Berlin"]}, "name", "needs one"),
        ("company", {"name": ["  "]}, "name", "needs one"),
        ("contact", {"name": ["x"], "email": ["nobody"]}, "emails", "e-mail"),
        ("contact", {"name": ["x"], "do_not_contact": ["perhaps"]}, "do_not_contact", "yes nor no"),
        ("contact", {"name": ["x\0y"]}, "name", "NUL"),
        ("contact", {"name": ["x\ud800"]}, "name", "half of a character"),
        ("user", {"name": ["Other"], "handle": ["ANN"]}, "handle", "taken by Ann Lee"),
        ("user", {"name": ["Other"], "handle": ["a b"]}, "handle", "plain word"),
        ("pipeline", {"name": ["sales"]}, "name", "already"),
        ("deal", {"value": ["5"]}, "name", "name or a company"),
        ("activity", {"type": ["change"], "subject": ["x"]}, "type", "program"),
        ("activity", {"subject": ["x"]}, "type", "needs one"),
    ],
)
def test_what_is_wrong_is_said_with_the_field(
    session: Session, kind: str, typed: dict[str, list[str]], field: str, says: str
) -> None:
    with pytest.raises(Invalid, match=says) as caught:
        add(session, kind, typed)
    assert caught.value.field == field


def test_unknown_and_ambiguous_references_keep_their_own_kind_of_error(
    session: Session, do: Callable[[Plan], str]
) -> None:
    do(add(session, "company", {"name": ["Acme North"]}))
    do(add(session, "company", {"name": ["Acme South"]}))
    with pytest.raises(NotFound):
        add(session, "deal", {"company": ["Nobody Inc"]})
    with pytest.raises(Ambiguous) as caught:
        add(session, "deal", {"company": ["acme"]})
    assert len(caught.value.candidates) == 2


@pytest.mark.parametrize(
    "name", ["-rf", "[/", "[@click=app.quit]x[/]", "\x1b[31mred", "\u202eabc", "پارس‌نگار", "Çınar", "a\tb", "x" * 5000]
)
def test_odd_names_are_stored_as_they_are(session: Session, do: Callable[[Plan], str], name: str) -> None:
    assert held(session, "company", do(add(session, "company", {"name": [name]})))["name"] == name


def test_notes_of_a_megabyte_are_kept(session: Session, acme: Acme, do: Callable[[Plan], str]) -> None:
    text = "Zeile – 行\n" * 80_000
    do(edit(session, "company", [held(session, "company", acme["company"])], {"notes": [text]}))
    assert held(session, "company", acme["company"])["notes"] == text.strip("\n")


def test_sets_are_added_to_and_taken_from(session: Session, acme: Acme, do: Callable[[Plan], str]) -> None:
    deal = acme["deal"]
    do(edit(session, "deal", [held(session, "deal", deal)], {"tag": ["hot", "Big"]}))
    do(edit(session, "deal", [held(session, "deal", deal)], {"tags": ["new", "HOT"]}, {"tags": ["big"]}))
    assert sorted(held(session, "deal", deal)["tags"]) == ["hot", "new"]
    do(edit(session, "deal", [held(session, "deal", deal)], {"tags": [""]}))
    assert "tags" not in held(session, "deal", deal)


def test_addresses_are_added_behind_and_taken_away(session: Session, acme: Acme, do: Callable[[Plan], str]) -> None:
    jane = acme["contact"]
    do(edit(session, "contact", [held(session, "contact", jane)], {"email": ["j@home.example"]}))
    do(edit(session, "contact", [held(session, "contact", jane)], {}, {"email": ["JANE@acme.example"]}))
    assert held(session, "contact", jane)["emails"] == {"j@home.example": {"rank": 1}}


def test_an_empty_text_clears_a_field_but_not_a_required_one(
    session: Session, acme: Acme, do: Callable[[Plan], str]
) -> None:
    company = acme["company"]
    do(edit(session, "company", [held(session, "company", company)], {"city": ["Berlin"]}))
    do(edit(session, "company", [held(session, "company", company)], {"city": [""]}))
    assert "city" not in held(session, "company", company)
    with pytest.raises(Invalid, match="name"):
        edit(session, "company", [held(session, "company", company)], {"name": [""]})


def test_nothing_changed_means_no_change_and_a_note(session: Session, acme: Acme) -> None:
    plan = edit(session, "deal", [held(session, "deal", acme["deal"])], {"value": ["12000"], "owner": ["ann"]})
    assert plan.changes == ()
    assert "nothing to change" in plan.said[-1]


def test_a_bulk_edit_is_one_step_and_says_how_many(session: Session, acme: Acme, do: Callable[[Plan], str]) -> None:
    for number in range(4):
        do(add(session, "deal", {"name": [f"D{number}"]}))
    plan = edit(session, "deal", list(session.ws.all("deal").values()), {"owner": ["bob"], "close": ["2026-12-01"]})
    assert plan.note == "edited 5 deals: owner, expected_close"
    before = len(session.ws.undo_log())
    session.commit(plan)
    assert len(session.ws.undo_log()) == before + 1
    assert {one["expected_close"] for one in session.ws.all("deal").values()} == {"2026-12-01"}


def test_a_bulk_edit_with_one_bad_record_changes_none(session: Session, do: Callable[[Plan], str]) -> None:
    do(add(session, "company", {"name": ["One"]}))
    two = do(add(session, "company", {"name": ["Two"]}))
    with pytest.raises(Invalid, match="own itself"):
        edit(session, "company", list(session.ws.all("company").values()), {"parent": [two]})


def test_owning_each_other_is_refused(session: Session, do: Callable[[Plan], str]) -> None:
    one = do(add(session, "company", {"name": ["One"]}))
    do(add(session, "company", {"name": ["Two"], "parent": ["One"]}))
    with pytest.raises(Invalid, match="own itself"):
        edit(session, "company", [held(session, "company", one)], {"parent": ["Two"]})


def test_dates_in_words_are_echoed(session: Session, acme: Acme) -> None:
    plan = edit(session, "deal", [held(session, "deal", acme["deal"])], {"close": ["end of next month"]})
    assert any("30 Nov 2026" in one for one in plan.said)


def test_a_single_product_is_a_view_of_the_one_line_item(
    session: Session, acme: Acme, do: Callable[[Plan], str]
) -> None:
    team = do(add(session, "product", {"name": ["Team plan"], "price": ["49"]}))
    shop = do(add(session, "product", {"name": ["Shop plan"], "price": ["$5"]}))
    deal = acme["deal"]
    do(edit(session, "deal", [held(session, "deal", deal)], {"product": ["Team plan"]}))
    assert held(session, "deal", deal)["items"] == {deal: {"product": team, "quantity": "1", "price": "49.00"}}
    assert "product" not in held(session, "deal", deal)
    do(edit(session, "deal", [held(session, "deal", deal)], {"product": ["Shop"]}))
    assert held(session, "deal", deal)["items"] == {deal: {"product": shop, "quantity": "1"}}
    two = {**held(session, "deal", deal), "items": {"a": {"product": team}, "b": {"product": shop}}}
    with pytest.raises(Invalid, match="several line items"):
        edit(session, "deal", [two], {"product": ["Team plan"]})
    do(edit(session, "deal", [held(session, "deal", deal)], {"product": [""]}))
    assert "items" not in held(session, "deal", deal)


def test_handles_are_made_of_names_and_are_unique(session: Session, do: Callable[[Plan], str]) -> None:
    made = [held(session, "user", do(add(session, "user", {"name": ["Eva Koch"]})))["handle"] for _ in range(3)]
    assert made == ["eva_koch", "eva_koch-2", "eva_koch-3"]


def test_removing_says_what_still_names_it_and_restoring_brings_it_back(
    session: Session, acme: Acme, do: Callable[[Plan], str]
) -> None:
    before = dict(session.ws.all("company"))
    plan = remove(session, "company", [held(session, "company", acme["company"])])
    do(plan)
    assert "1 contact, 1 deal" in plan.said[0]
    assert not session.ws.all("company")
    do(restore(session, "company", list(session.ws.dead("company").values())))
    assert session.ws.all("company").keys() == before.keys()


def test_an_automatic_entry_cannot_be_edited(session: Session, acme: Acme, do: Callable[[Plan], str]) -> None:
    do(edit(session, "deal", [held(session, "deal", acme["deal"])], {"value": ["1"]}))
    (entry,) = session.ws.all("activity").values()
    with pytest.raises(Invalid, match="automatic"):
        edit(session, "activity", [entry], {"after": ["2"]})


def test_a_followup_takes_company_and_contact_from_its_deal(
    session: Session, acme: Acme, do: Callable[[Plan], str]
) -> None:
    made = held(session, "followup", do(add(session, "followup", {"subject": ["call"], "deal": ["Acme renewal"]})))
    assert (made["company"], made["contacts"]) == (acme["company"], [acme["contact"]])


def test_a_record_named_twice_is_changed_once(session: Session, acme: Acme, do: Callable[[Plan], str]) -> None:
    deal = held(session, "deal", acme["deal"])
    do(edit(session, "deal", [deal, deal], {"value": ["5"]}))
    assert len(session.ws.all("activity")) == 1
    assert remove(session, "deal", [deal, deal]).note == "removed Acme renewal"
