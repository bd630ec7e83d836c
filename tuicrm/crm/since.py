"""What teammates changed since one last had the workspace open, by person; and when that was."""

from __future__ import annotations

from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tuicrm.crm import derive
from tuicrm.crm.newsfound import handle, parts
from tuicrm.crm.touches import text_ms

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import datetime

    from tuicrm.crm.newsfound import Found
    from tuicrm.crm.session import Session

CROWD = 100
"""From more than so many of one sort by one person on, they are told as one."""


@dataclass(frozen=True, slots=True)
class News:
    """One thing that somebody else did."""

    at: int
    """Milliseconds since 1970."""
    by: str
    """The handle (else the name) of who did it; empty where nobody knows."""
    text: str
    kind: str
    """The kind and the id of the record to open; the id is empty where it is gone."""
    id: str
    count: int = 1
    """How many it stands for."""


def last_look(session: Session) -> datetime | None:
    """Return when the acting user last looked at this workspace on this machine; None before the first time."""
    from datetime import UTC, datetime

    from tuicrm.store.local import Local

    ms = text_ms(Local(session.ws.private).get(_key(session)))
    return datetime.fromtimestamp(ms / 1000, UTC) if ms else None


def looked(session: Session) -> None:
    """Take note that the acting user has seen how things stand; raises ReadOnly."""
    from tuicrm.records.values import instant_text
    from tuicrm.store.local import Local

    Local(session.ws.private).set(_key(session), instant_text(session.now))


def _key(session: Session) -> str:
    return f"looked_at {session.user}"


def since(session: Session, moment: datetime, lock: AbstractContextManager[object] | None = None) -> list[News]:
    """Return what others did after a moment, grouped by person (whose news are newest first), those without one last.

    Who made a record is not stored in it: it counts as made by its owner, unless this machine saw who did it. A crowd
    of one sort, as from an import, is one piece of news. The lock is held for a short while at a time.
    """
    lock = lock or nullcontext()
    found: list[Found] = []
    for part in parts(session, int(moment.timestamp() * 1000)):
        with lock:
            found += [one for one in part if not _mine(session, one.by)]
    found.sort(key=lambda one: (one.at, one.key), reverse=True)
    crowds = Counter((one.by, one.sort) for one in found)
    newest: dict[str, int] = {}
    told: list[News] = []
    for one in found:
        newest.setdefault(one.by, one.at)
        count = crowds[one.by, one.sort]
        if not count:
            continue
        with lock:
            text, kind, target = one.tell()
        if count > CROWD:
            crowds[one.by, one.sort] = 0
            told.append(News(one.at, one.by, one.sort.format(f"{count:,}"), kind, target, count))
        else:
            told.append(News(one.at, one.by, text, kind, target))
    told.sort(key=lambda one: (not one.by, -newest[one.by], one.by))
    return told


def _mine(session: Session, by: str) -> bool:
    return by == session.user or (bool(session.me) and by == handle(session, session.me))


def summary(session: Session, news: list[News], moment: datetime) -> str:
    """Return `3 changes by bob and carla since yesterday`; empty where there are none."""
    if not news:
        return ""
    people = list(dict.fromkeys(one.by for one in news if one.by))
    by = f" by {_listed(people)}" if people else " from elsewhere"
    changes = counted(news)
    count = f"{changes:,} change{'' if changes == 1 else 's'}"
    return f"{count}{by} since {when_said(session, moment)}"


def counted(news: list[News]) -> int:
    """Return how many changes the news stand for."""
    return sum(one.count for one in news)


def _listed(people: list[str]) -> str:
    if len(people) > 3:
        people = [*people[:2], f"{len(people) - 2} more"]
    return " and ".join(filter(None, (", ".join(people[:-1]), people[-1])))


def when_said(session: Session, moment: datetime) -> str:
    """Return `10:30`, `yesterday` or `Fri 2 Oct` for a moment that was."""
    from tuicrm.crm.todo import said_day

    there = moment.astimezone(derive.zone_of(session))
    days = (session.today - there.date()).days
    if days <= 0:
        return f"{there:%H:%M}"
    return "yesterday" if days == 1 else said_day(session, there.toordinal())
