"""Pasted or saved e-mails: who wrote to whom, when, about what. Pure, and calm about whatever a stranger sends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tuicrm.crm.mailtext import decoded, mime_text, whole

if TYPE_CHECKING:
    from datetime import datetime

Address = tuple[str, str]
"""A name, which may be empty, and an address in lower case."""

MOST = 2_000_000
"""Characters beyond which nothing is read."""
BODY_MOST = 100_000
_HEAD_MOST = 200
_VALUE_MOST = 5_000
_SUBJECT_MOST = 200
_PRELUDE_MOST = 6
_NAMES = {
    "from": "from", "to": "to", "cc": "cc", "date": "date", "sent": "date", "subject": "subject",
    "von": "from", "an": "to", "gesendet": "date", "datum": "date", "betreff": "subject",
    "de": "from", "à": "to", "envoyé": "date", "objet": "subject",
    "para": "to", "enviado": "date", "asunto": "subject",
    "van": "from", "aan": "to", "verzonden": "date", "onderwerp": "subject",
    "از": "from", "به": "to", "تاریخ": "date", "موضوع": "subject",
}  # fmt: skip
"""Headers as mail programs show them, in several languages."""
_WROTE = (
    r"(?P<open>On|Am|Le|El|Op)\s(?P<what>.{5,400}?)\s"
    r"(?:wrote|a écrit|escribió|schrieb(?P<by>.{0,120}?)|schreef(?P<by2>.{0,120}?))\s?:"
)


@dataclass(frozen=True)
class Mail:
    """What an e-mail says."""

    subject: str
    sender: Address
    to: tuple[Address, ...]
    """Everybody else who got it or is named."""
    date: str
    """As it was written."""
    sent: datetime | None
    """The same as an aware time, where it has the form that mail uses."""
    body: str

    @property
    def addresses(self) -> list[str]:
        """Every address, the sender's first, each once."""
        return list(dict.fromkeys(one for _, one in (self.sender, *self.to) if one))


def read_mail(data: str | bytes) -> Mail | None:
    """Return what an e-mail says, as saved by a mail program or as copied from its window; None for other text."""
    text = data if isinstance(data, str) else _unpacked(data)
    if len(text) > MOST:
        return None
    lines = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff").split("\n")
    for start, line in enumerate(lines[:_PRELUDE_MOST]):
        found = _headers(lines, start)
        if found is not None:
            return _with_headers(*found, raw="\n".join(lines[start:]))
        if line.strip() and not _prelude(line):
            break
    return _attributed(lines)


def _unpacked(data: bytes) -> str:
    """Return the bytes of a file as text that gives them back; a mail may be in any encoding, or in several."""
    try:
        return data[: 4 * MOST].decode()
    except UnicodeDecodeError:
        return data[: 4 * MOST].decode("ascii", "surrogateescape")


def _prelude(line: str) -> bool:
    """Tell whether a line stands before the headers of a forwarded mail."""
    text = line.strip().casefold()
    return text.startswith(("---", "begin forwarded", "from ", ">from ")) or text.endswith("message:")


def _headers(lines: list[str], start: int) -> tuple[dict[str, str], int] | None:
    """Return the headers that begin at a line and where the rest begins; None where there are none."""
    held: dict[str, str] = {}
    last = ""
    at = start
    for at in range(start, min(len(lines), start + _HEAD_MOST)):
        line = lines[at]
        if not line.strip():
            break
        name, colon, value = line.partition(":")
        if line[0] in " \t" and last:
            held[last] = f"{held[last]} {line.strip()}"[:_VALUE_MOST]
        elif colon and name.strip("* ") and " " not in name.strip("* ") and len(name) < 60:
            plain = name.strip("* ").casefold()
            last = _NAMES.get(plain, plain)
            if last in held:
                last = f"{last} again"
            held[last] = value.strip("* \t")[:_VALUE_MOST]
        elif last in ("to", "cc"):
            held[last] = f"{held[last]} {line.strip()}"[:_VALUE_MOST]
        else:
            return None
    named = "@" in "".join(held.get(name, "") for name in ("from", "to", "cc"))
    if "from" not in held or not (named or held.keys() >= {"date", "subject"}):
        return None
    return held, at + 1


