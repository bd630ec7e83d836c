"""Reports of a team's own: what is counted, and by what it is grouped."""

from __future__ import annotations

from tuicrm.records.field import Field, Kind
from tuicrm.records.types import Text

REPORT = Kind(
    name="report",
    plural="reports",
    help="A report of the team's own: one measure of one kind of records, by groups.",
    example='tuicrm report add "Won by rep" --measure sum:value --by owner --where is:won --period-field closed_on',
    columns=("name", "of", "measure", "group", "where", "period_field", "owner"),
    fields=(
        Field("name", Text(), required=True, first=True, help="What to call it by: tuicrm report NAME runs it."),
        Field("of", Text(), required=True, help="The kind of records that it counts."),
        Field("measure", Text(), required=True, help="count, or sum, mean, median, min or max of a field: sum:value."),
        Field("group", Text(), short=("by",), help="The field whose values are the rows."),
        Field("where", Text(), help="The query that records must fit."),
        Field("period_field", Text(), label="period field", help="The date by which records belong to a period."),
    ),
)
