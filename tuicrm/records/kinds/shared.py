"""Fields that several kinds declare alike."""

from __future__ import annotations

from tuicrm.records.field import Field
from tuicrm.records.types import Integer

COMPLETENESS = Field(
    "completeness",
    Integer(0, 100, "%"),
    computed=True,
    help="How many of the fields that one wants to know are filled in, in percent.",
)
