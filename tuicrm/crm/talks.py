"""When people, companies and deals were last talked to, and how often in vain since, from one pass over the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.following import Following, followed
from tuicrm.crm.shapes import word, words
from tuicrm.crm.touches import id_ms, text_ms
from tuicrm.records.kinds.activity import SILENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from tuicrm.crm.session import Session

Record = dict[str, Any]

MISSED = frozenset({"no_answer", "left_message", "busy"})
"""Outcomes of a call that did not reach anybody."""
_SPOKEN = frozenset({"call", "meeting"})


class Talks(Following):
    """The last logged activity of each contact, company and deal, and the calls missed since somebody answered."""

    def _reset(self) -> None:
        self._last: dict[str, tuple[str, Record]] = {}
        self._missed: dict[str, int] = {}

    def _read(self, entries: Sequence[Record]) -> None:
        for one in entries:
            if one.get("type") not in SILENT:
                self._take(one)

    def _take(self, one: Record) -> None:
        at = one.get("at")
        moment: str = _as_id(at) if at else one["id"]
        for key in _about(one):
            held = self._last.get(key)
            if held is None or held[0] < moment:
                self._last[key] = (moment, one)
        if word(one.get("type")) not in _SPOKEN:
            return
        missed = one.get("type") == "call" and word(one.get("outcome")) in MISSED
        for key in words(one.get("contacts")):
            self._missed[key] = self._missed.get(key, 0) + 1 if missed else 0

    def last(self, key: str) -> Record | None:
        """Return the last activity of a contact, a company or a deal; None where nothing was logged."""
        held = self._last.get(key)
        return held[1] if held else None

    def when(self, keys: Iterable[str]) -> int:
        """Return when any of these was last talked to or about, in milliseconds since 1970; 0 for never."""
        newest = max((held[0] for key in keys if (held := self._last.get(key))), default="")
        return id_ms(newest) if newest else 0

    def missed(self, contact: str) -> int:
        """Return how many calls were missed since the person was last spoken to."""
        return self._missed.get(contact, 0)


def _about(one: Record) -> Iterator[str]:
    for name in ("deal", "company", "lead"):
        key = word(one.get(name))
        if key:
            yield key
    yield from words(one.get("contacts"))


def _as_id(at: object) -> str:
    """Return something that sorts among ids by the time given."""
    from tuicrm.store.ulid import encode

    return encode(max(0, text_ms(word(at))), 0)


def ready(session: Session) -> bool:
    """Tell whether the index was made before, so that asking for it takes no time."""
    return "talks" in session.kept


def warm(session: Session, lock: AbstractContextManager[object]) -> None:
    """Make the index in a thread, without keeping anybody from the workspace for longer than a glance at the log."""
    with lock:
        log = list(session.ws.all("activity").values())
    held = Talks()
    held.follow(log)
    with lock:
        session.kept.setdefault("talks", held)


def talks(session: Session) -> Talks:
    """Return the index for the session's workspace as it is at this moment; reads the activities."""
    return followed(session, "talks", Talks)
