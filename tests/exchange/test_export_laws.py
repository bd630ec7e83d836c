"""Laws of what leaves: text of any kind comes back through the readers of others, and through our own."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import vobject
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tuicrm.crm.opening import create_workspace
from tuicrm.exchange.contentlines import MOST, folded, plain
from tuicrm.exchange.formulas import STARTS, bare, defused
from tuicrm.exchange.sheet import read_sheet
from tuicrm.exchange.uids import URN, id_of, uuid_of
from tuicrm.exchange.vcardout import card
from tuicrm.store.changes import Write
from tuicrm.store.ulid import ALPHABET

if TYPE_CHECKING:
    from tuicrm.crm.session import Session

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
SPECIAL = st.text(st.sampled_from("\\,;:\"\n\r\t aénJ😀=+-@'"), max_size=40)
ANY = st.one_of(TEXT, SPECIAL)
ULIDS = st.builds("{}{}".format, st.sampled_from("01234567"), st.text(ALPHABET, min_size=25, max_size=25))
AT = datetime(2026, 10, 8, 9, tzinfo=UTC)


def calendar_in(text: str | bytes) -> Any:
    """A calendar as another program reads it."""
    from icalendar import Calendar

    return Calendar.from_ical(text)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    folder = tmp_path_factory.mktemp("laws")
    env = {"TUICRM_NOW": "2026-10-08T09:00:00Z", "HOME": str(folder), "TZ": "UTC"}
    return create_workspace(folder / "acme", name="Acme", currency="EUR", user="ann", env=env)


@given(ANY)
def test_defused_cells_come_back_and_start_no_formula(text: str) -> None:
    assert bare(defused(text)) == text
    assert not defused(text).startswith(STARTS)


@given(st.from_regex(r"-?[0-9]{1,9}(\.[0-9]{2})?", fullmatch=True))
def test_negative_numbers_stay_numbers(text: str) -> None:
    assert defused(text, numeric=True) == text
    assert bare(text) == text


@given(ULIDS)
def test_ids_and_uuids_are_each_other(id_: str) -> None:
    assert id_of(uuid_of(id_)) == id_of(URN + uuid_of(id_).upper()) == id_


def test_what_is_no_uuid_is_no_id_of_ours() -> None:
    assert [id_of(one) for one in ("", "x", "01KB", "urn:uuid:", "abc@example.com")] == [""] * 5


@given(ANY)
def test_folded_lines_are_short_and_whole(text: str) -> None:
    text = plain(text).replace("\n", " ")
    parts = folded(text).split("\r\n")
    assert all(len(one.encode()) <= MOST for one in parts)
    assert "".join([parts[0], *(one[1:] for one in parts[1:])]) == text


@settings(max_examples=80, deadline=None)
@given(name=ANY, org=ANY, notes=ANY, tags=st.lists(ANY, max_size=3))
def test_cards_come_back_through_another_reader(name: str, org: str, notes: str, tags: list[str]) -> None:
    record = {"id": "01KB00000000000000000000A0", "name": name, "notes": notes, "tags": tags}
    text = card(record, organisation=org, updated="2026-10-08T09:00:00Z")
    assert all(len(one.encode()) <= MOST for one in text.split("\r\n"))
    [found] = vobject.readComponents(text)
    shown = " ".join(plain(name).split())
    if shown:
        assert found.fn.value == shown
        whole = [found.n.value.given, found.n.value.family]
        assert " ".join(part for part in whole if part) == shown
    if notes:
        assert found.note.value == plain(notes)
    if org:
        assert found.org.value == [plain(org)]
    told = [plain(one) for one in tags if plain(one)]
    if told:
        assert found.categories.value == told


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(subject=ANY, name=ANY, body=ANY)
def test_calendars_come_back_through_another_reader(session: Session, subject: str, name: str, body: str) -> None:
    from tuicrm.exchange.icalout import calendar

    ws = session.ws
    person, meeting, task = ws.new_id(), ws.new_id(), ws.new_id()
    contact = {"name": name, "emails": {"a@b.example": {"rank": 1}}}
    held = {"subject": subject, "contacts": [person]}
    made = [
        Write("contact", person, contact),
        Write("activity", meeting, {**held, "type": "meeting", "body": body}),
        Write("followup", task, {**held, "due": "2026-10-25T02:30[Europe/Berlin]"}),
    ]
    ws.commit(made, by="ann", note="")
    record = ws.get("activity", meeting)
    todo = ws.get("followup", task)
    assert record is not None
    assert todo is not None
    [event] = calendar_in(calendar(session, "activity", [record])).walk("VEVENT")
    assert str(event["SUMMARY"]) == (plain(subject) if subject else "Meeting")
    assert str(event["ATTENDEE"]) == "mailto:a@b.example"
    if body:
        assert str(event["DESCRIPTION"]).startswith(plain(body))
    [found] = calendar_in(calendar(session, "followup", [todo])).walk("VTODO")
    assert str(found["SUMMARY"]) == plain(subject)
    assert found["DUE"].dt.isoformat() == "2026-10-25T02:30:00+02:00"


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"])
def test_wall_times_keep_their_zone(session: Session, zone: str) -> None:
    from tuicrm.exchange.icalout import calendar

    record = {"id": session.ws.new_id(), "subject": "x", "due": f"2026-10-09T10:00[{zone}]"}
    [found] = calendar_in(calendar(session, "followup", [record])).walk("VTODO")
    from zoneinfo import ZoneInfo

    assert found["DUE"].dt == datetime(2026, 10, 9, 10, tzinfo=ZoneInfo(zone))


ODD: list[Any] = [None, 5, True, [], {}, "", "nonsense", ["x"], {"a": 1}, {"a": {"rank": "x"}}, "9999-99-99"]


@pytest.mark.parametrize("value", ODD, ids=repr)
def test_damaged_values_stop_no_export(session: Session, value: Any) -> None:
    from tuicrm.exchange import exporting, icalout, vcardout

    for name in ("contact", "followup", "activity", "deal", "lead"):
        kind = session.kind(name)
        fields = {one.name: value for one in kind.writable if one.name != "type"}
        records = [{**fields, "id": session.ws.new_id(), "type": "meeting"}]
        rows = list(csv.DictReader(io.StringIO("".join(exporting.csv_parts(session, kind, records)))))
        assert [one["id"] for one in rows] == [records[0]["id"]]
        if name in vcardout.KINDS:
            assert "".join(vcardout.cards(session, name, records)).startswith("BEGIN:VCARD")
        if name in icalout.KINDS:
            assert calendar_in(icalout.calendar(session, name, records)).walk()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(ANY, ANY), min_size=1, max_size=4))
def test_tables_come_back_through_our_own_reader(session: Session, tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    from tuicrm.exchange.exporting import csv_parts

    rows = [(name.replace("\0", ""), notes.replace("\0", "")) for name, notes in rows]
    records = [{"id": session.ws.new_id(), "name": name, "notes": notes} for name, notes in rows]
    file = tmp_path / "out.csv"
    file.write_bytes("".join(csv_parts(session, session.kind("company"), records, ["name", "notes"])).encode())
    sheet = read_sheet(file)
    assert [one.cells for one in sheet.rows] == [(one["id"], *row) for one, row in zip(records, rows, strict=True)]
