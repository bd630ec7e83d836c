"""What the questions of forms mean: who somebody is, what they say, where they came from; the rest is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from tuicrm.errors import Invalid
from tuicrm.exchange.intake.posts import shown
from tuicrm.folding import fold
from tuicrm.records.types import normal_email, normal_phone

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROLES = {
    "name": "name full_name fullname name_surname nom_complet nombre navn imie_i_nazwisko نام نام_کامل",
    "first": "first_name firstname given_name fname vorname prenom",
    "last": "last_name lastname surname family_name lname nachname nom apellidos",
    "email": "email e_mail mail email_address e_mail_address e_mail_adresse emailaddress courriel correo ایمیل",
    "phone": "phone telephone tel mobile phone_number telephone_number mobile_phone mobile_number cell telefon "
    "telefono handy mobil rufnummer تلفن موبایل",
    "company": "company company_name organization organisation firm firma business entreprise societe empresa شرکت",
    "message": "message comment comments question enquiry inquiry nachricht mensaje mensagem details note notes body "
    "how_can_we_help how_can_we_help_you پیام",
    "subject": "subject topic betreff objet asunto موضوع",
    "form": "form form_name form_title",
    "source": "source utm_source lead_source",
    "campaign": "campaign utm_campaign",
    "page": "page page_url page_uri url landing_page",
    "time": "submitted_at submission_date submitted created_at timestamp",
    "id": "submission_id entry_id response_id submissionid responseid",
}
_KNOWN = {name: role for role, names in _ROLES.items() for name in names.split()}
_BEFORE = ("your_", "contact_", "customer_", "visitor_", "lead_", "my_", "person_", "user_", "form_")
_TECHNICAL = re.compile(r"g_recaptcha.*|h_captcha.*|cf_turnstile.*|_?csrf.*|_?token|_wp.*|honeypot|submit|password\d?")
LONGEST_LINE = 500
OWN_ID = 16
"""Shorter ids of posts are numbers that another form has as well."""


@lru_cache(maxsize=4096)
def plain(key: str) -> str:
    """Return a question as it is compared: `Your E-Mail:` is `your_e_mail`."""
    return re.sub(r"[\W_]+", "_", fold(key)).strip("_")


@lru_cache(maxsize=4096)
def role(key: str) -> str:
    """Return what a question is for; empty for what only the team knows."""
    name = plain(key)
    if name in _KNOWN:
        return _KNOWN[name]
    return next((_KNOWN[rest] for one in _BEFORE if (rest := name.removeprefix(one)) != name and rest in _KNOWN), "")


def is_form(answers: Sequence[tuple[str, str]]) -> bool:
    """Tell whether lines of text are a filled form: an address, and a name or a message beside it."""
    roles = {role(key) for key, text in answers if text}
    return bool(roles & {"email", "phone"}) and bool(roles & {"name", "first", "last", "message"})


@dataclass
class Meant:
    """What a post says."""

    name: str = ""
    emails: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    company: str = ""
    subject: str = ""
    message: str = ""
    form: str = ""
    source: str = ""
    campaign: str = ""
    page: str = ""
    time: str = ""
    key: str = ""
    """What the sender calls the post."""
    rest: list[tuple[str, str]] = field(default_factory=list)
    """Answers to questions that nobody here knows."""
    dropped: list[str] = field(default_factory=list)
    """Questions of machines to machines, which are left out, and told."""


def meaning(answers: Sequence[tuple[str, str]]) -> Meant:
    """Return what a post says; raises Invalid for an address that is none, and lines where there should be one."""
    made = Meant()
    parts = {"first": "", "last": ""}
    for key, text in answers:
        what = role(key)
        if _TECHNICAL.fullmatch(plain(key)):
            made.dropped.append(shown(key))
        elif what == "email":
            _add(made.emails, _email(key, one_line(key, text)))
        elif what == "phone":
            _phone(made, key, one_line(key, text))
        elif what == "message":
            made.message = "\n\n".join(filter(None, (made.message, text)))
        elif what in parts and not parts[what]:
            parts[what] = one_line(key, text)
        elif what == "id":
            made.key = text if len(text) >= OWN_ID else ""
            made.rest.append((key, text))
        elif what and what not in parts and not getattr(made, what):
            setattr(made, what, one_line(key, text))
        else:
            made.rest.append((key, text))
    whole = " ".join(filter(None, parts.values()))
    if made.name and whole:
        made.rest += [(key, text) for key, text in answers if role(key) in parts and text not in made.name]
    made.name = made.name or whole
    return made


def one_line(key: str, text: str) -> str:
    """Return an answer that is one line; raises Invalid for others, which could pass for more than they are."""
    if len(text.splitlines()) > 1:
        raise Invalid(f"{shown(key)}: it holds a line break, and is one line")
    if len(text) > LONGEST_LINE:
        raise Invalid(f"{shown(key)}: it is {len(text):,} characters long; {LONGEST_LINE} are taken")
    return text


def _email(key: str, text: str) -> str:
    if text.count("@") > 1:
        raise Invalid(f"{shown(key)}: {text[:100]!r} is two e-mail addresses; one is taken")
    try:
        return normal_email(text)
    except Invalid as problem:
        raise Invalid(f"{shown(key)}: {problem.message}") from None


def _phone(made: Meant, key: str, text: str) -> None:
    """Take a phone number; what is none is kept beside an e-mail address, which will do."""
    try:
        _add(made.phones, normal_phone(text))
    except Invalid:
        made.rest.append((key, text))


def _add(held: list[str], value: str) -> None:
    if fold(value) not in map(fold, held):
        held.append(value)
