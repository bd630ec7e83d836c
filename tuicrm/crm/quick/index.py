"""Records by how the words of their names begin, by their addresses, and by what they belong to.

The index outlives changes: it finds out by itself which records are others than before, and costs no more than a look
at each where the workspace has changed, and nothing where it has not.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import TYPE_CHECKING, Any

from tuicrm.crm import phones
from tuicrm.crm.shapes import word, words
from tuicrm.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tuicrm.crm.session import Session

Record = dict[str, Any]
Start = tuple[str, int, str]
"""A folded name from one of its words on, where that word begins, and the id."""

MANY = 64
"""More candidates than this are not looked at: who typed two letters has more to type."""
MOST_NAME, MOST_STARTS = 120, 8
PHONE_END = 6

EXACT, WHOLE, WHOLE_INSIDE, BEGUN, BEGUN_INSIDE = range(5)
"""How well a text fits a name, the best first."""


class Index:
    """The records of one kind."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.revision = -1
        self._starts: list[Start] = []
        self._held: dict[str, tuple[Record, list[Start], list[str]]] = {}
        self._keys: dict[str, dict[str, None]] = {}

    def follow(self, session: Session) -> Index:
        """Catch up with the workspace."""
        revision = session.ws.revision
        records = session.ws.all(self.kind)
        if self.revision != revision:
            # Reading a kind for the first time raises the revision too.
            self._catch_up(session, records)
            self.revision = session.ws.revision
        return self

    def _catch_up(self, session: Session, records: Mapping[str, Record]) -> None:
        held = self._held
        changed = [one for key, one in records.items() if (old := held.get(key)) is None or old[0] is not one]
        gone = [key for key in held if key not in records] if len(held) + len(changed) > len(records) else []
        if len(changed) > 200:
            self._starts, self._held, self._keys = [], {}, {}
            changed, gone = list(records.values()), []
        bulk: list[Start] = []
        for key in (*gone, *(one["id"] for one in changed)):
            self._forget(key)
        for one in changed:
            starts, keys = list(_starts(session, self.kind, one)), list(_keys(self.kind, one))
            self._held[one["id"]] = (one, starts, keys)
            for name in keys:
                self._keys.setdefault(name, {})[one["id"]] = None
            bulk += starts
        if len(bulk) > 200:
            self._starts = sorted((*self._starts, *bulk))
        else:
            for start in bulk:
                insort(self._starts, start)

    def _forget(self, key: str) -> None:
        old = self._held.pop(key, None)
        if old is None:
            return
        for start in old[1]:
            at = bisect_left(self._starts, start)
            if at < len(self._starts) and self._starts[at] == start:
                del self._starts[at]
        for name in old[2]:
            self._keys.get(name, {}).pop(key, None)

    def starting(self, text: str) -> dict[str, int]:
        """Return the ids whose name has a word that begins with a folded text, and how well each fits."""
        found: dict[str, int] = {}
        at = bisect_left(self._starts, (text,))
        while at < len(self._starts) and len(found) < MANY:
            name, place, key = self._starts[at]
            if not name.startswith(text):
                break
            inside = place > 0
            if len(name) == len(text) and not inside:
                fits = EXACT
            elif len(name) == len(text) or not name[len(text)].isalnum():
                fits = WHOLE_INSIDE if inside else WHOLE
            else:
                fits = BEGUN_INSIDE if inside else BEGUN
            found[key] = min(fits, found.get(key, fits))
            at += 1
        return found

    def of(self, key: str) -> list[str]:
        """Return the ids of the records with a key: `mail:…`, `phone:…`, `domain:…`, `company:ID`, `contact:ID`."""
        return list(self._keys.get(key, ()))


def index(session: Session, kind: str) -> Index:
    """Return the index of a kind as the workspace is at this moment."""
    found: Index | None = session.kept.get(f"quick {kind}")
    if found is None:
        found = session.kept[f"quick {kind}"] = Index(kind)
    return found.follow(session)


def by_phone(session: Session, kind: str, text: str) -> list[str]:
    """Return the ids of the records with a phone number, whatever its spaces, `+49` or `0`."""
    core = phones.core(text)
    if len(core) < PHONE_END:
        return []
    held = session.ws.all(kind)
    found = index(session, kind).of(f"phone:{core[-PHONE_END:]}")
    return [key for key in found if any(phones.same(phones.core(one), core) for one in _numbers(held[key]))]


def _starts(session: Session, kind: str, record: Record) -> Iterator[Start]:
    from tuicrm.crm.lookup import title

    name = fold(title(session, kind, record)[:MOST_NAME]).strip()
    found, before = 0, ""
    for at, letter in enumerate(name):
        if letter.isalnum() and not before.isalnum():
            yield name[at:], at, record["id"]
            found += 1
            if found >= MOST_STARTS:
                return
        before = letter


def _keys(kind: str, record: Record) -> Iterator[str]:
    if kind in ("deal", "contact") and (company := word(record.get("company"))):
        yield f"company:{company}"
    if kind == "deal":
        for one in words(record.get("contacts")):
            yield f"contact:{one}"
    if kind == "contact":
        for one in words(record.get("emails")):
            yield f"mail:{fold(one)}"
    if kind == "company" and (domain := word(record.get("domain"))):
        yield f"domain:{fold(domain).removeprefix('www.')}"
    for number in _numbers(record):
        core = phones.core(number)
        if len(core) >= PHONE_END:
            yield f"phone:{core[-PHONE_END:]}"


def _numbers(record: Record) -> list[str]:
    return [*words(record.get("phones")), *words(record.get("phone"))]
