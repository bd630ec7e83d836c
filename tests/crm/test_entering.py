"""Forms: what typed text would become, what a record holds as one would type it, and saving with what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tuicrm.crm.echo import Verdict, as_typed, can_type, verdict
from tuicrm.crm.entering import Fresh, enter
from tuicrm.errors import NotFound
from tuicrm.records.registry import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session

    Do = Callable[[Plan], str]


def said(session: Session, name: str, text: str, kind: str = "deal", **beside: str) -> Verdict:
    """Return what there is to say about a text in a field of a fresh record."""
    given = {key: [one] for key, one in beside.items()}
    return verdict(session, kind, {}, session.kind(kind).by_name[name], [text], given)


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("value", "12k", "EUR 12,000"),
        ("value", "$ 1200.50", "USD 1,200.50"),
        ("value", "12000", "EUR 12,000"),
        ("expected_close", "tomorrow", "Fri 9 Oct 2026 (tomorrow)"),
        ("expected_close", "2026-10-30", "Fri 30 Oct 2026 (in 22 days)"),
        ("probability", "40%", "40"),
        ("category", "best", "best_case"),
        ("stage", "prop", ""),
        ("name", "Acme renewal", ""),
        ("tags", "hot", ""),
        ("notes", "", ""),
    ],
)
def test_what_is_understood_is_said_back(session: Session, name: str, text: str, wanted: str) -> None:
    assert said(session, name, text) == Verdict(wanted)


@pytest.mark.parametrize(
    ("name", "text", "part"),
    [
        ("value", "12x", "is no amount"),
        ("expected_close", "someday soonish", ""),
        ("probability", "140", "outside"),
        ("currency", "EUX", "no ISO"),
        ("category", "maybe", "is not one of"),
        ("stage", "nowhere", "no stage"),
    ],
)
def test_what_cannot_be_saved_is_said_without_the_label(session: Session, name: str, text: str, part: str) -> None:
    found = said(session, name, text)
    assert found.bad
    assert part in found.said
    assert not found.said.startswith((name, session.kind("deal").by_name[name].title))


def test_an_amount_is_read_in_the_currency_typed_beside_it(session: Session) -> None:
    assert said(session, "value", "5k", currency="usd") == Verdict("USD 5,000")
    assert said(session, "value", "€5k", currency="usd").bad


def test_a_repeat_and_an_address_are_said_as_stored(session: Session) -> None:
    assert said(session, "repeat", "every 2 weeks", "followup").said == "every 2 weeks"
    assert said(session, "emails", "mailto:jane@ACME.example", "contact").said == "jane@acme.example"


def test_a_record_and_its_company_are_one_step(session: Session, do: Do) -> None:
    typed = {"name": ["Big one"], "company": ["Nova AG"], "contacts": ["Kim Vos"], "value": ["12k"]}
    plan = enter(session, "deal", [], typed, fresh=(Fresh("contact", "Kim Vos"), Fresh("company", "Nova AG")))
    deal = session.ws.get("deal", do(plan)) or {}
    company = session.ws.get("company", deal["company"]) or {}
    contact = session.ws.get("contact", deal["contacts"][0]) or {}
    assert (company["name"], contact["name"], contact["company"]) == ("Nova AG", "Kim Vos", company["id"])
    assert "Big one" in plan.note
    assert "company Nova AG" in plan.note
    assert len(session.ws.undo_log()) == 3


def test_somebody_named_by_an_address_gets_a_name_from_it(session: Session, do: Do) -> None:
    typed = {"subject": ["call"], "contacts": ["jane.roe@acme.example"]}
    key = do(enter(session, "followup", [], typed, fresh=(Fresh("contact", "jane.roe@acme.example"),)))
    contact = session.ws.get("contact", (session.ws.get("followup", key) or {})["contacts"][0]) or {}
    assert contact["name"] == "Jane Roe"
    assert list(contact["emails"]) == ["jane.roe@acme.example"]


def test_an_edit_of_what_is_gone_says_so(session: Session) -> None:
    with pytest.raises(NotFound, match="has been deleted"):
        enter(session, "deal", ["01ARZ3NDEKTSV4RRFFQ69G5FAV"], {"name": ["x"]})


def test_what_a_record_holds_reads_back_as_the_same(session: Session, acme: dict[str, str], do: Do) -> None:
    typed = {"close": ["2026-10-30"], "value": ["$12000.5"], "tags": ["hot", "big deal"], "probability": ["40"]}
    do(enter(session, "deal", [acme["deal"]], typed))
    deal = session.ws.get("deal", acme["deal"]) or {}
    kind = session.kind("deal")
    fields = [
        kind.by_name[name] for name in ("expected_close", "value", "currency", "probability", "pipeline", "stage")
    ]
    texts = as_typed(session, "deal", deal, fields)
    assert texts["value"] == "12,000.50"
    plan = enter(session, "deal", [acme["deal"]], {name: [text] for name, text in texts.items()})
    assert not plan.changes


odd = st.recursive(
    st.text(max_size=20) | st.integers(-9, 9) | st.booleans(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


@pytest.mark.parametrize("kind", sorted(KINDS))
@given(data=st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_record_can_be_shown_and_judged(session: Session, kind: str, data: st.DataObject) -> None:
    fields = [one for one in session.kind(kind).all_fields if can_type(one)]
    record = {"id": session.ws.new_id(), **{one.name: data.draw(odd) for one in fields}}
    texts = as_typed(session, kind, record, fields)
    for field in fields:
        assert isinstance(verdict(session, kind, record, field, [texts[field.name]]), Verdict)
