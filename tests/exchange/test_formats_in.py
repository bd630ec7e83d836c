"""What other formats bring in, through the command: once, as one step, from files and from standard input."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.exchange.conftest import Shell

pytestmark = pytest.mark.usefixtures("clean")

CARD = """BEGIN:VCARD
VERSION:3.0
FN:Jane Roe
ORG:Acme GmbH
EMAIL:jane@acme.example
PHOTO;ENCODING=b:AAAA
UID:card-1
END:VCARD
BEGIN:VCARD
VERSION:3.0
FN:Half
"""
LETTER = """From: Jane Roe <jane@acme.example>
To: me@work.example
Subject: Renewal
Date: Mon, 02 Jan 2017 10:00:00 +0100
Message-ID: <1@acme.example>

Hello there.
"""
CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:event-1
DTSTART:20170103T090000Z
DTEND:20170103T100000Z
SUMMARY:Kick-off
ATTENDEE:mailto:jane@acme.example
END:VEVENT
BEGIN:VTODO
UID:todo-1
SUMMARY:Send offer
DUE;VALUE=DATE:20180110
END:VTODO
END:VCALENDAR
"""


def told(shell: Shell, file: Path, text: str, *options: str) -> Any:
    """Import a text and return what the command says of it."""
    file.write_text(text.replace("\n", "\r\n"), "utf-8", newline="")
    return json.loads(shell.ok("import", str(file), "--json", *options))


def test_a_card_comes_once_with_its_company_and_a_broken_one_stops_no_other(shell: Shell, tmp_path: Path) -> None:
    done = told(shell, tmp_path / "people.vcf", CARD)
    assert (done["created"], [one["kind"] for one in done["linked"]]) == (1, ["company"])
    assert [one["line"] for one in done["rejected"]] == ["card 2"]
    assert "not taken: PHOTO (1)" in shell.err
    (jane,) = shell.rows("contact", "list")
    assert (jane["name"], jane["company_name"]) == ("Jane Roe", "Acme GmbH")
    assert told(shell, tmp_path / "people.vcf", CARD)["created"] == 0
    shell.ok("undo")
    assert shell.rows("contact", "list") == shell.rows("company", "list") == []


def test_an_e_mail_on_standard_input_goes_into_the_log_once(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(shell, tmp_path / "people.vcf", CARD)
    for count in (1, 0):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LETTER.encode())))
        assert json.loads(shell.ok("import", "-", "--json"))["created"] == count
    (mail,) = shell.rows("activity", "list")
    assert (mail["type"], mail["subject"], mail["contacts_name"]) == ("email", "Renewal", ["Jane Roe"])
    assert mail["body"].strip() == "Hello there."


def test_people_whom_nobody_knows_are_offered_as_leads(shell: Shell, tmp_path: Path) -> None:
    assert told(shell, tmp_path / "a.eml", LETTER)["created"] == 0
    assert "nobody here knows Jane Roe <jane@acme.example> (1); --leads adds them" in shell.err
    assert told(shell, tmp_path / "a.eml", LETTER, "--leads")["created"] == 1
    (lead,) = shell.rows("lead", "list")
    assert (lead["name"], lead["emails"]) == ("Jane Roe", ["jane@acme.example"])


def test_a_setting_keeps_the_text_of_mail_out(shell: Shell, tmp_path: Path) -> None:
    told(shell, tmp_path / "people.vcf", CARD)
    shell.ok("config", "set", "mail_bodies", "no")
    told(shell, tmp_path / "a.eml", LETTER)
    (mail,) = shell.rows("activity", "list")
    assert not mail["body"]


def test_events_become_meetings_and_to_dos_follow_ups(shell: Shell, tmp_path: Path) -> None:
    told(shell, tmp_path / "people.vcf", CARD)
    done = told(shell, tmp_path / "diary.ics", CALENDAR)
    assert done["rejected"] == []
    (meeting,) = shell.rows("activity", "list")
    assert (meeting["type"], meeting["subject"], meeting["contacts_name"]) == ("meeting", "Kick-off", ["Jane Roe"])
    (todo,) = shell.rows("followup", "list")
    assert (todo["subject"], todo["due"]) == ("Send offer", "2018-01-10")
    assert told(shell, tmp_path / "diary.ics", CALENDAR)["created"] == 0


@pytest.mark.parametrize("form", ["csv", "json", "jsonl", "vcf"])
def test_our_own_export_comes_back_as_what_it_was(shell: Shell, tmp_path: Path, form: str) -> None:
    told(shell, tmp_path / "people.vcf", CARD)
    file = tmp_path / f"contacts.{form}"
    shell.ok("export", "contact", str(file))
    before = shell.rows("contact", "list")
    again = json.loads(shell.ok("import", str(file), "--json"))
    assert (again["created"], again["skipped"], again["rejected"], again["fields"]) == (0, 1, [], [])
    shell.ok("contact", "rm", "jane@acme.example")
    told_back = json.loads(shell.ok("import", str(file), "--json", "--as", "contact"))
    assert told_back["created"] == 1
    after = shell.rows("contact", "list")
    for name in ("name", "company_name", "emails"):
        assert after[0][name] == before[0][name]


def test_an_archive_comes_as_one_step(shell: Shell, tmp_path: Path) -> None:
    told(shell, tmp_path / "people.vcf", CARD)
    shell.ok("export", "all", str(tmp_path / "all.zip"))
    shell.ok("contact", "edit", "jane@acme.example", "--title", "CTO")
    done = json.loads(shell.ok("import", str(tmp_path / "all.zip"), "--json"))
    assert (done["created"], done["changed"]) == (0, 0)
    assert shell.rows("contact", "list")[0]["title"] == "CTO"
