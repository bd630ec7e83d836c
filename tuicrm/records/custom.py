"""Fields that a team declares as data: from a `field` record to a Field."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tuicrm.records.field import Field
from tuicrm.records.types import Choice, Flag, Integer, LongText, Tags, Text
from tuicrm.records.values import Amount, Day, Instant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuicrm.records.types import FieldType

NAME = re.compile(r"[a-z][a-z0-9_]*\Z")

_TYPES: dict[str, type[FieldType]] = {
    "text": Text,
    "long_text": LongText,
    "money": Amount,
    "date": Day,
    "time": Instant,
    "yes_no": Flag,
    "words": Tags,
}


def custom_field(record: Mapping[str, Any]) -> Field | None:
    """Return the field that a `field` record declares; None where the record makes no usable one."""
    name = record.get("name")
    if not isinstance(name, str) or not NAME.match(name):
        return None
    return Field(
        name,
        _type(record),
        label=str(record.get("label", "")),
        help=str(record.get("explains", "")),
        required=record.get("required") is True,
        custom=True,
    )


def _type(record: Mapping[str, Any]) -> FieldType:
    kind = record.get("type", "text")
    if kind == "number":
        return Integer(low=-(10**15))
    choices = record.get("choices")
    if kind == "choice":
        words = [one for one in choices if isinstance(one, str)] if isinstance(choices, list) else []
        return Choice(*words)
    return _TYPES.get(str(kind), Text)()
