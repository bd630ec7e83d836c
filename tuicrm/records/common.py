"""Fields that every record has."""

from __future__ import annotations

from tuicrm.records.field import Field
from tuicrm.records.types import Ref, Tags, Text
from tuicrm.records.values import Instant

OWNER = Field("owner", Ref("user"), help="Who is responsible; `me` is you.")
TAGS = Field("tags", Tags(), help="Words to find it again by.")

COMMON = (
    OWNER,
    TAGS,
    Field("external_id", Text(), label="external id", help="What another system calls this record."),
    Field("source_created_at", Instant(), label="created at source", help="When the other system made it."),
    Field("created_at", Instant(), label="created", short=("created",), computed=True, help="From the id."),
    Field("updated_at", Instant(), label="updated", short=("updated",), computed=True, help="The last change."),
)
