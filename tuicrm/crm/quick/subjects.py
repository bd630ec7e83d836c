"""What an understood line is called, and how the preview shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.crm.quick.model import NOTHING, Row, Slot

if TYPE_CHECKING:
    from tuicrm.crm.quick.model import Understood

FALLBACK = "Follow up"
"""What a follow-up is called where only a date was typed."""
SUBJECTS = {"followup": "what", "activity": "text", "deal": "name", "contact": "name", "company": "name"}
LABELS = {
    "due": "when",
    "repeat": "repeats",
    "contacts": "who",
    "company": "company",
    "deal": "deal",
    "owner": "owner",
    "tags": "tags",
    "priority": "priority",
    "value": "value",
    "expected_close": "close",
    "emails": "e-mail",
    "phones": "phone",
    "title": "role",
    "notes": "notes",
    "domain": "domain",
    "at": "when",
    "duration": "minutes",
    "outcome": "outcome",
    "next": "next",
    "closes": "closes",
}
ALWAYS = {
    "followup": ("due", "contacts", "deal"),
    "activity": ("contacts", "deal", "next"),
    "deal": ("company", "value", "expected_close"),
    "contact": ("company", "emails", "phones"),
    "company": ("domain",),
}
"""What the preview shows even where nothing was said of it, in its order."""
LAST = ("tags", "owner")


def said(one: Understood) -> str:
    """Return the subject or the name."""
    if one.kind == "contact":
        return one.pieces[0][0] if one.pieces else ""
    slots = {slot.name: slot.chosen.spoken for slot in one.slots}
    parts = [text or slots.get(slot, "") for text, slot in one.pieces]
    found = " ".join(part for part in parts if part).strip(" ,;:-") if parts else ""
    return found or (FALLBACK if one.kind == "followup" else "")


def heading(one: Understood) -> str:
    """Return what the line is."""
    if one.kind == "activity":
        return {"call": "Call", "email": "E-mail", "meeting": "Meeting"}.get(one.type, "Note") + " (has happened)"
    return {"followup": "Follow-up"}.get(one.kind, one.kind.capitalize())


def rows(one: Understood) -> tuple[Row, ...]:
    """Return the preview's rows: what it is called, then each slot, then what was not understood."""
    if not one.kind:
        return ()
    held = {slot.name: slot for slot in one.slots}
    order = [*ALWAYS[one.kind], *(name for name in held if name not in (*ALWAYS[one.kind], *LAST)), *LAST]
    made = [Row("subject", SUBJECTS[one.kind], one.subject or NOTHING)]
    for name in order:
        slot = held.get(name)
        if slot is None and name not in ALWAYS[one.kind]:
            continue
        made.append(_row(name, slot, _brought(one, name)))
    return (*made, Row("rest", "not understood", one.not_understood or NOTHING))


def _brought(one: Understood, name: str) -> str:
    """Return what the deal, or else the contact, fills in where nothing else was said."""
    for by, who in (("deal", "the deal"), ("contacts", "the contact")):
        slot = one.slot(by)
        found = dict(slot.chosen.brings).get(name) if slot else ""
        if found:
            return f"{found} (of {who})"
    return ""


def _row(name: str, slot: Slot | None, otherwise: str) -> Row:
    label = LABELS.get(name, name)
    if slot is None:
        return Row(name, label, otherwise or NOTHING)
    others = [*slot.options[slot.at + 1 :], *slot.options[: slot.at]]
    value = slot.chosen.label if slot.chosen.key else otherwise or NOTHING
    kind, made = slot.chosen.makes
    value = f"{made} (creates the {kind})" if kind else value
    return Row(name, label, value, tuple(other.label for other in others), len(slot.options))
