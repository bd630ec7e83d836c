"""Rules: what the program does by itself when something happens, or when a time has come."""

from __future__ import annotations

from tuicrm.records.field import Field, Kind
from tuicrm.records.types import Choice, Flag, Integer, Text
from tuicrm.records.values import Nested

CREATED, CHANGED, STAGE, OVERDUE, IDLE, DATE = "created", "changed", "stage", "overdue", "idle", "date"
TRIGGERS = (CREATED, CHANGED, STAGE, OVERDUE, IDLE, DATE)
TIMED = frozenset((OVERDUE, IDLE, DATE))
"""The triggers that nobody's change sets off, only the time that goes by."""
ACTIONS = ("followup", "assign", "set", "tag", "untag", "log", "notify", "draft", "command")

RULE = Kind(
    name="rule",
    plural="rules",
    help="What the program does by itself: when something happens, if a query fits, do this.",
    example='tuicrm rule add "Chase offers" --when "stage Proposal" --if "value>10k" --do "followup call in 3 days"',
    columns=("name", "active", "trigger", "of", "condition", "owner"),
    groups=(("trigger", "of", "field", "stage", "days"),),
    fields=(
        Field("name", Text(), required=True, first=True, help="What to call it by."),
        Field("active", Flag(), default="yes", help="Whether it runs."),
        Field("trigger", Choice(*TRIGGERS), required=True, help="What sets it off."),
        Field("of", Text(), required=True, help="The kind of records that it watches."),
        Field("field", Text(), help="The field that changes, or the date that is reached."),
        Field("stage", Text(), help="The key of the stage that is entered."),
        Field("days", Integer(-36_500, 36_500), help="Days without an activity; days after the date, or before (-7)."),
        Field("condition", Text(), short=("if",), help="The query that the record must fit."),
        Field("actions", Nested(), help="By key: do, and what that takes; order."),
    ),
)
