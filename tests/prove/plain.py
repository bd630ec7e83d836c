"""A workspace as a plain dict: what changes, undo and redo must come to, worked out without any of the store's code."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tuicrm.store.changes import Purge, Remove, Revive, Write

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tuicrm.store.changes import Change
    from tuicrm.store.workspace import Workspace

Key = tuple[str, str]


class Refused(Exception):
    """Changes that must not be made, none of them."""


@dataclass(frozen=True)
class Fact:
    """What is true of one record."""

    fields: Mapping[str, Any]
    dead: bool = False
    erased: bool = False
    """Purged once: it cannot be restored, only written afresh."""

    @cached_property
    def text(self) -> str:
        """All of it in one spelling, in which 1 and true differ."""
        return spelling([self.fields, self.dead, self.erased])


Facts = dict[Key, Fact]


@dataclass
class Step:
    """What one transaction did, as undo sees it."""

    before: dict[Key, Fact | None]
    after: Facts
    noted: bool = True
    """Whether it did anything but erase, of which no undo log tells."""

    @property
    def shows(self) -> bool:
        """Whether anything that is to be seen is different after it."""
        return any(_shows(self.before[key], after) for key, after in self.after.items())


def _shows(before: Fact | None, after: Fact) -> bool:
    was_there = before is not None and not before.dead
    changed = before is None or spelling(before.fields) != spelling(after.fields)
    return was_there == after.dead or (not after.dead and changed)


@dataclass
class Book:
    """The records, and the steps of one user that can be undone and redone; the last is next."""

    facts: Facts = field(default_factory=dict)
    done: list[Step] = field(default_factory=list)
    undone: list[Step] = field(default_factory=list)

    def plan(self, changes: Iterable[Change]) -> Step:
        """What changes would do; Refused where one of them cannot be made."""
        held: Facts = {}
        gone: set[Key] = set()
        noted = False
        for one in changes:
            key = one.kind, one.id
            old = held.get(key) or self.facts.get(key)
            new = _changed(old, one)
            if new is not None and (old is None or new.text != old.text):
                held[key] = new
                noted = noted or not isinstance(one, Purge)
                if new.dead and new.erased:
                    gone.add(key)
        step = self._step(held, noted=noted)
        # What is erased on the way does not come back by undo either.
        for key in gone:
            if (before := step.before.get(key)) is not None:
                step.before[key] = Fact({}, before.dead, True)
        return step

    def _step(self, after: Facts, *, noted: bool = True) -> Step:
        return Step({key: self.facts.get(key) for key in after}, after, noted)

    def take(self, step: Step) -> Step:
        """Make it so."""
        self.facts.update(step.after)
        return step

    def does(self, step: Step) -> None:
        """Remember a step of the user's."""
        if step.noted:
            self.done.append(step)
            self.undone.clear()

    def back(self) -> Step | None:
        """The step that undo takes back next; those that show nothing are passed over."""
        while self.done and not self.done[-1].shows:
            self.done.pop()
        return self.done[-1] if self.done else None

    def reversed(self, step: Step) -> Step:
        """What taking a step back would do; Refused where that would hurt what somebody wrote since."""
        held: Facts = {}
        for key, after in step.after.items():
            before, now = step.before[key], self.facts[key]
            if before is not None and before.text == after.text:
                # What was only erased there is nothing that anybody takes back.
                continue
            was_there = before is not None and not before.dead
            if now.dead != after.dead:
                raise Refused("removed or restored since")
            if was_there and after.dead and now.erased:
                raise Refused("erased for good")
            if before is not None and was_there:
                held[key] = Fact(_back(before.fields, after.fields, now.fields), False, now.erased)
            elif not after.dead:
                if now.text != after.text:
                    raise Refused("written to since")
                held[key] = _buried(now)
        return self._step({key: one for key, one in held.items() if one.text != self.facts[key].text})


def _back(before: Mapping[str, Any], after: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """The map as it is now, but for what differs between `before` and `after`: that as it was before."""
    held = dict(now)
    for name in before.keys() | after.keys():
        old, new, found = (one.get(name, ()) for one in (before, after, now))
        if spelling(old) == spelling(new):
            continue
        value = old
        if spelling(new) != spelling(found):
            value = _back_inside(old, new, found)
        if value in ((), [], {}):
            held.pop(name, None)
        else:
            held[name] = value
    return held


def _back_inside(old: Any, new: Any, found: Any) -> Any:
    kinds = {type(one) for one in (old, new, found) if one != ()}
    if kinds == {dict}:
        return _back(*(one or {} for one in (old, new, found)))
    if kinds != {list}:
        raise Refused("changed since")
    was, became, now = ({spelling(one) for one in value} for value in (old, new, found))
    if not became - was <= now or (was - became) & now:
        raise Refused("changed since")
    return shaped([json.loads(one) for one in (now - (became - was)) | (was - became)])


def _changed(old: Fact | None, change: Change) -> Fact | None:
    """What one change makes of a record, None where it does nothing."""
    if isinstance(change, Write):
        return _written(old, change.fields)
    if old is None:
        raise Refused("there is no such record")
    if isinstance(change, Remove):
        return _buried(old)
    if isinstance(change, Revive):
        if old.dead and old.erased:
            raise Refused("erased for good")
        return Fact(old.fields, False, old.erased)
    assert isinstance(change, Purge)
    return Fact({}, True, True) if old.dead else None


def _buried(old: Fact) -> Fact:
    """Erasing is for good: what was erased once and is deleted again keeps no contents."""
    return Fact({} if old.erased else old.fields, True, old.erased)


def _written(old: Fact | None, fields: Mapping[str, Any]) -> Fact | None:
    held = dict(old.fields) if old else {}
    for name, value in fields.items():
        if value is None or value in ("", [], {}):
            held.pop(name, None)
        else:
            held[name] = shaped(value)
    if old is None:
        return Fact(held)
    # Whoever writes to a record in the trash takes it out; who writes what it says already does nothing.
    return Fact(held, False, old.erased) if spelling(held) != spelling(old.fields) else None


def shaped(value: Any) -> Any:
    """A value as the design says that it is held: an array is a set, and so is a map of nothing but nulls."""
    if isinstance(value, list) and value:
        return [json.loads(one) for one in sorted({spelling(one) for one in value}, key=_order)]
    if isinstance(value, dict) and value:
        if all(item is None for item in value.values()):
            return shaped(list(value))
        return {key: shaped(item) for key, item in value.items()}
    return value


def _order(spelt: str) -> bytes:
    return spelt.encode()


def spelling(value: Any) -> str:
    """The one JSON text of a value."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def fact(record: Mapping[str, Any], *, dead: bool) -> Fact:
    """A record of a workspace, without identity and versions."""
    grave = record.get("_del")
    fields = {name: value for name, value in record.items() if name != "id" and name[0] != "_"}
    return Fact(fields, dead, isinstance(grave, dict) and grave.get("purged") is True)


def facts(ws: Workspace) -> Facts:
    """All that a workspace holds."""
    held: Facts = {}
    kinds = ws.kinds()
    for kind in kinds:
        ws.all(kind)
    # A kind read first may be a transaction behind; from here on all of them tell of one moment.
    for kind in kinds:
        held.update(((kind, key), fact(one, dead=False)) for key, one in ws.all(kind).items())
        held.update(((kind, key), fact(one, dead=True)) for key, one in ws.dead(kind).items())
    return held


def differing(found: Facts, wanted: Facts) -> list[Key]:
    """The records that are not as they should be."""
    return sorted(
        key
        for key in found.keys() | wanted.keys()
        if key not in found or key not in wanted or found[key].text != wanted[key].text
    )
