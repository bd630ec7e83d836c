"""What came from others in a sync, in words: by kind, the newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.lookup import title
from tuicrm.crm.newsfound import logged
from tuicrm.crm.shapes import word
from tuicrm.crm.since import News
from tuicrm.crm.touches import at_ms, id_ms
from tuicrm.records.kinds.activity import CHANGE
from tuicrm.records.registry import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tuicrm.crm.session import Session

Record = dict[str, Any]

ORDER = ("deal", "activity", "followup", "contact", "company", "lead", "product")
"""The kinds that people ask about first."""
UNTOLD = ("conflict",)
"""Kinds that have a place of their own."""
TOGETHER_MS = 86_400_000
"""What was written within this time before the latest change counts as having come with it."""
MOST_FIELDS = 4
LED = {"currency": "value", "pipeline": "stage"}
"""Fields of deals that are written along with another one, which says it all."""


def arrivals(session: Session, refs: Sequence[tuple[str, str]]) -> list[News]:
    """Return what is to be said of records that came, `by` holding what they are called together.

    Who changed a field is not stored with it; of entries in the log, and of what they tell, it is.
    """
    told = _told_by_log(session, refs)
    found = [one for ref in refs if ref[0] in KINDS and ref[0] not in UNTOLD for one in _arrival(session, ref, told)]
    place = {kind: at for at, kind in enumerate(ORDER)}
    found.sort(key=lambda one: (place.get(one[0], len(ORDER)), one[0], -one[1].at, one[1].id))
    return [one for _, one in found]


def _told_by_log(session: Session, refs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """Return the fields of deals whose changes are among the entries of the log that came."""
    found: dict[str, set[str]] = {}
    for kind, key in refs:
        one = session.ws.get(kind, key) if kind == "activity" else None
        if one is not None and one.get("type") == CHANGE:
            found.setdefault(word(one.get("deal")), set()).add(word(one.get("field")))
    return found


def _arrival(session: Session, ref: tuple[str, str], told: dict[str, set[str]]) -> list[tuple[str, News]]:
    kind, key = ref
    declared = session.kind(kind)
    record = session.ws.get(kind, key)
    if record is None:
        gone = session.ws.dead(kind).get(key)
        if gone is None:
            return []
        text = f"removed {declared.one} {title(session, kind, gone)}"
        return [(kind, News(_removed_at(gone), declared.many, text, kind, ""))]
    if kind == "activity":
        text, *target = logged(session, record)
        return [(kind, News(at_ms(record), "the log", text, target[0], target[1]))]
    name = title(session, kind, record)
    at, paths = _latest(record)
    if not paths:
        return [(kind, News(id_ms(key), declared.many, f"added {declared.one} {name}", kind, key))]
    fields = [one for one in paths if one not in told.get(key, ())]
    fields = [one for one in fields if LED.get(one) not in (*fields, *told.get(key, ()))]
    if not fields:
        return []
    known = declared.by_name
    names = [known[one].title.lower() if one in known else one for one in fields]
    more = f" and {len(names) - MOST_FIELDS} more" if len(names) > MOST_FIELDS else ""
    return [(kind, News(at, declared.many, f"{name}: {', '.join(names[:MOST_FIELDS])}{more}", kind, key))]


def _latest(record: Record) -> tuple[int, list[str]]:
    """Return when a record was last changed, and the fields that were, the latest first; none as it was made."""
    from tuicrm.store.leaves import stamps, top
    from tuicrm.store.ulid import rank

    held = [(rank(version), path) for path, version in stamps(record).items()]
    held = sorted((one for one in held if one[0] > record["id"]), reverse=True)
    if not held:
        return 0, []
    at = id_ms(held[0][0])
    fields = dict.fromkeys(top(path) for version, path in held if at - id_ms(version) <= TOGETHER_MS)
    return at, [one for one in fields if not one.startswith("_")] or ["restored"]


def _removed_at(gone: Record) -> int:
    from tuicrm.store.ulid import rank

    grave = gone.get("_del")
    return id_ms(rank(grave.get("v"))) if isinstance(grave, dict) else 0
