"""Answers: what customers ask again and again, and what is said to it."""

from __future__ import annotations

from tuicrm.records.field import Field, Kind
from tuicrm.records.types import Integer, LongText, Text
from tuicrm.records.values import Nested

ANSWER = Kind(
    name="answer",
    plural="answers",
    help="A question that customers ask, and what is said to it; one without an answer waits for one.",
    example='tuicrm answer add "Is there a SOC2 report?" --answer "Yes, type II, on request." --tag security',
    columns=("question", "answer", "used", "tags", "owner"),
    naming=("question",),
    search=("question", "answer", "tags"),
    fields=(
        Field("question", Text(), required=True, first=True, help="The question, as customers ask it."),
        Field("answer", LongText(), first=True, help="What is said to it."),
        Field("uses", Nested(), help="How often each user took it: by the user's id, a count."),
        Field("used", Integer(), computed=True, help="How often it was taken, by everybody."),
    ),
)
