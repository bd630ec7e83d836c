"""`sources`: where won deals came from, by four ways of giving credit; with touches also where leads did."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from tuicrm.crm.report.attribution import MODELS, SOURCE, parts, shares
from tuicrm.crm.report.declared import COUNT, MONEY, NUMBER, WON, Case, Column, Report
from tuicrm.crm.report.registry import LINES
from tuicrm.crm.report.touched import DEALS, LEADS, deal_sources

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.periods import Period
    from tuicrm.crm.report.declared import Ask, Result, Values
    from tuicrm.crm.report.facts import Facts
    from tuicrm.crm.report.groups import Group
    from tuicrm.crm.session import Session


class Credit(NamedTuple):
    """What one touch of a deal gets."""

    source: str
    share: Fraction
    """Of the deal, by the linear model."""
    money: tuple[Decimal, ...]
    """Of its value, by each of `MODELS`."""


def gather(facts: Facts, span: Period) -> list[Case]:
    """Return a case for each touch of each deal won in a span."""
    found = []
    for case in facts.closed(span):
        if case.outcome != WON:
            continue
        touched = deal_sources(facts, case.record, case.day)
        linear = shares(len(touched), "linear")
        value, base = case.value or Decimal(0), facts.session.currency
        money = [parts(value, shares(len(touched), model), base) for model in MODELS]
        for at, source in enumerate(touched):
            credit = Credit(source, linear[at], tuple(held[at] for held in money))
            found.append(case._replace(more=credit))
    return found


def measure(facts: Facts, cases: Sequence[Case], span: Period) -> Values:
    """Return the credits that touches get together."""
    sums = [sum((case.more.money[at] for case in cases), Decimal(0)) for at in range(len(MODELS))]
    return {
        "touched": len({case.record["id"] for case in cases}),
        "deals": float(sum((case.more.share for case in cases), Fraction(0))),
        **dict(zip(MODELS, sums, strict=True)),
    }


def _source(case: Case) -> str:
    return str(case.more.source)


def _compute(session: Session, ask: Ask) -> Result:
    """Return a row per source; with `--by` something else, per group and source."""
    from dataclasses import replace

    from tuicrm.crm.report.facts import Facts
    from tuicrm.crm.report.grouping import group_named
    from tuicrm.crm.report.groups import ByBoth, ByValue
    from tuicrm.crm.report.tabulate import tabulate
    from tuicrm.crm.touchpoints import touchpoints

    source: Group = ByValue("source", "source", _source, str)
    outer = group_named(session, REPORT, ask.by)
    group = source if outer.name == "source" else ByBoth(outer, source)
    facts = Facts(session, ask, REPORT)
    found = tabulate(facts, REPORT, group)
    if not touchpoints(session):
        return found
    # A query is about deals, so it says nothing of leads.
    parts = (DEALS,) if ask.where.strip() else (DEALS, LEADS)
    held = [tabulate(facts, one, ByValue("source", "source", _source, str)) for one in parts]
    return replace(found, sections=tuple(replace(one, notes=()) for one in held))


def _revenue(model: str, means: str) -> Column:
    return Column(model, MONEY, means, "Σ value × credit", SOURCE, head=model.replace("u_shaped", "u-shaped"))


REPORT = Report(
    name="sources",
    help=LINES["sources"],
    counts="Deals won in the period. The touches of a deal are the sources of its people and of its company, in the "
    "order in which these were made, and then its own; and the touches noted of it, of its people and company and "
    "of the leads that these were, up to the day it was closed, in the order of time. A source that a noted touch "
    "names as well counts as that touch only. A deal without any has one touch, (none). The credits of a deal sum to 1 "
    "exactly.",
    columns=(
        Column("touched", COUNT, "Won deals that the source touched; a deal with several sources is in several rows."),
        Column("deals", NUMBER, "Won deals by credit, each touch counting the same.", "Σ 1 ÷ touches of the deal"),
        _revenue("first", "Won value where the first touch gets all."),
        _revenue("last", "Won value where the last touch gets all."),
        _revenue("linear", "Won value where each touch gets the same."),
        _revenue(
            "u_shaped",
            "Won value where first and last get 40 % each and those between 20 % together; of two, half each.",
        ),
    ),
    lead="linear",
    gather=gather,
    measure=measure,
    by="source",
    period="last 90 days",
    hint="No deal was won in this period: --period chooses another one; tuicrm deal edit REF --source fair notes a "
    "source.",
    example="--by owner",
    compute=_compute,
    sections=(DEALS, LEADS),
)
