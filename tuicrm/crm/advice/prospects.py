"""Reasons that leads and customers give: hot leads, and customers who would buy again about now."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tuicrm.crm.advice.reason import Hit, Told
from tuicrm.crm.advice.stake import of_lead
from tuicrm.crm.derive import day_ordinal
from tuicrm.crm.shapes import word, words
from tuicrm.crm.touches import id_ms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuicrm.crm.advice.ground import Ground

Record = dict[str, Any]

FRESH_DAYS = 3
"""A lead that nobody has talked to is hot for so long, whatever its score."""
REST_DAYS = 7
"""Days after a talk in which a lead is left alone."""
EARLY_DAYS = 14
"""Days before the next purchase is due by the rhythm of the last ones."""
LAPSED = 3.0
"""Rhythms after which a customer counts as gone: winning one back is another task."""


def hot(ground: Ground) -> Iterator[Hit]:
    """Yield leads with half of the best score or more, and fresh ones, with which nothing is planned.

    Of a team that scores its leads, fresh ones without a point are not hot.
    """
    from tuicrm.crm.leads import snoozed, state_test

    session, score, today = ground.session, ground.score, ground.today
    leads = session.ws.all("lead")
    if not leads:
        return
    is_open = state_test(session, "open")
    held = [(lead, score(lead)) for lead in leads.values() if is_open(lead)]
    best = max((points for _, points in held if points), default=0)
    for lead, points in held:
        scored = points is not None and points > 0 and 2 * points >= best
        age = today - ground.facts.day_of(id_ms(lead["id"]))
        fresh = age <= FRESH_DAYS and ((points or 0) > 0 or not best)
        if not (scored or fresh) or not ground.mine(lead):
            continue
        if snoozed(session, lead) or ground.todo.all_of("lead", lead["id"]):
            continue
        last = ground.talks.when((lead["id"],))
        if last and (not scored or today - ground.facts.day_of(last) < REST_DAYS):
            continue
        facts = f"{'-' if points is None else points} {word(lead.get('status'))} {last}"
        urgency = 1 + 2 / (1 + max(age, 0))
        yield Hit("lead", lead["id"], ("lead", lead["id"]), urgency, of_lead(points), facts, (points, age, bool(last)))


def tell_hot(ground: Ground, hit: Hit) -> Told:
    """Say to call, or to decide where somebody did."""
    from tuicrm.crm.lookup import short_id, title

    session = ground.session
    lead = session.ws.get("lead", hit.id) or {"id": hit.id}
    points, age, talked = hit.numbers
    name, firm, ref = title(session, "lead", lead), word(lead.get("company_name")), short_id(session, "lead", hit.id)
    who = f"{name} of {firm}" if firm and firm != name else name
    came = "came today" if age <= 0 else f"came {age} day{'s' if age > 1 else ''} ago"
    why = (*((f"score {points}",) if points is not None else ()), came)
    if talked:
        return Told(f"convert {who}", (*why, "talked to already"), "deal.win", f"tuicrm lead convert {ref}")
    return Told(f"call {who}", (*why, "nobody has talked to them"), "log.call", f"tuicrm log call TEXT --lead {ref}")


def again(ground: Ground) -> Iterator[Hit]:
    """Yield customers whose next purchase is due by the middle distance between their last ones."""
    busy = {key for deal in ground.all_open for key in _customers(deal)}
    bought: dict[tuple[str, str], list[tuple[int, Record]]] = {}
    for deal in ground.won:
        day = day_ordinal(deal.get("closed_on"))
        refs = _customers(deal)
        if day and refs:
            bought.setdefault(refs[0], []).append((day, deal))
    for ref, held in bought.items():
        if len(held) > 1 and ref not in busy:
            yield from _due(ground, ref, held)


def _customers(deal: Record) -> list[tuple[str, str]]:
    """Return who a deal is with: the company, or where there is none, the people."""
    company = word(deal.get("company"))
    return [("company", company)] if company else [("contact", key) for key in words(deal.get("contacts"))]


def _due(ground: Ground, ref: tuple[str, str], held: list[tuple[int, Record]]) -> Iterator[Hit]:
    held.sort(key=lambda pair: (pair[0], pair[1]["id"]))
    days = sorted({day for day, _ in held})
    if len(days) < 2:
        return
    gaps = sorted(after - before for before, after in pairwise(days))
    rhythm, since = gaps[len(gaps) // 2], ground.today - days[-1]
    if since < max(rhythm - EARLY_DAYS, rhythm / 2) or since > LAPSED * rhythm:
        return
    record = ground.session.ws.get(*ref)
    if record is None or record.get("do_not_contact") is True or ground.todo.all_of(*ref):
        return
    # A customer without an owner is whose the last sale was.
    if not ground.mine(record if record.get("owner") else held[-1][1]):
        return
    last = _last_talk(ground, ref)
    if last and ground.today - ground.facts.day_of(last) < EARLY_DAYS:
        return
    values = sorted(value for _, deal in held if (value := ground.stakes.in_base(deal)) is not None)
    # After n purchases at such distances the next one is as likely as by Laplace's rule of succession.
    chance = 100 * len(gaps) // (len(gaps) + 1)
    stake = ground.stakes.of_value(values[len(values) // 2] if values else None, chance)
    yield Hit(*ref, ref, min(since / rhythm, LAPSED), stake, f"{days[-1]} {len(days)}", (len(days), rhythm, since))


def _last_talk(ground: Ground, ref: tuple[str, str]) -> int:
    from tuicrm.crm.customers import customers

    return customers(ground.session).last(*ref)


def tell_again(ground: Ground, hit: Hit) -> Told:
    """Say whom to ask."""
    from tuicrm.crm.lookup import name_of, short_id

    count, rhythm, since = hit.numbers
    name, ref = name_of(ground.session, hit.kind, hit.id), short_id(ground.session, hit.kind, hit.id)
    why = (f"bought {count} times, about every {rhythm} days; the last time {since} days ago",)
    option = "--company" if hit.kind == "company" else "--with"
    return Told(f"ask {name} about another order", why, "log.call", f"tuicrm log call TEXT {option} {ref}")
