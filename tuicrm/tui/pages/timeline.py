"""The history of a record as rows: filtered here, put into words and wrapped only where it is looked at."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from tuicrm.crm import derive
from tuicrm.tui.pages.row import HISTORY, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tuicrm.crm.chronicle import Entry
    from tuicrm.crm.session import Session
    from tuicrm.tui.safe import Line, Span

Record = dict[str, Any]

INDENT = "      "
SHOWS: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("all", "all", frozenset()),
    ("calls", "calls and meetings", frozenset({"call", "meeting"})),
    ("mail", "mail", frozenset({"email"})),
    ("notes", "notes", frozenset({"note"})),
    ("changes", "changes", frozenset({"change", "rule", "done", "added", "opened", "closed"})),
)
"""What the history can be narrowed to: the name on its heading, what it means, the sorts of entries."""
BODY_LINES, BODY_LENGTH = 40, 4000
"""Of longer texts the beginning is shown; opening the entry shows all of it."""

_LOOKS = {"call": "key", "mail": "key", "meet": "key", "note": "key"}


class Timeline:
    """Entries and the days between them."""

    def __init__(self, session: Session, kind: str, key: str, entries: Sequence[Entry]) -> None:
        self._session = session
        self._kind = kind
        self._key = key
        self.items: list[int | Entry] = []
        """Days (as ordinals) and the entries below them."""
        self.left: list[int] = []
        """How many entries follow, by item."""
        days = derive.Days(derive.zone_of(session))
        before = 0
        for entry in entries:
            day = days.of(entry.at)
            if day != before:
                self.items.append(day)
            before = day
            self.items.append(entry)
        count = len(entries)
        for item in self.items:
            count -= not isinstance(item, int)
            self.left.append(count)

    def draw(self, at: int) -> Row:
        """Return the row of an item."""
        item = self.items[at]
        return _day(item) if isinstance(item, int) else self._entry(item)

    def _entry(self, entry: Entry) -> Row:
        from tuicrm.crm.chronicle import tell

        told = tell(self._session, entry, self._kind, self._key)
        zone = derive.zone_of(self._session)
        at = datetime.fromtimestamp(entry.at // 1000, UTC).astimezone(zone)
        spans: list[Span] = [(f"{at:%H:%M} ", "muted"), (f"{told.head:<5} ", _LOOKS.get(told.head, "muted"))]
        spans += [(text, look) for text, look in ((told.text, "text"), (told.tail, "muted")) if text]
        lines: list[Line] = [tuple(spans), *_body(told.body)]
        own = entry.told is not None or (entry.kind, entry.id) == (self._kind, self._key)
        return Row(
            tuple(lines),
            key=entry.id,
            area=HISTORY,
            ref=None if own else (entry.kind, entry.id),
            copy="\n".join(filter(None, (told.text, told.body))),
        )


def _day(ordinal: int) -> Row:
    from tuicrm.when import say_date

    return Row((((f"── {say_date(date.fromordinal(ordinal))} ", "rule"),),), area=HISTORY)


def _body(text: str) -> list[Line]:
    """Return the lines of a body, at least its beginning."""
    shown = text[:BODY_LENGTH].splitlines()
    more = len(text) > BODY_LENGTH or len(shown) > BODY_LINES
    lines: list[Line] = [((INDENT + one, "text"),) for one in shown[:BODY_LINES]]
    return [*lines, ((f"{INDENT}… Enter shows the rest", "muted"),)] if more else lines


def narrowed(session: Session, entries: Sequence[Entry], show: str, words: str, kind: str, key: str) -> list[Entry]:
    """Return the entries of one of SHOWS that hold all of some words."""
    sorts = next((sorts for name, _, sorts in SHOWS if name == show), frozenset[str]())
    found = [one for one in entries if not sorts or one.sort in sorts]
    return list(filter(_holding(session, words, kind, key), found)) if words.strip() else found


def _holding(session: Session, words: str, kind: str, key: str) -> Callable[[Entry], bool]:
    from tuicrm.crm.chronicle import tell
    from tuicrm.folding import fold

    wanted = fold(words).split()

    def holds(entry: Entry) -> bool:
        text = fold(" ".join(tell(session, entry, kind, key)))
        return all(word in text for word in wanted)

    return holds
