"""What a merge left behind: the value that lost against another one, kept until somebody has looked at it."""

from __future__ import annotations

from tuicrm.records.field import Field, Kind
from tuicrm.records.types import Choice, LongText, Text
from tuicrm.records.values import Instant

FORMS = ("absent", "member", "json")

CONFLICT = Kind(
    name="conflict",
    plural="conflicts",
    help="A value that gave way to another one when two people had changed the same thing.",
    example="tuicrm conflict list",
    columns=("of", "record", "field", "value", "resolved"),
    naming=("field",),
    search=("field",),
    fields=(
        Field("of", Text(), required=True, help="The kind of the record."),
        Field("record", Text(), required=True, help="The record's id."),
        Field("field", Text(), required=True, help="What the value belongs to; _del for a deletion that gave way."),
        Field("version", Text(), required=True, help="The version of the value that gave way."),
        Field("value", LongText(), help="The value that gave way; for a deletion, who deleted."),
        Field("form", Choice(*FORMS), help="What the value is where it is no plain one."),
        Field("resolved", Instant(), help="When somebody decided."),
        Field("resolved_by", Text(), help="Who decided."),
    ),
)
