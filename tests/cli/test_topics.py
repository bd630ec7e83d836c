"""What the help topics teach is true: every example of theirs is understood."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

import pytest

from tuicrm import errors
from tuicrm.cli.topics import DATES, EXIT_CODES, QUERY

if TYPE_CHECKING:
    from .conftest import Shell


def first_column(text: str) -> list[str]:
    """The examples at the left of a topic's lines, up to two spaces."""
    lines = [line for line in text.splitlines() if re.match(r"  \S", line)]
    return [re.split(r" {2,}", line.strip())[0] for line in lines]


QUERIES = [one for one in first_column(QUERY.split("States")[0]) if not re.fullmatch(r"a .*", one)]
ASIDE = ["value>10kUSD", 'close:"this month"', "source:any", "(tag:a or tag:b) is:open"]
DAYS = [part.strip() for one in first_column(DATES.split("Periods")[0]) for part in one.split(",")]
SPANS = DATES.split("--period")[1].split("Quarters")[0]
PERIODS = [part.strip() for one in first_column(SPANS) for part in one.split(",")]
RULES = [part.strip() for part in DATES.split("--repeat:")[1].splitlines()[0].split(",")]


@pytest.mark.parametrize("query", [*QUERIES, *ASIDE])
def test_queries(stocked: Shell, query: str) -> None:
    stocked.ok("deal", "list", "--where", query)


def test_states(stocked: Shell) -> None:
    kinds = {"deals": "deal", "follow-ups": "followup"}
    for said, kind in kinds.items():
        (line,) = [line for line in QUERY.splitlines() if line.strip().startswith(f"{said} ")]
        for state in re.findall(r"is:\w+", line):
            stocked.ok(kind, "list", "--where", state)


@pytest.mark.parametrize("day", DAYS)
def test_dates(stocked: Shell, day: str) -> None:
    stocked.ok("followup", "add", "Call", "--due", day)


@pytest.mark.parametrize("period", PERIODS)
def test_periods(stocked: Shell, period: str) -> None:
    stocked.ok("deal", "list", "--where", f'close:"{period}"')


@pytest.mark.parametrize("rule", RULES)
def test_repeat_rules(stocked: Shell, rule: str) -> None:
    stocked.ok("followup", "add", "Call", "--due", "today", "--repeat", rule)


def test_the_examples_of_queries_run(stocked: Shell) -> None:
    lines = [line.strip() for line in QUERY.splitlines() if line.startswith("  tuicrm ")]
    assert len(lines) >= 3
    for line in lines:
        stocked.ok(*shlex.split(line)[1:])


def test_exit_codes_are_those_of_the_errors() -> None:
    told = {int(code) for code in re.findall(r"^ +(\d+)  ", EXIT_CODES, re.MULTILINE)}
    kinds = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.TuicrmError)]
    assert {one.EXIT_CODE for one in kinds} <= told
    assert {0, 130} <= told
