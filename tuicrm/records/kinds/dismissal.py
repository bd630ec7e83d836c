"""Suggestions that somebody does not want to see: what they were about, and until when they stay away."""

from __future__ import annotations

from tuicrm.records.field import Field, Kind
from tuicrm.records.types import Text
from tuicrm.records.values import When

DISMISSAL = Kind(
    name="dismissal",
    plural="dismissals",
    help="A suggestion of `tuicrm next` that its owner sent away.",
    example="tuicrm next --dismiss REF",
    columns=("reason", "record", "until", "owner"),
    naming=("reason",),
    search=("reason",),
    fields=(
        Field("reason", Text(), required=True, help="Why it was suggested: late, rotting, no_next, ..."),
        Field("record", Text(), required=True, help="The id of the record that it was about."),
        Field("facts", Text(), help="What held then; once anything else holds, it comes back."),
        Field("until", When(), help="The day on which it comes back; for good where there is none."),
    ),
)
