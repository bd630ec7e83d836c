"""Subjects of commits."""

from __future__ import annotations

import pytest

from tuicrm.records.registry import KINDS
from tuicrm.sync.message import LONGEST, subject


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"deal": 3, "activity": 5}, "3 deals, 5 activities"),
        ({"activity": 5, "deal": 3, "company": 0}, "3 deals, 5 activities"),
        ({"deal": 1}, "1 deal"),
        ({"followup": 1, "contact": 2}, "2 contacts, 1 follow-up"),
        ({"deal": 2, "campaign": 4, "ticket": 1}, "2 deals, 5 more"),
        ({"campaign": 1}, "1 record"),
        ({"campaign": 2}, "2 records"),
        ({}, "No records changed"),
        ({"deal": 0}, "No records changed"),
    ],
)
def test_a_subject_counts_records_by_kind(counts: dict[str, int], said: str) -> None:
    assert subject(counts) == said


def test_what_finds_no_room_is_counted_too() -> None:
    said = subject(dict.fromkeys(KINDS, 1_234_567))
    assert len(said) <= LONGEST
    words = said.split(", ")
    assert sum(int(one.split()[0]) for one in words) == 1_234_567 * len(KINDS)
    assert words[-1].endswith(" more")


def test_the_names_of_kinds_are_those_of_the_program_alone() -> None:
    assert subject({"\x1b[2Jdeal\nEvil: yes": 2}) == "2 records"
