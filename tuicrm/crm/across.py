"""One step over records of whatever kinds: another owner, tags, a closing date, the trash."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tuicrm.crm import edit
from tuicrm.crm.bulk import merged
from tuicrm.crm.shapes import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session

Record = dict[str, Any]
Ref = tuple[str, str]
"""The kind and the id of a record."""


def give(session: Session, refs: Sequence[Ref], owner: str) -> Plan | None:
    """Return the plan that gives records to a user (an id, a handle or a name; empty: to nobody)."""
    from tuicrm.crm.lookup import find, title

    found = find(session, "user", owner) if owner.strip() else None
    whom = title(session, "user", found) if found is not None else "nobody"
    typed = {"owner": [str(found["id"]) if found is not None else ""]}
    plans = [edit.edit(session, kind, held, typed) for kind, held in by_kind(session, refs)]
    return _named(session, plans, refs, "gave ", f" to {whom}")


def tag(session: Session, refs: Sequence[Ref], text: str) -> Plan | None:
    """Return the plan that tags records as a line says: `hot -cold`; with a comma anywhere, phrases between commas."""
    added, gone = tags_in(text)
    plans = [edit.edit(session, kind, held, {"tags": added}, {"tags": gone}) for kind, held in by_kind(session, refs)]
    what = " ".join([*(f"+{one}" for one in added), *(f"-{one}" for one in gone)])
    return _named(session, plans, refs, "tagged ", f": {what}")


def tags_in(text: str) -> tuple[list[str], list[str]]:
    """Return the tags that a line adds and those that it takes away."""
    parts = text.split(",") if "," in text else text.split()
    added: dict[str, None] = {}
    gone: dict[str, None] = {}
    for part in (one.strip() for one in parts):
        bare = part.lstrip("+- ")
        if bare:
            (gone if part.startswith("-") else added)[bare] = None
    return list(added), list(gone)


def held_tags(session: Session, refs: Sequence[Ref]) -> list[str]:
    """Return the tags that any of these records have."""
    found = {one: None for _, held in by_kind(session, refs) for record in held for one in words(record.get("tags"))}
    return sorted(found)


def close_by(session: Session, deals: Sequence[str], text: str) -> Plan | None:
    """Return the plan that sets the expected close of deals, in words."""
    refs = [("deal", one) for one in deals]
    plans = [edit.edit(session, kind, held, {"expected_close": [text]}) for kind, held in by_kind(session, refs)]
    said = "; ".join(one for plan in plans for one in plan.said)
    return _named(session, plans, refs, "", f": {said or f'expected close {text.strip()}'}")


def trash(session: Session, refs: Sequence[Ref]) -> Plan | None:
    """Return the plan that puts records into the trash; `said` tells what still names them."""
    plans = [edit.remove(session, kind, held) for kind, held in by_kind(session, refs)]
    return merged(plans, f"removed {_many(refs)}")


def by_kind(session: Session, refs: Iterable[Ref]) -> list[tuple[str, list[Record]]]:
    """Return the live records of these, by kind."""
    found: dict[str, list[Record]] = {}
    for kind, key in refs:
        record = session.ws.get(kind, key)
        if record is not None:
            found.setdefault(kind, []).append(record)
    return list(found.items())


def _named(session: Session, plans: Sequence[Plan], refs: Sequence[Ref], before: str, after: str) -> Plan | None:
    """Return one plan for all, called by what it does to whom; one that changes nothing keeps its own words."""
    plan = merged(plans, "")
    if plan is None or not plan.changes:
        return plan
    from tuicrm.crm.lookup import name_of

    whom = name_of(session, *refs[0]) if len(refs) == 1 else _many(refs)
    return replace(plan, note=f"{before}{whom}{after}")


def _many(refs: Sequence[Ref]) -> str:
    from tuicrm.records.registry import KINDS

    kinds = {kind for kind, _ in refs}
    return f"{len(refs)} {KINDS[kinds.pop()].many if len(kinds) == 1 else 'records'}"
