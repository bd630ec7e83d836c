"""The checklist of a deal: boxes in the team's words that a rep ticks, kept by key so that the words may change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.needs import ticked
from tuicrm.crm.plan import Plan
from tuicrm.crm.stages import Check, of_deal, stages
from tuicrm.errors import Ambiguous, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tuicrm.crm.session import Session
    from tuicrm.store.changes import Change

Record = dict[str, Any]


def checks_of(pipeline: Mapping[str, Any]) -> list[Check]:
    """Return every box of a pipeline, in the order of its stages."""
    return [check for stage in stages(pipeline) for check in stage.checks]


def find_check(pipeline: Mapping[str, Any], text: str) -> Check:
    """Return the box that a text means: its words or key in full, else how they begin, else any part of them."""
    from tuicrm.folding import fold, nearest

    held, wanted = checks_of(pipeline), fold(text.strip())
    name = pipeline.get("name", "")
    found = [one for one in held if wanted and wanted in (one.key, fold(one.text))]
    found = found or [one for one in held if wanted and fold(one.text).startswith(wanted)]
    found = found or [one for one in held if wanted and wanted in fold(one.text)]
    # A box that several stages ask for is ticked once.
    keys = {one.key: one for one in found}
    if len(keys) == 1:
        return found[0]
    if found:
        pairs = [(one.key, one.text) for one in keys.values()]
        raise Ambiguous(f"{text!r} fits several checks: {', '.join(words for _, words in pairs)}", candidates=pairs)
    if not held:
        raise NotFound(
            f"the pipeline {name} has no checks",
            hint=f'add one: tuicrm pipeline edit "{name}" --stage STAGE --check "decision maker named"',
        )
    near = nearest(text, [one.text for one in held])
    guess = f"did you mean {near}?" if near else f"its checks are {', '.join(one.text for one in held)}"
    raise NotFound(f"the pipeline {name} has no check {text.strip()!r}; {guess}")


def mark(session: Session) -> dict[str, str]:
    """Return what a tick says: who did it, and on which day.

    Each user's is a leaf of its own, so that two who tick the same box apart from each other do not conflict.
    """
    return {session.me or session.user: session.today.isoformat()}


def tick(session: Session, deals: Sequence[Record], texts: Sequence[str], *, off: bool = False) -> Plan:
    """Return the plan that ticks boxes of deals, or takes the ticks away, as one step."""
    from tuicrm.crm.edit import said_of, unique
    from tuicrm.store.changes import Write

    deals = unique(deals)
    made: list[Change] = []
    said: dict[str, None] = {}
    for deal in deals:
        held = dict(ticked(deal))
        for text in texts:
            found = find_check(of_deal(session, deal), text)
            said[found.text] = None
            if off:
                held.pop(found.key, None)
            else:
                held.setdefault(found.key, mark(session))
        if held != ticked(deal):
            made.append(Write("deal", deal["id"], {"checks": held or None}))
    verb = "unticked" if off else "ticked"
    who = said_of("", session, session.kind("deal"), deals).strip()
    note = f"{verb} {', '.join(said)} for {who}" if made else f"{', '.join(said)}: {verb} already for {who}"
    return Plan(tuple(made), note, ids=tuple(one["id"] for one in deals))


def listed(session: Session, deal: Record) -> list[str]:
    """Return a line for each box of a deal's pipeline: `[x] decision maker named  (Proposal; Ann Lee 2026-10-08)`."""
    from tuicrm.crm.lookup import name_of
    from tuicrm.crm.shapes import word

    done, lines = ticked(deal), []
    for stage in stages(of_deal(session, deal)):
        for one in stage.checks:
            tick = done.get(one.key, {})
            who = [f"{name_of(session, 'user', key) or key} {word(day)}".strip() for key, day in sorted(tick.items())]
            lines.append(f"[{'x' if tick else ' '}] {one.text}  ({'; '.join((stage.name, *who))})")
    return lines


def ticked_words(session: Session, deal: Record) -> list[str]:
    """Return the words of the boxes of a deal that are ticked."""
    return [check_text(session, deal, key) for key in ticked(deal)]


def check_text(session: Session, deal: Record, key: str) -> str:
    """Return the words of a box; its key where the pipeline does not have it any more."""
    return next((one.text for one in checks_of(of_deal(session, deal)) if one.key == key), key)
