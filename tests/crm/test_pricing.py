"""What line items come to: laws that hold for any of them, and papers that say it without doing anything else."""

from __future__ import annotations

import re
from decimal import Decimal
from html.parser import HTMLParser
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tuicrm.crm import itemline, lineitems
from tuicrm.crm.edit import add
from tuicrm.crm.pricing import reckon
from tuicrm.crm.quotes import making
from tuicrm.crm.quotes.giving import give
from tuicrm.crm.quotes.page import html
from tuicrm.crm.quotes.paper import Paper
from tuicrm.crm.quotes.plain import WIDE, markdown, text_of
from tuicrm.money import MINOR_UNITS
from tuicrm.text import clean_line, width

if TYPE_CHECKING:
    from tuicrm.crm.session import Session

figures = st.integers(0, 10**16).map(lambda one: f"{Decimal(one).scaleb(-6):f}")
percents = st.integers(0, 1_000_000).map(lambda one: f"{Decimal(one).scaleb(-4):f}")
order = st.sampled_from("abc")
items = st.dictionaries(
    st.sampled_from("abcdef"),
    st.fixed_dictionaries(
        {"name": st.just("x")},
        optional={"quantity": figures, "price": figures, "discount": percents, "tax": percents, "order": order},
    ),
    max_size=4,
)


@given(items, st.sampled_from(["EUR", "JPY", "KWD", "CLF"]), percents)
def test_lines_add_up_to_net_and_net_and_tax_to_gross(held: dict[str, Any], currency: str, rate: str) -> None:
    found = reckon(held, currency, rate)
    unit = Decimal(1).scaleb(-MINOR_UNITS[currency])
    assert found.net + found.tax == found.gross
    assert sum((one.net for one in found.lines), Decimal(0)) == found.net
    assert sum((one.amount for one in found.taxes), Decimal(0)) == found.tax
    assert all(one % unit == 0 for one in (found.net, found.tax, found.gross, *(line.net for line in found.lines)))
    for line in found.lines:
        exact = line.quantity * (line.price or 0) * (100 - line.discount) / 100
        assert abs(line.net - exact) <= unit / 2 + Decimal("1e-6")
    assert sum((one.base for one in found.taxes), Decimal(0)) <= found.net


def test_halves_go_up_and_tax_is_worked_out_on_the_sum() -> None:
    held = {key: {"quantity": "1", "price": "0.125"} for key in "abc"}
    assert [one.net for one in reckon(held, "EUR").lines] == [Decimal("0.13")] * 3
    held = {key: {"quantity": "1", "price": "0.13"} for key in "abc"}
    # A line alone would come to 0.0247 of tax, which is 0.02, and three of them to 0.06.
    assert reckon(held, "EUR", "19").tax == Decimal("0.07")
    assert reckon({"a": {"quantity": "3", "price": "33.5"}}, "JPY", "10").gross == Decimal(111)


odd = st.text(st.characters(codec="utf-8"), max_size=12).map(clean_line)
papers = st.builds(
    Paper,
    heading=odd,
    seller=st.lists(odd, max_size=2).map(tuple),
    recipient=st.lists(odd, max_size=2).map(tuple),
    facts=st.lists(st.tuples(st.just("Date"), odd), max_size=2).map(tuple),
    heads=st.just(("Item", "Quantity", "EUR")),
    rows=st.lists(st.tuples(odd, odd, odd), max_size=2).map(tuple),
    sums=st.lists(st.tuples(odd, odd), min_size=1, max_size=2).map(tuple),
    terms=st.lists(odd, max_size=2).map(tuple),
)


TAGS = "html head meta title style body header address footer span br h1 dl dt dd table thead tbody tfoot tr th td"


