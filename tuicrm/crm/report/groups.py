"""What puts each case into exactly one group: by days, by stage, by a value, by a record, by two of these."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from tuicrm.crm.shapes import word
from tuicrm.errors import Invalid
from tuicrm.folding import fold

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.periods import Period
    from tuicrm.crm.report.declared import Case
    from tuicrm.crm.session import Session

EMPTY = "(none)"
NOBODY = "(nobody)"
UNKNOWN = "(not known)"
MOST = 400
"""So many groups of days at most are told: more than a year of days has."""


class Group:
    """What puts cases into groups."""

    def __init__(self, name: str, title: str) -> None:
        self.name = name
        self.title = title
        self._labels: dict[str, str] = {}

    def key(self, case: Case) -> str:
        """Return the key of the one group that a case belongs to."""
        raise NotImplementedError

    def label(self, key: str) -> str:
        """Return what people call a group."""
        return self._labels.get(key) or key or EMPTY

    def place(self, key: str) -> Any:
        """Return what sorts groups in their natural order; None where they have none."""
        return None


class ByTime(Group):
    """By the day that a case counts on."""

    def __init__(self, session: Session, name: str) -> None:
        super().__init__(name, name)
        self._year_start = session.year_start
        self._week_start = session.reading.week_start
        self._spans: dict[str, Period] = {}

    def key(self, case: Case) -> str:
        """Return `2026-10-08`, `2026-10`, `2026-Q4`, `2026`; of a week, its first day."""
        return self.of(date.fromordinal(case.day))

    def of(self, day: date) -> str:
        """Return the key of the group that a day is in."""
        span = self._span(day)
        key = span.first.isoformat() if self.name in ("day", "week") else span.key
        if key not in self._spans:
            self._spans[key] = span
            self._labels[key] = key if self.name in ("day", "week") else span.title
        return key

    def _span(self, day: date) -> Period:
        from tuicrm.crm.periods import Period, month_of, quarter_of, year_of

        if self.name == "day":
            return Period(day, day + timedelta(days=1))
        if self.name == "week":
            first = day - timedelta(days=(day.weekday() - self._week_start) % 7)
            return Period(first, first + timedelta(days=7))
        if self.name == "month":
            return month_of(day)
        return (quarter_of if self.name == "quarter" else year_of)(day, self._year_start)

    def period(self, key: str) -> Period:
        """Return the days of a group that was met."""
        return self._spans[key]

    def before(self, key: str) -> str:
        """Return the key of the group right before another."""
        return self.of(self._spans[key].first - timedelta(days=1))

    def within(self, span: Period, last: date) -> list[str]:
        """Return the keys of all groups in a span, up to the one that holds a last day; Invalid for too many."""
        found, day = [], span.first
        while day < span.end and day <= last:
            key = self.of(day)
            found.append(key)
            day = self._spans[key].end
            if len(found) > MOST:
                raise Invalid(f"by: the period has more than {MOST} {self.name}s; ask for a shorter one", field="by")
        return found

    def place(self, key: str) -> Any:
        """Return the first day of a group."""
        return self._spans[key].first


class ByStage(Group):
    """By the stage that a deal was in, in the order of its pipeline; named with it where there are several."""

    def __init__(self, session: Session) -> None:
        super().__init__("stage", "stage")
        from tuicrm.crm import derive
        from tuicrm.crm.stages import stages

        self._facts = derive.deals(session)
        self.places: dict[str, tuple[int, int]] = {}
        """The place of each stage: the pipeline's among pipelines, the stage's in it."""
        held = session.ws.all("pipeline")
        several = len(held) > 1
        for nth, (pipeline, record) in enumerate(held.items()):
            for at, stage in enumerate(stages(record)):
                key = f"{pipeline}/{stage.key}" if several else stage.key
                self._labels[key] = f"{word(record.get('name'))}: {stage.name}" if several else stage.name
                self.places[key] = (nth, at)
        self._several = several

    def key(self, case: Case) -> str:
        """Return the stage's key, with the id of its pipeline before it where there are several."""
        return self.of(self._facts.pipeline(case.subject), case.stage) if case.subject and case.stage else ""

    def of(self, pipeline: str, stage: str) -> str:
        """Return the key of a stage of a pipeline."""
        return f"{pipeline}/{stage}" if self._several else stage

    def label(self, key: str) -> str:
        """Return the stage's name."""
        return super().label(key) if key else UNKNOWN

    def place(self, key: str) -> Any:
        """Return the place in the pipelines; stages that nobody knows come last."""
        return self.places.get(key, (len(self.places), 0))


class ByValue(Group):
    """By a value that is read from each case; texts that differ in case or accents only are one group."""

    def __init__(self, name: str, title: str, read: Callable[[Case], Any], said: Callable[[Any], str]) -> None:
        super().__init__(name, title)
        self._read = read
        self._said = said
        self._empty = NOBODY if name == "owner" else EMPTY
        self._keys: dict[Any, str] = {}

    def key(self, case: Case) -> str:
        """Return the value as text; several values of one case are one group together."""
        value = self._read(case)
        if value is None or value in ("", [], {}):
            return ""
        held: Any = tuple(sorted(map(str, value))) if isinstance(value, (list, dict)) else value
        if held not in self._keys:
            said = ", ".join(sorted(map(self._said, held))) if isinstance(held, tuple) else self._said(held)
            self._keys[held] = self._keyed(held, said)
            self._labels.setdefault(self._keys[held], said)
        return self._keys[held]

    def _keyed(self, held: Any, said: str) -> str:
        return "+".join(held) if isinstance(held, tuple) else fold(said).strip()

    def label(self, key: str) -> str:
        """Return the value as it was first met."""
        return self._labels.get(key, key) if key else self._empty


class ByRef(ByValue):
    """By a record that is referred to: groups are ids, so that namesakes stay apart."""

    def _keyed(self, held: Any, said: str) -> str:
        return "+".join(held) if isinstance(held, tuple) else str(held)

    def name_of(self, key: str) -> str:
        """Return what the record is called, for a group without cases."""
        return self._labels.setdefault(key, self._said(key)) if key else self._empty

    def label(self, key: str) -> str:
        """Return what the record is called."""
        return self._labels[key] if key in self._labels else self.name_of(key)


class ByBoth(Group):
    """By one group and, within it, by another."""

    def __init__(self, outer: Group, inner: Group) -> None:
        super().__init__(outer.name, f"{outer.title} / {inner.title}")
        self._outer = outer
        self._inner = inner
        self._pairs: dict[str, tuple[str, str]] = {}

    def key(self, case: Case) -> str:
        """Return both keys as one."""
        pair = (self._outer.key(case), self._inner.key(case))
        key = " / ".join(pair)
        self._pairs[key] = pair
        return key

    def label(self, key: str) -> str:
        """Return both labels as one."""
        outer, inner = self._pairs[key]
        return f"{self._outer.label(outer)} / {self._inner.label(inner)}"

    def place(self, key: str) -> Any:
        """Return what keeps the parts of an outer group together, in the order of the inner one."""
        outer, inner = self._pairs[key]
        place = self._inner.place(inner)
        return (fold(self._outer.label(outer)), outer, place is None, place, fold(self._inner.label(inner)), inner)
