"""Which commands the line of key hints names, and by another word where the place calls for one."""

from __future__ import annotations

from tuicrm.tui.commands.command import (
    ACTIVITY,
    COMPANIES,
    CONFLICTS,
    CONTACTS,
    DEALS,
    DUPLICATES,
    FOLLOWUPS,
    FORECAST,
    LEADS,
    NEXT,
    PIPELINE,
    RECORD,
    REPORTS,
)

Hint = tuple[str, str]
"""A command's id and the word to use; empty for its label."""

_PEOPLE: tuple[Hint, ...] = (
    ("record.open", ""),
    ("log.call", ""),
    ("log.email", ""),
    ("followup.add", ""),
    ("record.edit", ""),
    ("record.add", ""),
    ("list.filter", ""),
)

OF_LEAD: tuple[Hint, ...] = (
    ("deal.win", "convert"),
    ("deal.lose", "disqualify"),
    ("followup.snooze", "not now"),
    ("log.call", ""),
    ("deal.stage", "status"),
    ("record.edit", ""),
    ("period.next", "next"),
    ("area.next", ""),
)
"""In the record view of a lead."""

HINTS: dict[str, tuple[Hint, ...]] = {
    PIPELINE: (
        ("log.call", ""),
        ("followup.add", ""),
        ("deal.forward", ""),
        ("deal.win", ""),
        ("deal.lose", ""),
        ("record.add", ""),
        ("list.filter", ""),
    ),
    ACTIVITY: (
        ("record.open", ""),
        ("log.call", ""),
        ("log.note", ""),
        ("record.edit", ""),
        ("view.choose", ""),
        ("list.filter", ""),
        ("period.next", "next day"),
    ),
    FOLLOWUPS: (
        ("followup.done", ""),
        ("log.call", "call+done"),
        ("followup.reschedule", ""),
        ("followup.snooze", ""),
        ("deal.forward", "day later"),
        ("mark.down", "mark"),
    ),
    FORECAST: (
        ("period.next", "next period"),
        ("record.open", "deals behind"),
        ("view.choose", "view, method"),
        ("area.next", ""),
        ("list.filter", ""),
        ("record.copy", ""),
    ),
    REPORTS: (
        ("period.next", "next period"),
        ("record.open", "open"),
        ("view.choose", "view, report"),
        ("list.filter", ""),
        ("record.copy", ""),
        ("go.back", ""),
    ),
    DEALS: (
        ("record.open", ""),
        ("log.call", ""),
        ("followup.add", ""),
        ("deal.forward", ""),
        ("record.close-date", ""),
        ("list.filter", ""),
    ),
    CONTACTS: _PEOPLE,
    COMPANIES: _PEOPLE,
    LEADS: (
        ("deal.win", "convert"),
        ("deal.lose", "disqualify"),
        ("followup.snooze", "not now"),
        ("log.call", ""),
        ("deal.stage", "status"),
        ("record.add", ""),
        ("list.filter", ""),
    ),
    NEXT: (
        ("next.show", "do it"),
        ("record.open", ""),
        ("followup.snooze", "not now"),
        ("next.dismiss", ""),
        ("mark.down", "mark"),
        ("view.choose", ""),
    ),
    CONFLICTS: (
        ("conflict.keep", ""),
        ("conflict.restore", "the other"),
        ("conflict.type", "a third"),
        ("record.open", ""),
        ("mark.toggle", ""),
        ("view.choose", ""),
    ),
    DUPLICATES: (
        ("duplicate.merge", ""),
        ("duplicate.swap", ""),
        ("duplicate.take", ""),
        ("duplicate.dismiss", ""),
        ("record.open", ""),
        ("view.choose", ""),
    ),
    RECORD: (
        ("log.call", ""),
        ("log.email", ""),
        ("log.note", ""),
        ("followup.add", ""),
        ("record.edit", ""),
        ("record.copy", ""),
        ("period.next", "next"),
        ("area.next", ""),
    ),
}

ON_DEMAND: tuple[Hint, ...] = (("quick.add", ""), ("step.undo", ""), ("help.keys", ""))
"""What every place ends with."""
