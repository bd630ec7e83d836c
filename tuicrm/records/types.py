"""Field types: how a value is typed in, stored, checked, compared, shown and described."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.when import Reading

Stored = Any
"""What a record holds: str, int, bool, list (a set) or dict (a map)."""


class Parsing(Protocol):
    """What reading typed text may depend on: today, the workspace's currency, and who answers to a name."""

    @property
    def reading(self) -> Reading: ...

    @property
    def currency(self) -> str: ...

    def resolve(self, kind: str, text: str) -> str:
        """Return the id of the record of `kind` that `text` names, or raise NotFound or Ambiguous."""
        ...

    def note(self, text: str) -> None:
        """Keep a sentence about what was understood, to be echoed."""
        ...


class FieldType:
    """The base: one line of text."""

    name: ClassVar[str] = "text"
    many: ClassVar[bool] = False
    """True where a field holds several values; then `parse` reads one of them."""
    numeric: ClassVar[bool] = False
    """True where values are shown right-aligned and compared as numbers."""
    refers: str = ""
    """The kind that values refer to, if any."""
    choices: tuple[str, ...] = ()

    def singular(self, name: str) -> str:
        """Return the name of one value of a field called `name`."""
        return name

    def parse(self, text: str, ctx: Parsing) -> Stored:
        """Read typed text into the stored form, or raise Invalid with one sentence."""
        return text.strip()

    def check(self, value: Stored) -> str:
        """Return what is wrong with a stored value, or an empty string."""
        return "" if isinstance(value, str) else "is not text"

    def doubt(self, value: Stored) -> str:
        """Return why a single value that is allowed may yet be wrong, to follow it in a sentence; mostly empty."""
        return ""

    def plain(self, value: Stored) -> Any:
        """Return the value as JSON shows it."""
        return value

    def text(self, value: Stored) -> str:
        """Return the value as a table or a CSV cell shows it (not yet cleaned for a terminal)."""
        return str(value)

    def key(self, value: Stored) -> Any:
        """Return something that sorts and compares in the natural order of the type."""
        from tuicrm.text import fold

        return fold(value) if isinstance(value, str) else ""

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the plain form."""
        return {"type": "string"}


class Text(FieldType):
    """One line of text."""


class LongText(FieldType):
    """Text of several lines."""

    name = "long text"

    def parse(self, text: str, ctx: Parsing) -> Stored:
        return text.strip("\n")


class Email(Text):
    """One e-mail address, lower case in its domain."""

    name = "e-mail"

    def parse(self, text: str, ctx: Parsing) -> Stored:
        return normal_email(text)

    def doubt(self, value: Stored) -> str:
        return email_doubt(str(value))


class Choice(FieldType):
    """One of a fixed list of words; `open_ended` lets others through."""

    name = "choice"

    def __init__(self, *choices: str, open_ended: bool = False) -> None:
        self.choices = choices
        self.open_ended = open_ended

    def parse(self, text: str, ctx: Parsing) -> Stored:
        from tuicrm.text import nearest

        if text.strip() in self.choices:
            return text.strip()
        wanted = _spelt(text)
        for one in self.choices:
            if _spelt(one) == wanted:
                return one
        started = [one for one in self.choices if _spelt(one).startswith(wanted)] if wanted else []
        if len(started) == 1:
            return started[0]
        if self.open_ended:
            return text.strip()
        near = nearest(wanted, self.choices)
        guess = f" (did you mean {near}?)" if near else ""
        raise Invalid(f"{text!r} is not one of {', '.join(self.choices)}{guess}")

    def check(self, value: Stored) -> str:
        if not isinstance(value, str):
            return "is not text"
        return "" if self.open_ended or value in self.choices else f"is not one of {', '.join(self.choices)}"

    def key(self, value: Stored) -> Any:
        return (self.choices.index(value), "") if value in self.choices else (len(self.choices), str(value))

    def schema(self) -> dict[str, Any]:
        return {"type": "string"} if self.open_ended else {"type": "string", "enum": list(self.choices)}


def _spelt(choice: str) -> str:
    """Return a choice as it is compared: by its letters, whatever stands between them."""
    from tuicrm.text import fold

    return fold(choice.strip()).replace(" ", "_").replace("-", "_")


class Integer(FieldType):
    """A whole number within bounds."""

    name = "number"
    numeric = True

    def __init__(self, low: int = 0, high: int = 10**15, unit: str = "", *, signed: bool = False) -> None:
        self.low = low
        self.high = high
        self.signed = signed
        """Whether a minus in front of a number is one."""
        self.unit = unit

    def parse(self, text: str, ctx: Parsing) -> Stored:
        from tuicrm.money import parse_amount

        typed = text.strip().removesuffix(self.unit).strip() if self.unit else text.strip()
        try:
            amount = parse_amount(typed, allow_negative=self.signed)
        except Invalid:
            raise Invalid(f"{text!r} is no whole number: write one such as 120, 1,200 or 12k") from None
        if amount != int(amount):
            raise Invalid(f"{text!r} is not a whole number")
        number = int(amount)
        if not self.low <= number <= self.high:
            raise Invalid(f"{text!r} is outside {self.low} to {self.high}")
        return number

    def check(self, value: Stored) -> str:
        if not isinstance(value, int) or isinstance(value, bool):
            return "is not a whole number"
        return "" if self.low <= value <= self.high else f"is outside {self.low} to {self.high}"

    def key(self, value: Stored) -> Any:
        return value if isinstance(value, int) else 0

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


class Flag(FieldType):
    """Yes or no."""

    name = "yes/no"
    choices = ("yes", "no")

    def parse(self, text: str, ctx: Parsing) -> Stored:
        word = text.strip().casefold()
        if word in ("yes", "y", "true", "1", "on"):
            return True
        if word in ("no", "n", "false", "0", "off"):
            return False
        raise Invalid(f"{text!r} is neither yes nor no")

    def check(self, value: Stored) -> str:
        return "" if isinstance(value, bool) else "is neither true nor false"

    def text(self, value: Stored) -> str:
        return "yes" if value else "no"

    def key(self, value: Stored) -> Any:
        return bool(value)

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


class Ref(FieldType):
    """The id of another record."""

    name = "reference"

    def __init__(self, kind: str) -> None:
        self.refers = kind

    def parse(self, text: str, ctx: Parsing) -> Stored:
        return ctx.resolve(self.refers, text)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "description": f"the id of a {self.refers}"}


class Tags(FieldType):
    """A set of words."""

    name = "words"
    many = True

    def singular(self, name: str) -> str:
        return f"{name[:-3]}y" if name.endswith("ies") else name.removesuffix("s")

    def parse(self, text: str, ctx: Parsing) -> Stored:
        word = text.strip()
        if not word or "," in word or "\n" in word:
            raise Invalid(f"{text!r} is not one word or phrase without commas")
        return word

    def check(self, value: Stored) -> str:
        return (
            "" if isinstance(value, list) and all(isinstance(one, str) for one in value) else "is not a list of words"
        )

    def text(self, value: Stored) -> str:
        return ", ".join(map(str, value))

    def key(self, value: Stored) -> Any:
        from tuicrm.text import fold

        return tuple(fold(str(one)) for one in value) if isinstance(value, list) else ()

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string"}, "uniqueItems": True}


class Refs(Tags):
    """A set of ids of other records."""

    name = "references"

    def __init__(self, kind: str) -> None:
        self.refers = kind

    def parse(self, text: str, ctx: Parsing) -> Stored:
        return ctx.resolve(self.refers, text)


class Addresses(FieldType):
    """Several e-mail addresses or phone numbers: a map from the normalised value to label and rank."""

    many = True

    def __init__(self, what: str) -> None:
        self.what = what

    @property
    def name(self) -> str:  # type: ignore[override]
        """Return what one value is: `e-mail` or `phone`."""
        return f"{self.what}s"

    def singular(self, name: str) -> str:
        return name.removesuffix("s")

    def parse(self, text: str, ctx: Parsing) -> Stored:
        return normal_email(text) if self.what == "e-mail" else normal_phone(text)

    def check(self, value: Stored) -> str:
        good = isinstance(value, dict) and all(isinstance(one, dict) for one in value.values())
        return "" if good else "is not a map from a value to its label and rank"

    def doubt(self, value: Stored) -> str:
        """Return why one of the values may be wrong."""
        return email_doubt(str(value)) if self.what == "e-mail" else phone_doubt(str(value))

    def plain(self, value: Stored) -> Any:
        return ranked(value)

    def text(self, value: Stored) -> str:
        return ", ".join(ranked(value))

    def key(self, value: Stored) -> Any:
        return tuple(ranked(value))

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string"}}


def ranked(value: Stored) -> list[str]:
    """Return the keys of an address map in the order of their rank, ties by the key."""
    if not isinstance(value, dict):
        return []
    if len(value) < 2:
        return list(value)

    def order(item: tuple[str, Any]) -> tuple[int, str]:
        rank = item[1].get("rank", 0) if isinstance(item[1], dict) else 0
        return (rank if isinstance(rank, int) else 0, item[0])

    return [key for key, _ in sorted(value.items(), key=order)]


def with_ranks(values: Sequence[str], held: Stored = None) -> dict[str, dict[str, Any]]:
    """Return an address map of `values` in their order, keeping the labels that `held` has."""
    if not held or not isinstance(held, dict):
        return {one: {"rank": place} for place, one in enumerate(dict.fromkeys(values), 1)}
    old = held
    return {one: {**old.get(one, {}), "rank": place} for place, one in enumerate(dict.fromkeys(values), 1)}


_NOT_IN_EMAIL = re.compile(r'[\s,;<>"]')
_NOT_IN_DOMAIN = re.compile(r"[\x00-,/:-@[-`{-\x7f]")
_PLAIN_PHONE = re.compile(r"\+?[0-9]{3,20}")
_PHONE_MARKS = str.maketrans("", "", " -()./\u00a0\u202f\u2011\u2013")


def normal_email(text: str) -> str:
    """Return an e-mail address without spaces and with a lower-case domain, or raise Invalid."""
    typed = text.strip().removeprefix("mailto:")
    local, at, domain = typed.rpartition("@")
    odd = _NOT_IN_EMAIL.search(typed) or not typed.isprintable() or _NOT_IN_DOMAIN.search(domain)
    if not (local and at) or odd or "." not in domain.strip(".") or ".." in domain or len(typed) > 254:
        raise Invalid(f"{text!r} is not an e-mail address such as jane@acme.example")
    return f"{local}@{domain.strip('.').lower()}"


def normal_phone(text: str) -> str:
    """Return a phone number as its digits, with `+` for an international one, or raise Invalid."""
    typed = text.strip().removeprefix("tel:")
    bare = typed.translate(_PHONE_MARKS)
    if typed.rfind("+") <= 0 and not bare.startswith("00") and _PLAIN_PHONE.fullmatch(bare):
        return bare
    from unicodedata import digit

    number, _, extension = typed.lower().partition("x") if "x" in typed.lower() else (typed, "", "")
    digits = "".join(str(digit(letter)) for letter in number if letter.isdigit())
    rest = {letter for letter in number if not letter.isdigit()} - set("+ -()./\u00a0\u202f\u2011\u2013")
    inner = "".join(letter for letter in extension if letter.isdigit())
    if rest or not 3 <= len(digits) <= 20 or "+" in number.strip()[1:].replace("(+", "("):
        raise Invalid(f"{text!r} is not a phone number such as +49 30 555 0142")
    if number.strip().startswith("00"):
        digits = "+" + digits[2:]
    elif "+" in number:
        digits = "+" + digits.removeprefix("+")
    return digits + (f"x{inner}" if inner else "")


_SLIPS = {
    "gmial.com": "gmail.com", "gmal.com": "gmail.com", "gamil.com": "gmail.com", "gmaill.com": "gmail.com",
    "hotmial.com": "hotmail.com", "hotmal.com": "hotmail.com", "yaho.com": "yahoo.com", "yahooo.com": "yahoo.com",
    "outlok.com": "outlook.com", "iclould.com": "icloud.com",
}  # fmt: skip
_ENDINGS = {"con": "com", "cmo": "com", "ocm": "com", "comm": "com", "ogr": "org", "nte": "net"}
"""Slips of a finger that no domain ends in."""


def email_doubt(address: str) -> str:
    """Return why an e-mail address may be mistyped; empty for a good one."""
    local, _, domain = address.rpartition("@")
    head, dot, end = domain.lower().rpartition(".")
    meant = _SLIPS.get(domain.lower()) or (f"{head}.{_ENDINGS[end]}" if end in _ENDINGS and head else "")
    if meant:
        return f"may be mistyped: {local}@{meant}?"
    odd = not (local and dot and head) or len(end) < 2 or end.isdigit() or any(letter.isspace() for letter in address)
    return "does not look like an e-mail address" if odd else ""


def phone_doubt(number: str) -> str:
    """Return why a phone number may be wrong; empty for a good one."""
    try:
        digits = normal_phone(number).partition("x")[0].removeprefix("+")
    except Invalid:
        return "does not look like a phone number"
    return "" if 6 <= len(digits) <= 15 else f"has {len(digits)} digits, and phone numbers have 6 to 15"
