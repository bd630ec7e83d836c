"""Laws of the query language, for any text and any records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tuicrm.crm.query import compile_query, names_states, parse
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from tuicrm.crm.session import Session

SHARED = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

TERMS = (
    *("stage:lead", "stage>=demo", "value>10k", "value<1k", "value:none", "owner:me", "owner:bob", "tag:hot", "acme"),
    *("is:open", "is:won", "close<2026-12-31", "closed:any", "probability>=50", "name!=acme", "age>10", '"big one"'),
    *("created>2026-09-01", "category:commit", "is:rotting", "company:acme", "product:none", "currency:eur", "x"),
)
PIECES = (*TERMS, "(", ")", "-", "or", "and", '"', ":", ">", "!=", "is:", "value>", "\\", "\u200f", "\x00", " ", "؟")

queries = st.recursive(
    st.sampled_from(TERMS),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(" ".join),
        st.lists(inner, min_size=2, max_size=3).map(" or ".join),
        inner.map(lambda one: f"-({one})"),
        inner.map(lambda one: f"({one})"),
    ),
    max_leaves=8,
)
junk = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join))
kinds = st.sampled_from(["deal", "contact", "company", "followup", "activity", "product", "user"])
ids = st.integers(0, 2**40).map(lambda number: f"01KV3B3SE0{number:016d}")
odd = st.one_of(st.none(), st.text(max_size=5), st.integers(-5, 5), st.booleans(), st.lists(st.text(max_size=3)))
records = st.fixed_dictionaries(
    {"id": ids},
    optional={
        "name": st.one_of(st.sampled_from(["Acme", "big one", "x"]), odd),
        "stage": st.one_of(st.sampled_from(["lead", "demo", "won", "lost", "gone"]), odd),
        "value": st.one_of(st.sampled_from(["5.00", "12000.00", "NaN", "1e99"]), odd),
        "currency": st.one_of(st.sampled_from(["EUR", "USD"]), odd),
        "tags": st.one_of(st.sampled_from([["hot"], ["cold", "hot"]]), odd),
        "expected_close": st.one_of(st.sampled_from(["2026-10-08", "2027-01-01"]), odd),
        "closed_on": st.one_of(st.sampled_from(["2026-10-01"]), odd),
        "probability": st.one_of(st.integers(0, 100), odd),
        "category": odd,
        "items": odd,
    },
)


def fits(session: Session, query: str, record: dict[str, Any]) -> bool:
    return bool(compile_query(session, "deal", query)(record))


@SHARED
@given(text=junk, kind=kinds)
def test_any_text_is_a_query_or_is_refused_with_one_sentence(session: Session, text: str, kind: str) -> None:
    test, refusal = None, ""
    try:
        test = compile_query(session, kind, text)
    except Invalid as problem:
        refusal = str(problem)
    if test is None:
        assert "column" in refusal or "characters long" in refusal
        return
    assert test({"id": "01KV3B3SE0YSC5XMTFWMX0AAAA"}) in (True, False)
    assert names_states(session, kind, text) in (True, False)


@SHARED
@given(query=queries, record=records)
def test_a_minus_is_the_complement(session: Session, query: str, record: dict[str, Any]) -> None:
    assert fits(session, f"-({query})", record) is not fits(session, query, record)


@SHARED
@given(left=queries, right=queries, record=records)
def test_and_or_and_not_are_those_of_logic(session: Session, left: str, right: str, record: dict[str, Any]) -> None:
    one, two = fits(session, left, record), fits(session, right, record)
    assert fits(session, f"({left}) ({right})", record) is (one and two)
    assert fits(session, f"({left}) or ({right})", record) is (one or two)
    assert fits(session, f"-(({left}) or ({right}))", record) is (not one and not two)


@SHARED
@given(query=queries)
def test_brackets_around_the_whole_change_nothing(query: str) -> None:
    strip = lambda text: repr(parse(text)).count("name=")  # noqa: E731
    assert strip(f"(({query}))") == strip(query)


@SHARED
@given(record=records, amount=st.integers(0, 20_000))
def test_comparisons_split_what_has_a_value(session: Session, record: dict[str, Any], amount: int) -> None:
    below, equal, above = (fits(session, f"value{op}{amount}", record) for op in ("<", "=", ">"))
    assert below + equal + above <= 1
    assert fits(session, f"value<={amount}", record) is (below or equal)
    assert fits(session, f"value>={amount}", record) is (above or equal)


@SHARED
@given(text=st.text(alphabet='ab "\\:()-', min_size=1, max_size=12))
def test_any_text_can_be_looked_for_in_quotes(session: Session, text: str) -> None:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    record = {"id": "01KV3B3SE0YSC5XMTFWMX0AAAA", "name": f"before {text} after"}
    assert fits(session, f'"{escaped}"', record)
    assert fits(session, f'name:"{escaped}"', record)
