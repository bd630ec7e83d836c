"""Targets of people and teams by period: how they are set, and what they ask for a month."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tuicrm.crm.quotas import quota_key, set_quota, share_of, span_of
from tuicrm.crm.report.declared import DATES
from tuicrm.crm.shapes import word
from tuicrm.errors import Invalid
from tuicrm.folding import fold
from tuicrm.records.kinds.activity import LOGGED
from tuicrm.records.kinds.target import MOST

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from tuicrm.crm.periods import Period
    from tuicrm.crm.plan import Plan
    from tuicrm.crm.report.declared import Ask
    from tuicrm.crm.session import Session
    from tuicrm.store.changes import Change

Record = dict[str, Any]
Targets = dict[str, list[tuple["Period", Record]]]
KIND = "target"
NONE = ("none", "-")


def targets(session: Session) -> Targets:
    """Return the targets by whom they are for, a user's id or a team's folded name; the shortest period first.

    Of two for the same period, made on two clones at once, the one that was written later goes first.
    """
    if not session.ws.all(KIND):
        return {}
    found: Targets = session.remember("targets", lambda: _read(session))
    return found


def _read(session: Session) -> Targets:
    from tuicrm.crm.derive import updated_ms

    found: Targets = {}
    for record in session.ws.all(KIND).values():
        span = span_of(word(record.get("period")))
        whose = word(record.get("user")) or fold(word(record.get("team")).strip())
        if span is not None and whose:
            found.setdefault(whose, []).append((span, record))
    for held in found.values():
        held.sort(key=lambda pair: (pair[0].whole_months, -updated_ms(pair[1]), pair[1]["id"]))
    return found


def asked(held: Targets, whose: str, kind: str, month: Period, days: int) -> Fraction | None:
    """Return how many activities are asked for so many days of a month; None where no target says."""
    for span, record in held.get(whose, ()):
        count = record.get(kind)
        if span.holds(month.first) and isinstance(count, int):
            return Fraction(count * days, (span.end - span.first).days)
    return None


def team_quota(session: Session, team: str, month: Period) -> dict[str, Decimal]:
    """Return what a team's own quota is for a whole month, in the base currency; nothing where it has none."""
    held: dict[str, Mapping[str, Any]] = {}
    for _, record in targets(session).get(fold(team.strip()), ()):
        if record.get("quota"):
            held.setdefault(word(record.get("period")), {**record, "amount": record["quota"]})
    return share_of(session, held, month)


def asked_teams(session: Session, ask: Ask) -> dict[str, list[str]]:
    """Return the teams, with their members, that a question is about as teams; none where it is about people."""
    if not session.ws.all(KIND):
        return {}
    by = ask.by.strip().lower()
    of_one = bool(ask.team.strip()) and not ask.owner.strip() and by in DATES
    if by not in ("team", "owner.team") and not of_one:
        return {}
    found: dict[str, list[str]] = {}
    for key, user in session.ws.all("user").items():
        if name := fold(word(user.get("team")).strip()):
            found.setdefault(name, []).append(key)
    return {name: members for name, members in found.items() if not of_one or name == fold(ask.team.strip())}


def set_target(
    session: Session, users: Sequence[Record], team: str, period_text: str, quota: str = "", activity: str = ""
) -> Plan:
    """Return the plan that sets what is asked of users, or of a team, in a month, a quarter or a year.

    `none` takes a quota, or what is asked in activities, away. The quota of a user goes where those always are.
    """
    from tuicrm.crm.periods import period_named, present_quarter
    from tuicrm.crm.plan import Plan
    from tuicrm.crm.scopes import team_named

    period = period_named(session, period_text)
    if not period.unit:
        raise Invalid(
            f"period: a target is for a month, a quarter or a year, such as {present_quarter(session).key}; "
            f"not for {period.title}",
            field="period",
        )
    fields: dict[str, Any] = {}
    changes: list[Change] = []
    if activity.strip():
        fields |= _activity(activity)
    if quota.strip() and users:
        changes += set_quota(session, users, period_text, quota).changes
    elif quota.strip():
        fields |= _quota(session, quota)
    whose = [{"user": one["id"]} for one in users] or [{"team": team_named(session, team).team}]
    ids = []
    for one in whose if fields else ():
        made, key = _written(session, one, period, fields)
        changes += made
        ids.append(key)
    ids = ids or [one["id"] for one in users]
    return Plan(tuple(changes), f"set what is asked of {_who(session, users, team)} in {period.title}", ids=tuple(ids))


def _who(session: Session, users: Sequence[Record], team: str) -> str:
    from tuicrm.crm.lookup import title

    if not users:
        return f"team {team.strip()}"
    return title(session, "user", users[0]) if len(users) == 1 else f"{len(users)} users"


def _activity(text: str) -> dict[str, Any]:
    from tuicrm.crm.report.targets import parse_targets

    if text.strip().casefold() in NONE:
        return dict.fromkeys(LOGGED)
    return dict(parse_targets(text, "activity", "the period", MOST))


def _quota(session: Session, text: str) -> dict[str, Any]:
    from tuicrm.crm.parsing import named
    from tuicrm.money import amount_text, parse_money

    if text.strip().casefold() in NONE:
        return {"quota": None, "currency": None}
    try:
        found = parse_money(text, currency=session.currency)
    except Invalid as problem:
        raise named(problem, "quota") from None
    return {"quota": amount_text(found.amount, found.currency), "currency": found.currency}


def _written(
    session: Session, whose: Mapping[str, str], period: Period, fields: Mapping[str, Any]
) -> tuple[list[Change], str]:
    """Return what writes fields to somebody's target for a period, and its id; it is made where there is none."""
    from tuicrm.store.changes import Remove, Write

    key = whose.get("user") or fold(whose["team"].strip())
    held = [record for span, record in targets(session).get(key, ()) if span == period]
    if not held:
        fresh = session.ws.new_id()
        given = {name: value for name, value in fields.items() if value is not None}
        return [Write(KIND, fresh, {"period": quota_key(period), **whose, **given})], fresh
    # One that asks for nothing any more is taken away, so that no list shows it.
    left = [{**one, **fields} for one in held]
    made: list[Change] = [
        Write(KIND, one["id"], dict(fields))
        if any(after.get(name) for name in ("quota", *LOGGED))
        else Remove(KIND, one["id"])
        for one, after in zip(held, left, strict=True)
    ]
    return made, str(held[0]["id"])
