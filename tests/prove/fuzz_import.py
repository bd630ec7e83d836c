"""Files that an import reads, damaged at random: nothing but a clear refusal may come of them, and soon.

`python -m tests.prove.fuzz_import [COUNT] [SEED]` reads so many damaged files of every format.
"""

from __future__ import annotations

import json
import random
import signal
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tuicrm.errors import TuicrmError
from tuicrm.exchange import formats

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from tuicrm.exchange.items import Item

LIMIT = 5.0
"""Seconds of work that one file may take; a sound one takes a hundredth. Other work on the machine does not count."""
HANG = 60.0
"""Seconds by the clock after which it hangs, working or not."""
CONTEXT = formats.Context(
    now=datetime(2026, 10, 9, 12, tzinfo=UTC),
    zone="Europe/Berlin",
    own=frozenset({"me@us.example"}),
    known=lambda address: address.startswith("j"),
    leads=True,
)
VCARD = b"""BEGIN:VCARD\r
VERSION:3.0\r
N:Roe;Jane;Q.;Dr.;\r
FN:Dr. Jane Roe\r
ORG:Acme GmbH;Sales\r
item1.EMAIL;type=INTERNET,pref:jane@acme.example\r
TEL;TYPE=CELL:+49 30 555 0142\r
ADR;TYPE=WORK:;;Hauptstr. 1\\, Hof;Berlin;;10115;Germany\r
NOTE:a long note\\nwith\r
  a fold\r
CATEGORIES:vip,hot\r
UID:urn:uuid:1234\r
END:VCARD\r
BEGIN:VCARD\r
VERSION:2.1\r
N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller;J=F6rg\r
NOTE;QUOTED-PRINTABLE:a=0D=0A=\r
b\r
AGENT:\r
BEGIN:VCARD\r
FN:Inner\r
END:VCARD\r
PHOTO;ENCODING=BASE64:AAAA\r
 BBBB\r
\r
END:VCARD\r
BEGIN:VCARD\r
VERSION:4.0\r
KIND:org\r
FN:Globex\r
TEL;VALUE=uri;PREF=1;TYPE="voice,home":tel:+1-555-555-5555;ext=5555\r
END:VCARD\r
"""
CALENDAR = b"""BEGIN:VCALENDAR\r
VERSION:2.0\r
BEGIN:VTIMEZONE\r
TZID:Ours\r
BEGIN:STANDARD\r
DTSTART:19701025T030000\r
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r
TZOFFSETFROM:+0200\r
TZOFFSETTO:+0100\r
END:STANDARD\r
BEGIN:DAYLIGHT\r
DTSTART:19700329T020000\r
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r
TZOFFSETFROM:+0100\r
TZOFFSETTO:+0200\r
END:DAYLIGHT\r
END:VTIMEZONE\r
BEGIN:VEVENT\r
UID:w1\r
DTSTART;TZID=Ours:20261005T100000\r
DTEND;TZID=Ours:20261005T103000\r
RRULE:FREQ=WEEKLY;COUNT=20;BYDAY=MO,TH;WKST=MO\r
EXDATE;TZID=Ours:20261012T100000\r
RDATE;TZID=Europe/Berlin:20261013T100000,20261014T100000\r
SUMMARY:Weekly\r
ATTENDEE;CN="Roe, Jane":mailto:jane@acme.example\r
BEGIN:VALARM\r
TRIGGER:-PT5M\r
END:VALARM\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:w1\r
RECURRENCE-ID;TZID=Ours:20261019T100000\r
DTSTART:20261019T140000Z\r
DURATION:PT1H\r
SUMMARY:Moved\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:d1\r
DTSTART;VALUE=DATE:20200101\r
RRULE:FREQ=DAILY;UNTIL=20261231T000000Z;INTERVAL=2\r
SUMMARY:Day\r
END:VEVENT\r
BEGIN:VTODO\r
UID:t1\r
SUMMARY:Send quote\r
DUE;TZID=Europe/Berlin:20261201T100000\r
RRULE:FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=1\r
PRIORITY:1\r
STATUS:COMPLETED\r
COMPLETED:20261001T080000Z\r
CREATED:20260901T080000Z\r
END:VTODO\r
END:VCALENDAR\r
"""
MAILBOX = b"""From jane@acme.example Tue Oct  6 10:00:00 2026\r
Received: from x by y; Tue, 6 Oct 2026 10:00:01 +0200\r
From: =?utf-8?q?J=C3=A4ne?= <jane@acme.example>\r
To: Me <me@us.example>, "Bob, B." <bob@new.example>\r
Date: Tue, 6 Oct 2026 10:00:00 +0200\r
Subject: =?iso-8859-1?b?R3L832U=?=\r
Message-ID: <a@acme.example>\r
References: <r@acme.example>\r
 <s@acme.example>\r
MIME-Version: 1.0\r
Content-Type: multipart/alternative; boundary="b1"\r
\r
--b1\r
Content-Type: text/plain; charset=utf-8\r
Content-Transfer-Encoding: quoted-printable\r
\r
Gr=C3=BC=C3=9Fe=\r
 an uns\r
--b1\r
Content-Type: text/html\r
\r
<p>Gr&uuml;&szlig;e</p>\r
--b1--\r
\r
From me@us.example Tue Oct  6 11:00:00 2026\r
From: me@us.example\r
To: carl@new.example\r
Subject: offer\r
Date: Tue, 6 Oct 2026 11:00:00 +0200\r
List-Id: <l>\r
\r
>From here on.\r
"""
ROWS = [
    {"id": "1", "name": "Jane Roe", "emails": ["jane@acme.example"], "company": "x", "company_name": "Acme", "n": 1.5},
    {"id": "2", "name": "J\u00f6rg", "emails": [], "tags": ["hot"], "do_not_contact": True, "title": None},
]
MONICA = {
    "account": {
        "data": [
            {
                "type": "contact",
                "values": [
                    {
                        "uuid": "u1",
                        "created_at": "2026-01-01T10:00:00.000000Z",
                        "properties": {"first_name": "Jane", "last_name": "Roe", "company": "Acme", "tags": ["a"]},
                        "data": [
                            {"type": "contact_field", "values": [{"properties": {"data": "j@a.example", "type": "t"}}]},
                            {"type": "reminder", "values": [{"properties": {"title": "x", "initial_date": "2026"}}]},
                            {"type": "note", "values": [{"created_at": "2026", "properties": {"body": "hello"}}]},
                            {"type": "activity", "values": ["a1"]},
                        ],
                    }
                ],
            },
            {"type": "activity", "values": [{"uuid": "a1", "properties": {"summary": "s", "happened_at": "2026"}}]},
        ],
        "instance": {"contact_field_types": [{"uuid": "t", "properties": {"type": "email"}}]},
    }
}
CRMCLI = {
    "contacts": [{"id": "ct_01J8ZVXB3K00000000000000AA", "name": "J", "emails": ["j@a.example"], "custom_fields": {}}],
    "activities": [{"id": "ac_01J8ZVXB3K00000000000000AB", "type": "note", "body": "b", "created_at": "2026"}],
}
SOUND: dict[str, list[bytes]] = {
    "vcard": [VCARD],
    "icalendar": [CALENDAR],
    "mbox": [MAILBOX],
    "eml": [MAILBOX.split(b"\r\n", 1)[1].split(b"\r\nFrom me@")[0]],
    "json": [
        json.dumps(one).encode() for one in (ROWS, MONICA, CRMCLI, {"contact": {"1": ROWS[0]}, "_default": {}}, ROWS[0])
    ],
    "jsonl": [b"".join(json.dumps(row).encode() + b"\n" for row in ROWS)],
}
"""By format, files that are as they should be."""
_PIECES = (
    *(b"\0", b"\xff", b"\xfe\xff", b"\xc3", b"\r", b"\n", b"\n ", b'"', b";", b":", b",", b"=", b"\\", b"\\n", b"<"),
    *(b"BEGIN:VCARD\n", b"END:VCARD\n", b"END:VEVENT\n", b"BEGIN:VEVENT\n", b"AGENT:\n", b"From x@y 10:00\n"),
    *(b"FREQ=SECONDLY", b"INTERVAL=0", b"COUNT=99999999", b"00010101T000000", b"99991231T235959Z", b"-PT0S"),
    *(b"BYDAY=53MO", b"BYMONTHDAY=31;BYMONTH=2", b"TZID=Nowhere", b"BYSETPOS=-366", b"BYHOUR=1,2,3", b"VALUE=PERIOD"),
    *(b"NaN", b"1e999", b"-0", b"[[[[", b"{}", b"null", b'"\\ud800"', b"9" * 5000, b"=?utf-8?b?//8=?=", b"=\n", b"=ZZ"),
)


