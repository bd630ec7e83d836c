"""Export: what leaves is whole, reads back as what it was, and a file is written whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import tinydb
import vobject

from tuicrm.records.registry import KINDS

if TYPE_CHECKING:
    from tests.cli.conftest import Shell


def calendar_in(text: str | bytes) -> Any:
    """A calendar as another program reads it."""
    from icalendar import Calendar

    return Calendar.from_ical(text)


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_csv_holds_every_field_with_ids_and_names(stocked: Shell) -> None:
    stocked.ok("field", "add", "region", "--of", "deal")
    stocked.ok("deal", "edit", "Acme renewal", "--set", "region=north", "--tag", "hot", "--tag", "vip")
    [row] = table(stocked.ok("export", "deals"))
    [shown] = stocked.json("deal", "list")
    assert row["company"] == shown["company"]
    assert (row["company_name"], row["value"], row["currency"]) == ("Acme GmbH", "12000.00", "EUR")
    assert (row["region"], row["tags"], row["stage"], row["stage_name"]) == ("north", "hot, vip", "lead", "Lead")
    assert {"id", *(one.name for one in KINDS["deal"].all_fields)} <= set(row)


def test_json_and_csv_tell_the_same(stocked: Shell) -> None:
    [row] = table(stocked.ok("export", "contact"))
    [found] = json.loads(stocked.ok("export", "contact", "--format", "json"))
    [line] = stocked.ok("export", "contact", "--format", "jsonl").splitlines()
    assert json.loads(line) == found
    assert list(found) == list(row)
    assert found["emails"] == ["jane@acme.example"]
    assert row["emails"] == "jane@acme.example"


def test_closed_deals_and_done_followups_leave_as_well(stocked: Shell) -> None:
    stocked.ok("deal", "win", "Acme renewal")
    stocked.ok("followup", "add", "Send the quote", "--due", "tomorrow")
    stocked.ok("followup", "done", "Send the quote")
    assert len(table(stocked.ok("export", "deals"))) == 1
    assert len(table(stocked.ok("export", "followups"))) == 1
    assert table(stocked.ok("export", "deals", "--where", "is:open")) == []
    assert stocked.ok("export", "deals", "--where", "is:open", "--format", "json") == "[]\n"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_leave(stocked: Shell, kind: str) -> None:
    held = json.loads(stocked.ok("export", kind, "--format", "json"))
    rows = table(stocked.ok("export", kind))
    assert [one["id"] for one in rows] == [one["id"] for one in held]
    assert bool(held) == (
        kind in ("company", "contact", "deal", "user", "pipeline", "setting", "activity") and bool(rows)
    )


def test_columns_sort_and_where(stocked: Shell) -> None:
    stocked.ok("contact", "add", "Bob Ray", "--title", "CTO")
    out = stocked.ok("export", "contacts", "--columns", "name,company-name", "--sort", "-name")
    assert out == "id,name,company_name\n" + "".join(
        f"{one['id']},{one['name']},{one['company_name'] or ''}\n"
        for one in stocked.json("contact", "list", "--sort", "-name")
    )
    assert [one["name"] for one in table(stocked.ok("export", "contacts", "--where", "title:CTO"))] == ["Bob Ray"]


def test_formulas_are_defused_and_restored(stocked: Shell, tmp_path: Path) -> None:
    names = ["=1+1", "'=quoted", "@me", "'plain", "+49"]
    for name in names:
        stocked.ok("company", "add", name, "--notes", f"-{name}")
    rows = table(stocked.ok("export", "company", "--where", "notes:-", "--columns", "name,notes"))
    assert sorted(one["name"] for one in rows) == sorted(["'=1+1", "''=quoted", "'@me", "'plain", "'+49"])
    stocked.ok("export", "company", str(tmp_path / "out.csv"), "--columns", "name,notes")
    stocked.ok("init", str(tmp_path / "other"))
    stocked.ok("--workspace", str(tmp_path / "other"), "import", str(tmp_path / "out.csv"), "--as", "company")
    back = json.loads(stocked.ok("--workspace", str(tmp_path / "other"), "export", "company", "--format", "json"))
    assert {one["name"] for one in back} >= set(names)
    assert {one["notes"] for one in back} >= {f"-{name}" for name in names}


def test_what_a_later_version_added_leaves_as_well(stocked: Shell) -> None:
    [path] = [one for one in (stocked.folder / "data/contact").iterdir() if one.stat().st_size]
    path.write_text(path.read_text().replace('"name":', '"mood":"good","name":'))
    [row] = table(stocked.ok("export", "contact"))
    assert row["mood"] == "good"


def test_a_file_is_private_and_its_end_says_the_format(stocked: Shell, tmp_path: Path) -> None:
    for name, begin in (("c.csv", "id,"), ("c.json", "[\n{"), ("c.jsonl", '{"id"'), ("c.vcf", "BEGIN:VCARD")):
        file = tmp_path / name
        stocked.ok("export", "contacts", str(file))
        assert file.read_text().startswith(begin)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert f"exported 1 contact to {file}" in stocked.err
    assert sorted(os.listdir(tmp_path)) == ["c.csv", "c.json", "c.jsonl", "c.vcf", "home", "work"]


def test_what_is_there_is_only_replaced_where_it_is_a_plain_file(stocked: Shell, tmp_path: Path) -> None:
    plain, link, pipe = tmp_path / "plain.csv", tmp_path / "link.csv", tmp_path / "pipe.csv"
    plain.write_text("old")
    link.symlink_to(plain)
    os.mkfifo(pipe)
    for path in (link, pipe, tmp_path):
        assert stocked.error("export", "contacts", str(path), "--format", "csv")["exit"] == 2
    assert plain.read_text() == "old"
    stocked.ok("export", "contacts", str(plain))
    assert plain.read_text().startswith("id,")
    assert link.is_symlink()


def test_the_workspace_itself_is_never_written_over(stocked: Shell) -> None:
    before = Path("tuicrm.json").read_text()
    for name in ("tuicrm.json", "data/contact/AA.jsonl", ".git/config"):
        found = stocked.error("export", "contacts", name)
        assert found["exit"] == 2
        assert "keeps its records" in found["message"]
    assert Path("tuicrm.json").read_text() == before


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["unicorns"], 5, "no kind of record called 'unicorns'"),
        (["contacts", "people.xyz"], 2, "does not say a format"),
        (["contacts", "gone/people.csv"], 7, "no such file or directory"),
        (["deals", "deals.vcf"], 2, "deals cannot be written as vCards"),
        (["deals", "--format", "ical"], 2, "deals cannot be written as calendar entries"),
        (["contacts", "a.zip"], 2, "for all there is"),
        (["all", "a.csv"], 2, "archive or tinydb"),
        (["all"], 2, "needs a file"),
        (["all", "a.zip", "--where", "name:x"], 2, "it is everything"),
        (["contacts", "--columns", "nmae"], 5, "did you mean name"),
        (["contacts", "--events"], 2, "--events is for follow-ups"),
        (["contacts", "x" * 300 + ".csv"], 7, "too long"),
    ],
)
def test_nonsense_is_refused_in_one_sentence(stocked: Shell, words: list[str], code: int, says: str) -> None:
    assert stocked.run("export", *words) == code
    assert says in stocked.err
    assert stocked.out == ""
    assert not list(Path().glob("*.part"))


def test_a_broken_pipe_is_silent(stocked: Shell) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = stocked.spawn("export", "contacts", stdout=writer)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


SLOW = """
import sys
from tuicrm.exchange import exporting
def parts(records, progress=None):
    yield records
    sys.stderr.write("begun\\n"); sys.stderr.flush()
    import signal
    signal.pause()
