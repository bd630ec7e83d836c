"""What a deal still lacks for its next stage, as rows that can be filled in where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.tui.pages.row import NEXT, Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuicrm.crm.session import Session
    from tuicrm.crm.stages import StageInfo

Record = dict[str, Any]


def following(session: Session, deal: Record) -> tuple[StageInfo | None, int, int]:
    """Return the stage after a deal's own (None after the last open one), the place of its own, and how many."""
    from tuicrm.crm.stages import of_deal, stages

    held = [one for one in stages(of_deal(session, deal)) if one.kind == "open"]
    at = next((at for at, one in enumerate(held) if one.key == deal.get("stage")), -1)
    after = held[at + 1] if 0 <= at < len(held) - 1 else None
    return after, at + 1, len(held)


def needs_rows(session: Session, deal: Record) -> Iterator[Row]:
    """Yield one row for each field that the next stage asks for and the deal lacks."""
    from tuicrm.crm.gates import filled

    after = following(session, deal)[0]
    known = session.kind("deal").by_name
    for name in after.requires if after is not None else ():
        if after is not None and not filled(deal, name):
            field = known.get(name)
            label = field.title if field is not None else name
            line = ((f"[ ] {label}", "today"), (f"  ({after.name} needs it)", "muted"))
            yield Row((line,), f"need {name}", NEXT, field=name if field is not None else "")