@dataclass
class Fuzzed:
    """How it went."""

    files: int = 0
    refused: int = 0
    """Files of which nothing could be taken, with a sentence that says why."""
    items: int = 0
    problems: list[str] = field(default_factory=list)
    """What must not be: the format, the seed, what happened."""


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Return a file with a few bytes changed, cut, doubled, or put in."""
    made = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        at = chance.randrange(len(made) + 1)
        what = chance.randrange(7)
        if what == 0 and made:
            made[at % len(made)] = chance.randrange(256)
        elif what == 1:
            del made[at : at + chance.choice((1, 2, 10, 200))]
        elif what == 2:
            made[at:at] = made[at : at + chance.randrange(300)]
        elif what == 3:
            made[at : at + chance.choice((0, 0, 1, 4))] = chance.choice(_PIECES)
        elif what == 4:
            del made[at:]
        elif what == 5:
            made = bytearray(_lines_moved(bytes(made), chance))
        else:
            made[at : at + 6] = chance.choice(_PIECES) * chance.choice((1, 2, 50))
    return bytes(made)


def _lines_moved(data: bytes, chance: random.Random) -> bytes:
    lines = data.split(b"\n")
    lines.insert(chance.randrange(len(lines)), lines.pop(chance.randrange(len(lines))))
    return b"\n".join(lines)


class TooSlow(BaseException):
    """A file took longer than it may; not an error that a reader could catch."""


@contextmanager
def in_time() -> Iterator[None]:
    """Raise TooSlow in what takes longer than a file may."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TooSlow

    clocks = ((signal.SIGPROF, signal.ITIMER_PROF, LIMIT), (signal.SIGALRM, signal.ITIMER_REAL, HANG))
    before = [signal.signal(one, stop) for one, _, _ in clocks]
    for _, timer, seconds in clocks:
        signal.setitimer(timer, seconds)
    try:
        yield
    finally:
        for (one, timer, _), handler in zip(clocks, before, strict=True):
            signal.setitimer(timer, 0)
            signal.signal(one, handler)


