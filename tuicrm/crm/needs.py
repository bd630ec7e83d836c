"""What a stage asks for and a deal does not have: fields, activities, boxes to tick."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.crm.shapes import table, word
from tuicrm.crm.stages import Check, StageInfo, Wanted, following, stage_of
from tuicrm.crm.touches import at_ms
from tuicrm.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tuicrm.crm.session import Session

Record = dict[str, Any]

_TALKS = {"call": "calls", "email": "e-mails", "meeting": "meetings", "note": "notes"}


class Lack(NamedTuple):
    """An activity that a stage asks for, and how many of them are missing."""

    wanted: Wanted
    missing: int


class Needs(NamedTuple):
    """What a deal lacks for a stage."""

    fields: tuple[str, ...] = ()
    talks: tuple[Lack, ...] = ()
    checks: tuple[Check, ...] = ()


def filled(deal: Mapping[str, Any], name: str) -> bool:
    """Tell whether a deal has something in a field; `product` is its line items."""
    value = deal.get("items" if name == "product" else name)
    return value is not None and value not in ("", [], {})


def ticked(deal: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the boxes of a deal that are ticked, by key: who did it, and on which day."""
    return {key: who for key, who in table(deal.get("checks")).items() if who}


def lacks(session: Session, deal: Mapping[str, Any], stage: StageInfo, more: Sequence[Record] = ()) -> Needs:
    """Return what a deal lacks for a stage; `more` are activities that are about to be logged for it."""
    if not (stage.requires or stage.checks or stage.activities):
        return Needs()
    fields = [name for name in stage.requires if not filled(deal, name)]
    if fields[1:]:
        declared = [field.name for field in session.kind("deal").all_fields]
        fields.sort(key=lambda name: declared.index(name) if name in declared else len(declared))
    done = ticked(deal) if stage.checks else {}
    return Needs(
        tuple(fields),
        tuple(_talks(session, deal, stage, more)) if stage.activities else (),
        tuple(one for one in stage.checks if one.key not in done),
    )


def _talks(session: Session, deal: Mapping[str, Any], stage: StageInfo, more: Sequence[Record]) -> list[Lack]:
    from tuicrm.crm.logged import logged
    from tuicrm.crm.touches import touches

    key = word(deal.get("id"))
    held = logged(session).of(key)
    entered = touches(session).staged(key) if any(one.here for one in stage.activities) else 0
    now = int(session.now.timestamp() * 1000)
    found = []
    for one in stage.activities:
        # What is in the calendar has not happened.
        had = sum(
            fits(one, entry) and at_ms(entry) <= now and not (one.here and at_ms(entry) < entered) for entry in held
        )
        missing = one.count - had - sum(fits(one, entry) for entry in more)
        if missing > 0:
            found.append(Lack(one, missing))
    return found


def fits(wanted: Wanted, activity: Mapping[str, Any]) -> bool:
    """Tell whether an activity is of the type that is asked for, and ended as asked."""
    return activity.get("type") == wanted.type and (not wanted.outcome or activity.get("outcome") == wanted.outcome)


def talk_text(wanted: Wanted, count: int = 0) -> str:
    """Return an activity in words: `a meeting`, `2 calls reached`, `a call reached in this stage`."""
    count = count or wanted.count
    noun = _TALKS.get(wanted.type, wanted.type) if count > 1 else _TALKS.get(wanted.type, f"{wanted.type}s")[:-1]
    head = f"{count} {noun}" if count > 1 else f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"
    outcome = f" {wanted.outcome.replace('_', ' ')}" if wanted.outcome else ""
    return f"{head}{outcome}{' in this stage' if wanted.here else ''}"


def spec_text(wanted: Wanted) -> str:
    """Return an activity as it is typed in: `meeting`, `2 call reached`, `call here`."""
    count = f"{wanted.count} " if wanted.count > 1 else ""
    outcome = f" {wanted.outcome.replace('_', ' ')}" if wanted.outcome else ""
    return f"{count}{wanted.type}{outcome}{' here' if wanted.here else ''}"


def asked_texts(stage: StageInfo) -> list[str]:
    """Return all that a stage asks for, as a table of stages says it: fields, activities, `[decision maker named]`."""
    return [*stage.requires, *(talk_text(one) for one in stage.activities), *(f"[{one.text}]" for one in stage.checks)]


def said(session: Session, needs: Needs) -> list[str]:
    """Return what is missing in words, one text each."""
    known = session.kind("deal").by_name
    titles = [known[name].title if name in known else name for name in needs.fields]
    return [*titles, *(talk_text(one.wanted, one.missing) for one in needs.talks), *(one.text for one in needs.checks)]


def ahead(session: Session, deal: Mapping[str, Any]) -> tuple[StageInfo | None, Needs]:
    """Return the stage after an open deal's own, and what it lacks for it; (None, nothing) at the last."""
    after = following(session, deal)[0]
    return (after, lacks(session, deal, after)) if after is not None else (None, Needs())


def behind(session: Session, deal: Mapping[str, Any]) -> tuple[StageInfo | None, Needs]:
    """Return the open stage that a deal is in, and what that asks for and the deal went on without."""
    here = stage_of(session, deal)
    return (here, lacks(session, deal, here)) if here is not None and here.kind == "open" else (None, Needs())


def needs_text(session: Session, deal: Mapping[str, Any]) -> str:
    """Return what a deal's next stage waits for, in a line: `Proposal: value, decision maker named`; empty for none."""
    try:
        after, needs = ahead(session, deal)
    except NotFound:
        return ""  # No pipeline has any stage: nothing is asked for, and the deal is shown all the same.
    words = said(session, needs)
    return f"{after.name}: {', '.join(words)}" if after is not None and words else ""
