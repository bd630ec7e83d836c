"""One change to many deals, where what was typed fills in only what each of them lacks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tuicrm.crm.plan import Plan

Record = dict[str, Any]
Typed = dict[str, list[str]]


def lacking(
    deals: Sequence[Record], typed: Mapping[str, Sequence[str]], make: Callable[[list[Record], Typed], Plan | None]
) -> list[Plan]:
    """Return the plans that `make` gives for deals that lack the same of the fields typed; none is overwritten."""
    from tuicrm.crm.gates import filled

    alike: dict[tuple[str, ...], list[Record]] = {}
    for deal in deals:
        alike.setdefault(tuple(name for name in typed if not filled(deal, name)), []).append(deal)
    made = [make(held, {name: list(typed[name]) for name in names}) for names, held in alike.items()]
    return [one for one in made if one is not None]


def merged(plans: Sequence[Plan], note: str) -> Plan | None:
    """Return one plan for all of these, which are undone as one; several that change something take `note`."""
    changing = [one for one in plans if one.changes]
    if len(changing) < 2:
        return next(iter(changing or plans), None)
    return replace(
        changing[0],
        changes=tuple(change for one in changing for change in one.changes),
        note=note,
        ids=tuple(one for plan in plans for one in plan.ids),
        said=tuple(one for plan in plans for one in plan.said),
    )
