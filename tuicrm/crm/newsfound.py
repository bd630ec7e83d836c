"""Where news of what others did is found: the log, fresh and removed records, follow-ups done."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.crm.lookup import title
from tuicrm.crm.shapes import word, words
from tuicrm.crm.touches import at_ms, id_ms, text_ms
from tuicrm.records.kinds.activity import CHANGE, RULE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tuicrm.crm.session import Session
    from tuicrm.store.workspace import Workspace

Record = dict[str, Any]

MADE = ("company", "contact", "deal", "followup", "product")
"""Kinds whose fresh and removed records are news."""
_LOG = 2000
"""How many of this machine's transactions are looked at for who made them."""


class Found(NamedTuple):
    """A piece of news that is put into words only where it is told."""

    at: int
    key: str
    """The id of the record that tells of it."""
    by: str
    sort: str
    """What many of its sort together are called; `{}` stands for how many."""
    tell: Callable[[], tuple[str, str, str]]
    """Gives the text, and the kind and the id of the record to open."""


def parts(session: Session, mark: int) -> Iterator[Iterator[Found]]:
    """Yield what finds news, one by one; nothing is looked through before it is iterated."""
    seen = _Seen(session.ws, mark)
    yield _log(session, mark, seen)
    for kind in MADE:
        yield _made(session, kind, mark, seen)
        yield _removed(session, kind, mark)
    yield _done(session, mark, seen)


class _Seen:
    """Who did what on this machine after a moment."""

    def __init__(self, ws: Workspace, mark: int) -> None:
        self._born: dict[str, dict[str, tuple[str, int]]] = {}
        self.wrote: dict[tuple[str, str, str], str] = {}
        """(kind, id, path) to who wrote it last."""
        for entry in ws.undo_log(limit=_LOG):
            if entry.at_ms <= mark or entry.does != "do":
                continue
            for step in entry.steps:
                if step.born:
                    self._born.setdefault(step.kind, {})[step.id] = (entry.by, entry.at_ms)
                for path in step.leaves:
                    self.wrote[step.kind, step.id, path] = entry.by

    def born(self, kind: str) -> dict[str, tuple[str, int]]:
        """Return who made which records of a kind, and when."""
        return self._born.get(kind, {})


_SORTS = {CHANGE: "{} changes of deals", RULE: "rules ran {} times"}


def _log(session: Session, mark: int, seen: _Seen) -> Iterator[Found]:
    """Yield what was logged, and the changes of deals."""
    floor, born = _floor(mark), seen.born("activity")
    for key, one in session.ws.all("activity").items():
        if key <= floor and key not in born:
            continue
        by, at = born.get(key) or (handle(session, word(one.get("owner"))), at_ms(one))
        sort = _SORTS.get(word(one.get("type")), "logged {} activities")
        yield Found(at, key, by, sort, partial(logged, session, one))


def logged(session: Session, one: Record) -> tuple[str, str, str]:
    """Return an entry of the log in words, and the kind and the id of the record to open for it."""
    from tuicrm.crm.history import activity_text

    text = _changed(session, one) if one.get("type") == CHANGE else activity_text(session, one)
    return text, *_target(session, one)


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


def _made(session: Session, kind: str, mark: int, seen: _Seen) -> Iterator[Found]:
    floor, born, declared = _floor(mark), seen.born(kind), session.kind(kind)
    for key, record in session.ws.all(kind).items():
        if key <= floor and key not in born:
            continue
        by, at = born.get(key) or (handle(session, word(record.get("owner"))), id_ms(key))
        tell = partial(_named, session, f"added {declared.one}", kind, record)
        yield Found(at, key, by, f"added {{}} {declared.many}", tell)


def _removed(session: Session, kind: str, mark: int) -> Iterator[Found]:
    from tuicrm.store.ulid import rank

    floor, declared = _floor(mark), session.kind(kind)
    for key, record in session.ws.dead(kind).items():
        grave = record.get("_del")
        # What came and went in between is no news.
        if not isinstance(grave, dict) or grave.get("purged") or key > floor:
            continue
        version = rank(grave.get("v"))
        if version and id_ms(version) > mark:
            tell = partial(_named, session, f"removed {declared.one}", kind, record, gone=True)
            yield Found(id_ms(version), key, word(grave.get("by")), f"removed {{}} {declared.many}", tell)


def _done(session: Session, mark: int, seen: _Seen) -> Iterator[Found]:
    for key, one in session.ws.all("followup").items():
        at = text_ms(word(one.get("done_at"))) if one.get("done_at") else 0
        if at > mark:
            by = seen.wrote.get(("followup", key, "done_at")) or handle(session, word(one.get("owner")))
            yield Found(at, key, by, "{} follow-ups done", partial(_named, session, "done:", "followup", one))


def _named(session: Session, what: str, kind: str, record: Record, *, gone: bool = False) -> tuple[str, str, str]:
    return f"{what} {title(session, kind, record)}", kind, "" if gone else str(record["id"])


def _floor(mark: int) -> str:
    """Return the highest id that a moment can have."""
    from tuicrm.store.ulid import encode

    return encode(mark, (1 << 80) - 1)


def handle(session: Session, user: str) -> str:
    """Return the handle of a user by id, else the name; empty where there is no such user."""
    record = session.ws.get("user", user) if user else None
    return word((record or {}).get("handle")) or word((record or {}).get("name"))
