"""What teammates changed since one last had the workspace open, by person; and when that was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuicrm.crm import derive
from tuicrm.crm.lookup import title
from tuicrm.crm.shapes import word, words
from tuicrm.crm.touches import at_ms, id_ms, text_ms
from tuicrm.records.kinds.activity import CHANGE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from tuicrm.crm.session import Session
    from tuicrm.store.workspace import Workspace

Record = dict[str, Any]

MADE = ("company", "contact", "deal", "followup", "product")
"""Kinds whose fresh and removed records are news."""
_LOG = 2000
"""How many of this machine's transactions are looked at for who made them."""


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


def since(session: Session, moment: datetime) -> list[News]:
    """Return what others did after a moment, grouped by person (whose news are newest first), those without one last.

    Who made a record is not stored in it: it counts as made by its owner, unless this machine saw who did it.
    """
    found = [one for one in _all(session, int(moment.timestamp() * 1000)) if not _mine(session, one.by)]
    found.sort(key=lambda one: (one.at, one.id, one.text), reverse=True)
    newest: dict[str, int] = {}
    for one in found:
        newest.setdefault(one.by, one.at)
    found.sort(key=lambda one: (not one.by, -newest[one.by], one.by))
    return found


def _mine(session: Session, by: str) -> bool:
    return by == session.user or (bool(session.me) and by == handle(session, session.me))


def handle(session: Session, user: str) -> str:
    """Return the handle of a user by id, else the name; empty where there is no such user."""
    record = session.ws.get("user", user) if user else None
    return word((record or {}).get("handle")) or word((record or {}).get("name"))


def _all(session: Session, mark: int) -> Iterator[News]:
    seen = _Seen(session.ws, mark)
    yield from _log(session, mark, seen)
    for kind in MADE:
        yield from _made(session, kind, mark, seen)
        yield from _removed(session, kind, mark)
    yield from _done(session, mark, seen)


class _Seen:
    """Who did what on this machine after a moment."""

    def __init__(self, ws: Workspace, mark: int) -> None:
        self.born: dict[tuple[str, str], tuple[str, int]] = {}
        """(kind, id) to who made the record, and when."""
        self.wrote: dict[tuple[str, str, str], str] = {}
        """(kind, id, path) to who wrote it last."""
        for entry in ws.undo_log(limit=_LOG):
            if entry.at_ms <= mark or entry.does != "do":
                continue
            for step in entry.steps:
                if step.born:
                    self.born[step.kind, step.id] = (entry.by, entry.at_ms)
                for path in step.leaves:
                    self.wrote[step.kind, step.id, path] = entry.by


def _log(session: Session, mark: int, seen: _Seen) -> Iterator[News]:
    """Yield what was logged, and the changes of deals."""
    from tuicrm.crm.history import activity_text

    floor = _floor(mark)
    for key, one in session.ws.all("activity").items():
        known = seen.born.get(("activity", key))
        if key <= floor and known is None:
            continue
        by, at = known or (handle(session, word(one.get("owner"))), at_ms(one))
        text = _changed(session, one) if one.get("type") == CHANGE else activity_text(session, one)
        kind, target = _target(session, one)
        yield News(at, by, text, kind, target)


def _changed(session: Session, entry: Record) -> str:
    """Return `Acme renewal: Demo > Proposal` in words: a deal that was won or lost is called so."""
    from tuicrm.crm.history import change_text

    deal = session.ws.get("deal", word(entry.get("deal")))
    name = title(session, "deal", deal) if deal is not None else "a deal"
    if entry.get("field") == "stage" and deal is not None:
        stages = {one.key: one for one in _stages(session, deal)}
        reached = stages.get(word(entry.get("after")))
        if reached is not None and reached.kind != "open":
            reason = word(deal.get("lost_reason")) if reached.kind == "lost" else ""
            return f"{reached.kind} {name}" + (f": {reason}" if reason else "")
    return f"{name}: {change_text(session, entry)}"


def _stages(session: Session, deal: Record) -> list[Any]:
    from tuicrm.crm.stages import of_deal, stages
    from tuicrm.errors import NotFound

    try:
        return list(stages(of_deal(session, deal)))
    except NotFound:
        return []


def _target(session: Session, activity: Record) -> tuple[str, str]:
    """Return the record to open for an entry of the log: its deal, else its person or company, else itself."""
    keys = [("deal", word(activity.get("deal")))]
    keys += [("contact", one) for one in words(activity.get("contacts"))[:1]]
    keys.append(("company", word(activity.get("company"))))
    live = (pair for pair in keys if pair[1] and session.ws.get(*pair) is not None)
    return next(live, ("activity", str(activity["id"])))


def _made(session: Session, kind: str, mark: int, seen: _Seen) -> Iterator[News]:
    floor, one = _floor(mark), session.kind(kind).one
    for key, record in session.ws.all(kind).items():
        known = seen.born.get((kind, key))
        if key <= floor and known is None:
            continue
        by, at = known or (handle(session, word(record.get("owner"))), id_ms(key))
        yield News(at, by, f"added {one} {title(session, kind, record)}", kind, key)


def _removed(session: Session, kind: str, mark: int) -> Iterator[News]:
    from tuicrm.store.ulid import rank

    floor, one = _floor(mark), session.kind(kind).one
    for key, record in session.ws.dead(kind).items():
        grave = record.get("_del")
        # What came and went in between is no news.
        if not isinstance(grave, dict) or grave.get("purged") or key > floor:
            continue
        version = rank(grave.get("v"))
        if version and id_ms(version) > mark:
            at, by = id_ms(version), word(grave.get("by"))
            yield News(at, by, f"removed {one} {title(session, kind, record)}", kind, "")


def _done(session: Session, mark: int, seen: _Seen) -> Iterator[News]:
    for key, one in session.ws.all("followup").items():
        at = text_ms(word(one.get("done_at"))) if one.get("done_at") else 0
        if at > mark:
            by = seen.wrote.get(("followup", key, "done_at")) or handle(session, word(one.get("owner")))
            yield News(at, by, f"done: {title(session, 'followup', one)}", "followup", key)


def _floor(mark: int) -> str:
    """Return the highest id that a moment can have."""
    from tuicrm.store.ulid import encode

    return encode(mark, (1 << 80) - 1)


def summary(session: Session, news: list[News], moment: datetime) -> str:
    """Return `3 changes by bob and carla since yesterday`; empty where there are none."""
    if not news:
        return ""
    people = list(dict.fromkeys(one.by for one in news if one.by))
    by = f" by {_listed(people)}" if people else " from elsewhere"
    count = f"{len(news):,} change{'' if len(news) == 1 else 's'}"
    return f"{count}{by} since {when_said(session, moment)}"


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
