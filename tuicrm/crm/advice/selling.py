"""Reasons that open deals give: rotting, past their close, without a next step, nearly ready for the next stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.advice.reason import Hit, Told
from tuicrm.crm.derive import day_ordinal
from tuicrm.crm.shapes import word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuicrm.crm.advice.ground import Ground

Record = dict[str, Any]

MOST = 5.0
"""Urgency grows no further, so that what was given up on does not push the rest out of sight."""
_FORTNIGHT = 14


def rotting(ground: Ground) -> Iterator[Hit]:
    """Yield deals that nobody touched for longer than their stage allows."""
    facts, today = ground.facts, ground.today
    for deal in ground.open:
        stage = facts.stage(deal)
        if stage is None or stage.rotting_days <= 0:
            continue
        last = ground.touched(deal)
        # Opening counts as a touch, and most deals need no more than these two comparisons.
        opened = facts.opened(deal)
        days = today - (max(facts.day_of(last), opened) if last else opened)
        if days > stage.rotting_days:
            urgency = min(days / stage.rotting_days, MOST)
            yield _hit(ground, deal, urgency, str(last), (days, stage.rotting_days))


def past(ground: Ground) -> Iterator[Hit]:
    """Yield deals whose expected close is over."""
    for deal in ground.open:
        day = day_ordinal(deal.get("expected_close"))
        if 0 < day < ground.today:
            days = ground.today - day
            yield _hit(ground, deal, min(1 + days / 30, MOST), word(deal.get("expected_close")), (days,))


def no_next(ground: Ground) -> Iterator[Hit]:
    """Yield deals with which nothing is planned, snoozed or not."""
    for deal in ground.open:
        if not ground.todo.all_of("deal", deal["id"]):
            days = ground.facts.untouched_days(deal)
            urgency = 1 + min(days, 2 * _FORTNIGHT) / _FORTNIGHT
            yield _hit(ground, deal, urgency, str(ground.touched(deal)), (days,))


def gate(ground: Ground) -> Iterator[Hit]:
    """Yield deals that lack little of what their next stage asks for, or nothing of it."""
    from tuicrm.crm.needs import lacks, said
    from tuicrm.crm.stages import following

    session = ground.session
    for deal in ground.open:
        after = following(session, deal)[0]
        if after is None or not (after.requires or after.checks or after.activities):
            continue
        asked = len(after.requires) + len(after.checks) + len(after.activities)
        needs = lacks(session, deal, after)
        missing = len(needs.fields) + len(needs.checks) + len(needs.talks)
        # That a few fields are filled in does not make a deal ready.
        if missing >= asked or missing > max(1, asked // 3) or not (missing or after.checks or after.activities):
            continue
        urgency = 1 + (asked - missing) / asked
        words = ", ".join(said(session, needs))
        yield _hit(ground, deal, urgency, f"{after.key} {words}", (after.name, asked - missing, asked, words))


def _hit(ground: Ground, deal: Record, urgency: float, facts: str, numbers: tuple[Any, ...]) -> Hit:
    key = deal["id"]
    facts = f"{facts} {ground.worth_facts(deal)}".strip()
    return Hit("deal", key, ("deal", key), urgency, ground.stakes.of_deal(deal), facts, numbers)


def tell_rotting(ground: Ground, hit: Hit) -> Told:
    """Say whom to call."""
    days, allowed = hit.numbers
    name, who, ref = _named(ground, hit)
    say = f"call {who} about {name}" if who and who != name else f"call about {name}"
    why = (f"rotting: nothing for {days} days, {allowed} are allowed",)
    return Told(say, why, "log.call", f"tuicrm log call TEXT --deal {ref}")


def tell_past(ground: Ground, hit: Hit) -> Told:
    """Say that a date is wrong."""
    (days,) = hit.numbers
    name, _, ref = _named(ground, hit)
    why = (f"should have closed {days} day{'s' if days > 1 else ''} ago",)
    return Told(f"another close date for {name}", why, "record.close-date", f"tuicrm deal edit {ref} --close WHEN")


def tell_no_next(ground: Ground, hit: Hit) -> Told:
    """Say that a step is to be planned."""
    (days,) = hit.numbers
    name, _, ref = _named(ground, hit)
    step = word((ground.session.ws.get("deal", hit.id) or {}).get("next_step"))
    lacks = f"no day for: {step}" if step else "no next step"
    why = (lacks + (f", untouched for {days} day{'s' if days > 1 else ''}" if days else ""),)
    return Told(
        f"plan the next step of {name}", why, "followup.add", f"tuicrm followup add TEXT --due WHEN --deal {ref}"
    )


def tell_gate(ground: Ground, hit: Hit) -> Told:
    """Say what is missing, and where the deal goes then."""
    stage, met, asked, words = hit.numbers
    name, _, ref = _named(ground, hit)
    there = f"{met} of {asked} that {stage} asks for {'is' if met == 1 else 'are'} there"
    why = (there, *([f"missing: {words}"] if words else []))
    key = next(iter(hit.facts.split(" ")), "")
    return Told(f"move {name} to {stage}", why, "deal.forward", f"tuicrm deal move {ref} {key}")


def _named(ground: Ground, hit: Hit) -> tuple[str, str, str]:
    """Return what the deal is called, whom it is with, and its short id."""
    from tuicrm.crm.lookup import name_of, short_id, title
    from tuicrm.crm.shapes import words

    session = ground.session
    deal = session.ws.get("deal", hit.id) or {"id": hit.id}
    held = filter(None, (session.ws.get("contact", key) for key in words(deal.get("contacts"))))
    # Who asked not to be contacted is not to be called.
    people = [title(session, "contact", one) for one in held if one.get("do_not_contact") is not True]
    who = people[0] if people else name_of(session, "company", word(deal.get("company")))
    return title(session, "deal", deal), who, short_id(session, "deal", hit.id)
