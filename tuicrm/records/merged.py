"""Fields by which records say that they are one: stored like any other, offered nowhere."""

from __future__ import annotations

MERGED_INTO = "merged_into"
"""The id of the record that this one was merged into; readers are led there."""
MERGED_SEEN = "merged_seen"
"""JSON, by path: the versions of this record's values that its merger saw. What is newer was never decided on."""
DISTINCT_FROM = "distinct_from"
"""A set of ids: records that look like this one and are another thing all the same."""

HIDDEN = frozenset((MERGED_INTO, MERGED_SEEN, DISTINCT_FROM))
"""What no list, form or export offers."""
GROUP = (MERGED_INTO, MERGED_SEEN)
"""What was seen belongs to the merge that it was seen by."""
MERGEABLE = ("company", "contact", "lead", "deal")
"""The kinds whose records can be merged."""
