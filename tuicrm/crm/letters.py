"""E-mails from templates: filled in from a record, for a person to look at and send; nothing is sent from here."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuicrm.crm.lettering import PEOPLE, said, unknown
from tuicrm.crm.placeholders import parts, refused
from tuicrm.crm.shapes import word
from tuicrm.errors import Invalid
from tuicrm.records.types import normal_email, ranked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session

Record = dict[str, Any]
_BREAKING = ("Cc", "Zl", "Zp")
"""Kinds of characters that no header may hold."""
TEXTS = ("subject", "body")
LONGEST_LINK = 8_000
"""Characters of a `mailto:` link that mail programs and desktops still take."""


@dataclass(frozen=True)
class Letter:
    """An e-mail that somebody may send."""

    to: str
    """The one address that it goes to; empty where there is none."""
    subject: str
    body: str
    name: str = ""
    """Whose address it is."""
    sender: str = ""
    """The address of who writes; empty where the team has none."""
    about: tuple[str, str] = ("", "")
    """Kind and id of the record that it was filled from."""
    warnings: tuple[str, ...] = ()
    """What to look at before it is sent, a sentence each."""


def check_template(session: Session, template: Mapping[str, Any]) -> None:
    """Raise Invalid, with line and column, where a template names what no record of its kind has."""
    of = word(template.get("of"))
    for what in TEXTS:
        text = word(template.get(what))
        if what == "subject":
            _one_line(text, "subject:")
        for one in parts(text, what):
            if not isinstance(one, str) and (why := unknown(session, of, one.name)):
                raise refused(text, one.at, what, why)


def fill(session: Session, template: Mapping[str, Any], kind: str, record: Record) -> Letter:
    """Return the e-mail that a template makes of a record, or of the one of its kind that the record leads to.

    A field without a value leaves a mark in the text, `[phone?]`, and a warning. An address that is two, and a line
    break in what becomes a header, raise Invalid.
    """
    from tuicrm.crm.lookup import title

    kind, record = _subject(session, template, kind, record)
    warnings: dict[str, None] = {}
    missing: dict[str, None] = {}
    subject = _filled(session, template, "subject", kind, record, missing)
    body = _filled(session, template, "body", kind, record, missing)
    if missing:
        names, first = ", ".join(missing), next(iter(missing))
        warnings[f"not known of {title(session, kind, record)}: {names}; marked in the text as [{first}?]"] = None
    to, name = recipient(session, kind, record, warnings)
    sender = word((session.ws.get("user", session.me) or {}).get("email")) if session.me else ""
    return Letter(to, subject, body, name, sender, (kind, str(record["id"])), tuple(warnings))


def _one_line(text: str, what: str) -> None:
    """Raise Invalid where a header would hold a line break, in any of its spellings, or another control character."""
    if any(unicodedata.category(one) in _BREAKING for one in text if one != "\t"):
        raise Invalid(f"{what} holds a line break or a control character, and a subject is one line", field="subject")


def _subject(session: Session, template: Mapping[str, Any], kind: str, record: Record) -> tuple[str, Record]:
    """Return the record that a template is filled from: the given one, or the person, company or deal it leads to."""
    from tuicrm.crm.about import about
    from tuicrm.crm.lookup import title

    of = word(template.get("of"))
    if kind == of or (kind in PEOPLE and of in PEOPLE):
        return kind, record
    found = about(session, kind, record)
    person = next(iter(found.contacts), "")
    key = {"deal": found.deal, "company": found.company, "contact": person, "lead": found.lead}.get(of, "")
    led = session.ws.get(of, key) if key else None
    if led is None:
        called = title(session, kind, record)
        raise Invalid(
            f"the template {template.get('name')} is filled from a {of}, and {called} is a {session.kind(kind).one}"
        )
    return of, led


def _filled(
    session: Session, template: Mapping[str, Any], what: str, kind: str, record: Record, missing: dict[str, None]
) -> str:
    made = []
    for one in parts(word(template.get(what)), what):
        if isinstance(one, str):
            made.append(one)
            continue
        value = said(session, kind, record, one.name)
        if what == "subject":
            _one_line(value, f"subject: {{{one.name}}}")
        if not value and one.fallback is None:
            missing[one.name] = None
        made.append(value or (f"[{one.name}?]" if one.fallback is None else one.fallback))
    return "".join(made)


def recipient(session: Session, kind: str, record: Record, warnings: dict[str, None]) -> tuple[str, str]:
    """Return address and name of whom it goes to: of a deal the first person involved who has an address."""
    from tuicrm.crm.freshness import warning
    from tuicrm.crm.lookup import title
    from tuicrm.crm.shapes import words

    people = [record] if kind in PEOPLE else []
    if kind == "deal":
        held = (session.ws.get("contact", key) for key in words(record.get("contacts")))
        people = [one for one in held if one is not None]
    person = next((one for one in people if ranked(one.get("emails"))), None)
    if person is None:
        warnings[f"nobody to write to: {title(session, kind, record)} leads to no e-mail address"] = None
        return "", ""
    name = word(person.get("name"))
    if person.get("do_not_contact") is True:
        warnings[f"{name} asked not to be contacted"] = None
    if kind != "lead" and (why := warning(person, "email")):
        warnings[why] = None
    if any(unicodedata.category(letter) in _BREAKING for letter in name):
        raise Invalid(f"to: the name {name!r} holds a line break or a control character", field="to")
    return one_address(ranked(person["emails"])[0]), name


def one_address(text: str) -> str:
    """Return an address that a letter can go to; Invalid for what is none, or two of them."""
    try:
        return normal_email(text)
    except Invalid:
        many = "two e-mail addresses" if text.count("@") > 1 else "no e-mail address"
        why = "holds a line break" if "\n" in text or "\r" in text else f"is {many}"
        raise Invalid(f"to: {text!r} {why}; a draft goes to one, such as jane@acme.example", field="to") from None


def eml(letter: Letter, attached: Sequence[tuple[str, str, bytes]] = ()) -> bytes:
    """Return a letter as a draft that mail programs open for writing: `.eml` with `X-Unsent: 1`.

    What is `attached` comes as file name, media type and contents.
    """
    from email.headerregistry import Address
    from email.message import EmailMessage
    from email.policy import SMTP, SMTPUTF8

    ascii_only = all(one.isascii() for one in (letter.to, letter.sender))
    made = EmailMessage(policy=SMTP if ascii_only else SMTPUTF8)
    made["X-Unsent"] = "1"
    if letter.sender:
        made["From"] = Address(addr_spec=one_address(letter.sender))
    if letter.to:
        made["To"] = Address(display_name=letter.name, addr_spec=one_address(letter.to))
    _one_line(letter.subject, "subject:")
    made["Subject"] = letter.subject
    made.set_content(f"{letter.body.rstrip()}\n")
    for name, media, data in attached:
        main, _, sub = media.partition("/")
        made.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return made.as_bytes()


def link(letter: Letter) -> str:
    """Return a letter as a `mailto:` link; empty where it is longer than links may be."""
    from urllib.parse import quote

    body = letter.body.rstrip().replace("\r\n", "\n").replace("\n", "\r\n")
    made = f"mailto:{quote(letter.to, safe='@+')}?subject={quote(letter.subject)}&body={quote(body)}"
    return made if len(made) <= LONGEST_LINK else ""


def plain(letter: Letter) -> str:
    """Return a letter as text to read or to paste: who it goes to, the subject, the body."""
    to = f"{letter.name} <{letter.to}>" if letter.name and letter.to else letter.to
    return f"To: {to}\nSubject: {letter.subject}\n\n{letter.body.rstrip()}\n"


def logged(session: Session, letter: Letter) -> Plan:
    """Return the plan that logs a letter as an e-mail that was sent to whom it is about."""
    from tuicrm.crm.about import about
    from tuicrm.crm.activities import log

    kind, key = letter.about
    found = about(session, kind, session.ws.get(kind, key) or {"id": key})
    return log(
        session,
        "email",
        f"{letter.subject}\n{letter.body.rstrip()}",
        contacts=found.contacts,
        deal=found.deal,
        company=found.company if kind == "company" else "",
        lead=found.lead,
        outcome="sent",
    )
