"""Two records that are one thing: which values stay, where references lead, and how it is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tuicrm.crm.derive import deals
from tuicrm.crm.edit import edit, remove, restore
from tuicrm.crm.history import history
from tuicrm.crm.listing import select
from tuicrm.crm.lookup import find
from tuicrm.crm.merging import find_pair, merge
from tuicrm.crm.rows import flat
from tuicrm.crm.undo import undo
from tuicrm.errors import Invalid
from tuicrm.store.changes import Write

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.session import Session


def joined(session: Session, kind: str, keep: str, gone: str, **take: str) -> dict[str, Any]:
    """Merge two records, and return the one that is left."""
    records = session.ws.all(kind)
    session.commit(merge(session, kind, records[keep], records[gone], take))
    return session.ws.all(kind)[keep]


def test_the_one_that_stays_keeps_its_values_and_gets_those_that_only_the_other_has(
    session: Session, put: Callable[..., str]
) -> None:
    keep = put("contact", name="Jane Roe", title="CTO", emails={"j@a.example": {"rank": 1}}, tags=["hot"], notes="one")
    gone = put(
        "contact",
        name="Roe, Jane",
        title="Head of IT",
        source="fair",
        emails={"J@a.example": {"rank": 1}, "jane@b.example": {"rank": 2, "label": "home"}},
        phones={"+49305550142": {"rank": 1}},
        tags=["vip"],
        notes="two",
    )
    found = joined(session, "contact", keep, gone)
    assert (found["name"], found["title"]) == ("Jane Roe", "CTO")
    assert found["source"] == "fair"
    assert list(found["emails"]) == ["j@a.example", "jane@b.example"]
    assert found["emails"]["jane@b.example"]["label"] == "home"
    assert list(found["phones"]) == ["+49305550142"]
    assert sorted(found["tags"]) == ["hot", "vip"]
    assert found["notes"] == "one\n\ntwo"


def test_a_field_can_be_taken_from_either(session: Session, put: Callable[..., str]) -> None:
    keep, gone = put("contact", name="Jane Roe", title="CTO", tags=["a"]), put("contact", name="J. Roe", tags=["b"])
    found = joined(session, "contact", keep, gone, name="B", title="b", tags="A")
    assert found["name"] == "J. Roe"
    assert "title" not in found
    assert found["tags"] == ["a"]


def test_what_only_makes_sense_together_is_taken_together(session: Session, put: Callable[..., str]) -> None:
    keep = put("company", name="Acme", city="Bonn", phone="1")
    gone = put("company", name="Acme", address="Main St 1", city="Berlin", country="Germany")
    found = joined(session, "company", keep, gone)
    assert (found["address"], found["city"], found["country"]) == ("Main St 1", "Berlin", "Germany")


def test_a_deal_gets_no_stage_without_its_closing_and_the_move_is_in_its_log(
    session: Session, acme: dict[str, str], do: Callable[..., str]
) -> None:
    from tuicrm.crm.deals import win
    from tuicrm.crm.edit import add

    other = do(add(session, "deal", {"name": ["Acme again"], "value": ["9000 USD"]}))
    do(win(session, [session.ws.all("deal")[other]]))
    found = joined(session, "deal", acme["deal"], other, stage="B")
    assert deals(session).status(found) == "won"
    assert found["closed_on"] == "2026-10-08"
    assert (found["value"], found["currency"]) == ("12000.00", "EUR")
    assert any(event.field == "stage" or "stage" in event.text for event in history(session, "deal", acme["deal"]))


@pytest.mark.parametrize(
    ("take", "problem"),
    [
        ({"nmae": "B"}, "did you mean name"),
        ({"name": "C"}, "neither A"),
        ({"created_at": "B"}, "no field"),
        ({"name": "both"}, "one value has to be chosen"),
        ({"merged_into": "B"}, "no field"),
        ({"city": "A", "country": "B"}, "address, city, country are taken together"),
    ],
)
def test_nonsense_is_refused_and_nothing_is_written(
    session: Session, put: Callable[..., str], take: dict[str, str], problem: str
) -> None:
    keep, gone = put("company", name="A"), put("company", name="B")
    with pytest.raises(Invalid, match=problem):
        joined(session, "company", keep, gone, **take)
    assert set(session.ws.all("company")) == {keep, gone}


def test_a_record_is_not_merged_with_itself_nor_twice(session: Session, put: Callable[..., str]) -> None:
    keep, gone = put("company", name="Acme"), put("company", name="Zeta")
    with pytest.raises(Invalid, match="both name the same company"):
        find_pair(session, "company", "Acme", keep)
    joined(session, "company", keep, gone)
    with pytest.raises(Invalid, match="both name the same company"):
        find_pair(session, "company", "Acme", "Zeta")
    with pytest.raises(Invalid, match="merged into Acme already"):
        find_pair(session, "company", "Acme", gone)


def test_products_are_not_merged(session: Session, put: Callable[..., str]) -> None:
    keep, gone = put("product", name="A"), put("product", name="B")
    with pytest.raises(Invalid, match="cannot be merged"):
        joined(session, "product", keep, gone)


def test_one_undo_takes_all_of_it_back(session: Session, acme: dict[str, str], put: Callable[..., str]) -> None:
    keep = put("company", name="ACME Ltd.", phone="1")
    before = {kind: dict(session.ws.all(kind)) for kind in ("company", "contact", "deal")}
    joined(session, "company", keep, acme["company"], name="B")
    assert session.ws.all("deal")[acme["deal"]]["company"] == keep
    session.commit(undo(session))
    after = {kind: dict(session.ws.all(kind)) for kind in ("company", "contact", "deal")}
    plain = [
        {key: {**one, "_v": None} for key, one in records.items()}
        for both in (before, after)
        for records in both.values()
    ]
    assert plain[:3] == plain[3:]


def test_everything_that_named_the_one_is_found_by_the_other(
    session: Session, acme: dict[str, str], put: Callable[..., str]
) -> None:
    put("activity", type="call", company=acme["company"], subject="hello")
    put("company", name="Acme Sub", parent=acme["company"])
    keep = put("company", name="ACME Ltd.")
    joined(session, "company", keep, acme["company"])
    assert [one["id"] for one in select(session, "deal", where='company:"ACME Ltd."')] == [acme["deal"]]
    assert [one["id"] for one in select(session, "contact", where='company:"ACME Ltd."')] == [acme["contact"]]
    assert flat(session, "deal", session.ws.all("deal")[acme["deal"]])["company_name"] == "ACME Ltd."
    texts = [event.text for event in history(session, "company", keep)]
    assert "call: hello" in texts
    assert "Acme GmbH was merged into this company" in texts
    assert find(session, "company", "Acme Sub")["parent"] == keep


@pytest.mark.parametrize("how", ["id", "short", "name", "domain", "phone", "external"])
def test_the_merged_one_is_still_called_by_its_own_names(session: Session, put: Callable[..., str], how: str) -> None:
    keep = put("company", name="ACME Ltd.")
    gone = put("company", name="Zeta GmbH", domain="zeta.example", phone="+49 30 5550142", external_id="X-9")
    joined(session, "company", keep, gone, domain="A", phone="A", external_id="A")
    named = {
        **{"id": gone, "short": gone[-6:].lower(), "name": "zeta gmbh", "domain": "zeta.example"},
        **{"phone": "030 555 0142", "external": "X-9"},
    }
    assert find(session, "company", named[how])["id"] == keep


def test_lists_and_json_say_nothing_of_how_it_is_stored(session: Session, put: Callable[..., str]) -> None:
    keep, gone = put("company", name="A"), put("company", name="B")
    joined(session, "company", keep, gone)
    # A circle, as two people make it who merge the other way round: the smaller id stays, and leads as well.
    session.ws.commit([Write("company", keep, {"merged_into": gone})], by="bob", note="")
    (found,) = select(session, "company")
    assert "merged_into" not in flat(session, "company", found)
    assert all("merged" not in one.name for one in session.kind("company").all_fields)


def test_what_is_removed_goes_with_all_that_was_merged_into_it(session: Session, put: Callable[..., str]) -> None:
    keep, gone = put("company", name="Acme"), put("company", name="Zeta")
    deal = put("deal", name="Big", company=gone)
    joined(session, "company", keep, gone)
    session.commit(remove(session, "company", [session.ws.all("company")[keep]]))
    assert not session.ws.all("company")
    session.commit(restore(session, "company", [session.ws.dead("company")[keep]]))
    assert list(session.ws.all("company")) == [keep]
    assert session.ws.all("deal")[deal]["company"] == keep
    assert gone not in session.ws.dead("company")


def test_an_edit_that_came_later_is_told_and_can_be_taken_in(session: Session, put: Callable[..., str]) -> None:
    keep, gone = put("company", name="Acme", phone="1"), put("company", name="Zeta", tags=["a"])
    joined(session, "company", keep, gone)
    session.ws.commit([Write("company", gone, {"phone": "2", "tags": ["a", "b"]})], by="bob", note="")
    told = next(event.text for event in history(session, "company", keep) if "merged" in event.text)
    assert "edited there since: phone, tags" in told
    session.commit(merge(session, "company", *find_pair(session, "company", "Acme", gone)))
    found = session.ws.all("company")[keep]
    assert (found["phone"], sorted(found["tags"])) == ("2", ["a", "b"])
    assert "edited" not in next(event.text for event in history(session, "company", keep) if "merged" in event.text)


def test_a_company_merged_with_its_parent_does_not_own_itself(session: Session, put: Callable[..., str]) -> None:
    parent = put("company", name="Acme Holding")
    child = put("company", name="Acme", parent=parent, city="Bonn")
    found = joined(session, "company", parent, child)
    assert "parent" not in found
    assert found["city"] == "Bonn"
    session.commit(undo(session))
    found = joined(session, "company", child, parent)
    assert "parent" not in found


def test_editing_a_deal_that_names_the_merged_one_changes_only_what_was_edited(
    session: Session, acme: dict[str, str], put: Callable[..., str]
) -> None:
    keep = put("company", name="ACME Ltd.")
    joined(session, "company", keep, acme["company"])
    deal = session.ws.all("deal")[acme["deal"]]
    session.commit(edit(session, "deal", [deal], {"next_step": ["call"]}))
    stored = session.ws.stored.get("deal", acme["deal"])
    assert stored is not None
    assert stored["company"] == acme["company"]
    session.commit(edit(session, "deal", [session.ws.all("deal")[acme["deal"]]], {"company": ["ACME Ltd."]}))
    assert session.ws.all("deal")[acme["deal"]]["company"] == keep


def test_erasing_somebody_erases_what_was_merged_into_them(session: Session, put: Callable[..., str]) -> None:
    from tuicrm.crm.erasing import erasure

    keep = put("contact", name="Jane Roe", emails={"jane@a.example": {"rank": 1}})
    gone = put("contact", name="Janet Roeder", emails={"janet@b.example": {"rank": 1}})
    call = put("activity", type="call", subject="hello", contacts=[gone])
    joined(session, "contact", keep, gone)
    session.commit(erasure(session, "contact", session.ws.all("contact")[keep]).plan)
    held = [
        session.ws.stored.any(kind, key) for kind, key in (("contact", keep), ("contact", gone), ("activity", call))
    ]
    assert not any(name in str(held) for name in ("Jane", "jane", "hello"))


@pytest.mark.parametrize(
    "how", ["company:Zeta", 'company="Zeta Ltd"', "company:{gone}", "company:{end}", "company:Acme"]
)
def test_filters_that_name_the_merged_one_find_what_belongs_to_the_other(
    session: Session, put: Callable[..., str], how: str
) -> None:
    keep, gone = put("company", name="Acme"), put("company", name="Zeta Ltd")
    people = {put("contact", name="Jane", company=gone), put("contact", name="Tom", company=keep)}
    put("contact", name="Una", company=put("company", name="Other"))
    joined(session, "company", keep, gone)
    found = select(session, "contact", where=how.format(gone=gone, end=gone[-6:]))
    assert {record["id"] for record in found} == people


def test_a_merge_that_undo_cannot_take_back_any_more_is_taken_apart_by_dismissing_the_pair(
    session: Session, put: Callable[..., str]
) -> None:
    from tuicrm.crm.duplicates import dismiss
    from tuicrm.crm.merging import find_two

    keep, gone = put("company", name="Acme"), put("company", name="Zeta", city="Bonn")
    deal = put("deal", name="Big", company=gone)
    before = dict(session.ws.all("company")[gone])
    joined(session, "company", keep, gone)
    session.ws.commit([Write("company", keep, {"city": "Rome"})], by="bob", note="")
    session.commit(dismiss(session, "company", *find_two(session, "company", "Acme", gone)))
    found = session.ws.all("company")
    assert set(found) == {keep, gone}
    assert {name: value for name, value in found[gone].items() if name not in ("_v", "distinct_from")} == {
        name: value for name, value in before.items() if name != "_v"
    }
    assert (session.ws.all("deal")[deal]["company"], found[keep]["city"]) == (gone, "Rome")
    session.commit(undo(session))
    assert set(session.ws.all("company")) == {keep}
