"""`pipeline`: the open deals by stage, as they stand."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tuicrm.crm import derive
from tuicrm.crm.report.declared import COUNT, DATES, DAYS, MONEY, NOW, Column, Report
from tuicrm.crm.report.figures import mean, total
from tuicrm.crm.report.registry import LINES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.periods import Period
    from tuicrm.crm.report.declared import Ask, Case, Result, Values
    from tuicrm.crm.report.facts import Facts
    from tuicrm.crm.report.groups import ByStage
    from tuicrm.crm.session import Session


def gather(facts: Facts, span: Period) -> list[Case]:
    """Return the deals that were open at the end of a span."""
    return facts.open_at(facts.last_day(span))


def measure(facts: Facts, cases: Sequence[Case], span: Period) -> Values:
    """Return what open deals are worth and how old they are."""
    return {
        "count": len(cases),
        "value": total(cases),
        "weighted": weighted(facts, cases),
        "age": mean([case.day - case.start for case in cases]),
        "stage_days": mean([case.day - case.more for case in cases]),
    }


def weighted(facts: Facts, cases: Sequence[Case]) -> Decimal:
    """Return the sum of value times probability, exact."""
    named = facts.derived.stage_named
    found = Decimal(0)
    for case in cases:
        if case.value:
            chance = derive.chance(case.subject, named(facts.derived.pipeline(case.subject), case.stage))
            found += (case.value * chance).scaleb(-2)
    return found


def _compute(session: Session, ask: Ask) -> Result:
    """Return the open deals by groups; by stage, the empty stages of the default pipeline too."""
    from tuicrm.crm.report.facts import Facts
    from tuicrm.crm.report.grouping import group_named
    from tuicrm.crm.report.groups import ByStage
    from tuicrm.crm.report.tabulate import tabulate

    facts, group = Facts(session, ask, REPORT), group_named(session, REPORT, ask.by)
    return tabulate(facts, REPORT, group, keys=_stages(session, group) if isinstance(group, ByStage) else ())


def _stages(session: Session, group: ByStage) -> list[str]:
    from tuicrm.crm.stages import default, stages
    from tuicrm.errors import NotFound

    try:
        record = default(session)
    except NotFound:
        return []
    return [group.of(record["id"], one.key) for one in stages(record) if one.kind == "open"]


REPORT = Report(
    name="pipeline",
    help=LINES["pipeline"],
    counts="Deals that are open at the end of the period, at most today: with the stage, the value and the owner "
    "that the log gives for that day. Compared with the end of the period before, which is how the present one "
    "began.",
    columns=(
        Column("count", COUNT, "Open deals.", head="deals"),
        Column("value", MONEY, "What they are worth.", "Σ value"),
        Column(
            "weighted",
            MONEY,
            "What they are worth by their chances: the deal's own probability, else its stage's.",
            "Σ value × probability",
        ),
        Column("age", DAYS, "Mean days since they were opened.", "mean(day − opened)"),
        Column("stage_days", DAYS, "Mean days since they entered their stage.", "mean(day − entered)", head="in stage"),
    ),
    lead="value",
    gather=gather,
    measure=measure,
    about=NOW,
    by="stage",
    without=DATES,
    hint="No deal is open: tuicrm deal add NAME --value 12k adds one.",
    example="--by owner --where 'value>10k'",
    compute=_compute,
)
