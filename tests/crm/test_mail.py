"""E-mails as they are saved, copied and pasted, and as strangers send them."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tuicrm.crm.about import about
from tuicrm.crm.mail import BODY_MOST, read_mail
from tuicrm.crm.mailentry import letter

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.session import Session

    Put = Callable[..., str]

PLAIN = """From: Jane Roe <Jane@Acme.example>
To: ann@our.example, Tom Ek <tom@acme.example>
Date: Tue, 6 Oct 2026 15:04:00 +0200
Subject: Re: SOC2
 report

Hello Ann,

we need the report.
"""


def test_a_plain_mail() -> None:
    mail = read_mail(PLAIN)
    assert mail is not None
    assert mail.subject == "Re: SOC2 report"
    assert mail.sender == ("Jane Roe", "jane@acme.example")
    assert mail.addresses == ["jane@acme.example", "ann@our.example", "tom@acme.example"]
    assert mail.sent == datetime(2026, 10, 6, 13, 4, tzinfo=UTC)
    assert mail.body == "Hello Ann,\n\nwe need the report."


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "windows-1252"])
@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
def test_a_saved_mail_is_decoded(charset: str, encoding: str) -> None:
    made = EmailMessage()
    made["From"] = "Jürgen Groß <jg@acme.example>"
    made["To"] = "ann@our.example"
    made["Subject"] = "Prüfung für März"
    made.set_content("Schöne Grüße\n", charset=charset, cte=encoding)
    made.add_alternative("<p>other</p>", subtype="html")
    made.add_attachment(b"secret", maintype="text", subtype="plain", filename="a.txt")
    mail = read_mail(made.as_bytes())
    assert mail is not None
    assert (mail.subject, mail.sender[0], mail.body) == ("Prüfung für März", "Jürgen Groß", "Schöne Grüße")


def test_a_mail_that_is_a_web_page_becomes_text() -> None:
    made = EmailMessage()
    made["From"] = "jane@acme.example"
    made["Subject"] = "Offer"
    made.set_content("<style>p {}</style><p>One &amp; two</p><div>three<br>four</div>", subtype="html")
    mail = read_mail(made.as_bytes())
    assert mail is not None
    assert mail.body.split("\n") == ["One & two", "", "three", "four"]


@pytest.mark.parametrize(
    "head",
    [
        "---------- Forwarded message ---------\nFrom: Jane Roe <jane@acme.example>\nDate: Tue, Oct 6, 2026\n"
        "Subject: Terms\nTo: <ann@our.example>\n",
        "Begin forwarded message:\n\nFrom: Jane Roe <jane@acme.example>\nSubject: Terms\n",
        "-----Original Message-----\nFrom: Jane Roe [mailto:jane@acme.example]\n"
        "Sent: Tuesday, October 6, 2026 3:04 PM\nTo: Ann Lee; Tom\nSubject: Terms\n",
        "Von: Jane Roe <jane@acme.example>\nGesendet: Dienstag, 6. Oktober 2026 15:04\nAn: Ann\nBetreff: Terms\n",
        "*From:* Jane Roe <jane@acme.example>\n*Subject:* Terms\n",
        "From jane@acme.example Tue Oct  6 15:04:05 2026\nFrom: Jane Roe <jane@acme.example>\nSubject: Terms\n",
    ],
)
def test_what_mail_programs_show(head: str) -> None:
    mail = read_mail(f"{head}\nAgreed.\n")
    assert mail is not None
    assert (mail.sender, mail.subject, mail.body) == (("Jane Roe", "jane@acme.example"), "Terms", "Agreed.")


@pytest.mark.parametrize(
    "line",
    [
        "On Tue, Oct 6, 2026 at 3:04 PM Jane Roe <jane@acme.example> wrote:",
        "On Tue, Oct 6, 2026 at 3:04 PM Jane Roe\n<jane@acme.example> wrote:",
        "Am 06.10.26 um 15:04 schrieb Jane Roe <jane@acme.example>:",
        "Le mar. 6 oct. 2026 à 15:04, Jane Roe <jane@acme.example> a écrit :",
    ],
)
def test_a_quoted_mail(line: str) -> None:
    mail = read_mail(f"{line}\n> We agree.\n>\n> Jane\n")
    assert mail is not None
    assert (mail.sender[1], mail.subject, mail.body) == ("jane@acme.example", "We agree.", "We agree.\n\nJane")
    answer = read_mail(f"Dear Jane, thanks.\n\n{line}\n> We agree.\n")
    assert answer is not None
    assert (answer.sender[1], answer.addresses) == ("", ["jane@acme.example"])
    assert answer.subject == "Dear Jane, thanks."
    assert "We agree." in answer.body


@pytest.mark.parametrize(
    "text",
    ["", "hello", "From: Berlin\nTo: Paris\nflight at 9", "Note: this\nand: that", "On the way she wrote:", "\n\n\n"],
)
def test_other_text_is_no_mail(text: str) -> None:
    assert read_mail(text) is None


@pytest.mark.parametrize(
    "head",
    [
        "Subject: =?utf-8?b?!!!?=",
        "Subject: =?no-such-charset?q?x?=",
        "Content-Type: multipart/mixed",
        "Content-Type: text/plain; charset*=nowhere''%ff",
        'Content-Type: multipart/mixed; boundary="' + "b" * 300,
        "Content-Transfer-Encoding: base64",
        "Date: Tue, 99 Foo 99999 99:99:99 +9999",
        "To: " + "," * 5000,
        "To: " + "(" * 4000,
    ],
)
def test_damaged_headers_are_borne(head: str) -> None:
    mail = read_mail(f"From: jane@acme.example\n{head}\n\nbody \x1b[2J[/\n".encode())
    assert mail is not None
    assert mail.sender[1] == "jane@acme.example"


def test_parts_within_parts_without_end_are_borne() -> None:
    parts = "".join(f'Content-Type: multipart/mixed; boundary="b{at}"\n\n--b{at}\n' for at in range(3000))
    assert read_mail(f"From: a@b.example\nTo: c@d.example\n{parts}") is not None


def test_a_long_body_is_cut() -> None:
    mail = read_mail(f"From: a@b.example\nTo: c@d.example\n\n{'x' * (BODY_MOST + 50)}")
    assert mail is not None
    assert mail.body.endswith("(the rest is left out)")


HEADS = st.lists(
    st.sampled_from(["From", "To", "Subject", "Date", "Content-Type", "Content-Transfer-Encoding", "X"]).flatmap(
        lambda name: st.text(max_size=40).map(lambda value: f"{name}: {value}")
    ),
    max_size=8,
).map("\n".join)


@settings(max_examples=150, deadline=None)
@given(head=HEADS, body=st.text(max_size=80) | st.binary(max_size=80))
def test_anything_at_all_is_borne(head: str, body: str | bytes) -> None:
    if isinstance(body, str):
        mail = read_mail(f"From: a@b.example\n{head}\n\n{body}")
    else:
        mail = read_mail(f"From: a@b.example\n{head}\n\n".encode("utf-8", "replace") + body)
    if mail is not None:
        for text in (mail.subject, mail.body, mail.date, *(name for name, _ in (mail.sender, *mail.to))):
            assert "\0" not in text
            assert text.encode().decode() == text


def test_a_mail_goes_to_its_own_people_not_to_the_record_under_the_cursor(put: Put, session: Session) -> None:
    acme, hansa = put("company", name="Acme"), put("company", name="Hansa")
    jane = put("contact", name="Jane Roe", company=acme, emails={"jane@acme.example": {"rank": 0}})
    renewal = put("deal", name="Acme renewal", company=acme)
    other = put("deal", name="Hansa pilot", company=hansa)
    mail = read_mail("From: Jane Roe <jane@acme.example>\nTo: ann@us.example\nSubject: Price\n\nToo high?")
    assert mail is not None

    def logged_at(deal: str) -> tuple[str, str, tuple[str, ...]]:
        found = letter(session, mail, about(session, "deal", session.ws.all("deal")[deal])).about
        return found.deal, found.company, found.contacts

    assert logged_at(renewal) == (renewal, acme, (jane,))
    assert logged_at(other) == ("", acme, (jane,))