def _with_headers(held: dict[str, str], rest: int, *, raw: str) -> Mail:
    lines = raw.split("\n")
    body = mime_text(raw) if held.keys() & {"content-type", "content-transfer-encoding"} else None
    if body is None:
        body = "\n".join(lines[_blank(lines) + 1 :])
    senders = _addresses(held["from"])
    others = [one for name in ("to", "cc") for one in _addresses(held.get(name, ""))]
    date = whole(held.get("date", ""))
    body = _trimmed(whole(body))
    return Mail(
        subject=_line(decoded(held.get("subject", ""))) or _first_line(body),
        sender=senders[0] if senders else (_line(decoded(held["from"])), ""),
        to=tuple(others),
        date=_line(date),
        sent=_sent(date),
        body=body,
    )


def _blank(lines: list[str]) -> int:
    return next((at for at, line in enumerate(lines) if not line.strip()), len(lines))


def _addresses(value: str) -> list[Address]:
    """Return the people that a header names."""
    import re
    from email.utils import getaddresses

    # Programs that show `Jane Roe [mailto:jane@acme.example]` or part people by semicolons are read alike.
    plain = re.sub(r"\[mailto:([^\]\s]{3,200})\]", r"<\1>", decoded(value)).replace(";", ",")
    try:
        pairs = getaddresses([plain])
    except RecursionError:
        return _addresses_in(plain)
    found = [(_line(name), _line(address).casefold()) for name, address in pairs]
    return [(name.strip("'\""), address) for name, address in found if "@" in address.strip("@")]


def _sent(date: str) -> datetime | None:
    from datetime import UTC
    from email.utils import parsedate_to_datetime

    try:
        found = parsedate_to_datetime(date[:100])
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _attributed(lines: list[str]) -> Mail | None:
    """Read a text with a line such as `On Tue, Oct 6, 2026 at 3:04 PM Jane Roe <jane@acme.example> wrote:`."""
    import re

    for at in range(min(len(lines), 400)):
        if not lines[at].startswith(("On ", "Am ", "Le ", "El ", "Op ")):
            continue
        # Mail programs break the line where it is long.
        for size in (1, 2, 3):
            line = " ".join(one.strip() for one in lines[at : at + size])
            found = re.fullmatch(_WROTE, line[:700].strip())
            if found:
                said = " ".join(filter(None, (found["what"], found["by"], found["by2"])))
                return _quoted(lines, at, at + size, said)
    return None


def _quoted(lines: list[str], start: int, rest: int, said: str) -> Mail | None:
    people = _addresses_in(said)
    if not people:
        return None
    before = "\n".join(lines[:start]).strip()
    quoted = "\n".join(_unquoted(line) for line in lines[rest:])
    body = _trimmed(whole("\n".join(lines) if before else quoted))
    date = said.partition("<")[0]
    return Mail(
        subject=_first_line(before or body),
        sender=("", "") if before else people[0],
        to=tuple(people if before else people[1:]),
        # With an answer above it, the date is that of what was answered.
        date="" if before else _line(date),
        sent=None,
        body=body,
    )


def _addresses_in(text: str) -> list[Address]:
    import re

    return [("", one.casefold()) for one in re.findall(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}", text)]


def _unquoted(line: str) -> str:
    return line[2:] if line.startswith("> ") else line[1:] if line.startswith(">") else line


def _line(text: str) -> str:
    return " ".join(text.replace("\0", "").split())[:_VALUE_MOST]


def _first_line(text: str) -> str:
    return next((_line(line)[:_SUBJECT_MOST] for line in text.split("\n") if line.strip()), "")


def _trimmed(text: str) -> str:
    text = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").strip("\n ")
    return text if len(text) <= BODY_MOST else f"{text[:BODY_MOST]}\n(the rest is left out)"