exporting.parts = parts
from tuicrm.cli.run import run
sys.exit(run(sys.argv[1:]))
"""


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_an_export_that_is_ended_leaves_nothing_half_written(stocked: Shell, tmp_path: Path, sign: int) -> None:
    file = tmp_path / "people.csv"
    file.write_text("old")
    running = subprocess.Popen(
        [sys.executable, "-c", SLOW, "export", "contacts", str(file)], stderr=subprocess.PIPE, text=True
    )
    assert running.stderr is not None
    assert running.stderr.readline() == "begun\n"
    running.send_signal(sign)
    assert "cancelled" in running.communicate(timeout=30)[1]
    assert running.returncode == 130
    assert file.read_text() == "old"
    assert sorted(os.listdir(tmp_path)) == ["home", "people.csv", "work"]


def test_contacts_as_cards(stocked: Shell, tmp_path: Path) -> None:
    stocked.ok("contact", "edit", "Jane Roe", "--title", "CTO; CIO", "--phone", "+49 30 555 0142", "--city", "Köln")
    stocked.ok("contact", "edit", "Jane Roe", "--email", "second@acme.example", "--notes", "one\ntwo, three")
    stocked.ok("contact", "edit", "Jane Roe", "--tag", "hot", "--tag", "vip")
    text = stocked.ok("export", "contacts", "--format", "vcard")
    [card] = vobject.readComponents(text)
    assert (card.version.value, card.fn.value, card.org.value, card.title.value) == (
        "4.0",
        "Jane Roe",
        ["Acme GmbH"],
        "CTO; CIO",
    )
    assert (card.n.value.family, card.n.value.given, card.adr.value.city) == ("Roe", "Jane", "Köln")
    mails = {one.value: one.params["PREF"] for one in card.contents["email"]}
    assert mails == {"jane@acme.example": ["1"], "second@acme.example": ["2"]}
    assert (card.note.value, card.categories.value) == ("one\ntwo, three", ["hot", "vip"])
    assert card.uid.value.startswith("urn:uuid:")
    assert stocked.ok("export", "contacts", "--format", "vcard") == text


def test_leads_as_cards(shell: Shell) -> None:
    shell.ok("lead", "add", "Ann", "--company-name", "Acme, Inc.", "--email", "a@b.example")
    [card] = vobject.readComponents(shell.ok("export", "leads", "--format", "vcard"))
    assert (card.fn.value, card.org.value, card.email.value) == ("Ann", ["Acme, Inc."], "a@b.example")


def todos(text: str, name: str = "VTODO") -> dict[str, Any]:
    return {str(one["SUMMARY"]): one for one in calendar_in(text).walk(name)}


def test_followups_as_to_dos(stocked: Shell) -> None:
    stocked.ok("config", "set", "timezone", "Europe/Berlin")
    stocked.ok("followup", "add", "Call, then write", "--due", "2026-10-30 10:00", "--contact", "Jane Roe")
    stocked.ok("followup", "add", "Weekly", "--due", "2026-10-12", "--repeat", "every 2 weeks", "--priority", "high")
    stocked.ok("followup", "add", "Old", "--due", "2026-10-01")
    stocked.ok("followup", "done", "Old")
    text = stocked.ok("export", "followups", "--format", "ical")
    found = todos(text)
    due = found["Call, then write"]["DUE"]
    assert due.dt.isoformat() == "2026-10-30T10:00:00+01:00"
    assert due.params["TZID"] == "Europe/Berlin"
    assert "BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin" in text
    assert str(found["Call, then write"]["DESCRIPTION"]) == "With: Jane Roe\nCompany: Acme GmbH"
    weekly = found["Weekly"]
    assert weekly["RRULE"]["INTERVAL"] == [2]
    assert weekly["DUE"].dt.isoformat() == weekly["DTSTART"].dt.isoformat() == "2026-10-12"
    assert (weekly["STATUS"], weekly["PRIORITY"], len(weekly.walk("VALARM"))) == ("NEEDS-ACTION", 1, 1)
    assert (found["Old"]["STATUS"], len(found["Old"].walk("VALARM"))) == ("COMPLETED", 0)
    assert found["Old"]["COMPLETED"].dt.isoformat() == "2026-10-08T09:00:00+00:00"
    events = todos(stocked.ok("export", "followups", "--format", "ical", "--events"), "VEVENT")
    assert {name: one["UID"] for name, one in events.items()} == {name: one["UID"] for name, one in found.items()}
    assert events["Weekly"]["DTSTART"].dt.isoformat() == "2026-10-12"


def test_meetings_as_events(stocked: Shell) -> None:
    stocked.ok("user", "edit", "ann", "--email", "ann@us.example")
    stocked.ok("log", "meeting", "Demo", "--with", "Jane Roe", "--at", "2026-10-07 14:00", "--duration", "45")
    stocked.ok("log", "call", "Rang", "--with", "Jane Roe")
    [event] = calendar_in(stocked.ok("export", "activities", "--format", "ical")).walk("VEVENT")
    assert "no meetings" in stocked.err
    assert str(event["ATTENDEE"]) == "mailto:jane@acme.example"
    assert event["ATTENDEE"].params["CN"] == "Jane Roe"
    assert str(event["ORGANIZER"]) == "mailto:ann@us.example"
    assert (event["DTSTART"].dt.isoformat(), event["DURATION"].dt.seconds) == ("2026-10-07T14:00:00+00:00", 2700)


def test_stock_tinydb_opens_the_whole(stocked: Shell, tmp_path: Path) -> None:
    file = tmp_path / "all.json"
    stocked.ok("export", "all", str(file), "--format", "tinydb")
    with tinydb.TinyDB(file, access_mode="r") as db:
        assert {"company", "contact", "deal", "user", "pipeline"} <= db.tables()
        [deal] = db.table("deal").search(tinydb.Query().company_name == "Acme GmbH")
        assert deal["value"] == "12000.00"
        assert not any(key.startswith("_") for key in deal)
        assert len(db.table("contact")) == 1
    stocked.ok("contact", "rm", "Jane Roe")
    stocked.ok("export", "all", str(file))
    with tinydb.TinyDB(file, access_mode="r") as db:
        assert "contact" not in db.tables()
