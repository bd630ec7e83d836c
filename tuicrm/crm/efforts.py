"""What people did lately: calls, e-mails, meetings and notes, by week and by person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tuicrm.crm.lookup import name_of
from tuicrm.crm.recent import WEEKS, recent
from tuicrm.records.kinds.activity import LOGGED

if TYPE_CHECKING:
    from collections.abc import Collection

    from tuicrm.crm.scopes import Scope
    from tuicrm.crm.session import Session

Counts = dict[str, int]
"""How many there were, by type; every type is there."""


@dataclass(frozen=True, slots=True)
class Efforts:
    """Counts of what was logged; weeks and people each add up to `total`."""

    weeks: tuple[tuple[date, Counts], ...]
    """The first day of each week, oldest first; the last one is not over."""
    people: tuple[tuple[str, Counts], ...]
    """By the name of who did it, the busiest first; the name is empty where nobody knows."""
    total: Counts


def efforts(session: Session, scope: Scope, deals: Collection[str] | None = None) -> Efforts:
    """Return what people of a scope did in the last 13 weeks; with `deals`, only what concerns these."""
    from tuicrm.when.tokens import unit_start

    start = unit_start(session.today, "week", session.reading.week_start).toordinal() - 7 * (WEEKS - 1)
    weeks = [_none() for _ in range(WEEKS)]
    people: dict[str, Counts] = {}
    for day, one in ((day, one) for day, held in recent(session).talks.items() if day >= start for one in held):
        if not scope.holds(one) or (deals is not None and one.get("deal") not in deals):
            continue
        kind, owner = one["type"], one.get("owner")
        weeks[(day - start) // 7][kind] += 1
        counts = people.setdefault(owner if isinstance(owner, str) else "", _none())
        counts[kind] += 1
    ranked = sorted(people.items(), key=lambda pair: (-sum(pair[1].values()), pair[0]))
    return Efforts(
        weeks=tuple((date.fromordinal(start + 7 * at), counts) for at, counts in enumerate(weeks)),
        people=tuple((name_of(session, "user", key), counts) for key, counts in ranked),
        total={kind: sum(counts[kind] for counts in weeks) for kind in LOGGED},
    )


def _none() -> Counts:
    return dict.fromkeys(LOGGED, 0)