def run(count: int, seed: int = 1) -> Fuzzed:
    """Read so many damaged files, in turn of each format."""
    told = Fuzzed()
    names = list(SOUND)
    for number in range(count):
        name = names[number % len(names)]
        chance = random.Random(seed * 1_000_003 + number)
        data = damaged(chance.choice(SOUND[name]), chance)
        told.files += 1
        try:
            with in_time():
                formats.detect(None, data[: formats.HEAD])
                parsed = formats.read(name, data, CONTEXT)
        except TuicrmError as problem:
            told.refused += 1
            if not str(problem).strip():
                told.problems.append(f"{name}, seed {seed}, file {number}: refused without a word")
        except TooSlow:
            told.problems.append(f"{name}, seed {seed}, file {number}: takes longer than {LIMIT} s")
        except Exception as problem:  # noqa: BLE001 - this is what is looked for
            told.problems.append(f"{name}, seed {seed}, file {number}: {type(problem).__name__}: {problem}")
        else:
            told.items += len(parsed.items)
            told.problems.extend(f"{name}, seed {seed}, file {number}: {one}" for one in unsound(parsed.items))
    return told


def unsound(items: list[Item]) -> list[str]:
    """Return what is wrong with items, whatever they came from: they name fields of their kind, with text to store."""
    from tuicrm.records.registry import KINDS

    found = []
    for item in (*items, *(sub for one in items for sub in one.linked.values())):
        for name, texts in item.typed.items():
            known = KINDS[item.kind].by_name.get(name)
            if known is None or known.name != name or known.computed:
                found.append(f"{item.kind} has no field {name}")
            elif not texts or (len(texts) > 1 and not known.type.many):
                found.append(f"{item.kind}.{name} has {len(texts)} texts")
            if any("\0" in one or not _whole(one) for one in texts):
                found.append(f"{item.kind}.{name} cannot be stored")
    return found


def _whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


if __name__ == "__main__":
    outcome = run(int((sys.argv[1:] or ["10000"])[0]), int((sys.argv[2:] or ["1"])[0]))
    sys.stdout.write(f"{outcome.files:,} files, {outcome.refused:,} refused, {outcome.items:,} items\n")
    sys.stdout.writelines(f"{one}\n" for one in outcome.problems)
    sys.exit(1 if outcome.problems else 0)
