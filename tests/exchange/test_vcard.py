"""vCards of all versions, and what is left of broken ones."""

from __future__ import annotations

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.readers import only, read, texts, told_along


def card(*lines: str, version: str = "3.0") -> str:
    """Return one card."""
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])


def test_a_card_of_version_3_fills_the_fields_of_a_contact() -> None:
    parsed = read(
        card(
            "N:Roe;Jane;Q.;Dr.;",
            "FN:Dr. Jane Roe",
            "ORG:Acme GmbH;Sales",
            "TITLE:CTO",
            "item1.EMAIL;type=INTERNET:jane@home.example",
            "item1.X-ABLabel:home",
            "EMAIL;type=INTERNET,WORK,pref:jane@acme.example",
            "TEL;TYPE=WORK,FAX:+49 30 555 0199",
            "TEL;TYPE=CELL:+49 170 555 0142",
            "ADR;TYPE=HOME:;;Elsewhere 9;Bonn;;53111;Germany",
            "ADR;TYPE=WORK:;;Hauptstr. 1\\, Hof 2;Berlin;;10115;Germany",
            "NOTE:first\\nsecond\\, with comma\\; and a",
            "  fold",
            "CATEGORIES:vip,hot",
            "UID:urn:uuid:1234",
            "PHOTO;VALUE=uri:https://photos.example/1.jpg",
            "X-SKYPE:jane",
        )
    )
    one = only(parsed, "contact")
    assert texts(one, "name") == "Dr. Jane Roe"
    assert told_along(one, "company") == "Acme GmbH"
    assert texts(one, "title") == "CTO"
    assert texts(one, "emails") == "jane@acme.example | jane@home.example"
    assert texts(one, "phones") == "+49 170 555 0142"
    assert (texts(one, "address"), texts(one, "city")) == ("Hauptstr. 1, Hof 2, 10115", "Berlin")
    assert texts(one, "country") == "Germany"
    assert texts(one, "tags") == "vip | hot"
    assert texts(one, "external_id") == "1234"
    notes = texts(one, "notes")
    assert notes.startswith("first\nsecond, with comma; and a fold\n")
    assert "fax: +49 30 555 0199" in notes
    assert "address: Elsewhere 9, 53111, Bonn, Germany" in notes
    assert parsed.ignored == {"PHOTO": 1, "X-SKYPE": 1}
    assert len(parsed.items) == 1


def test_version_21_has_charsets_soft_breaks_and_bare_types() -> None:
    raw = (
        b"BEGIN:VCARD\r\nVERSION:2.1\r\n"
        b"N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller;J=F6rg\r\n"
        b"TEL;PREF;CELL:+49 170 1\r\nTEL;HOME;FAX:+49 30 9\r\n"
        b"NOTE;QUOTED-PRINTABLE;CHARSET=UTF-8:line one=0D=0A=\r\nline tw=C3=B6=\r\n!\r\n"
        b"ORG;CHARSET=windows-1252:B\xe4r AG\r\n"
        b"AGENT:\r\nBEGIN:VCARD\r\nVERSION:2.1\r\nN:Inner;Agent\r\nEND:VCARD\r\n"
        b"END:VCARD\r\n"
    )
    parsed = read(raw)
    one = only(parsed, "contact")
    assert texts(one, "name") == "J\u00f6rg M\u00fcller"
    assert texts(one, "phones") == "+49 170 1"
    assert texts(one, "notes") == "line one\nline tw\u00f6!\nfax: +49 30 9"
    assert told_along(one, "company") == "B\u00e4r AG"
    assert parsed.broken == []


def test_version_4_has_ranks_links_and_organisations() -> None:
    parsed = read(
        card(
            "KIND:org",
            "FN:Globex",
            "TEL;VALUE=uri;PREF=2:tel:+1-555-555-5556",
            'TEL;VALUE=uri;PREF=1;TYPE="voice,home":tel:+1-555-555-5555;ext=5555',
            "URL:https://globex.example",
            version="4.0",
        )
    )
    one = only(parsed, "company")
    assert texts(one, "name") == "Globex"
    assert texts(one, "phone") == "+1-555-555-5555 x5555"
    assert texts(one, "website") == "https://globex.example"
    assert "phone: +1-555-555-5556" in texts(one, "notes")
    assert len(parsed.items) == 1


def test_a_card_with_an_organisation_alone_is_a_company_and_tells_more_than_a_name_on_another() -> None:
    parsed = read(card("FN:Ann", "N:;Ann;;;", "ORG:Acme") + card("FN:Acme", "N:;;;;", "ORG:Acme", "URL:acme.example"))
    company = only(parsed, "company")
    assert texts(company, "website") == "acme.example"
    assert company.where == "card 2"
    assert told_along(only(parsed, "contact"), "company") == "Acme"


def test_what_is_no_address_is_kept_in_the_notes() -> None:
    one = only(read(card("FN:Ann", "EMAIL:ann at acme", "TEL:ask Bob")), "contact")
    assert "emails" not in one.typed
    assert "phones" not in one.typed
    assert texts(one, "notes") == "e-mail: ann at acme\nphone: ask Bob"


def test_a_broken_card_stops_no_other_and_is_told() -> None:
    data = (
        "BEGIN:VCARD\nFN:Cut off\n" + card("FN:Ann", "nonsense", "=;:x") + card("NOTE:nobody") + "BEGIN:VCARD\nFN:End"
    )
    parsed = read(data)
    assert [texts(one, "name") for one in parsed.items] == ["Ann"]
    assert [where for where, _ in parsed.broken] == ["card 1", "card 3", "card 4"]
    assert "no END:VCARD" in parsed.broken[0][1]
    assert "names nobody" in parsed.broken[1][1]
    assert parsed.ignored == {"lines that are no property": 2}


def test_utf_16_and_bare_line_ends_are_read() -> None:
    for raw in (card("FN:J\u00f6rg").encode("utf-16"), card("FN:J\u00f6rg").replace("\r\n", "\r").encode()):
        assert texts(only(read(raw), "contact"), "name") == "J\u00f6rg"


@settings(max_examples=100, deadline=None)
@given(
    st.text(st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1).filter(lambda text: text.strip()),
    st.integers(1, 74),
)
def test_any_name_survives_escaping_and_folding(name: str, width: int) -> None:
    escaped = name.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    raw = f"FN:{escaped}".encode()
    # Folding may cut a letter in two, as old programs do.
    folded = b"\r\n ".join(raw[at : at + width] for at in range(0, len(raw), width))
    data = b"BEGIN:VCARD\r\nVERSION:3.0\r\n" + folded + b"\r\nEMAIL:a@b.example\r\nEND:VCARD\r\n"
    assert texts(only(read(data), "contact"), "name") == " ".join(name.split())[:1000]


def test_many_cards_cost_as_much_each_as_few() -> None:
    one = card("FN:Ann Lee", "N:Lee;Ann;;;", "EMAIL:ann@acme.example", "NOTE:" + "x" * 300)

    def spent(count: int) -> float:
        start = time.perf_counter()
        assert len(read(one * count).items) == count
        return time.perf_counter() - start

    spent(100)
    few = min(spent(200) for _ in range(3))
    assert spent(2000) < 30 * few
