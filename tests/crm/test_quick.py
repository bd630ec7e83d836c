"""Quick add understands what reps type, offers what else could be meant, and stores it as one step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tuicrm.crm.edit import add
from tuicrm.crm.quick import understand
from tuicrm.crm.undo import undo

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.quick import Understood
    from tuicrm.crm.session import Session


@pytest.fixture
def stocked(session: Session, acme: dict[str, str], do: Callable[[Plan], str]) -> Session:
    """Return a session with Acme, its Jane, its deal, and two more people of other companies."""
    do(add(session, "company", {"name": ["Halden"], "domain": ["halden.example"]}))
    do(add(session, "contact", {"name": ["Jane Roeder"], "company": ["Halden"]}))
    do(add(session, "contact", {"name": ["Tom Ek"], "phone": ["+49 30 555 0199"]}))
    return session


def values(one: Understood) -> dict[str, str]:
    """Return the rows that say something."""
    return {row.label: row.value for row in one.rows if row.value != "-"}


def test_a_follow_up(stocked: Session, acme: dict[str, str]) -> None:
    one = understand(stocked, "call jane tomorrow 10am re acme renewal")
    assert one.kind == "followup"
    assert values(one) == {
        "what": "call Jane Roe",
        "when": "Fri 9 Oct 2026 10:00 Europe/Berlin (in 23 hours)",
        "who": "Jane Roe, Acme GmbH",
        "deal": "Acme renewal, EUR 12,000, Lead",
        "owner": "ann",
    }
    who = next(row for row in one.rows if row.name == "contacts")
    assert who.others == ("Jane Roeder, Halden", "new 'jane'", "none: it stays in the text")
    plan = one.plan(stocked)
    stocked.commit(plan)
    record = stocked.ws.get("followup", plan.ids[0])
    assert record is not None
    assert record["contacts"] == [acme["contact"]]
    assert record["deal"] == acme["deal"]
    assert record["due"] == "2026-10-09T10:00[Europe/Berlin]"


def test_the_deal_decides_between_namesakes(stocked: Session, do: Callable[[Plan], str]) -> None:
    do(add(stocked, "deal", {"name": ["Big lift"], "company": ["Halden"]}))
    assert values(understand(stocked, "call jane"))["who"] == "Jane Roe, Acme GmbH"
    do(add(stocked, "contact", {"name": ["Jane Zed"], "company": ["Halden"]}))
    one = understand(stocked, "call jane friday about big lift")
    assert values(one)["who"] == "Jane Roeder, Halden"
    assert values(one)["deal"].startswith("Big lift")


def test_choosing_another_candidate(stocked: Session) -> None:
    one = understand(stocked, "call jane tomorrow").choose("contacts", 1)
    assert values(one)["what"] == "call Jane Roeder"
    new = one.choose("contacts", 2)
    assert new.creates == ("contact jane",)
    none = one.choose("contacts", 3)
    assert values(none)["what"] == "call jane"
    assert "who" not in values(none)
    # What was picked stays picked while one types on.
    more = understand(stocked, "call jane tomorrow 4pm", picks=one.picks)
    assert values(more)["who"] == "Jane Roeder, Halden"


def test_what_follows_from_a_choice_changes_with_it(stocked: Session) -> None:
    one = understand(stocked, "call jane tomorrow")
    assert values(one)["deal"].startswith("Acme renewal")
    assert "deal" not in values(one.choose("contacts", 1))


@pytest.mark.parametrize(
    ("line", "type_", "subject"),
    [
        ("called jane: wants SOC2 next 3d", "call", "wants SOC2"),
        ("met jane yesterday about pricing, next call tuesday", "meeting", "pricing,"),
        ("mailed jane: price list", "email", "price list"),
        ("note jane is on leave", "note", "jane is on leave"),
        ("log call jane: fine", "call", "fine"),
    ],
)
def test_what_has_happened(stocked: Session, line: str, type_: str, subject: str) -> None:
    one = understand(stocked, line)
    assert (one.kind, one.type) == ("activity", type_)
    assert one.subject.strip(",") == subject.strip(",")
    plan = one.plan(stocked)
    stocked.commit(plan)
    assert (stocked.ws.get("activity", plan.ids[0]) or {})["type"] == type_


def test_an_entry_brings_its_next_step_and_closes_what_it_answers(stocked: Session, do: Callable[[Plan], str]) -> None:
    due = do(add(stocked, "followup", {"subject": ["call Jane"], "contact": ["Jane Roe"], "due": ["2026-10-07"]}))
    one = understand(stocked, "called jane: no answer, next call friday 10am")
    assert values(one)["next"] == "call, Fri 9 Oct 2026 10:00 Europe/Berlin (in 23 hours)"
    assert values(one)["outcome"] == "no answer"
    assert values(one)["closes"] == "call Jane"
    stocked.commit(one.plan(stocked))
    assert (stocked.ws.get("followup", due) or {}).get("done_at")
    left = [it for it in stocked.ws.all("followup").values() if not it.get("done_at")]
    assert [it["subject"] for it in left] == ["call"]
    stocked.commit(undo(stocked))
    assert not (stocked.ws.get("followup", due) or {}).get("done_at")


def test_marks_may_stand_behind_the_next_step(stocked: Session) -> None:
    one = understand(stocked, "called jane: fine next call friday 10am #hot *bob @halden")
    assert values(one)["next"].startswith("call, Fri 9 Oct 2026 10:00")
    assert (values(one)["tags"], values(one)["owner"], values(one)["company"]) == ("hot", "bob", "Halden")
    assert one.subject == "fine"


def test_only_a_follow_up_of_the_same_person_is_closed(stocked: Session, do: Callable[[Plan], str]) -> None:
    do(add(stocked, "followup", {"subject": ["call Jane"], "contact": ["Jane Roe"], "due": ["2026-10-07"]}))
    one = understand(stocked, "called jane: fine")
    assert values(one)["closes"] == "call Jane"
    assert "closes" not in values(one.choose("contacts", 1))


def test_a_deal_with_everything(stocked: Session, acme: dict[str, str]) -> None:
    one = understand(stocked, "deal Acme upsell €12.5k close end of next month @acme #hot *bob")
    assert values(one) == {
        "name": "Acme upsell",
        "company": "Acme GmbH",
        "value": "EUR 12,500",
        "close": "Mon 30 Nov 2026 (in 53 days)",
        "tags": "hot",
        "owner": "bob",
    }
    assert one.plan(stocked).note == "added deal Acme upsell"


def test_an_amount_makes_it_a_deal_and_the_name_says_the_company(stocked: Session, acme: dict[str, str]) -> None:
    one = understand(stocked, "Acme renewal 12k")
    assert (one.kind, values(one)["company"], values(one)["value"]) == ("deal", "Acme GmbH", "EUR 12,000")
    assert understand(stocked, "rollout ۱۲k").slot("value").chosen.label == "EUR 12,000"  # type: ignore[union-attr]


def test_what_is_named_and_missing_is_created_in_the_same_step(stocked: Session) -> None:
    one = understand(stocked, "deal Zeta rollout 5k @zeta with Max Lund")
    assert one.creates == ("company Zeta", "contact Max Lund")
    before = {kind: len(stocked.ws.all(kind)) for kind in ("company", "contact", "deal")}
    plan = one.plan(stocked)
    assert "creates company Zeta" in plan.said
    stocked.commit(plan)
    deal = stocked.ws.get("deal", plan.ids[0]) or {}
    contact = stocked.ws.get("contact", deal["contacts"][0]) or {}
    assert contact["name"] == "Max Lund"
    assert contact["company"] == deal["company"]
    stocked.commit(undo(stocked))
    assert {kind: len(stocked.ws.all(kind)) for kind in before} == before


def test_a_contact(stocked: Session, acme: dict[str, str]) -> None:
    one = understand(stocked, "Ida Berg, CTO, ida@halden.example +49 30 555 0142")
    assert one.kind == "contact"
    assert values(one) == {
        "name": "Ida Berg",
        "role": "CTO",
        "company": "Halden",
        "e-mail": "ida@halden.example",
        "phone": "+49305550142",
        "owner": "ann",
    }
    there = understand(stocked, "Janey Roe jane@acme.example at Acme")
    assert there.warning == "Jane Roe has jane@acme.example already"
    assert values(there)["company"] == "Acme GmbH"


def test_a_phone_number_names_its_owner(stocked: Session) -> None:
    assert values(understand(stocked, "call 030 555 0199 friday"))["what"] == "call Tom Ek"


def test_what_is_not_understood_is_named_and_kept(stocked: Session) -> None:
    one = understand(stocked, "task send brochure *zed every blue moon !")
    assert one.not_understood == "*zed, every blue moon"
    assert one.subject == "send brochure *zed every blue moon"
    assert values(one)["priority"] == "high"


def test_repeats_begin_on_their_next_day(stocked: Session) -> None:
    one = understand(stocked, "every 2 weeks check in with tom 4pm")
    assert values(one)["repeats"] == "every 2 weeks"
    assert values(one)["when"].startswith("Thu 22 Oct 2026 16:00")


def test_the_kind_can_be_chosen(stocked: Session) -> None:
    line = "call jane 12k friday"
    assert understand(stocked, line).kind == "followup"
    assert values(understand(stocked, line, "deal"))["value"] == "EUR 12,000"
    assert understand(stocked, line, "activity").type == "call"
    assert understand(stocked, "called jane friday", "followup").subject == "call Jane Roe"


@pytest.mark.parametrize(
    ("text", "place"), [("contacts", "contacts"), ("Follow-ups", "followups"), ("deals", "pipeline"), ("dealx", "")]
)
def test_a_bare_name_of_a_list_goes_there(stocked: Session, text: str, place: str) -> None:
    assert understand(stocked, text).goes == place


def test_an_empty_line_and_a_nul_cannot_be_saved(stocked: Session) -> None:
    assert understand(stocked, "  ").problem(stocked) == "nothing is typed yet"
    assert "NUL" in understand(stocked, "call \0 jane").problem(stocked)


def test_looking_up_costs_no_more_among_many(stocked: Session, do: Callable[[Plan], str]) -> None:
    """Names are found by how they begin: what is looked at does not grow with the number of records."""
    from tuicrm.crm.quick.index import MANY, index
    from tuicrm.store.changes import Write

    made = [Write("contact", stocked.ws.new_id(), {"name": f"Jim Moe {at}"}) for at in range(500)]
    stocked.ws.commit(made, by="ann", note="")
    contacts = index(stocked, "contact")
    assert len(contacts.starting("jim")) == MANY
    assert len(contacts.starting("moe 499")) == 1
    stocked.ws.commit([Write("contact", made[-1].id, {"name": "Zoe"})], by="ann", note="")
    again = index(stocked, "contact")
    assert again is contacts
    assert (again.starting("moe 499"), list(again.starting("zoe"))) == ({}, [made[-1].id])
