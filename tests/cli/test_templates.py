"""`template` as people and scripts use it: bodies from files, drafts printed, written, opened and logged."""

from __future__ import annotations

import stat
import sys
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Shell


@pytest.fixture
def templates(stocked: Shell) -> Shell:
    stocked.ok("template", "add", "Intro", "--subject", "Hello {first_name}", "--body", "Dear {name},\n{company.name}")
    return stocked


def test_a_draft_is_printed_and_nothing_is_logged(templates: Shell) -> None:
    assert templates.ok("template", "fill", "Intro", "jane@acme.example") == (
        "To: Jane Roe <jane@acme.example>\nSubject: Hello Jane\n\nDear Jane Roe,\nAcme GmbH\n"
    )
    assert templates.json("activity", "list") == []
    found = templates.json("template", "fill", "intro", "Jane")
    assert (found["to"], found["subject"], found["of"], found["warnings"]) == (
        "jane@acme.example", "Hello Jane", "contact", []
    )  # fmt: skip


def test_a_draft_is_written_for_its_user_alone_and_logged_on_demand(templates: Shell, tmp_path: Path) -> None:
    path = tmp_path / "draft.eml"
    templates.ok("template", "fill", "Intro", "Jane", "--out", str(path), "--log")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    read = message_from_bytes(path.read_bytes(), policy=default)
    assert (read["X-Unsent"], read["Subject"], str(read["To"])) == ("1", "Hello Jane", "Jane Roe <jane@acme.example>")
    (entry,) = templates.json("activity", "list")
    assert (entry["type"], entry["outcome"], entry["subject"], entry["contacts_name"]) == (
        "email", "sent", "Hello Jane", ["Jane Roe"]
    )  # fmt: skip
    assert templates.run("template", "fill", "Intro", "Jane", "--out", "data/x.eml") == 2
    assert "where the workspace itself keeps its records" in templates.err


def test_a_draft_is_opened_in_the_users_own_program(
    templates: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "seen"
    code = "import os, sys; os.replace(sys.argv[2], sys.argv[1])"
    monkeypatch.setenv("TUICRM_MAILER", f"{sys.executable} -c '{code}' {out}")
    started = []
    import subprocess

    real = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda *words, **more: started.append(real(*words, **more)))
    templates.ok("template", "fill", "Intro", "Jane", "--open")
    assert started[0].wait(timeout=30) == 0
    assert b"Subject: Hello Jane" in out.read_bytes()
    monkeypatch.setenv("TUICRM_MAILER", "")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert templates.error("template", "fill", "Intro", "Jane", "--open")["exit"] == 3


def test_bodies_come_from_files(templates: Shell, tmp_path: Path) -> None:
    body = tmp_path / "body.txt"
    body.write_text("Hi {first_name},\r\n\r\nbye\r\n", "utf-8")
    templates.ok("template", "edit", "Intro", "--body-file", str(body))
    assert templates.json("template", "show", "Intro")["body"] == "Hi {first_name},\n\nbye"
    body.write_bytes(b"ok\n\xff\xfe")
    assert "is not UTF-8 (line 2)" in templates.error("template", "edit", "Intro", "--body-file", str(body))["message"]
    body.write_bytes(b"x" * 1_000_001)
    assert templates.error("template", "edit", "Intro", "--body-file", str(body))["exit"] == 5
    assert templates.error("template", "edit", "Intro", "--body-file", "/nowhere")["exit"] == 2
    assert templates.error("template", "edit", "Intro", "--body-file", "x", "--body", "y")["exit"] == 2


@pytest.mark.parametrize("body", ["{a[0]}", "{a.__class__}", "{name!r}", "{name:>10}", "{nam}"])
def test_a_template_that_asks_for_more_is_not_kept(templates: Shell, body: str) -> None:
    assert templates.error("template", "edit", "Intro", "--body", body)["exit"] == 5
    assert templates.error("template", "add", "Other", "--body", body)["exit"] == 5
    assert [one["name"] for one in templates.json("template", "list")] == ["Intro"]


def test_what_a_record_leads_to_will_do(templates: Shell) -> None:
    templates.ok("deal", "edit", "Acme renewal", "--contact", "Jane")
    assert "Dear Jane Roe" in templates.ok("template", "fill", "Intro", "Acme renewal")
    templates.ok("company", "add", "Orbis")
    assert "filled from a contact" in templates.error("template", "fill", "Intro", "Orbis")["message"]
    assert templates.error("template", "fill", "Intro", "nobody")["exit"] == 3
    templates.ok("lead", "add", "Lou Reed", "--email", "lou@velvet.example", "--company-name", "Velvet")
    assert "Dear Lou Reed,\nVelvet" in templates.ok("template", "fill", "Intro", "Lou")
