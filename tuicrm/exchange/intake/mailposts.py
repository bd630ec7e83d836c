"""An e-mail as a post: the answers of a form where its text has them, else what somebody wrote."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tuicrm.errors import Invalid
from tuicrm.exchange import letters
from tuicrm.exchange.intake.meaning import is_form, role
from tuicrm.exchange.intake.posts import Letter, Post, checked

if TYPE_CHECKING:
    from email.message import Message

    from tuicrm.crm.mail import Mail

_ONE_LINE = ("From", "To", "Subject", "Message-ID", "Reply-To", "Date", "References", "In-Reply-To")
_ASKED = re.compile(r"\s*[*_>-]*\s*([^\W\d_][^:\n]{0,59}?)\s*[*_]*\s*:[*_]*(?!//)\s*(.*)")


def mail_post(data: bytes, where: str) -> Post:
    """Return an e-mail as a post; what cannot be taken says why."""
    from tuicrm.crm.mail import read_mail

    try:
        head = letters.head_of(data)
        _refuse_breaks(head)
        mail = read_mail(data)
        if mail is None or "@" not in mail.sender[1]:
            return Post(where, wrong="it has no headers that say who wrote it")
        answers = lines_of(mail.body)
        # What a form service sends is about the one who filled the form, not about the service.
        return Post(where, checked(answers) if is_form(answers) else (), _letter(mail, head))
    except Invalid as problem:
        return Post(where, wrong=problem.message)
    except letters.ODD:
        return Post(where, wrong="its headers cannot be read")


def _letter(mail: Mail, head: Message) -> Letter:
    from tuicrm.records.values import instant_text

    at = mail.sent or letters.received_at(head)
    key = letters.message_id(head) or letters.made_up_id(mail)
    return Letter(
        sender=mail.sender,
        subject=mail.subject,
        body=mail.body,
        at=instant_text(at) if at else "",
        key=key,
        thread=letters.thread_of(head) or key,
        machine=letters.by_machine(head, mail.sender[1]),
    )


def _refuse_breaks(head: Message) -> None:
    """Raise Invalid where a header holds a line break once it is decoded, or names two who wrote."""
    from tuicrm.crm.mailtext import decoded

    for name in _ONE_LINE:
        values = head.get_all(name, [])
        if len(values) > 1:
            raise Invalid(f"the header {name} stands twice in it")
        for value in values:
            # A folded header is one line: the break before a blank is not part of it.
            plain = decoded(re.sub(r"\r?\n(?=[ \t])", "", str(value)))
            if "\n" in plain or "\r" in plain:
                raise Invalid(f"the header {name} holds a line break")
    from email.utils import getaddresses

    people = [one for _, one in getaddresses([decoded(str(head.get("From", "")))]) if "@" in one]
    if len(people) > 1:
        raise Invalid(f"the header From is {len(people)} e-mail addresses; one is taken")


def lines_of(text: str) -> list[tuple[str, str]]:
    """Return the questions and answers of lines such as `Name: Jane Roe`; what stands before them under `text`.

    A message goes on over lines that name nothing known, as people write colons too.
    """
    found: list[tuple[str, list[str]]] = [("text", [])]
    for line in text.split("\n"):
        match = _ASKED.fullmatch(line)
        asked = match is not None and len(match[1].split()) <= 6
        if match is not None and asked and (role(found[-1][0]) != "message" or role(match[1])):
            found.append((match[1], [match[2]]))
        else:
            found[-1][1].append(line)
    return [(key, "\n".join(lines).strip()) for key, lines in found]
