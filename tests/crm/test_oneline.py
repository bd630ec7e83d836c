"""A follow-up in one line: where the date is, what is left as its subject, how often it comes back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tuicrm.crm.oneline import FALLBACK, read_line
from tuicrm.when import Reading

READING = Reading.at(datetime(2026, 10, 8, 9, tzinfo=UTC), "Europe/Berlin", order="dmy")


@pytest.mark.parametrize(
    ("line", "subject", "due", "repeat"),
    [
        ("3d", FALLBACK, "2026-10-11", ""),
        ("tue 10 send quote", "send quote", "2026-10-13T10:00[Europe/Berlin]", ""),
        ("send quote tue 10", "send quote", "2026-10-13T10:00[Europe/Berlin]", ""),
        ("tomorrow: ask Jane", "ask Jane", "2026-10-09", ""),
        ("call on friday", "call", "2026-10-09", ""),
        ("every 2 weeks check in", "check in", "2026-10-22", "FREQ=WEEKLY;INTERVAL=2"),
        ("monday every 2 weeks sync", "sync", "2026-10-12", "FREQ=WEEKLY;INTERVAL=2"),
        ("every monday 9am call", "call", "2026-10-12T09:00[Europe/Berlin]", "FREQ=WEEKLY;BYDAY=MO"),
        ("report weekly", "report", "2026-10-15", "FREQ=WEEKLY"),
        ("weekly report", "weekly report", "None", ""),
        ("we should call", "we should call", "None", ""),
        ("may be interested", "may be interested", "None", ""),
        ("may 5 call", "call", "2027-05-05", ""),
        ("every thing is fine", "every thing is fine", "None", ""),
        ("send quote", "send quote", "None", ""),
    ],
)
def test_a_line_is_understood(line: str, subject: str, due: str, repeat: str) -> None:
    found = read_line(line, READING)
    assert (found.subject, str(found.due), found.repeat) == (subject, due, repeat)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["every", "tue", "10", "3d", "call", "2", "weeks", ":", "on", "daily", "é", "‮"])))
def test_any_line_has_a_subject_made_of_its_own_words(words: list[str]) -> None:
    found = read_line(" ".join(words), READING)
    assert found.subject.strip()
    assert found.subject == FALLBACK or set(found.subject.split()) <= set(words)
