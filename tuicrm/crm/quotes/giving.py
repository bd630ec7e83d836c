"""A quote in the form that somebody gets it: text, Markdown, a page, a PDF, or a draft of an e-mail that brings one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tuicrm.crm.quotes.paper import Paper, paper
from tuicrm.crm.quotes.standing import called
from tuicrm.crm.shapes import word
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from tuicrm.crm.letters import Letter
    from tuicrm.crm.session import Session

Record = dict[str, Any]

FORMATS = ("text", "md", "html", "pdf")
MEDIA = {"text": "text/plain", "md": "text/markdown", "html": "text/html", "pdf": "application/pdf"}
ENDINGS = {"text": ".txt", "md": ".md", "html": ".html", "pdf": ".pdf"}


@dataclass(frozen=True)
class Given:
    """A quote in one of its forms."""

    data: bytes
    name: str
    """What a file of it is called."""
    media: str
    warnings: tuple[str, ...] = ()
    """What is not right in it, a sentence each."""


def give(session: Session, quote: Record, form: str, env: Mapping[str, str]) -> Given:
    """Return a quote in a form; raises NoPdf where the library for PDFs is missing."""
    data, warnings = set_as(paper(session, quote), form, env, session.now)
    return Given(data, file_name(session, quote, form), MEDIA[form], warnings)


def set_as(sheet: Paper, form: str, env: Mapping[str, str], now: datetime) -> tuple[bytes, tuple[str, ...]]:
    """Return what stands on a quote in a form, and what is not right in it; it needs no workspace any more."""
    if form == "pdf":
        from tuicrm.crm.quotes.pdf import pdf

        return pdf(sheet, env, now)
    return _text(sheet, form).encode(), ()


def form_of(path: Path) -> str:
    """Return the form that the ending of a file says, text where it has none; raises Invalid for another ending."""
    ending = path.suffix.lower()
    found = next((form for form, one in ENDINGS.items() if one == ending), "html" if ending == ".htm" else "")
    if ending and not found:
        raise Invalid(
            f"{path.name}: a quote is written as {', '.join(ENDINGS.values())}, which {ending} is none of",
            hint="name the file so, or say the form with --format.",
        )
    return found or "text"


def file_name(session: Session, quote: Record, form: str) -> str:
    """Return what a file of a quote is called."""
    return f"{_plain(called(session, quote))}{ENDINGS[form]}"


def _text(sheet: Paper, form: str) -> str:
    if form == "html":
        from tuicrm.crm.quotes.page import html

        return html(sheet)
    from tuicrm.crm.quotes import plain

    return plain.markdown(sheet) if form == "md" else plain.text_of(sheet)


def _plain(name: str) -> str:
    """Return a name that any file may have: what a number holds beside letters and digits becomes a dash."""
    kept = "".join(one if one.isascii() and one.isalnum() else "-" for one in name).strip("-")
    return kept[:80] or "quote"


def letter(session: Session, quote: Record, deal: Record, template: Record | None = None) -> Letter:
    """Return the e-mail that a quote goes with, filled from a template of deals where one is given."""
    from tuicrm.crm import letters

    warnings: dict[str, None] = {}
    person = session.ws.get("contact", word(quote.get("contact")))
    of = ("contact", person) if person is not None else ("deal", deal)
    to, name = letters.recipient(session, *of, warnings)
    if template is not None:
        filled = letters.fill(session, template, "deal", deal)
        return replace(filled, to=to or filled.to, name=name if to else filled.name)
    number = called(session, quote)
    seller = session.setting("seller_name")
    subject = f"Quote {number}" + (f" from {seller}" if seller else "")
    hello = f"Hello {name}" if name else "Hello"
    until = word(quote.get("valid_until"))
    body = f"{hello},\n\nplease find our quote {number} attached" + (f"; it is valid until {until}." if until else ".")
    sender = word((session.ws.get("user", session.me) or {}).get("email")) if session.me else ""
    return letters.Letter(to, subject, f"{body}\n", name, sender, ("deal", deal["id"]), tuple(warnings))
