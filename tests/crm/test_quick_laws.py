"""Whatever is typed: nothing fails, nothing is dropped, and what the preview shows is what is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tuicrm.crm.edit import add
from tuicrm.crm.lookup import title
from tuicrm.crm.quick import understand
from tuicrm.crm.quick.vocabulary import KINDS
from tuicrm.store.changes import Write

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.quick import Understood
    from tuicrm.crm.session import Session

TEXT = """
call called met mailed note deal contact company task log jane Jane Roe roe, jane: @acme @Zeta @ # #hot #a,b * *bob
*zed owner ann bob ! re about for with to at Acme acme renewal tomorrow friday 10am next 3d in days every 2 weeks
weekly yesterday 12k EUR 12,000.50 500 €5k 10/11/2026 2026-12-01 close end of month jane@acme.example tom
max@moe.example +49 30 555 0142 ۱۲k ۱۰:۳۰ Änne May may sun next: ; , no answer 45 min Max Lund @"Foo Bar" deals
"""
WORDS = TEXT.split()
LINES = st.one_of(
    st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join),
    st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=6)), max_size=8).map(" ".join),
    st.text(max_size=60),
)
MANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def stocked(session: Session, acme: dict[str, str], do: Callable[[Plan], str]) -> Session:
    """Return a session with Acme, its Jane, its deal, and another Jane."""
    do(add(session, "company", {"name": ["Halden"]}))
    do(add(session, "contact", {"name": ["Jane Roeder"], "company": ["Halden"], "phone": ["+49 30 555 0142"]}))
    do(add(session, "followup", {"subject": ["call Jane"], "contact": ["Jane Roe"], "due": ["2026-10-07"]}))
    return session


def stored(plan: Plan, kind: str) -> dict[str, Any]:
    """Return the fields of the record that a plan is about."""
    return next(
        dict(one.fields) for one in plan.changes if isinstance(one, Write) and (one.kind, one.id) == (kind, plan.ids[0])
    )


def shown(session: Session, one: Understood, plan: Plan) -> dict[str, str]:
    """Return the values that the preview's rows should have, told from what is stored."""
    from tuicrm.money import Money, show
    from tuicrm.when import Moment, say_repeat, understood

    fields = stored(plan, one.kind)
    new = {step.id: step.fields for step in plan.changes if isinstance(step, Write)}

    def called(kind: str, key: str) -> str:
        record = session.ws.get(kind, key)
        return title(session, kind, record) if record else str(new[key]["name"])

    found = {"subject": fields.get("subject") or fields.get("name") or "-"}
    if fields.get("due"):
        found["due"] = understood(Moment.parse(fields["due"]), session.reading)
    if fields.get("expected_close"):
        found["expected_close"] = understood(Moment.parse(fields["expected_close"]), session.reading)
    if fields.get("value"):
        from decimal import Decimal

        found["value"] = show(Money(Decimal(fields["value"]), fields["currency"]))
    for name, kind in (("contacts", "contact"), ("company", "company"), ("deal", "deal")):
        keys = fields.get(name) or []
        for key in [keys] if isinstance(keys, str) else keys:
            found[name] = called(kind, key)
    found["tags"] = ", ".join(fields.get("tags", ()))
    found["owner"] = str((session.ws.get("user", fields["owner"]) or {}).get("handle"))
    found["emails"] = ", ".join(fields.get("emails") or ())
    found["phones"] = ", ".join(fields.get("phones") or ())
    found["repeat"] = say_repeat(fields["repeat"]) if fields.get("repeat") else ""
    found["title"], found["notes"] = fields.get("title", ""), fields.get("notes", "")
    found["priority"] = fields.get("priority", "")
    return {name: value for name, value in found.items() if value}


@MANY
@given(text=LINES, kind=st.sampled_from(("", *KINDS)), pick=st.integers(0, 5))
def test_what_the_preview_shows_is_what_is_stored(stocked: Session, text: str, kind: str, pick: int) -> None:
    one = understand(stocked, text, kind)
    for slot in one.slots:
        if len(slot.options) > 1 and pick:
            one = one.choose(slot.name, pick)
    rows = {row.name: row.value for row in one.rows}
    if one.problem(stocked):
        return
    plan = one.plan(stocked)
    for name, value in shown(stocked, one, plan).items():
        if name == "company" and name not in rows:
            continue  # the company of the contact or the deal, which their own rows say
        if name in ("due", "expected_close") and rows[name].startswith("read as "):
            continue
        assert rows.get(name, "").partition(" (of the ")[0].startswith(value), (name, value, rows)
    assert len(stored(plan, one.kind).get("contacts", ())) <= 1
    assert {f"creates {what}" for what in one.creates} <= set(plan.said)


@MANY
@given(
    words=st.lists(st.sampled_from(WORDS), max_size=12), kind=st.sampled_from(("", *KINDS)), place=st.integers(0, 12)
)
def test_no_word_is_dropped(stocked: Session, words: list[str], kind: str, place: int) -> None:
    """A word that means nothing is in the name, or in one of the rows, wherever it stands."""
    words.insert(place, "quuzle")
    one = understand(stocked, " ".join(words), kind)
    assert "quuzle" in " ".join([one.subject, *(row.value for row in one.rows)])


@MANY
@given(text=LINES, kind=st.sampled_from(("", *KINDS)))
def test_what_is_not_understood_stays(stocked: Session, text: str, kind: str) -> None:
    one = understand(stocked, text, kind)
    held = " ".join([one.subject, *(row.value for row in one.rows if row.name != "rest")])
    for words in one.rest:
        assert all(word.strip(" ,;:-") in held for word in words.split()), (words, held)


@MANY
@given(text=LINES)
def test_typing_on_never_fails(stocked: Session, text: str) -> None:
    for end in range(len(text) + 1):
        one = understand(stocked, text[:end])
        assert one.kind in ("", *KINDS)
        assert bool(one.rows) == bool(text[:end].split())
