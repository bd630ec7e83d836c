"""E-mails logged from files and from the standard input."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Shell

MAIL = """From: Jane Roe <jane@acme.example>
To: someone@else.example
Date: Tue, 6 Oct 2026 15:04:00 +0200
Subject: =?utf-8?q?Pr=C3=BCfung?=

We need the report. [/ \x1b[2J
"""


@pytest.fixture
def saved(tmp_path: Path) -> str:
    path = tmp_path / "offer.eml"
    path.write_text(MAIL)
    return str(path)


def test_a_saved_mail_is_logged_with_its_people_and_its_time(stocked: Shell, saved: str) -> None:
    entry = stocked.json("activity", "log", "email", "--from-file", saved, "--deal", "Acme renewal", "--next", "3d")
    assert (entry["type"], entry["subject"], entry["outcome"]) == ("email", "Prüfung", "received")
    assert entry["at"] == "2026-10-06T13:04:00Z"
    assert entry["company_name"] == "Acme GmbH"
    assert "We need the report" in entry["body"]
    assert "nobody here has the address someone@else.example" in stocked.err
    assert stocked.json("followup", "list")[-1]["subject"] == "follow up: Prüfung"


def test_a_mail_comes_through_a_pipe(stocked: Shell) -> None:
    done = stocked.spawn("log", "email", "Terms", "--from-file", "-", input=MAIL.encode())
    assert done.returncode == 0, done.stderr
    entry = stocked.json("activity", "show", done.stdout.decode().strip())
    assert entry["subject"] == "Terms"
    assert len(entry["contacts"]) == 1


def test_what_is_no_mail_is_refused(stocked: Shell, tmp_path: Path, saved: str) -> None:
    path = tmp_path / "note.txt"
    path.write_text("just a note")
    assert "is no e-mail" in stocked.error("log", "email", "--from-file", str(path))["message"]
    assert stocked.run("log", "call", "--from-file", saved) == 2
    assert stocked.run("log", "email", "--from-file", str(tmp_path / "none")) != 0
    assert "Traceback" not in stocked.err
