"""E-mail into the log: mailboxes, Maildir folders, single messages."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from tests.exchange.readers import context, only, read, texts
from tuicrm.errors import Invalid
from tuicrm.exchange import formats
from tuicrm.exchange.mailfiles import messages

if TYPE_CHECKING:
    from pathlib import Path

    from tuicrm.exchange.items import Parsed

OWN = frozenset({"me@us.example"})
JANE = "Jane Roe <jane@acme.example>"
KNOWN = frozenset({"jane@acme.example"})


def letter(
    *more: str, sender: str = "Jane Roe <jane@acme.example>", to: str = "me@us.example", body: str = "Hi"
) -> str:
    """Return one message."""
    date = "" if any(one.startswith("Date:") for one in more) else "Date: Tue, 6 Oct 2026 10:00:00 +0200\n"
    lines = "".join(f"{one}\n" for one in more)
    return f"From: {sender}\nTo: {to}\n{date}{lines}\n{body}\n"


def mbox(*letters: str) -> str:
    """Return a mailbox."""
    return "".join(f"From x@y Tue Oct  6 10:00:00 2026\n{one}\n" for one in letters)


def mail(data: str | bytes, form: str = "", leads: bool = False, keep: bool = True) -> Parsed:
    """Read mail as a team that knows Jane does."""
    return read(data, form, own=OWN, known=KNOWN.__contains__, leads=leads, keep_bodies=keep)


def test_a_message_from_somebody_known_is_an_entry_of_the_log() -> None:
    data = letter(
        "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=",
        "Message-ID: <b@acme.example>",
        "References: <root@us.example>",
        " <a@acme.example>",
        "In-Reply-To: <a@acme.example>",
    )
    for form in (data, mbox(data)):
        one = only(mail(form), "activity")
        assert (texts(one, "type"), texts(one, "subject"), texts(one, "body")) == ("email", "Gr\u00fc\u00dfe", "Hi")
        assert (texts(one, "at"), texts(one, "outcome")) == ("2026-10-06T08:00:00Z", "received")
        assert texts(one, "contacts") == "jane@acme.example"
        assert (texts(one, "thread"), texts(one, "external_id")) == ("root@us.example", "b@acme.example")
    assert "body" not in only(mail(data, keep=False), "activity").typed


def test_what_the_team_sent_is_sent_and_begins_its_own_thread() -> None:
    one = only(mail(letter("Message-ID: <n@us>", sender="ME@us.example", to="jane@acme.example")), "activity")
    assert (texts(one, "outcome"), texts(one, "thread"), texts(one, "external_id")) == ("sent", "n@us", "n@us")


def test_the_same_message_never_comes_twice() -> None:
    parsed = mail(
        mbox(letter("Message-ID: <b@x>"), letter("Message-ID: <b@x>"), letter("Subject: s"), letter("Subject: s"))
    )
    keys = [texts(one, "external_id") for one in parsed.items]
    assert keys[0] == "b@x"
    assert keys[1].startswith("mail-")
    assert len(keys) == 2
    assert parsed.ignored == {"messages that come twice": 2}
    # The key of a message without an id is the same the next time, and another for another message.
    assert texts(only(mail(letter("Subject: s")), "activity"), "external_id") == keys[1]
    assert texts(only(mail(letter("Subject: t")), "activity"), "external_id") != keys[1]


def test_people_nobody_knows_are_listed_and_become_leads_where_asked_for() -> None:
    box = mbox(
        letter(sender="Bob <BOB@new.example>"),
        letter(sender="bob@new.example"),
        letter(sender="me@us.example", to="Carl <carl@new.example>, jane@acme.example"),
        letter("List-Id: <news>", sender="list@new.example"),
        letter("Auto-Submitted: auto-replied", sender="away@new.example"),
        letter("Precedence: bulk", sender="bulk@new.example"),
        letter(sender="no-reply+7@new.example"),
        letter("Return-Path: <>", sender="robot@new.example"),
    )
    parsed = mail(box)
    assert parsed.unknown == {"bob@new.example": ("Bob", 2), "carl@new.example": ("Carl", 1)}
    assert [one.kind for one in parsed.items] == ["activity"]
    assert parsed.ignored == {"mail of lists and machines": 5}
    leads = [one for one in mail(box, leads=True).items if one.kind == "lead"]
    assert [dict(one.typed) for one in leads] == [
        {"name": ["Bob"], "emails": ["bob@new.example"], "source": ["e-mail"]},
        {"name": ["Carl"], "emails": ["carl@new.example"], "source": ["e-mail"]},
    ]


def test_a_broken_message_stops_no_other() -> None:
    late = letter("Date: x", "Received: by y; Tue, 6 Oct 2026 10:00:00 +0200")
    box = mbox("garbage\n", letter("Date: nonsense"), late)
    parsed = mail(box)
    assert [where for where, _ in parsed.broken] == ["message 1", "message 2"]
    assert texts(only(parsed, "activity"), "at") == "2026-10-06T08:00:00Z"
    with pytest.raises(Invalid, match="no mailbox"):
        mail("name,email\n", "mbox")


def test_a_date_to_come_is_now() -> None:
    assert texts(only(mail(letter("Date: Tue, 6 Oct 2099 10:00:00 +0200")), "activity"), "at") == "2026-10-09T12:00:00Z"


def test_a_line_that_begins_with_from_parts_messages_only_after_an_empty_line_with_a_time() -> None:
    body = "one\nFrom here 10:00 on\n\nFrom there on\n>From quoted"
    parts = list(messages(io.BytesIO(mbox(letter(body=body), letter()).encode())))
    assert len(parts) == 2
    assert parts[0].rstrip().endswith(b"one\nFrom here 10:00 on\n\nFrom there on\nFrom quoted")


def test_large_attachments_are_not_held() -> None:
    class Counted(io.RawIOBase):
        """Gives a mailbox with huge messages, line by line."""

        def __init__(self) -> None:
            head = letter("Message-ID: <a@x>").encode()
            self._lines = iter([b"From x@y Tue Oct  6 10:00:00 2026\n", head, *[b"A" * 76 + b"\n"] * 100_000])

        def readline(self, size: int | None = -1, /) -> bytes:
            return next(self._lines, b"")

    sizes = [len(one) for one in messages(Counted())]  # type: ignore[arg-type]
    assert len(sizes) == 1
    assert 1_900_000 <= sizes[0] < 2_000_000


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    """A Maildir with a folder for what was sent."""
    for name in ("cur", "new", "tmp", ".Sent/cur"):
        (tmp_path / "Mail" / name).mkdir(parents=True)
    return tmp_path / "Mail"


def test_a_maildir_is_read_with_its_folders(maildir: Path) -> None:
    (maildir / "cur" / "1:2,S").write_text(letter("Message-ID: <a@x>"))
    (maildir / "new" / "2").write_text(letter("Message-ID: <b@x>"))
    (maildir / "tmp" / "3").write_text(letter("Message-ID: <c@x>"))
    (maildir / ".Sent" / "cur" / "4").write_text(
        letter("Message-ID: <d@x>", sender="me@us.example", to="jane@acme.example")
    )
    (maildir / "new" / "5").symlink_to("/etc/passwd")
    found = formats.detect(maildir, b"")
    assert found
    assert found.name == "maildir"
    parsed = formats.read(found, maildir, context(own=OWN, known=KNOWN.__contains__))
    assert [texts(one, "external_id") for one in parsed.items] == ["a@x", "b@x", "d@x"]
    assert [one.where for one in parsed.items] == ["1:2,S", "2", "4"]
    assert parsed.broken == []


def test_a_mailbox_is_read_from_its_path(tmp_path: Path) -> None:
    place = tmp_path / "mail.mbox"
    place.write_text(mbox(letter("Message-ID: <a@x>")))
    parsed = formats.read("mbox", place, context(own=OWN, known=KNOWN.__contains__))
    assert texts(only(parsed, "activity"), "external_id") == "a@x"
    with pytest.raises(Invalid, match="cannot be read"):
        formats.read("mbox", tmp_path / "none.mbox", context())
