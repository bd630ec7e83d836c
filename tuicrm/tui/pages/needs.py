"""What a deal still lacks for its next stage, as rows that can be filled in, ticked or logged where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.needs import Needs, ahead, behind, talk_text, ticked
from tuicrm.tui.pages.row import NEXT, Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuicrm.crm.session import Session
    from tuicrm.crm.stages import StageInfo

Record = dict[str, Any]


def needs_rows(session: Session, deal: Record) -> Iterator[Row]:
    """Yield one row for each thing that the next stage asks for; boxes also where they are ticked.

    Before these come the ones that the deal's own stage asks for and the deal went on without.
    """
    here, passed = behind(session, deal)
    yield from _rows(session, deal, here, passed, all_boxes=False)
    after, needs = ahead(session, deal)
    yield from _rows(session, deal, after, needs, all_boxes=True, but={one.key for one in passed.checks})


def _rows(
    session: Session,
    deal: Record,
    stage: StageInfo | None,
    needs: Needs,
    *,
    all_boxes: bool,
    but: set[str] | None = None,
) -> Iterator[Row]:
    if stage is None:
        return
    known = session.kind("deal").by_name
    wants = (f"  ({stage.name} needs it)", "muted")
    for name in needs.fields:
        field = known.get(name)
        label = field.title if field is not None else name
        yield Row((((f"[ ] {label}", "today"), wants),), f"need {name}", NEXT, field=name if field is not None else "")
    for one in needs.talks:
        line = ((f"[ ] {talk_text(one.wanted, one.missing)}", "today"), wants)
        yield Row((line,), f"talk {one.wanted.key}", NEXT, talk=one.wanted.type)
    done = ticked(deal)
    for box in stage.checks if all_boxes else needs.checks:
        if box.key not in (but or ()):
            on = box.key in done
            line = ((f"[{'x' if on else ' '}] {box.text}", "text" if on else "today"), wants)
            yield Row((line,), f"check {box.key}", NEXT, check=box.key)
