"""What else names a record that is about to go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.shapes import word, words
from tuicrm.records.registry import KINDS
from tuicrm.records.types import Refs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tuicrm.crm.session import Session


def still_named(session: Session, kind: str, ids: Sequence[str]) -> tuple[str, ...]:
    """Return a sentence on how many records keep naming the given ones; none for none.

    The log is left out: what happened stays told of whoever it happened with.
    """
    wanted = set(ids)
    counts: list[str] = []
    for of in KINDS.values():
        single = [one.name for one in of.fields if one.type.refers == kind and not isinstance(one.type, Refs)]
        several = [one.name for one in of.fields if one.type.refers == kind and isinstance(one.type, Refs)]
        if of.by_day or not (single or several):
            continue
        held = session.ws.all(of.name)
        count = sum(_names(one, single, several, wanted) for key, one in held.items() if key not in wanted)
        if count:
            counts.append(f"{count} {of.many if count > 1 else of.one}")
    return (f"still named by {', '.join(counts)}; restore brings it back",) if counts else ()


def _names(record: Mapping[str, Any], single: Sequence[str], several: Sequence[str], wanted: set[str]) -> bool:
    if any(word(record.get(name)) in wanted for name in single):
        return True
    return any(one in wanted for name in several for one in words(record.get(name)))
