"""E-mails as entries of the log, where someone known wrote or got them; the others are people to be asked about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tuicrm.exchange import fitting
from tuicrm.exchange.items import Item, Parsed

if TYPE_CHECKING:
    from datetime import datetime
    from email.message import Message

    from tuicrm.crm.mail import Mail
    from tuicrm.exchange.formats import Context

_PEOPLE = frozenset({"contacts"})
ODD = (ValueError, TypeError, LookupError, AttributeError, RecursionError, OverflowError)
"""What the standard library raises at mail that its authors did not think of."""
_MACHINES = re.compile(
    r"(?:no-?_?reply|do-?not-?reply|mailer-daemon|postmaster|bounces?|notifications?|newsletter|auto-?reply)"
    r"(?:[+\-_.].*)?@.*",
    re.IGNORECASE,
)
_IDS = re.compile(r"<([^<>\s]{1,500})>")


class Letters:
    """Goes through messages one by one and keeps only what becomes of them."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.parsed = Parsed()
        self._seen: set[str] = set()
        self._leads: set[str] = set()

    def add(self, data: bytes, where: str) -> None:
        """Take one message; what cannot be read is told and stops no other."""
        from tuicrm.crm.mail import read_mail

        try:
            head = head_of(data)
            mail = read_mail(data)
        except ODD:
            mail = None
        if mail is None or not mail.sender[1]:
            self.parsed.broken.append((where, "it has no headers that say who wrote it"))
            return
        self._one(mail, head, where)

    def _one(self, mail: Mail, head: Message, where: str) -> None:
        own, known = self.context.own, self.context.known
        sender = mail.sender[1]
        contacts = fitting.emails((one for one in mail.addresses if one not in own and known(one)), [])
        strangers = [one for one in (mail.to if sender in own else (mail.sender,)) if one[1] not in own]
        strangers = [one for one in strangers if one[1] and not known(one[1])]
        if strangers:
            if by_machine(head, sender):
                self.parsed.ignore("mail of lists and machines")
            else:
                self._meet(strangers, where)
        if not contacts:
            return
        at = mail.sent or received_at(head)
        if at is None:
            self.parsed.broken.append((where, "it has no date that can be read"))
            return
        key = message_id(head) or made_up_id(mail)
        if key in self._seen:
            self.parsed.ignore("messages that come twice")
            return
        self._seen.add(key)
        typed = {
            "type": ["email"],
            "subject": [fitting.one_line(mail.subject) or "E-mail"],
            "body": [fitting.storable(mail.body) if self.context.keep_bodies else ""],
            "at": [f"{min(at, self.context.now):%Y-%m-%dT%H:%M:%SZ}"],
            "outcome": [self._direction(sender)],
            "contacts": contacts,
            "thread": [thread_of(head) or key],
            "external_id": [key],
        }
        self.parsed.items.append(Item("activity", fitting.filled(typed), where, _PEOPLE))

    def _direction(self, sender: str) -> str:
        """Return `sent` or `received`; nothing where nobody knows which addresses are the team's."""
        if sender in self.context.own:
            return "sent"
        return "received" if self.context.own or self.context.known(sender) else ""

    def _meet(self, strangers: list[tuple[str, str]], where: str) -> None:
        """Remember people whom nobody here knows; as leads where that is asked for."""
        for name, raw in strangers:
            address = "".join(fitting.emails([raw], []))
            if not address or _MACHINES.fullmatch(address):
                continue
            old, count = self.parsed.unknown.get(address, ("", 0))
            called = old or fitting.one_line(name)
            self.parsed.unknown[address] = (called, count + 1)
            if self.context.leads and address not in self._leads:
                self._leads.add(address)
                typed = {"name": [called or address], "emails": [address], "source": ["e-mail"]}
                self.parsed.items.append(Item("lead", typed, where))


def head_of(data: bytes) -> Message:
    """Return the headers of a message."""
    from email.parser import BytesHeaderParser

    return BytesHeaderParser().parsebytes(data)


def header(head: Message, name: str) -> str:
    """Return a header as one line; nothing for one that cannot be read."""
    try:
        return fitting.one_line(str(head.get(name, "")))
    except ODD:
        return ""


def by_machine(head: Message, sender: str) -> bool:
    """Tell whether nobody wrote a message to anybody: a list, a newsletter, an automatic answer."""
    if any(head.get(name) is not None for name in ("List-Id", "List-Unsubscribe", "List-Post", "X-Autoreply")):
        return True
    if header(head, "Auto-Submitted").lower() not in ("", "no") or header(head, "Return-Path") == "<>":
        return True
    return header(head, "Precedence").lower() in ("bulk", "list", "junk") or bool(_MACHINES.fullmatch(sender))


def message_id(head: Message) -> str:
    """Return what a message calls itself."""
    text = header(head, "Message-ID")
    found = _IDS.search(text)
    return found[1] if found else text.strip("<> ")


def thread_of(head: Message) -> str:
    """Return the message that began the conversation: the first that is named."""
    for name in ("References", "In-Reply-To"):
        found = _IDS.search(header(head, name))
        if found:
            return found[1]
    return ""


def made_up_id(mail: Mail) -> str:
    """Return what tells a message without an id from others: when who wrote about what."""
    from hashlib import sha256

    said = "\n".join((mail.date, mail.sender[1], mail.subject))
    return f"mail-{sha256(said.encode('utf-8', 'replace')).hexdigest()[:32]}"


def received_at(head: Message) -> datetime | None:
    """Return when a message came, where it does not say when it was sent."""
    from datetime import UTC
    from email.utils import parsedate_to_datetime

    try:
        found = parsedate_to_datetime(header(head, "Received").rpartition(";")[2].strip()[:100])
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except ODD:
        return None
