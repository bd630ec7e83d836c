"""What the program needs is named with both ends of a range, and asking about known holes never passes unasked."""

from __future__ import annotations

import sys

import pytest
from packaging.version import Version

from tests.packaging import ranges

ENDLESS = {"tzdata"}
"""Data and no program: what is true of time zones next year must not be kept out."""


def test_each_dependency_has_both_ends_of_a_range() -> None:
    for one in ranges.requirements():
        signs = {spec.operator for spec in one.specifier}
        assert signs == ({">="} if one.name in ENDLESS else {">=", "<"}), one


def test_what_is_installed_here_is_at_or_above_the_lowest_versions() -> None:
    here = dict(pin.split("==") for pin in ranges.installed(ranges.requirements()))
    for pin in ranges.lowest():
        name, version = pin.split("==")
        assert Version(here[name]) >= Version(version), name


def test_what_is_audited_is_what_runs_with_all_that_it_needs() -> None:
    named = {pin.partition("==")[0] for pin in ranges.installed(ranges.requirements())}
    assert {"click", "textual", "rich", "pygments", "linkify-it-py", "fpdf2", "pillow", "fonttools"} <= named
    assert named.isdisjoint({"pytest", "mypy", "hypothesis", "tuicrm"})


@pytest.mark.parametrize("code", [0, 1])
def test_an_audit_that_found_something_or_could_not_ask_fails(code: int) -> None:
    assert ranges.audit([sys.executable, "-c", f"import sys; sys.exit({code})"]) == code


def test_a_package_that_cannot_be_looked_up_is_a_failure() -> None:
    assert "--strict" in ranges.AUDIT
