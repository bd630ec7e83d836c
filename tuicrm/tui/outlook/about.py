"""What the cursor of the forecast pane is on, in a line: short amounts, in the currency that the heading names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.crm import forecasttable as table
from tuicrm.money import short
from tuicrm.tui.outlook.place import ACTIVITY, MONTHS, STAGES, behind, stage_rows

if TYPE_CHECKING:
    from tuicrm.crm.forecastparts import Part
    from tuicrm.tui.outlook.model import Outlook
    from tuicrm.tui.outlook.place import Place


def about(model: Outlook, place: Place) -> tuple[str, list[str]]:
    """Return what the row under the cursor is called, and the facts about it."""
    if place.area == ACTIVITY:
        return "Activity", ["calls, mails, meetings and notes, by week and by who did them"]
    title, groups = behind(model, place)
    count = sum(len(ids) for _, ids in groups)
    facts = [f"{count:,} {'deal' if count == 1 else 'deals'}"]
    code = model.found.currency
    if place.area == MONTHS:
        bar = place.bar(model)
        facts += [f"won {table.sum_text(bar.won, code)}", _open(bar.open, code)]
        if bar.more:
            facts.append(f"more {short(bar.more)}")
    elif place.area == STAGES:
        rows, at = stage_rows(model, place.bar(model)), place.at.get(STAGES, 0)
        if at < len(rows):
            name, part, _ = rows[at]
            facts.append(table.sum_text(part, code) if name == "Won" else _open(part, code))
    return title, facts


def _open(part: Part, code: str) -> str:
    return f"open {table.sum_text(part, code)}, {short(part.expected_in(code))} of it expected"
