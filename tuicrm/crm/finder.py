"""Finding records while somebody types: an index made once, asked in a few milliseconds at every key."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tuicrm.crm import phones
from tuicrm.crm.block import Block
from tuicrm.crm.findable import KINDS, findable, words
from tuicrm.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tuicrm.crm.findable import Entry
    from tuicrm.crm.session import Session

ALL, HANDLE, START, WORD, PART, WORDS, ELSEWHERE, LETTERS = range(8)
"""How well a record fits, the best first: its whole name, a handle of it, the beginning of its name, and so on."""

CHUNK = 100
"""Records that are read at one go, in between which others may have the workspace."""
FEW = 5
"""With so many finds, letters that merely occur in order are not looked for."""
LOOSEST = 3
"""How many times its own length a word may be spread over a name by LETTERS."""
BEHIND = ("pipeline", "setting", "field")
"""What is read beside the records themselves."""
SHORTEST_END = 4
ABSENT = 1 << 30


class Found(NamedTuple):
    """One record that was found."""

    kind: str
    id: str
    fit: int


class Index:
    """The records of a workspace at one revision, laid out for searching."""

    def __init__(self, entries: Iterable[Entry] = (), revision: int = -1) -> None:
        # In the order in which records that fit equally well are shown: whoever scans finds the best first.
        held = sorted(entries)
        self.revision = revision
        self.refs = [(KINDS[one.place], one.id) for one in held]
        self._names = Block(one.name for one in held)
        self._whole = Block(f"{one.name} {one.rest}" for one in held)
        numbers = [(number, at) for at, one in enumerate(held) for number in one.phones]
        self._phones = Block(number for number, _ in numbers)
        self._phoned = [at for _, at in numbers]
        self._handles: dict[str, list[int]] = {}
        self._ends: dict[str, list[int]] = {}
        for at, one in enumerate(held):
            self._ends.setdefault(one.id[-SHORTEST_END:], []).append(at)
            for handle in one.handles:
                self._handles.setdefault(handle, []).append(at)
        self._letters = [_letters(one.name) for one in held]
        self._last: tuple[str, list[int]] | None = None
        """What was looked for last and all that holds its words; None where that was cut short."""

    def __len__(self) -> int:
        return len(self.refs)

    def find(self, text: str, limit: int) -> list[Found]:
        """Return the records that fit a text, the best first; of those that fit equally well, live ones first."""
        typed, wanted = text.strip(), words(text)
        found: dict[int, int] = {}
        narrowed = self._narrowed(typed, wanted)
        whole = _take(found, self._tiers(typed, wanted) if narrowed is None else narrowed, limit)
        self._last = (wanted, list(found)) if whole and wanted else None
        if len(found) < min(FEW, limit):
            _take(found, [(LETTERS, self._in_order(wanted))], limit)
        return [Found(*self.refs[at], fit) for at, fit in found.items()]

    def _narrowed(self, typed: str, wanted: str) -> list[tuple[int, list[int]]] | None:
        """Return the tiers from among what was found a letter ago, where that was all there is; else None."""
        if self._last is None or not wanted.startswith(self._last[0]):
            return None
        tiers: list[tuple[int, list[int]]] = [(fit, []) for fit in range(LETTERS)]
        for at in sorted(self._last[1]):
            fit = fitting(self._names.line(at), self._whole.line(at), wanted)
            if fit is not None:
                tiers[fit][1].append(at)
        tiers[HANDLE][1].extend(self._meant(typed))
        return tiers

    def _tiers(self, typed: str, wanted: str) -> Iterator[tuple[int, Iterable[int]]]:
        named = wanted and wanted in self._names.text
        if named:
            yield ALL, self._names.holding(f"\n{wanted}\n")
        yield HANDLE, self._meant(typed)
        if named:
            yield START, self._names.holding(f"\n{wanted}")
            yield WORD, self._names.holding(f" {wanted}")
            yield PART, self._names.holding(wanted)
        if " " in wanted:
            yield WORDS, self._names.with_all(wanted.split(" "))
        if wanted:
            yield ELSEWHERE, self._whole.with_all(wanted.split(" "))

    def _meant(self, typed: str) -> list[int]:
        return sorted({*self._named(typed), *self._by_phone(typed)})

    def _named(self, typed: str) -> list[int]:
        """Return the places of the records whose handle is typed in full, or the end of whose id is."""
        end = typed.upper()
        at_end = self._ends.get(end[-SHORTEST_END:], ()) if len(end) >= SHORTEST_END else ()
        return [*self._handles.get(fold(typed), ()), *(at for at in at_end if self.refs[at][1].endswith(end))]

    def _by_phone(self, typed: str) -> Iterator[int]:
        """Yield the places of the records with a phone number that the digits belong to, a country code or not."""
        if not phones.looks_like_one(typed) or not (core := phones.core(typed)):
            return
        for at in self._phones.holding(core):
            yield self._phoned[at]
        for cut in (1, 2, 3):
            if len(core) - cut >= phones.SAME:
                for at in self._phones.holding(f"\n{core[cut:]}\n"):
                    yield self._phoned[at]

    def _in_order(self, wanted: str) -> list[int]:
        """Return the places of the names that have these letters in this order, the closest together first."""
        letters = wanted.replace(" ", "")
        if len(letters) < 3:
            return []
        mask = _letters(letters)
        spread: list[tuple[int, int]] = []
        for at in [at for at, held in enumerate(self._letters) if held & mask == mask]:
            length = _spread(self._names.line(at), letters)
            if length <= LOOSEST * len(letters):
                spread.append((length, at))
        return [at for _, at in sorted(spread)]


def fitting(name: str, whole: str, wanted: str) -> int | None:
    """Return how well the words of a record (of its name, of all it is found by) fit; None where they do not."""
    if name == wanted:
        return ALL
    if name.startswith(wanted):
        return START
    if wanted in name:
        return WORD if f" {wanted}" in name else PART
    single = wanted.split(" ")
    if all(one in name for one in single):
        return WORDS
    return ELSEWHERE if all(one in whole for one in single) else None


def _take(found: dict[int, int], tiers: Iterable[tuple[int, Iterable[int]]], limit: int) -> bool:
    """Add what the tiers hold, the first tier of each counts; False where the limit cut it short."""
    for fit, places in tiers:
        for at in places:
            if at not in found:
                if len(found) >= limit:
                    return False
                found[at] = fit
    return True


def _letters(text: str) -> int:
    """Return which letters occur, as bits; letters that share a bit cost a comparison, nothing else."""
    mask = 0
    for letter in set(text):
        mask |= 1 << (ord(letter) & 63)
    return mask


def _spread(name: str, letters: str) -> int:
    """Return over how many characters of a name the letters are spread, from the start of a word; many where absent."""
    best = ABSENT
    start = 0 if name[:1] == letters[0] else _word(name, letters[0], 0)
    while start >= 0:
        at = start
        for letter in letters[1:]:
            at = name.find(letter, at + 1)
            if at < 0:
                return best
        best = min(best, at - start + 1)
        start = _word(name, letters[0], start)
    return best


def _word(name: str, letter: str, after: int) -> int:
    """Return where the next word with this first letter begins; -1 where there is none."""
    return (name.find(f" {letter}", after) + 1) or -1


class Finder:
    """The index of a session's workspace, and how it keeps up."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.index = Index()
        self._read: tuple[list[Entry], int] = ([], -1)

    @property
    def fresh(self) -> bool:
        """Whether the index knows of every change."""
        return self.index.revision == self._session.ws.revision

    def catch_up(self) -> Iterator[None]:
        """Read what has changed, in steps: whoever shares the workspace lets others have it in between."""
        ws = self._session.ws
        for kind in (*KINDS, *BEHIND):
            ws.all(kind)
            yield
        # Reading a kind for the first time counts as a change.
        revision = ws.revision
        held: list[Entry] = []
        for kind in KINDS:
            for entry in findable(self._session, kind):
                held.append(entry)
                if len(held) % CHUNK == 0:
                    yield
            yield
        self._read = (held, revision)

    def lay_out(self) -> None:
        """Make the index from what was read; the workspace is not needed for it."""
        self.index = Index(*self._read)
        self._read = ([], -1)
