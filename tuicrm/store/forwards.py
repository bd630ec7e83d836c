"""Merged records as readers see them: left out themselves, and named nowhere any more, whatever the files say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.records.merged import MERGEABLE

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from tuicrm.store.leaves import Record
    from tuicrm.store.picture import Picture
    from tuicrm.store.shelf import Shelf

    Ids = Mapping[str, str]

_NONE: Ids = {}


def survivors(edges: Ids, live: Container[str]) -> dict[str, str]:
    """Where each record leads, by id; those that lead nowhere are left out.

    `edges` is what records say, dead ones too. A forward to what is missing or dead is none; a chain is followed to
    its end; a cycle goes to the smallest id in it. Every record that is led to is live.
    """
    found: dict[str, str] = {}
    settled: dict[str, str] = {}
    for start in edges:
        path: list[str] = []
        at: str | None = start
        places: dict[str, int] = {}
        while at is not None and at not in places and at not in settled:
            places[at] = len(path)
            path.append(at)
            at = edges.get(at)
        end = settled.get(at, "") if at is not None else ""
        if at in places:
            ring = path[places[at] :]
            end = min((one for one in ring if one in live), default="")
            settled.update(dict.fromkeys(ring, end))
            path = path[: places[at]]
        for one in reversed(path):
            end = end or (one if one in live else "")
            settled[one] = end
    for one in edges:
        if settled[one] and settled[one] != one:
            found[one] = settled[one]
    return found


class Forwards:
    """What a picture of a workspace looks like once merges are followed; while there are none, it is the picture."""

    def __init__(self, picture: Picture) -> None:
        self._picture = picture
        self._quiet: dict[str, int] = {}
        """The revision at which nothing that a kind's records name, or are, leads anywhere."""
        self._led: dict[str, _Led] = {}
        self._views: dict[tuple[str, bool], _View] = {}

    def of(self, kind: str) -> Ids:
        """The id of each record that leads to another one, with the id of that one; one object until it differs."""
        if kind not in MERGEABLE:
            return _NONE
        shelf = self._picture.shelf(kind)
        if not shelf.forwards:
            return _NONE
        led = self._led.setdefault(kind, _Led())
        return led.look(shelf)

    def live(self, kind: str) -> dict[str, Record]:
        """The live records of a kind that lead nowhere else, oldest id first."""
        picture = self._picture
        shelf = picture.shelf(kind)
        if self._quiet.get(kind) == picture.revision:
            return shelf.in_order()
        return self._seen(kind, is_live=True)

    def dead(self, kind: str) -> dict[str, Record]:
        """The trash of a kind, without what leads to a live record."""
        shelf = self._picture.shelf(kind)
        if self._quiet.get(kind) == self._picture.revision:
            return shelf.dead
        return self._seen(kind, is_live=False)

    def _seen(self, kind: str, *, is_live: bool) -> dict[str, Record]:
        from tuicrm.records.registry import references

        named = [(name, self.of(refers)) for name, refers in references(kind)]
        own = self.of(kind)
        shelf = self._picture.shelf(kind)
        if not own and not any(led for _, led in named):
            self._quiet[kind] = self._picture.revision
            self._views.pop((kind, is_live), None)
            return shelf.in_order() if is_live else shelf.dead
        view = self._views.setdefault((kind, is_live), _View())
        return view.look(shelf, shelf.in_order() if is_live else shelf.dead, own, named)


class _Led:
    """Where the records of one kind lead."""

    def __init__(self) -> None:
        self._shelf: Shelf | None = None
        self._at = -1
        self._found: Ids = _NONE

    def look(self, shelf: Shelf) -> Ids:
        if self._shelf is not shelf or self._at != len(shelf.touched):
            self._shelf, self._at = shelf, len(shelf.touched)
            found = survivors(shelf.forwards, shelf.live)
            if found != self._found:
                self._found = found
        return self._found


class _View:
    """The records of one kind, live or dead, with merges followed; a record that nothing changes is the stored one."""

    def __init__(self) -> None:
        self._shelf: Shelf | None = None
        self._at = 0
        self._led: list[Ids] = []
        self._held: dict[str, Record] = {}
        self._copies: dict[str, tuple[Record, Record]] = {}
        """By id the stored record and what is shown of it: readers tell changes by the record being another object."""

    def look(
        self, shelf: Shelf, stored: Mapping[str, Record], own: Ids, named: Sequence[tuple[str, Ids]]
    ) -> dict[str, Record]:
        led = [own, *(one for _, one in named)]
        known = self._shelf is shelf and len(led) == len(self._led)
        if known and all(one is other for one, other in zip(led, self._led, strict=True)):
            self._take(shelf.touched[self._at :], stored, own, named)
        else:
            self._held = {}
            self._take(stored, stored, own, named)
        self._shelf, self._at, self._led = shelf, len(shelf.touched), led
        return self._held

    def _take(
        self, ids: Iterable[str], stored: Mapping[str, Record], own: Ids, named: Sequence[tuple[str, Ids]]
    ) -> None:
        held, in_order = self._held, True
        last = next(reversed(held), "")
        for id_ in ids:
            record = stored.get(id_)
            if record is None or id_ in own:
                held.pop(id_, None)
                self._copies.pop(id_, None)
                continue
            in_order = in_order and (id_ in held or id_ > last)
            last = max(last, id_)
            held[id_] = self._shown(record, named)
        if not in_order:
            ordered = {id_: held[id_] for id_ in sorted(held)}
            held.clear()
            held.update(ordered)

    def _shown(self, record: Record, named: Sequence[tuple[str, Ids]]) -> Record:
        changes = {name: _led(record, name, led) for name, led in named if led and _is_led(record.get(name), led)}
        id_ = record["id"]
        if not changes:
            self._copies.pop(id_, None)
            return record
        made = {name: value for name, value in {**record, **changes}.items() if value is not None}
        source, copy = self._copies.get(id_, (None, None))
        if source is record and copy == made:
            return copy
        self._copies[id_] = (record, made)
        return made


def _is_led(value: object, led: Ids) -> bool:
    if isinstance(value, str):
        return value in led
    return isinstance(value, list) and any(isinstance(one, str) and one in led for one in value)


def _led(record: Record, name: str, led: Ids) -> object:
    """What a reference leads to; none where that is the record itself, as of a company merged with its parent."""
    value = record[name]
    if isinstance(value, str):
        return led[value] if led[value] != record["id"] else None
    ends = [led.get(one, one) if isinstance(one, str) else one for one in value]
    return [one for place, one in enumerate(ends) if one not in ends[:place]]
