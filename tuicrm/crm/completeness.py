"""How complete a record is: the share of the fields that one wants to know which are filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tuicrm.crm.session import Session

Record = dict[str, Any]


def completeness(session: Session, kind: str) -> Callable[[Mapping[str, Any]], int | None]:
    """Return what tells the completeness of records of a kind in percent; None where the kind asks for nothing."""
    names = [one.name for one in session.kind(kind).useful]
    if not names:
        return lambda record: None
    count = len(names)
    return lambda record: 100 * sum(1 for name in names if record.get(name)) // count


def missing(session: Session, kind: str, record: Mapping[str, Any]) -> list[str]:
    """Return the titles of the fields that count and are empty."""
    return [one.title for one in session.kind(kind).useful if not record.get(one.name)]
