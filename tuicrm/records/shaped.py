"""Field types for texts that have a shape: web addresses, domains, phones, countries, tax numbers.

What can never be right is refused where it is typed in; what merely looks wrong is kept, and `doubt` says why.
Stored values are never refused: they may be older than the type, or come from a later version.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tuicrm.errors import Invalid
from tuicrm.records.types import Text, phone_doubt

if TYPE_CHECKING:
    from tuicrm.records.types import Parsing, Stored

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://", re.ASCII)
_HOST_END = re.compile(r"[/?#]")
_LABEL = re.compile(r"[^\W_](?:[\w-]*[^\W_])?")


class WebAddress(Text):
    """The address of a page or a site, with or without `https://`; scheme and host in lower case."""

    name = "web address"

    def parse(self, text: str, ctx: Parsing) -> Stored:
        typed = text.strip()
        _refuse_spaces(typed, "web address such as https://acme.example")
        scheme, host, rest = _split(typed)
        if "@" in host and not scheme:
            raise Invalid(f"{text!r} is an e-mail address, not a web address such as https://acme.example")
        return f"{scheme.lower()}{host.lower()}{'' if rest == '/' else rest}"

    def doubt(self, value: Stored) -> str:
        scheme, host, _ = _split(str(value))
        if scheme.lower() not in ("", "http://", "https://"):
            return "is not the address of a web page"
        return _host_doubt(host.rpartition("@")[2].partition(":")[0])


class Domain(Text):
    """An internet domain, taken out of a web address or an e-mail address where one of these is typed."""

    name = "domain"

    def parse(self, text: str, ctx: Parsing) -> Stored:
        typed = text.strip()
        _refuse_spaces(typed, "domain such as acme.example")
        host = _split(typed)[1].rpartition("@")[2].partition(":")[0].strip(".").lower()
        while host.startswith("www.") and "." in host[4:]:
            host = host[4:].lstrip(".")
        return host or typed

    def doubt(self, value: Stored) -> str:
        return _host_doubt(str(value))


class Phone(Text):
    """One phone number, kept as it is typed, so that it reads as its owner writes it."""

    name = "phone"

    def parse(self, text: str, ctx: Parsing) -> Stored:
        typed = " ".join(text.split())
        if not any(letter.isdigit() for letter in typed):
            raise Invalid(f"{text!r} has no digit, so it is no phone number such as +49 30 555 0142")
        return typed

    def doubt(self, value: Stored) -> str:
        return phone_doubt(str(value))


class Country(Text):
    """A country, kept by its usual English name whatever name or code is typed; what is unknown stays as typed."""

    name = "country"

    def parse(self, text: str, ctx: Parsing) -> Stored:
        from tuicrm.records.countries import country_named

        typed = " ".join(text.split())
        return country_named(typed) or typed

    def doubt(self, value: Stored) -> str:
        from tuicrm.records.countries import country_named

        return "" if country_named(str(value)) else "is no country that is known here"


class TaxNumber(Text):
    """A tax number; a European VAT number is kept in capitals without spaces, any other as it is typed."""

    name = "tax number"

    def parse(self, text: str, ctx: Parsing) -> Stored:
        from tuicrm.records.taxnumbers import compact

        if not any(letter.isdigit() for letter in text):
            raise Invalid(f"{text!r} has no digit, so it is no tax number such as DE136695976")
        return compact(text)

    def doubt(self, value: Stored) -> str:
        from tuicrm.records.taxnumbers import wrong

        return wrong(str(value))


def _split(text: str) -> tuple[str, str, str]:
    """Return the scheme with its `://`, the host and the rest of an address; the first and last may be empty."""
    found = _SCHEME.match(text)
    start = found.end() if found else 0
    end = _HOST_END.search(text, start)
    stop = end.start() if end else len(text)
    return text[:start], text[start:stop], text[stop:]


def _refuse_spaces(text: str, what: str) -> None:
    if any(letter.isspace() for letter in text):
        raise Invalid(f"{text!r} has a space in it, so it is no {what}")


def _host_doubt(host: str) -> str:
    labels = host.strip(".").split(".")
    if len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)) or labels[-1].isdigit():
        return "does not look like an address on the internet"
    return ""
