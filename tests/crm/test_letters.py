"""Templates: what they may name, and the letters that they make."""

from __future__ import annotations

import unicodedata
from contextlib import suppress
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tuicrm.crm.edit import add
from tuicrm.crm.letters import Letter, check_template, eml, fill, link
from tuicrm.crm.placeholders import parts
from tuicrm.errors import Invalid
from tuicrm.store.changes import Write

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session


@pytest.fixture
def jane(session: Session, do: Callable[[Plan], str]) -> dict[str, Any]:
    """Jane of Acme, with a deal."""
    do(add(session, "company", {"name": ["Acme GmbH"], "city": ["Berlin"]}))
    typed = {"name": ["Jane Roe"], "emails": ["jane@acme.example"], "company": ["Acme GmbH"], "owner": ["bob"]}
    key = do(add(session, "contact", typed))
    deal = {"name": ["Renewal"], "company": ["Acme GmbH"], "contacts": [key], "value": ["12k"], "currency": ["EUR"]}
    do(add(session, "deal", {**deal, "expected_close": ["2026-11-30"]}))
    return session.ws.all("contact")[key]


def written(session: Session, kind: str, record: dict[str, Any], body: str, subject: str = "", of: str = "") -> Letter:
    template = {"name": "T", "of": of or kind, "subject": subject, "body": body}
    check_template(session, template)
    return fill(session, template, kind, record)


def test_fields_are_said_as_people_read_them(session: Session, jane: dict[str, Any]) -> None:
    text = "{first_name} {email} {company.name} {company_name} {company.city} {owner.name} {me.name} {{x}} }"
    letter = written(session, "contact", jane, text, "For {name}")
    assert letter.body == "Jane jane@acme.example Acme GmbH Acme GmbH Berlin Bob Ray Ann Lee {x} }"
    assert (letter.to, letter.name) == ("jane@acme.example", "Jane Roe")
    assert (letter.subject, letter.warnings) == ("For Jane Roe", ())
    (deal,) = session.ws.all("deal").values()
    letter = written(session, "deal", deal, "{first_name}: {name}, {value}, {close}, {stage}, {contact.name}")
    assert letter.body == "Jane: Renewal, EUR 12,000, 30 Nov 2026, Lead, Jane Roe"
    assert letter.to == "jane@acme.example"


def test_what_is_not_known_shows_and_is_told(session: Session, jane: dict[str, Any]) -> None:
    letter = written(session, "contact", jane, "{phone} {title|your role} {city|}|")
    assert letter.body == "[phone?] your role |"
    assert letter.warnings == ("not known of Jane Roe: phone; marked in the text as [phone?]",)


def test_who_must_not_be_written_to_is_told(session: Session, jane: dict[str, Any]) -> None:
    session.ws.commit([Write("contact", jane["id"], {"do_not_contact": True})], by="ann", note="")
    letter = written(session, "contact", session.ws.all("contact")[jane["id"]], "x")
    assert letter.warnings == ("Jane Roe asked not to be contacted",)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("a\n {a[0]}", "line 2, column 2: {a[0]}: indexes mean nothing here"),
        ("{a.__class__}", "line 1, column 1: {a.__class__} is no name of a field"),
        ("xx {name!r}", "line 1, column 4: {name!r}: conversions mean nothing here"),
        ("{name:>10}", "format codes mean nothing here"),
        ("{name.upper()}", "calls mean nothing here"),
        ("{company.parent.name}", "through one reference at most"),
        ("{frist_name}", "contacts have no field 'frist_name'; did you mean {first_name}?"),
        ("{deal.value}", "contacts lead to no 'deal'"),
        ("{company.nam}", "companies have no field 'nam'; did you mean {company.name}?"),
        ("{name", "this { is not closed"),
        ("{na\nme}", "this { is not closed"),
        ("{}", "{} names no field"),
        ("{stage.name}", "contacts lead to no 'stage'"),
    ],
)
def test_a_template_that_asks_for_more_is_refused_with_its_place(session: Session, body: str, says: str) -> None:
    with pytest.raises(Invalid) as caught:
        add(session, "template", {"name": ["T"], "body": [body]})
    assert says in caught.value.message
    assert caught.value.field == "body"


def test_values_are_never_looked_through_again(session: Session, do: Callable[[Plan], str]) -> None:
    key = do(add(session, "contact", {"name": ["{owner.name} {{"], "emails": ["x@y.example"]}))
    assert written(session, "contact", session.ws.all("contact")[key], "{name}").body == "{owner.name} {{"


@pytest.mark.parametrize("bad", ["a@b.example, c@d.example", "a@b.example\nBcc: c@d.example", "a@b.example c", "none"])
def test_an_address_that_is_two_is_refused(session: Session, jane: dict[str, Any], bad: str) -> None:
    session.ws.commit([Write("contact", jane["id"], {"emails": {bad: {"rank": 1}}})], by="ann", note="")
    with pytest.raises(Invalid, match=r"^to: "):
        written(session, "contact", session.ws.all("contact")[jane["id"]], "x")


@pytest.mark.parametrize("field", ["name", "title"])
def test_a_line_break_in_a_header_is_refused(session: Session, jane: dict[str, Any], field: str) -> None:
    session.ws.commit([Write("contact", jane["id"], {field: "Jane\nBcc: evil@x.example"})], by="ann", note="")
    with pytest.raises(Invalid, match="line break"):
        written(session, "contact", session.ws.all("contact")[jane["id"]], "x", f"{{{field}}}")
    with pytest.raises(Invalid, match="one line"):
        written(session, "contact", jane, "x", "a\nb")


LETTERS = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=60)


@settings(max_examples=40, deadline=None)
@given(subject=LETTERS, body=LETTERS, name=LETTERS)
def test_a_draft_holds_what_the_letter_says_and_no_header_more(subject: str, body: str, name: str) -> None:
    letter = Letter(
        "jane@acme.example", subject, body, name="".join(one for one in name if one.isprintable() or one == " ")
    )
    if any(unicodedata.category(one) in ("Cc", "Zl", "Zp") and one != "\t" for one in subject):
        with pytest.raises(Invalid, match="one line"):
            eml(letter)
        return
    data = eml(letter)
    read = message_from_bytes(data, policy=default)
    ours = {"X-Unsent", "To", "Subject"}
    assert set(read.keys()) == {*ours, "Content-Type", "Content-Transfer-Encoding", "MIME-Version"}
    assert read["X-Unsent"] == "1"
    assert [one.addr_spec for one in read["To"].addresses] == ["jane@acme.example"]
    assert link(letter).startswith("mailto:jane@acme.example?subject=")
    assert "\n" not in link(letter)


@given(text=st.text(max_size=40))
def test_a_text_is_taken_apart_or_refused_in_a_sentence(text: str) -> None:
    escaped = text.replace("{", "{{").replace("}", "}}")
    assert "".join(one for one in parts(escaped) if isinstance(one, str)) == text
    with suppress(Invalid):
        found = list(parts(text))
        assert "".join(one for one in found if isinstance(one, str)).count("{") == text.count("{{")
        assert all(isinstance(one, str) or one.name.replace(".", "").isidentifier() for one in found)
