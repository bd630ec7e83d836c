"""A lead converted: who it is, what it becomes, what goes along, and that one undo takes all of it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tuicrm.crm import activities
from tuicrm.crm.becoming import Alike
from tuicrm.crm.converting import Wishes, convert, convert_all
from tuicrm.crm.edit import add, edit
from tuicrm.crm.leads import reopen
from tuicrm.crm.undo import undo
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session

    Do = Callable[[Plan], str]


def lead(session: Session, name: str, **typed: str) -> dict[str, Any]:
    plan = add(session, "lead", {"name": [name], **{key: [text] for key, text in typed.items()}})
    session.commit(plan)
    return session.ws.all("lead")[plan.ids[0]]


def now(session: Session, one: dict[str, Any]) -> dict[str, Any]:
    return session.ws.all("lead")[one["id"]]


def everything(session: Session) -> dict[str, dict[str, Any]]:
    kinds = ("lead", "contact", "company", "deal", "activity", "followup")
    hidden = ("_v", "_alive")
    return {
        f"{kind} {key}": {name: value for name, value in record.items() if name not in hidden}
        for kind in kinds
        for key, record in session.ws.all(kind).items()
    }


def test_a_new_customer_gets_all_that_was_known(session: Session, do: Do) -> None:
    do(add(session, "field", {"name": ["region"], "of": ["lead"]}))
    do(add(session, "field", {"name": ["region"], "of": ["deal"]}))
    jane = lead(
        session,
        "Jane Roe",
        company_name="Acme",
        email="jane@acme.example",
        source="fair",
        tag="hot",
        country="de",
        notes="met in Bonn",
        owner="bob",
        region="emea",
        employees="50",
    )
    do(activities.log(session, "call", "hello", contacts=["Jane Roe"], next_step="call in 3 days"))
    do(convert(session, jane, Wishes(typed=(("value", "12k"),))))
    found = now(session, jane)
    contact, company, deal = (session.ws.all(kind)[found[kind]] for kind in ("contact", "company", "deal"))
    assert (contact["name"], contact["company"], contact["source"]) == ("Jane Roe", company["id"], "fair")
    assert list(contact["emails"]) == ["jane@acme.example"]
    assert (company["name"], company["domain"], company["employees"]) == ("Acme", "acme.example", 50)
    assert (deal["name"], deal["value"], deal["source"], deal["notes"]) == ("Acme", "12000.00", "fair", "met in Bonn")
    assert deal["tags"] == contact["tags"] == ["hot"]
    assert deal["region"] == "emea"
    assert deal["opened_on"] == "2026-10-08"
    assert {one["owner"] for one in (contact, company, deal)} == {jane["owner"]}
    assert found["status"] == "qualified"
    assert found["converted_at"].startswith("2026-10-08T09:00")
    for kind in ("activity", "followup"):
        (entry,) = session.ws.all(kind).values()
        assert (entry["deal"], entry["contacts"], entry["lead"]) == (deal["id"], [contact["id"]], jane["id"])


def test_one_undo_takes_everything_back_and_it_can_be_done_again(session: Session, do: Do) -> None:
    jane = lead(session, "Jane Roe", company_name="Acme", tag="hot")
    do(activities.log(session, "call", "hello", contacts=["Jane Roe"], next_step="call in 3 days"))
    before = everything(session)
    do(convert(session, jane))
    assert everything(session) != before
    session.commit(undo(session))
    assert everything(session) == before
    do(convert(session, now(session, jane), Wishes(no_deal=True)))
    found = now(session, jane)
    assert session.ws.get("contact", found["contact"]) is not None
    assert "deal" not in found


def test_who_is_here_already_is_taken_and_filled_in(session: Session, do: Do, acme: dict[str, str]) -> None:
    jane = lead(session, "J. Roe", company_name="ACME", email="jane@acme.example", phone="+49 30 555 0142", tag="hot")
    plan = convert(session, jane)
    assert "company Acme GmbH (same name), which is here already" in plan.said
    assert "contact Jane Roe (same e-mail), who is here already" in plan.said
    do(plan)
    found = now(session, jane)
    assert (found["contact"], found["company"]) == (acme["contact"], acme["company"])
    contact = session.ws.all("contact")[acme["contact"]]
    assert list(contact["phones"]) == ["+49305550142"]
    assert (contact["name"], contact["tags"]) == ("Jane Roe", ["hot"])
    assert len(session.ws.all("contact")) == len(session.ws.all("company")) == 1


def test_what_the_lead_knew_fills_in_what_is_empty(session: Session, do: Do, acme: dict[str, str]) -> None:
    do(edit(session, "company", [session.ws.all("company")[acme["company"]]], {"city": ["Berlin"]}))
    typed = {"email": "jane@acme.example", "country": "de", "industry": "Steel", "employees": "40", "notes": "Via Tom"}
    jane = lead(session, "Jane Roe", **typed)
    do(convert(session, jane, Wishes(no_deal=True)))
    contact, company = (session.ws.all(kind)[acme[kind]] for kind in ("contact", "company"))
    assert (contact["country"], contact["notes"]) == ("Germany", "Via Tom")
    assert (company["industry"], company["employees"], company.get("country")) == ("Steel", 40, None)
    do(edit(session, "company", [company], {"industry": ["Iron"]}))
    do(convert(session, lead(session, "Tom", company_name="Acme GmbH", industry="Steel")))
    assert session.ws.all("company")[acme["company"]]["industry"] == "Iron"


def test_a_lead_put_back_on_the_list_keeps_what_it_became(session: Session, do: Do) -> None:
    jane = lead(session, "Jane Roe", company_name="Acme")
    do(convert(session, jane))
    first = now(session, jane)
    do(edit(session, "contact", [session.ws.all("contact")[first["contact"]]], {"name": ["J. Roe"]}))
    do(reopen(session, [first]))
    do(convert(session, now(session, jane)))
    again = now(session, jane)
    assert [again[name] for name in ("deal", "contact", "company")] == [
        first[name] for name in ("deal", "contact", "company")
    ]
    do(reopen(session, [again]))
    do(convert(session, now(session, jane), Wishes(deal="Another")))
    assert sorted(one["name"] for one in session.ws.all("deal").values()) == ["Acme", "Another"]


def test_a_namesake_is_asked_about(session: Session, do: Do) -> None:
    first = do(add(session, "contact", {"name": ["Kim Vos"]}))
    kim = lead(session, "Vos, Kim")
    with pytest.raises(Alike) as asked:
        convert(session, kim)
    assert (asked.value.kind, [key for key, _ in asked.value.candidates]) == ("contact", [first])
    do(convert(session, kim, Wishes(contact=first, no_deal=True)))
    assert now(session, kim)["contact"] == first
    other = lead(session, "Kim Vos")
    do(convert(session, other, Wishes(new_contact=True)))
    assert now(session, other)["contact"] != first


def test_several_companies_of_a_name_are_listed(session: Session, do: Do) -> None:
    both = {do(add(session, "company", {"name": [name]})) for name in ("Acme GmbH", "Acme AG")}
    jane = lead(session, "Jane Roe", company_name="Acme")
    with pytest.raises(Alike, match="2 companies that may be Acme") as asked:
        convert(session, jane)
    assert {key for key, _ in asked.value.candidates} == both
    do(convert(session, jane, Wishes(company="Acme AG", contact="Jane R.", deal="Pilot")))
    found = now(session, jane)
    assert session.ws.all("company")[found["company"]]["name"] == "Acme AG"
    assert session.ws.all("contact")[found["contact"]]["name"] == "Jane R."
    assert session.ws.all("deal")[found["deal"]]["name"] == "Pilot"


def test_a_company_alone_and_a_person_alone(session: Session, do: Do) -> None:
    firm = lead(session, "Orbis", company_name="Orbis")
    do(convert(session, firm, Wishes(no_contact=True)))
    assert "contact" not in now(session, firm)
    assert session.ws.all("deal")[now(session, firm)["deal"]]["company"] == now(session, firm)["company"]
    person = lead(session, "Tom Ek", company_name="Orbis")
    do(convert(session, person, Wishes(no_company=True)))
    assert "company" not in now(session, person)
    nobody = lead(session, "Somebody")
    with pytest.raises(Invalid, match="nothing that the lead could become"):
        convert(session, nobody, Wishes(no_contact=True))


def test_a_converted_lead_says_what_it_became(session: Session, do: Do) -> None:
    jane = lead(session, "Jane Roe", company_name="Acme")
    do(convert(session, jane))
    with pytest.raises(Invalid, match="converted already: the deal Acme, the contact Jane Roe, the company Acme"):
        convert(session, now(session, jane))


def test_colleagues_become_people_of_one_company(session: Session, do: Do) -> None:
    held = [lead(session, name, company_name=firm) for name, firm in (("Jane", "Acme"), ("Tom", "Acme GmbH"))]
    do(convert_all(session, held))
    (company,) = session.ws.all("company").values()
    assert {now(session, one)["company"] for one in held} == {company["id"]}
    session.commit(undo(session))
    assert not session.ws.all("company")


def test_what_is_logged_later_about_the_lead_is_about_the_deal(session: Session, do: Do) -> None:
    jane = lead(session, "Jane Roe", company_name="Acme")
    do(convert(session, jane, Wishes(contact="Jane R.")))
    key = do(activities.log(session, "note", "later", lead=jane["id"]))
    entry = session.ws.all("activity")[key]
    assert (entry["deal"], entry["contacts"]) == (now(session, jane)["deal"], [now(session, jane)["contact"]])


def test_a_gate_names_what_is_missing(session: Session, do: Do) -> None:
    from tuicrm.crm.pipelines import edit_stage

    (pipeline,) = session.ws.all("pipeline").values()
    do(edit_stage(session, pipeline, "Lead", requires=["value"]))
    jane = lead(session, "Jane Roe")
    with pytest.raises(Invalid, match="value"):
        convert(session, jane)
    do(convert(session, jane, Wishes(typed=(("value", "5k"),))))
    assert session.ws.all("deal")[now(session, jane)["deal"]]["value"] == "5000.00"
