"""Stage gates: a form with just the fields that a stage asks for, handed to the move that was refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tuicrm.tui.pane import Pane

Typed = dict[str, list[str]]


def ask_missing(
    pane: Pane,
    missing: Sequence[str],
    deal_ids: Sequence[str],
    heading: str,
    then: Callable[[Typed], None],
) -> bool:
    """Ask for the fields that deals lack; `then` gets them, by field, as `typed` of a move takes them.

    False, with nothing asked, where one of them cannot be typed in.
    """
    from tuicrm.crm.echo import can_type
    from tuicrm.tui.forms import open_form

    with pane.desk.lock:
        known = pane.desk.session.kind("deal").by_name
    if not all(name in known and can_type(known[name]) for name in missing):
        return False
    one = deal_ids[0] if len(deal_ids) == 1 else ""
    several = () if one else tuple(deal_ids)
    open_form(pane.program, "deal", record_id=one, records=several, only=tuple(missing), heading=heading, collect=then)
    return True
