"""A record in short, for beside a list: what it is, what is next, what happened last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.tui.pages.row import FACTS, LINKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuicrm.crm.session import Session
    from tuicrm.tui.pages.row import Row
    from tuicrm.tui.pane import Ref
    from tuicrm.tui.safe import Line

FACT_ROWS, LINK_ROWS, EVENTS = 7, 9, 30
"""How much of each is shown."""


def short_lines(session: Session, ref: Ref, height: int) -> list[Line]:
    """Return the lines about a record, most of them of its history; none where it is gone."""
    from tuicrm.tui.pages import read_page

    page = read_page(session, ref)
    if page is None:
        return []
    lines: list[Line] = [((page.title, "title"), (f"  {page.crumb}", "muted"))]
    lines += _first(page.left, FACTS, FACT_ROWS)
    lines += _first(page.left, LINKS, LINK_ROWS)
    lines.append(())
    lines += [line for row in page.right for line in row.lines if row.key or row.area == "next"]
    lines += [(), (("HISTORY", "head"),)]
    for at in range(min(len(page.timeline.items), max(EVENTS, height))):
        lines += page.timeline.draw(at).lines
    return lines


def _first(rows: tuple[Row, ...], area: str, most: int) -> Iterator[Line]:
    """Yield the first rows of an area with their headings, and nothing of long texts but their beginning."""
    held = [row for row in rows if row.area == area and any(row.lines)]
    for row in held[:most]:
        yield row.lines[0]
