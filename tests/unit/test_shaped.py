"""Web addresses, domains, phones, countries, tax numbers: what is kept, what is doubted, what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuicrm.errors import Invalid
from tuicrm.records.countries import country_code, country_named, country_names
from tuicrm.records.shaped import Country, Domain, Phone, TaxNumber, WebAddress
from tuicrm.records.types import Addresses, Email, FieldType

TYPES = (WebAddress(), Domain(), Phone(), Country(), TaxNumber(), Email(), Addresses("e-mail"), Addresses("phone"))
NOISE = st.text(max_size=40) | st.text(alphabet="aB1.@:/?#-+ w\u00a0e\u0130ß", max_size=30)


def parsed(of_type: FieldType, text: str) -> str:
    """Return what a text is kept as."""
    found = of_type.parse(text, None)  # type: ignore[arg-type]
    assert isinstance(found, str)
    return found


@pytest.mark.parametrize("of_type", TYPES, ids=lambda one: one.name)
@given(text=NOISE)
def test_a_text_is_kept_or_refused_in_words_and_its_normal_form_stays(of_type: FieldType, text: str) -> None:
    try:
        once = parsed(of_type, text)
    except Invalid:
        return
    assert isinstance(of_type.doubt(once), str)
    if once:
        assert parsed(of_type, once) == once


@pytest.mark.parametrize("of_type", TYPES, ids=lambda one: one.name)
@given(value=st.text(max_size=40))
def test_whatever_is_stored_can_be_doubted_but_never_breaks(of_type: FieldType, value: str) -> None:
    assert isinstance(of_type.doubt(value), str)
    assert of_type.name in ("e-mails", "phones") or of_type.check(value) == ""


@pytest.mark.parametrize(
    ("typed", "kept", "doubted"),
    [
        ("HTTPS://Acme.Example/", "https://acme.example", False),
        ("acme.example/About", "acme.example/About", False),
        ("https://acme.example/?q=A", "https://acme.example/?q=A", False),
        ("münchen.example", "münchen.example", False),
        ("acme.example:8080/x", "acme.example:8080/x", False),
        ("acme", "acme", True),
        ("n/a", "n/a", True),
        ("ftp://acme.example", "ftp://acme.example", True),
        ("10.0.0.1", "10.0.0.1", True),
    ],
)
def test_web_addresses(typed: str, kept: str, doubted: bool) -> None:
    assert parsed(WebAddress(), typed) == kept
    assert bool(WebAddress().doubt(kept)) is doubted


@pytest.mark.parametrize("typed", ["acme example", "https://acme.example/a b", "jane@acme.example"])
def test_what_is_no_web_address_is_refused_with_what_would_be_right(typed: str) -> None:
    with pytest.raises(Invalid, match=r"https://acme\.example"):
        parsed(WebAddress(), typed)


@pytest.mark.parametrize(
    "typed",
    ["acme.example", "www.Acme.example", "https://www.acme.example/about?x=1", "jane@acme.example", "acme.example."],
)
def test_a_domain_is_taken_out_of_what_is_pasted(typed: str) -> None:
    assert parsed(Domain(), typed) == "acme.example"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("de", "Germany"),
        ("DEU", "Germany"),
        ("Deutschland", "Germany"),
        ("U.S.A.", "United States"),
        ("usa", "United States"),
        ("the netherlands", "Netherlands"),
        ("Republic of Korea", "South Korea"),
        ("  united   kingdom ", "United Kingdom"),
        ("UK", "United Kingdom"),
        ("Cote d’Ivoire", "Côte d'Ivoire"),
        ("Scotland", "Scotland"),
    ],
)
def test_countries_have_one_name(typed: str, kept: str) -> None:
    assert parsed(Country(), typed) == kept
    assert Country().doubt(kept) == ""


def test_an_unknown_country_is_kept_as_typed_and_doubted() -> None:
    assert parsed(Country(), "Atlantis") == "Atlantis"
    assert "Atlantis" not in country_names()
    assert Country().doubt("Atlantis")


def test_every_country_answers_to_its_name_and_its_code() -> None:
    assert len(country_names()) == len(set(country_names())) == 249
    for name in country_names():
        assert country_named(name) == name
        assert country_named(country_code(name)) == name


@pytest.mark.parametrize(
    "good",
    [
        "DE136695976", "ATU13585627", "BE0403019261", "DK13585628", "FI20774740", "FR40303265045", "IT00743110157",
        "LU15027442", "NL004495445B01", "PL8567346215", "PT501964843", "SE123456789701", "GB980780684", "CHE107787577",
        "123/456/78901", "12-3456789",
    ],
)  # fmt: skip
def test_tax_numbers_that_exist_are_not_doubted(good: str) -> None:
    kept = parsed(TaxNumber(), good)
    assert kept == good
    assert TaxNumber().doubt(kept) == ""


@pytest.mark.parametrize(
    "odd", ["DE136695977", "DE12345", "ATU13585626", "BE0403019262", "IT00743110158", "PL8567346216"]
)
def test_a_mistyped_digit_is_noticed_and_kept(odd: str) -> None:
    assert parsed(TaxNumber(), odd) == odd
    assert TaxNumber().doubt(odd)


def test_a_vat_number_loses_its_joints_and_any_other_number_keeps_them() -> None:
    assert parsed(TaxNumber(), "de 136.695.976") == "DE136695976"
    assert parsed(TaxNumber(), "12/345  67890") == "12/345 67890"
    with pytest.raises(Invalid, match="no digit"):
        parsed(TaxNumber(), "none")


@pytest.mark.parametrize(("typed", "meant"), [("max@gmial.com", "max@gmail.com"), ("max@acme.con", "max@acme.com")])
def test_a_slip_in_an_e_mail_address_is_kept_and_pointed_out(typed: str, meant: str) -> None:
    assert parsed(Email(), typed) == typed
    assert meant in Email().doubt(typed)


def test_a_phone_is_kept_as_it_is_written_and_refused_without_a_digit() -> None:
    assert parsed(Phone(), " +49 30  555 0142 ") == "+49 30 555 0142"
    assert Phone().doubt("+49 30 555 0142") == ""
    assert Phone().doubt("1-800-FLOWERS")
    with pytest.raises(Invalid, match="no digit"):
        parsed(Phone(), "ask reception")
