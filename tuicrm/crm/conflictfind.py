"""From what people type to one conflict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.crm.conflicts import conflicts
from tuicrm.errors import Ambiguous, Invalid, NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.conflicts import Conflict
    from tuicrm.crm.session import Session

SHORTEST = 4


class Finder:
    """Finds conflicts for one command: what is open goes before what is settled."""

    def __init__(self, session: Session, *, settled: bool) -> None:
        self._session = session
        self._settled = settled
        self._open = conflicts(session)
        self._done: list[Conflict] | None = None

    def find(self, ref: str) -> Conflict:
        """Return the conflict that a text names, or raise NotFound, Ambiguous, or Invalid for one that is settled."""
        found = self._among(ref, self._open)
        if not found:
            if self._done is None:
                self._done = [one for one in conflicts(self._session, resolved=True) if one.resolved]
            found = self._among(ref, self._done)
            if found and not self._settled:
                one = found[0]
                raise Invalid(
                    f"the conflict about {one.label} of {one.title} is settled already",
                    hint="Edit the record, or undo what settled it.",
                )
        if len(found) == 1:
            return found[0]
        if found:
            raise Ambiguous(
                f"{ref!r} fits {len(found)} conflicts",
                candidates=[(one.id, line(one)) for one in found],
                hint="name it by the id that tuicrm conflict list shows",
            )
        raise NotFound(f"no conflict answers to {ref!r}", hint="tuicrm conflict list shows those that are open.")

    def _among(self, ref: str, among: Sequence[Conflict]) -> list[Conflict]:
        wanted = ref.strip()
        end = wanted.upper()
        if len(end) < SHORTEST or not end.isalnum():
            return _by_record(self._session, wanted, among)
        found = [one for one in among if one.id.endswith(end)]
        return found or _by_record(self._session, wanted, among)


def line(one: Conflict) -> str:
    """Return a conflict in one line: `Acme renewal, stage: Demo gave way to Proposal`."""
    return f"{one.title}, {one.label}: {one.lost} gave way to {one.current or 'nothing'}"


def _by_record(session: Session, ref: str, among: Sequence[Conflict]) -> list[Conflict]:
    """Return the conflicts of the records that a text names, each kind by its own rules."""
    from tuicrm.crm import lookup
    from tuicrm.folding import fold
    from tuicrm.records.registry import KINDS

    meant: set[tuple[str, str]] = {(one.kind, one.record_id) for one in among if one.record_id == ref.upper()}
    # A merged record's name leads to another one, and what is undecided may be just that.
    meant |= {(one.kind, one.record_id) for one in among if fold(one.title) == fold(ref)}
    for kind in sorted({one.kind for one in among if one.kind in KINDS}):
        for trash in (False, True):
            try:
                meant.add((kind, lookup.find(session, kind, ref, trash=trash)["id"]))
            except NotFound:
                continue
            except Ambiguous as problem:
                meant.update((kind, key) for key, _ in problem.candidates)
    return [one for one in among if (one.kind, one.record_id) in meant]
