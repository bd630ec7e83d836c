"""Activities: things that happened, typed in or noted by the program itself."""

from __future__ import annotations

from tuicrm.records.field import Field, Kind
from tuicrm.records.types import Choice, Integer, LongText, Ref, Refs, Text
from tuicrm.records.values import Instant

LOGGED = ("call", "email", "meeting", "note")
CHANGE = "change"
"""The type of the entries that the program writes when a deal's stage, value, close date or owner changes."""
TRACKED = ("stage", "value", "expected_close", "owner")
"""The deal fields whose changes are entered."""

ACTIVITY = Kind(
    name="activity",
    plural="activities",
    help="Something that happened: a call, an e-mail, a meeting, a note, or a change of a deal.",
    example='tuicrm activity log call "Wants the SOC2 report first" --with "Jane Roe" --deal "Acme renewal"',
    columns=("at", "type", "subject", "contacts", "deal", "outcome", "owner"),
    naming=("subject",),
    search=("subject", "body", "outcome", "contacts", "company", "deal", "tags"),
    by_day=True,
    fields=(
        Field("type", Choice(*LOGGED, CHANGE), required=True, first=True, help="What it was."),
        Field("subject", Text(), first=True, help="One line about it."),
        Field("body", LongText(), help="The rest of what there is to say."),
        Field("at", Instant(), help="When it happened; the time in the id where empty."),
        Field("duration", Integer(high=100_000, unit="m"), help="Minutes."),
        Field(
            "outcome",
            Choice("reached", "no_answer", "left_message", "busy", open_ended=True),
            first=True,
            help="How it went.",
        ),
        Field("contacts", Refs("contact"), help="Who took part."),
        Field("company", Ref("company"), help="The company concerned."),
        Field("deal", Ref("deal"), help="The deal concerned."),
        Field("thread", Text(), help="In e-mails: the message that began the conversation."),
        Field("field", Text(), help="In automatic entries: the field that changed."),
        Field("before", Text(), help="In automatic entries: what it held before."),
        Field("after", Text(), help="In automatic entries: what it held afterwards."),
        Field("reason", Text(), help="In automatic entries: why a deal went back, or what it went on without."),
    ),
)
