"""Which records are worth comparing: those that share a sign, brought together in blocks, never all against all."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from tuicrm.crm import dialling, phones
from tuicrm.crm.lookalikes import LEAST, NAME, NUMBER_END, PHONE, one_slip, signs
from tuicrm.crm.shapes import word, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Record = dict[str, Any]
Ids = tuple[str, str]
"""Two ids, the smaller one first."""

SIMILAR = "similar name"
_SAME, _CLOSE, _OTHER = frozenset((NAME,)), frozenset((SIMILAR,)), frozenset[str]()
_NEIGHBOURS = 4
"""In a block, each record is compared with so many that follow it, so that large blocks do not cost their square."""


class Candidates:
    """The records of a kind by each sign; `names` are the forms in which their names are compared, by id."""

    def __init__(self, kind: str, records: Mapping[str, Record], country: str) -> None:
        self._kind = kind
        self._records = records
        self._country = country
        """Where numbers without a prefix are."""
        self.names: dict[str, str] = {}
        self._alone: dict[str, dict[str, str]] = {}
        self._blocks: dict[str, dict[str, list[str]]] = {}
        for key, record in records.items():
            for why, text in signs(kind, record):
                self._take(key, why, text)

    def _take(self, key: str, why: str, text: str) -> None:
        if why == NAME:
            self.names[key] = text
        place = text[-NUMBER_END:] if why == PHONE else text
        first = self._alone.setdefault(why, {}).setdefault(place, key)
        if first != key and (held := self._blocks.setdefault(why, {}).setdefault(place, [first]))[-1] != key:
            held.append(key)

    def pairs(self) -> Iterator[tuple[str, Ids]]:
        """Yield the pairs that have a sign in common, with the sign.

        Namesakes who work for different companies are two people; deals of different companies are two deals.
        """
        for why, blocks in self._blocks.items():
            for held in blocks.values():
                if why == PHONE:
                    found = _numbers_alike(held, self._records, self._country)
                else:
                    found = _namesakes(self._kind, held, self._records) if why == NAME else _neighbours(held)
                for one, other in found:
                    yield why, _ids(one, other)
        alone, blocks = self._alone.get(NAME, {}), self._blocks.get(NAME, {})
        for names in near(alone):
            for one, other in product(*(blocks.get(name, [alone[name]])[:_NEIGHBOURS] for name in names)):
                if one != other and _may_be_one(self._kind, self._records[one], self._records[other]):
                    yield SIMILAR, _ids(one, other)


def alike(one: str, other: str) -> frozenset[str]:
    """Return what the keys of two names have in common: `name`, `similar name`, or nothing."""
    if one == other:
        return _SAME if one else _OTHER
    return _CLOSE if min(len(one), len(other)) >= LEAST and one_slip(one, other) else _OTHER


def near(names: Iterable[str]) -> Iterator[Ids]:
    """Yield the names that one slip of a finger makes of each other: they are equal once a letter of each is left out.

    Names with other digits in them are other names: nobody means shop 12 by shop 13.
    """
    blocks: dict[str, list[str]] = {}
    for name in names:
        if len(name) < LEAST:
            continue
        places = (at for at, letter in enumerate(name) if not letter.isdigit())
        for left in {name, *(name[:at] + name[at + 1 :] for at in places)}:
            blocks.setdefault(left, []).append(name)
    seen = set()
    for held in blocks.values():
        for one, other in _neighbours(held) if len(held) > 1 else ():
            pair = _ids(one, other)
            if pair not in seen and one_slip(one, other):
                seen.add(pair)
                yield pair


def _namesakes(kind: str, held: Iterable[str], records: Mapping[str, Record]) -> Iterator[Ids]:
    """Yield those of one name who may be the same, the ones of one company beside each other."""
    by_company: dict[str, list[str]] = {}
    for key in held:
        by_company.setdefault(word(records[key].get("company")), []).append(key)
    nowhere = by_company.pop("", [])
    for group in by_company.values():
        yield from (_ids(*pair) for pair in _neighbours(group))
        if nowhere and kind != "deal":
            yield from (_ids(one, other) for one, other in product(group[:1], nowhere[:_NEIGHBOURS]))
    yield from (_ids(*pair) for pair in _neighbours(nowhere))


def _numbers_alike(held: Iterable[str], records: Mapping[str, Record], country: str) -> Iterator[Ids]:
    """Yield those whose numbers, which end alike, are one number."""
    numbers = {key: _numbers(records[key]) for key in held}
    for one, other in _neighbours(sorted(numbers, key=lambda key: (numbers[key], key))):
        pairs = product(numbers[one], numbers[other])
        if any(first == second or dialling.same(first, second, country) for first, second in pairs):
            yield _ids(one, other)


def _numbers(record: Record) -> list[str]:
    held = [*words(record.get("phones")), *words(record.get("phone"))]
    return [one for one in held if len(phones.core(one)) >= NUMBER_END]


def _may_be_one(kind: str, one: Record, other: Record) -> bool:
    first, second = (word(record.get("company")) for record in (one, other))
    return first == second or (kind != "deal" and not (first and second))


def _neighbours(held: list[str]) -> Iterator[Ids]:
    for at, one in enumerate(held):
        for other in held[at + 1 : at + 1 + _NEIGHBOURS]:
            yield one, other


def _ids(one: str, other: str) -> Ids:
    return (one, other) if one < other else (other, one)
