"""What a report is, what may be asked of it, and what it answers: the one declaration from which the rest follows."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from tuicrm.crm.periods import Period
    from tuicrm.crm.report.facts import Facts
    from tuicrm.crm.session import Session

Record = dict[str, Any]
Value = int | float | Decimal | str | None
"""A figure: an int for counts, Decimal for money in base currency, float for percent (0 to 100) and the others."""
Values = dict[str, Value]

COUNT, MONEY, PERCENT, DAYS, NUMBER, TIMES, TEXT = "count", "money", "percent", "days", "number", "times", "text"
PERIOD, NOW = "period", "now"
OPEN, WON, LOST, GOAL = "open", "won", "lost", "goal"
"""Outcomes of cases; a goal is no record, but what records are held against."""
DATES = ("day", "week", "month", "quarter", "year")
"""What the day that a case counts on is grouped by."""


@dataclass(frozen=True, slots=True)
class Column:
    """One figure of a report."""

    name: str
    """The name in JSON, in CSV, and after the report's own in `trends --measure`."""
    type: str
    """`count`, `money`, `percent`, `days`, `number` (with decimals), `times` (a factor) or `text`."""
    means: str
    """What it is, in plain words."""
    formula: str = ""
    source: str = ""
    """Where the definition comes from."""
    head: str = ""
    """The head in tables; the name where empty."""

    @property
    def title(self) -> str:
        """What tables show above it."""
        return (self.head or self.name.replace("_", " ")).upper()


@dataclass(frozen=True, slots=True)
class Choice:
    """An option that only this report has."""

    name: str
    help: str
    default: str
    metavar: str


class Case(NamedTuple):
    """One record as a report counts it, with what held at the time that it counts on."""

    record: Record
    day: int
    """The day (an ordinal) on which it counts."""
    owner: str = ""
    """The id of whose it was on that day."""
    subject: Record = {}  # noqa: RUF012 - a tuple's default, never written to
    """The record whose fields it is grouped by, a deal unless the report says otherwise; empty for none."""
    stage: str = ""
    """The key of the stage it was in; empty where nobody knows."""
    outcome: str = ""
    """`open`, `won`, `lost` or `goal`."""
    value: Decimal | None = None
    """In base currency."""
    start: int = 0
    """The day on which it began: a deal's opening; 0 where a deal says it was closed before it was opened."""
    more: Any = None
    """What else a report needs of it."""


@dataclass(frozen=True)
class Report:
    """One report."""

    name: str
    help: str
    """One line."""
    counts: str
    """Which records it counts, and by which rules."""
    columns: tuple[Column, ...]
    lead: str
    """The column that rows are ordered by, whose change is shown and which charts draw."""
    gather: Callable[[Facts, Period], Sequence[Case]]
    """Return what is counted in a span of days (about now: as it stood at the end of the span)."""
    measure: Callable[[Facts, Sequence[Case], Period], Values]
    """Return the figures of some of it, by column; of nothing, too."""
    about: str = PERIOD
    """`period`, or `now`: as things stand at the end of the period, at most today."""
    by: str = "owner"
    """What rows are, where nobody says."""
    within: tuple[str, ...] = ()
    """The only fields that `--by` takes; any where empty."""
    without: tuple[str, ...] = ()
    """Fields that `--by` does not take, since the figures make no sense by them."""
    also: tuple[str, ...] = ()
    """Words that `--by` takes beside the fields of its subject: fields of the records behind it."""
    period: str = "this quarter"
    """The period where nobody says."""
    kind: str = "deal"
    """The kind of the records behind it."""
    subject: str = "deal"
    """The kind whose fields `--by` takes."""
    behind: Callable[[Case], bool] | None = None
    """Which of the cases `--records` lists; all where absent."""
    compares: bool = True
    """Whether what it counts is known for the period before."""
    choices: tuple[Choice, ...] = ()
    hint: str = "Nothing to count in this period: --period chooses another one."
    """What to do where there is nothing to count."""
    example: str = ""
    """What follows the name in the example of the help."""
    compute: Callable[[Session, Ask], Result] | None = None
    """Its own way to make the result, where counting by groups is not all."""
    sections: tuple[Report, ...] = ()
    """Further tables that it answers with."""

    def column(self, name: str) -> Column:
        """Return a column by its name."""
        return next(one for one in self.columns if one.name == name)


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of a report, as typed."""

    where: str = ""
    owner: str = ""
    team: str = ""
    by: str = ""
    period: str = ""
    compare: bool = True
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """One group, or the whole."""

    key: str
    """What the group is in data: an id, a stage's key, a month; empty for records without the field, and the whole."""
    label: str
    values: Values
    previous: Values | None = None
    """The same for the period before; None where it is not compared."""
    ids: tuple[str, ...] = ()
    """The records behind it."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a report answers."""

    report: str
    title: str
    period: Period
    before: Period | None
    """The period that it is compared with."""
    by: str
    by_title: str
    columns: tuple[Column, ...]
    lead: str
    rows: tuple[Row, ...]
    total: Row
    currency: str
    scope: str = ""
    where: str = ""
    kind: str = "deal"
    about: str = PERIOD
    as_of: date | None = None
    """Of a report about now, the day at whose end things stood so."""
    notes: tuple[str, ...] = ()
    """Sentences for people: what was left out, where to act, what to do next."""
    sections: tuple[Result, ...] = ()
