"""Which touches led to a deal or to a lead, and their credit by number: what `sources` adds where there are any."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.crm.derive import day_ordinal
from tuicrm.crm.report.attribution import SOURCE, shares
from tuicrm.crm.report.declared import COUNT, NUMBER, WON, Case, Column, Report
from tuicrm.crm.shapes import word, words
from tuicrm.crm.touches import id_ms, text_ms
from tuicrm.crm.touchpoints import touchpoints
from tuicrm.folding import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.periods import Period
    from tuicrm.crm.report.declared import Values
    from tuicrm.crm.report.facts import Facts

Record = dict[str, Any]
_MODELS = ("first", "last", "linear")


class Credit(NamedTuple):
    """One touch of a deal or a lead, from which its share by each model follows."""

    source: str
    at: int
    """Its place among them, from 0."""
    of: int
    """How many there are."""


def deal_sources(facts: Facts, deal: Record, day: int) -> list[str]:
    """Return the sources that led to a deal up to a day, in their order; at least one, empty where nothing is known."""
    session = facts.session
    contacts, companies = session.ws.all("contact"), session.ws.all("company")
    people = [contacts[key] for key in words(deal.get("contacts")) if key in contacts]
    company = companies.get(word(deal.get("company")))
    records = people + ([company] if company else [])
    records.sort(key=lambda one: str(one["id"]))
    told = [(id_ms(str(one["id"])), word(one.get("source"))) for one in records]
    # Its own comes after those of the people it was made for, though it may have been imported before them.
    told.append((max([id_ms(str(deal["id"])), *(at for at, _ in told)]), word(deal.get("source"))))
    noted = touchpoints(session).of([*(str(one["id"]) for one in records), str(deal["id"])])
    return _together(facts, told, noted, day)


def lead_sources(facts: Facts, lead: Record, day: int) -> list[str]:
    """Return the sources that a lead had up to a day, in their order; at least one, empty where nothing is known."""
    noted = touchpoints(facts.session).of([str(lead["id"]), *words(lead.get("contact"))])
    return _together(facts, [(_made(lead), word(lead.get("source")))], noted, day)


def _together(facts: Facts, told: list[tuple[int, str]], noted: list[tuple[int, Record]], day: int) -> list[str]:
    """Return what records say and the touches up to a day in the order of time; one that both name is the touch."""
    day_of = facts.derived.day_of
    held = [(at, word(one.get("source")).strip()) for at, one in noted if day_of(at) <= day]
    known = {fold(source) for _, source in held}
    said = [(at, source.strip()) for at, source in told if source.strip() and fold(source.strip()) not in known]
    # Sorting keeps what is of one time in its order.
    found = said + held if not held else sorted(said + held, key=lambda pair: pair[0])
    return [source for _, source in found if source] or [""]


def _made(record: Record) -> int:
    """Return when a record was made: in the system it came from, else here."""
    own = word(record.get("source_created_at"))
    return (text_ms(own) if own else 0) or id_ms(str(record["id"]))


def _credits(sources: list[str]) -> list[Credit]:
    return [Credit(source, at, len(sources)) for at, source in enumerate(sources)]


def _deals(facts: Facts, span: Period) -> list[Case]:
    return [
        case._replace(more=credit)
        for case in facts.closed(span)
        if case.outcome == WON
        for credit in _credits(deal_sources(facts, case.record, case.day))
    ]


def _leads(facts: Facts, span: Period) -> list[Case]:
    """Return a case for each touch of each lead made in a span, touches up to its end counted."""
    first, last = span.first.toordinal(), facts.last_day(span)
    found = []
    for lead in facts.session.ws.all("lead").values():
        owner = word(lead.get("owner"))
        day = day_ordinal(word(lead.get("source_created_at"))[:10]) or facts.derived.day_of(_made(lead))
        if first <= day <= last and facts.holds(owner):
            found += [Case(lead, day, owner, more=one) for one in _credits(lead_sources(facts, lead, last))]
    return found


def _measure(facts: Facts, cases: Sequence[Case], span: Period) -> Values:
    # Few places and counts occur, however many cases there are; adding fractions one by one would take seconds.
    tally = Counter((case.more.at, case.more.of) for case in cases)
    found: Values = {"touched": len({case.record["id"] for case in cases})}
    for model in _MODELS:
        parts = (shares(count, model)[at] * times for (at, count), times in tally.items())
        found[model] = float(sum(parts, Fraction(0)))
    return found


def _columns(what: str) -> tuple[Column, ...]:
    return (
        Column("touched", COUNT, f"{what} that the source touched; one with several sources is in several rows."),
        Column("first", NUMBER, f"{what} where the first touch gets all.", "Σ credit", SOURCE),
        Column("last", NUMBER, f"{what} where the last touch gets all.", "Σ credit", SOURCE),
        Column("linear", NUMBER, f"{what}, each touch counting the same.", "Σ 1 ÷ touches", SOURCE),
    )


DEALS = Report(
    name="source-deals",
    help="Won deals by the touches that led to them.",
    counts="Deals won in the period, by the same touches as the values of sources. Shown once a touch is noted.",
    columns=_columns("Won deals"),
    lead="linear",
    gather=_deals,
    measure=_measure,
    by="source",
    period="last 90 days",
)
LEADS = Report(
    name="source-leads",
    help="Leads by the touches that they had.",
    counts="Leads made in the period, by the touches noted of them and of the contacts that they became, up to the end "
    "of the period, in the order of time; a lead's own source counts too unless a touch names it. Shown once a touch "
    "is noted, and without --where, which is about deals.",
    columns=_columns("Leads"),
    lead="linear",
    gather=_leads,
    measure=_measure,
    by="source",
    period="last 90 days",
    kind="lead",
    subject="lead",
)
