"""What stands at the right of the status line: workspace, user, sync, and what waits for somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.tui.safe import cells, short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.sync.report import Last
    from tuicrm.tui.safe import Span

GAP = 2
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "m"))


def fitted(parts: Sequence[Span], room: int) -> list[Span]:
    """Return the parts that fit, with blanks between them: those at the left give way first, the last one is cut."""
    held = [one for one in parts if one[0]]
    while len(held) > 1 and sum(cells(text) + GAP for text, _ in held) - GAP > room:
        held.pop(0)
    return [(f"{' ' * GAP if at else ''}{short(text, room)}", look) for at, (text, look) in enumerate(held)]


def sync_said(last: Last | None, now: float, *, running: bool, remote: bool, short: str = "") -> Span:
    """Return `sync 2m ok`, `syncing`, `sync: offline`; nothing where there is nothing to sync with.

    `now` is in seconds since 1970; `short` says in a word or two why the last sync of this program failed.
    """
    if running:
        return ("syncing", "muted")
    if short:
        return (f"sync: {short}", "today")
    if not remote:
        return ("", "muted")
    if last is None:
        return ("not synced", "muted")
    age = ago(last.at, now)
    return (f"sync {age} ok" if age else "sync ok", "muted") if last.ok else (f"sync failed {age}".rstrip(), "today")


def ago(instant: str, now: float) -> str:
    """Return `2m`, `3h` or `4d` for a stored instant; empty within a minute, and for what is none."""
    from tuicrm.crm.touches import text_ms

    then = text_ms(instant) / 1000
    seconds = now - then if then else 0
    return next((f"{int(seconds // size)}{unit}" for size, unit in _UNITS if seconds >= size), "")


def waiting_said(conflicts: int, unreadable: int) -> list[Span]:
    """Return what waits for somebody to look at it, under `!`."""
    said = []
    for count, one in ((unreadable, "bad line"), (conflicts, "conflict")):
        if count:
            said.append((f"!{count:,} {one}{'' if count == 1 else 's'}", "late"))
    return said
