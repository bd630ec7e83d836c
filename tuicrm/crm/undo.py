"""Undo and redo: which step comes next, the changes that take it back, and when that would hurt somebody."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tuicrm.crm.plan import Plan
from tuicrm.crm.reversal import Merged, merge, reversed_changes
from tuicrm.crm.setup import SETUP
from tuicrm.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.session import Session
    from tuicrm.store.changes import UndoEntry

WINDOW = 500
"""How many transactions back steps are looked for."""


@dataclass(frozen=True)
class Step:
    """One step of the user's, as lists show it: newest last."""

    at_ms: int
    by: str
    note: str
    undone: bool
    txs: tuple[str, ...]


@dataclass
class _Stacks:
    """Steps that can be undone and redone, each a list of transactions, oldest first; the last is next."""

    done: list[list[UndoEntry]] = field(default_factory=list)
    undone: list[list[UndoEntry]] = field(default_factory=list)
    same: dict[tuple[str, str, str, str], str] = field(default_factory=dict)
    """(kind, id, path, version) -> the version that held the same value before, as after an undo or a move and back."""


def undo(session: Session) -> Plan:
    """Return the plan that takes back the user's last step made on this machine.

    Raises NotFound where there is none, Invalid where somebody has changed since what it would change.
    """
    stacks = _stacks(session)
    _pass_over(stacks)
    if not stacks.done:
        raise NotFound("there is nothing to undo")
    return _reverse(session, stacks, stacks.done[-1], "undo")


def redo(session: Session) -> Plan:
    """Return the plan that does again what was undone last; a fresh step leaves nothing to redo."""
    stacks = _stacks(session)
    if not stacks.undone:
        raise NotFound("there is nothing to redo")
    return _reverse(session, stacks, stacks.undone[-1], "redo")


def list_steps(session: Session) -> list[Step]:
    """Return the user's steps, oldest first, those that are undone at the end."""
    stacks = _stacks(session)
    steps = [_step(one, False) for one in stacks.done]
    return steps + [_step(one, True) for one in reversed(stacks.undone)]


def _step(entries: Sequence[UndoEntry], undone: bool) -> Step:
    last = entries[-1]
    return Step(last.at_ms, last.by, _plain(last.note), undone, tuple(one.tx for one in entries))


def _plain(note: str) -> str:
    """Return the note of the step itself, whichever way it was gone."""
    return note.removeprefix("undid: ").removeprefix("redid: ")


def _reverse(session: Session, stacks: _Stacks, entries: Sequence[UndoEntry], does: str) -> Plan:
    merged = merge(entries)
    log = session.ws.undo_log(limit=WINDOW)
    changes, expect = reversed_changes(session, merged, stacks.same, log, "undone" if does == "undo" else "redone")
    verb = "undid" if does == "undo" else "redid"
    return Plan(
        tuple(changes),
        f"{verb}: {_plain(entries[-1].note)}",
        ids=tuple(dict.fromkeys(one.id for one in merged)),
        expect=expect,
        does=does,
        of=tuple(one.tx for one in entries),
    )


def _stacks(session: Session) -> _Stacks:
    """Replay the user's part of the log; the steps of others on this machine are theirs to undo."""
    stacks = _Stacks()
    by_tx: dict[str, UndoEntry] = {}
    for entry in session.ws.undo_log(limit=WINDOW):
        by_tx[entry.tx] = entry
        _remember_unchanged(stacks, merge([entry]))
        if entry.does != "do":
            undone = [by_tx[tx] for tx in entry.of if tx in by_tx]
            _remember_same(stacks, entry, merge(undone))
        if entry.by != session.user or entry.group == SETUP:
            continue
        if entry.does == "do":
            _push(stacks, entry)
        else:
            source, target = (stacks.done, stacks.undone) if entry.does == "undo" else (stacks.undone, stacks.done)
            if entry.does == "undo":
                _pass_over(stacks, until=entry.of)
            if source and {one.tx for one in source[-1]} & set(entry.of):
                source.pop()
            elif not by_tx.keys().isdisjoint(entry.of):
                continue
            # Where the log no longer goes back to what was undone, the undoing itself can still be gone back on.
            target.append([entry])
    for entries in stacks.done:
        if len(entries) > 1:
            _remember_unchanged(stacks, merge(entries))
    return stacks


def _pass_over(stacks: _Stacks, until: Sequence[str] = ()) -> None:
    """Forget the last steps after which nothing is different, back to one that shows or is among `until`."""
    while stacks.done and {one.tx for one in stacks.done[-1]}.isdisjoint(until):
        merged = merge(stacks.done[-1])
        if any(one.shows for one in merged):
            break
        _remember_unchanged(stacks, merged)
        stacks.done.pop()


def _push(stacks: _Stacks, entry: UndoEntry) -> None:
    stacks.undone.clear()
    if entry.group and stacks.done and stacks.done[-1][-1].group == entry.group:
        stacks.done[-1].append(entry)
    else:
        stacks.done.append([entry])


def _remember_unchanged(stacks: _Stacks, merged: Sequence[Merged]) -> None:
    for one in merged:
        for path in one.unchanged:
            stacks.same[one.kind, one.id, path, one.leaves[path][3]] = one.leaves[path][1]


def _remember_same(stacks: _Stacks, entry: UndoEntry, undone: Sequence[Merged]) -> None:
    before = {(one.kind, one.id): one.leaves for one in undone}
    for step in entry.steps:
        held = before.get((step.kind, step.id), {})
        for path, leaf in step.leaves.items():
            if path in held:
                stacks.same[step.kind, step.id, path, leaf[3]] = held[path][1]
