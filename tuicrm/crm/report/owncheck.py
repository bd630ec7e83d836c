"""What a report of a team's own may say: checked when it is defined, and again when it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from tuicrm.records.field import Field, Kind

MEASURES = ("count", "sum", "mean", "median", "min", "max")


def measured(kind: Kind, text: str) -> tuple[str, Field | None]:
    """Return how and which field `sum:value` measures; no field for `count`. Raises Invalid."""
    how, _, name = (part.strip().lower().replace("-", "_") for part in text.partition(":"))
    if how not in MEASURES:
        from tuicrm.folding import nearest

        near = nearest(how, MEASURES)
        guess = f"did you mean {near}?" if near else f"use {', '.join(MEASURES)}"
        raise Invalid(f"measure: {text.strip()!r} is no measure; {guess}", field="measure")
    if how == "count":
        if name:
            raise Invalid(f"measure: count takes no field, so write count instead of {text.strip()!r}", field="measure")
        return how, None
    field = kind.by_name.get(name)
    if field is None or not field.type.numeric:
        numbers = [one.name for one in kind.all_fields if one.type.numeric]
        hint = f"those of {kind.many} are {', '.join(numbers)}" if numbers else f"{kind.many} have none"
        raise Invalid(f"measure: {how} needs a field that holds numbers, as in {how}:value; {hint}", field="measure")
    return how, field


def period_field(kind: Kind, text: str) -> Field | None:
    """Return the date that records belong to a period by; None for an empty text. Raises Invalid."""
    from tuicrm.records.values import Day

    name = text.strip().lower().replace("-", "_")
    if not name:
        return None
    field = kind.by_name.get(name)
    if field is None or not isinstance(field.type, Day):
        dates = [one.name for one in kind.all_fields if isinstance(one.type, Day)]
        raise Invalid(
            f"period_field: {text.strip()!r} is no date of {kind.many}; use {', '.join(dates)}", field="period_field"
        )
    return field