class Tags(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@settings(max_examples=40)
@given(papers)
def test_no_text_is_wider_than_the_paper_or_becomes_a_tag(paper: Paper) -> None:
    assert max(map(width, text_of(paper).splitlines()), default=0) <= WIDE
    found = Tags(html(paper))
    assert found.tags <= {*TAGS.split()}
    assert all(one in found.text for one in (*paper.seller, *paper.terms))


def test_markdown_takes_no_name_for_a_mark() -> None:
    nasty = "[a](http://x) **b** <i> | `c` # d ![e](f) www.evil.example a@b.example"
    paper = Paper(
        "Quote 1", (), ("# head", "1. one", "- dash"), (), ("Item", "EUR"), ((nasty, "1"),), (("T", "1"),), ()
    )
    found = markdown(paper)
    assert (
        len([line for line in found.splitlines() if line.count("|") - line.count("\\|") == 3 and "evil" in line]) == 1
    )
    assert not re.search(r"(?<!\\)[\[\]<>`*@]", found.partition("| --- ")[2].partition("| **")[0])
    assert "http\\://" in found
    assert "www\\.evil" in found
    assert "\\# head" in found
    assert "1\\. one" in found
    assert "\\- dash" in found


@pytest.fixture
def deal(session: Session) -> dict[str, Any]:
    """Return a deal with one item, and no tax or address around it."""
    session.commit(add(session, "deal", {"name": ["Big"]}))
    (held,) = session.ws.all("deal").values()
    session.commit(lineitems.add(session, held, itemline.read(session, "3 x Łódź seat @ 10 -10% early")))
    (held,) = session.ws.all("deal").values()
    return held


def test_an_item_is_written_as_it_is_read(session: Session, deal: dict[str, Any]) -> None:
    (item,) = deal["items"].values()
    assert {name: item[name] for name in ("name", "quantity", "price", "discount", "discount_reason")} == {
        "name": "Łódź seat", "quantity": "3", "price": "10.00", "discount": "10", "discount_reason": "early"
    }  # fmt: skip
    line = itemline.write(session, item)
    assert line == "3 Łódź seat @ 10.00 -10% early"
    (key,) = deal["items"]
    assert not lineitems.edit(session, deal, key, itemline.read(session, line, item)).changes


@pytest.mark.parametrize("name", ["Plain", "Łódź Ąć", "Ελλάδα", "Привет", "سلام دنیا"])
def test_a_pdf_says_names_as_they_are_or_says_that_it_does_not(
    session: Session, deal: dict[str, Any], name: str
) -> None:
    from pypdf import PdfReader

    from tuicrm.crm.quotes.fonts import fonts_for, is_joined

    session.commit(making.make(session, deal, {"recipient": [name]}))
    (quote,) = session.ws.all("quote").values()
    given = give(session, quote, "pdf", {})
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(given.data)).pages)
    assert "27.00" in text
    missing = fonts_for(name + "Łódź", {}).missing
    if not missing:
        assert given.warnings == ()
        # Read back, letters that join come as the shapes that they take.
        import unicodedata

        plain = unicodedata.normalize("NFKC", text)
        whole = name in plain
        assert all(one in plain for one in name if not one.isspace()) if is_joined(name) else whole
    else:
        assert any(missing[0] in one for one in given.warnings)


def test_a_machine_without_fonts_writes_the_pdf_all_the_same(
    session: Session, deal: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from pypdf import PdfReader

    from tuicrm.crm.quotes import fonts

    monkeypatch.setattr(fonts, "FOLDERS", ())
    session.commit(making.make(session, deal, {"recipient": ["A\u202fB \u2003 \U000f0000 \u0141"]}))
    (quote,) = session.ws.all("quote").values()
    given = give(session, quote, "pdf", {})
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(given.data)).pages)
    assert "A B" in text
    assert "\u0141" in "".join(given.warnings)


def test_a_character_that_no_font_has_is_named(session: Session, deal: dict[str, Any]) -> None:
    session.commit(making.make(session, deal, {"recipient": ["A \U000f0000 \U00012000"]}))
    (quote,) = session.ws.all("quote").values()
    given = give(session, quote, "pdf", {})
    assert "\U00012000" in "".join(given.warnings)
    assert "Cuneiform" in "".join(given.warnings)
