"""What a team means by a lead: the statuses with their criteria, and the rules that give points."""

from __future__ import annotations

from tuicrm.records.field import Field, Kind
from tuicrm.records.status import MEANINGS
from tuicrm.records.types import Choice, Flag, Integer, LongText, Text

MOST_POINTS = 1000

LEAD_STATUS = Kind(
    name="lead_status",
    plural="lead_statuses",
    spoken="lead status",
    help="How far a lead may be, and what has to hold for it.",
    example='tuicrm lead status add "Meeting set" --criteria "A date is in both calendars"',
    columns=("name", "meaning", "criteria"),
    search=("name", "criteria"),
    fields=(
        Field("key", Text(), required=True, help="What leads hold; it stays when the status is renamed."),
        Field("name", Text(), first=True, help="What people read."),
        Field("meaning", Choice(*MEANINGS), first=True, help="Still open, qualified, or unqualified."),
        Field("criteria", LongText(), first=True, help="What has to hold; shown wherever a status is chosen."),
        Field("order", Text(), help="Where it stands among the others."),
        Field("retired", Flag(), help="Whether it is offered no more; so are the usual ones taken away."),
    ),
)

SCORE_RULE = Kind(
    name="score_rule",
    plural="score_rules",
    spoken="score rule",
    help="How many points leads get that a query finds.",
    example='tuicrm lead score add "country:de" +10',
    columns=("where", "points", "label"),
    naming=("label", "where"),
    search=("where", "label"),
    fields=(
        Field("where", Text(), required=True, first=True, help="The query, in the language of every filter."),
        Field(
            "points",
            Integer(-MOST_POINTS, MOST_POINTS, signed=True),
            required=True,
            first=True,
            help="Added to the score of each lead that fits; below zero it is taken off.",
        ),
        Field("label", Text(), first=True, help="What to call it where a score is explained."),
    ),
)
