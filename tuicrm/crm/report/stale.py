"""`stale`: open deals that nobody looks after."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tuicrm.crm import derive
from tuicrm.crm.report.declared import COUNT, DATES, MONEY, NOW, PERCENT, Case, Column, Report
from tuicrm.crm.report.figures import percent, total
from tuicrm.crm.report.registry import LINES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.periods import Period
    from tuicrm.crm.report.declared import Values
    from tuicrm.crm.report.facts import Facts


class Signs(NamedTuple):
    """What is wrong with an open deal."""

    rotting: bool
    aimless: bool
    """Nothing is planned."""
    late: bool
    """Its expected close has gone by."""


def gather(facts: Facts, span: Period) -> list[Case]:
    """Return the open deals as they stand, each with its signs."""
    from tuicrm.crm.nexts import nexts

    planned = nexts(facts.session)
    found = []
    for case in facts.open_at(facts.today):
        deal = case.record
        late = 0 < derive.day_ordinal(deal.get("expected_close")) < facts.today
        signs = Signs(facts.derived.rotting(deal), planned.of("deal", deal["id"]) is None, late)
        found.append(case._replace(more=signs))
    return found


def measure(facts: Facts, cases: Sequence[Case], span: Period) -> Values:
    """Return how many open deals show each sign, and what those with any are worth."""
    at_risk = [case for case in cases if any(case.more)]
    return {
        "open": len(cases),
        "rotting": sum(case.more.rotting for case in cases),
        "no_next_step": sum(case.more.aimless for case in cases),
        "past_close": sum(case.more.late for case in cases),
        "at_risk": len(at_risk),
        "value": total(at_risk),
        "share": percent(len(at_risk), len(cases)),
    }


REPORT = Report(
    name="stale",
    help=LINES["stale"],
    counts="Open deals as they stand. A deal may show several signs, and is at risk once.",
    columns=(
        Column("open", COUNT, "Open deals."),
        Column("rotting", COUNT, "Without an activity or a move for longer than their stage allows."),
        Column("no_next_step", COUNT, "Without a follow-up that is still to be done.", head="no next"),
        Column("past_close", COUNT, "Their expected close has gone by.", head="past close"),
        Column("at_risk", COUNT, "With one of these signs or more.", head="at risk"),
        Column("value", MONEY, "What the deals at risk are worth.", "Σ value"),
        Column("share", PERCENT, "Share of the open deals that are at risk.", "at risk ÷ open"),
    ),
    lead="value",
    gather=gather,
    measure=measure,
    about=NOW,
    without=DATES,
    behind=lambda case: any(case.more),
    compares=False,
    hint="No deal is open: tuicrm deal add NAME --value 12k adds one.",
    example="--by stage --records",
)
