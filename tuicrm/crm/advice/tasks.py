"""Reasons that follow-ups give: late, due today, the next step of a sequence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.advice.reason import Hit, Told
from tuicrm.crm.shapes import word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuicrm.crm.advice.ground import Ground

Record = dict[str, Any]

_FACTOR = {"high": 1.5, "low": 0.5}
"""By priority."""
_MOST_DAYS = 28
_WAYS = {"call": "log.call", "email": "log.email", "meeting": "log.meeting"}


def late(ground: Ground) -> Iterator[Hit]:
    """Yield follow-ups from before today."""
    for one, day in ground.due:
        if day < ground.today and one["id"] not in ground.steps:
            yield _hit(ground, one, day)


def today(ground: Ground) -> Iterator[Hit]:
    """Yield follow-ups that are due today."""
    for one, day in ground.due:
        if day == ground.today and one["id"] not in ground.steps:
            yield _hit(ground, one, day)


def step(ground: Ground) -> Iterator[Hit]:
    """Yield steps of sequences that are due, or late."""
    if ground.steps:
        for one, day in ground.due:
            if one["id"] in ground.steps:
                yield _hit(ground, one, day)


def _hit(ground: Ground, one: Record, day: int) -> Hit:
    about, stake = ground.concerns(one)
    days = ground.today - day
    priority = word(one.get("priority"))
    urgency = (1 + min(days, _MOST_DAYS) / 7) * _FACTOR.get(priority, 1.0)
    deal = ground.session.ws.get(*about) if about[0] == "deal" else None
    facts = f"{word(one.get('due'))} {ground.worth_facts(deal) if deal else ''}".strip()
    return Hit("followup", one["id"], about, urgency, stake, facts, (days, priority))


def tell(ground: Ground, hit: Hit) -> Told:
    """Say what is to be done, how late it is, and which key does it."""
    from tuicrm.crm.agenda import who_of
    from tuicrm.crm.lookup import short_id, title

    session = ground.session
    record = session.ws.get("followup", hit.id) or {"id": hit.id}
    days, priority = hit.numbers
    say, who = title(session, "followup", record), who_of(session, record)
    when = f"late {days} day{'s' if days > 1 else ''}" if days else "due today"
    why = [when, *([f"{priority} priority"] if priority in _FACTOR else [])]
    if hit.id in ground.steps:
        why.append("a step of a sequence")
    way, ref = _way(say), short_id(session, "followup", hit.id)
    do = f"tuicrm log {way} TEXT --followup {ref}" if way else f"tuicrm followup done {ref}"
    named = who and who.partition(",")[0] not in say
    return Told(f"{say} ({who})" if named else say, tuple(why), _WAYS.get(way, "followup.done"), do)


def _way(subject: str) -> str:
    """Return how a follow-up is done, by the first word that says it; empty where it is simply done."""
    from tuicrm.crm.answering import WORDS
    from tuicrm.folding import fold

    first = fold(subject).replace(":", " ").replace("-", "").split()[:1]
    found = (way for way, known in WORDS.items() if first and first[0] in known - {"follow", "demo", "presentation"})
    return next(found, "")
