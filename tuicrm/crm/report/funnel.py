"""`funnel`: what became of the deals that entered each stage, and where to act first."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from tuicrm.crm.report.declared import COUNT, LOST, MONEY, OPEN, PERCENT, WON, Case, Column, Report
from tuicrm.crm.report.figures import left_out, percent, total
from tuicrm.crm.report.registry import LINES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tuicrm.crm.periods import Period
    from tuicrm.crm.report.declared import Ask, Result, Row, Values
    from tuicrm.crm.report.facts import Facts
    from tuicrm.crm.session import Session
    from tuicrm.crm.stays import Stay

ADVANCED = "advanced"
ENOUGH = 5
"""So many deals must have left a stage for good before it is said to be where to act first."""


class Way(NamedTuple):
    """How far one deal came."""

    entered: tuple[int, ...]
    """The day on which it first was in each open stage or beyond, from the first stage on."""
    end: str
    """`won`, `lost` or `open`."""


def gather(facts: Facts, span: Period) -> list[Case]:
    """Return a case for each deal and each stage that it entered in a span, with what became of it there."""
    first, end = span.first.toordinal(), span.end.toordinal()
    found = []
    for deal, way in _ways(facts):
        keys = _open_stages(facts)[facts.derived.pipeline(deal)]
        for at, day in enumerate(way.entered):
            if not first <= day < end:
                continue
            owner = facts.owner_at(deal, day)
            if not facts.holds(owner):
                continue
            beyond = at + 1 < len(way.entered) or way.end == WON
            outcome = ADVANCED if beyond else way.end
            lost = outcome == LOST
            value = facts.worth(deal.get("value"), deal.get("currency"), facts.closing_day(deal)) if lost else None
            found.append(Case(deal, day, owner, deal, keys[at], outcome, value, day, way.end))
    return found


def _ways(facts: Facts) -> list[tuple[dict[str, object], Way]]:
    """Return the deals whose way is known, each with it; worked out once for a question."""
    held = facts.kept.get("ways")
    if held is None:
        stages = _open_stages(facts)
        pairs = (
            (deal, _way(facts.stays[deal["id"]], stages.get(facts.derived.pipeline(deal), []))) for deal in facts.deals
        )
        held = facts.kept["ways"] = [(deal, way) for deal, way in pairs if way is not None]
    found: list[tuple[dict[str, object], Way]] = held
    return found


def _way(stays: Sequence[Stay], stages: Sequence[str]) -> Way | None:
    """Return how far a deal came; None where a stage that it was in is not known."""
    places = {key: at for at, key in enumerate(stages)}
    entered: list[int] = []
    for stay in stays:
        if stay.kind == OPEN:
            if stay.stage not in places:
                return None
            entered += [stay.first] * (places[stay.stage] + 1 - len(entered))
    end = stays[-1].kind
    if end == WON:
        entered += [stays[-1].first] * (len(stages) - len(entered))
    return Way(tuple(entered), end) if entered else None


def _open_stages(facts: Facts) -> dict[str, list[str]]:
    """Return the keys of the open stages of each pipeline, in their order."""
    from tuicrm.crm.stages import stages

    held = facts.kept.get("open stages")
    if held is None:
        pipelines = facts.session.ws.all("pipeline").items()
        held = {key: [one.key for one in stages(record) if one.kind == OPEN] for key, record in pipelines}
        facts.kept["open stages"] = held
    found: dict[str, list[str]] = held
    return found


def measure(facts: Facts, cases: Sequence[Case], span: Period) -> Values:
    """Return what became of cases; of several stages of one deal, each counts."""
    lost = [case for case in cases if case.outcome == LOST]
    advanced = sum(case.outcome == ADVANCED for case in cases)
    return {
        "entered": len(cases),
        "advanced": advanced,
        "lost": len(lost),
        "open": sum(case.outcome == OPEN for case in cases),
        "conversion": percent(advanced, advanced + len(lost)),
        "lost_value": total(lost),
    }


def whole(facts: Facts, cases: Sequence[Case], span: Period) -> Values:
    """Return what became of the deals as a whole, each once: how many of those that entered any stage were won."""
    deals = {case.record["id"]: case._replace(outcome=ADVANCED if case.more == WON else case.more) for case in cases}
    return measure(facts, list(deals.values()), span)


def _compute(session: Session, ask: Ask) -> Result:
    """Return a row per stage; with `--by` something else, per group and stage."""
    from tuicrm.crm.report.facts import Facts
    from tuicrm.crm.report.grouping import group_named
    from tuicrm.crm.report.groups import ByBoth, ByStage
    from tuicrm.crm.report.tabulate import tabulate

    facts, stage = Facts(session, ask, REPORT), ByStage(session)
    outer = group_named(session, REPORT, ask.by)
    found = tabulate(facts, REPORT, stage if outer.name == "stage" else ByBoth(outer, stage))
    now = gather(facts, facts.period)
    then = gather(facts, facts.before) if facts.compared else []
    previous = whole(facts, then, facts.before) if facts.compared else None
    total_row = replace(found.total, values=whole(facts, now, facts.period), previous=previous)
    return replace(found, total=total_row, notes=(*_notes(facts, found.rows), *found.notes))


def _notes(facts: Facts, rows: Sequence[Row]) -> Iterator[str]:
    from tuicrm.money import short

    worst = act_first(rows)
    if worst is not None:
        value, rate = worst.values["lost_value"], worst.values["conversion"]
        lost = (
            f"{short(value)} was lost there, the most"
            if isinstance(value, Decimal) and value
            else f"{rate:.0f} % go on"
        )
        yield f"Act first: {worst.label}: {lost} of all stages that {ENOUGH} deals or more have left."
    known, span = (
        {deal["id"] for deal, _ in _ways(facts)},
        (facts.period.first.toordinal(), facts.period.end.toordinal()),
    )
    unknown = (facts.stays[deal["id"]] for deal in facts.deals if deal["id"] not in known)
    missing = sum(any(span[0] <= stay.first < span[1] for stay in held) for held in unknown)
    if missing:
        yield f"{left_out(missing)}: through which stages was never noted."


def act_first(rows: Sequence[Row]) -> Row | None:
    """Return the stage where most value was lost, without values the one that fewest get beyond; None for too few."""
    enough = [row for row in rows if _number(row, "advanced") + _number(row, "lost") >= ENOUGH and row.values["lost"]]
    if not enough:
        return None
    return min(enough, key=lambda row: (-_number(row, "lost_value"), _number(row, "conversion")))


def _number(row: Row, name: str) -> Decimal:
    value = row.values[name]
    return Decimal(value) if isinstance(value, (int, float, Decimal)) else Decimal(0)


REPORT = Report(
    name="funnel",
    help=LINES["funnel"],
    counts="Deals that entered a stage in the period, and what has become of them until today. A deal enters each "
    "stage once: when it is first in it or beyond it, so that skipped stages count as passed through; moving back "
    "counts for nothing. A lost deal is lost in the farthest stage that it reached. The last row is the deals as a "
    f"whole, each once: advanced are the won ones. Act first names, of the stages that at least {ENOUGH} deals have "
    "left, the one where most value was lost, and where no value is known the one with the lowest conversion. Deals "
    "whose stages were never noted are left out, and counted.",
    columns=(
        Column("entered", COUNT, "Deals that entered the stage.", "advanced + lost + open"),
        Column("advanced", COUNT, "Of these: went on to a later stage, or were won."),
        Column("lost", COUNT, "Of these: were lost, and came no farther than this stage."),
        Column("open", COUNT, "Of these: are still open, and came no farther."),
        Column("conversion", PERCENT, "Share that went on, of those that are decided.", "advanced ÷ (advanced + lost)"),
        Column("lost_value", MONEY, "What was lost in this stage.", "Σ value of lost", head="lost value"),
    ),
    lead="conversion",
    gather=gather,
    measure=measure,
    by="stage",
    period="last 90 days",
    hint="No deal entered a stage in this period: tuicrm deal move REF STAGE moves one, --period chooses another "
    "period.",
    example="--by owner",
    compute=_compute,
)
