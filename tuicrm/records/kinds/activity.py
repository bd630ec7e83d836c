"""Activities: things that happened, typed in or noted by the program itself."""

from __future__ import annotations

from tuicrm.records.field import Field, Kind
from tuicrm.records.types import Choice, Integer, LongText, Ref, Refs, Text
from tuicrm.records.values import Instant

LOGGED = ("call", "email", "meeting", "note")
TOUCH = "touch"
"""The type of what brought somebody here, or back: a campaign, an event, a referral, a page, a form."""
CHANGE = "change"
"""The type of the entries that the program writes when a deal's stage, value, close date or owner changes."""
RULE = "rule"
"""The type of the entries that say what a rule did."""
AUTOMATIC = (CHANGE, RULE)
"""The types of all entries that the program writes: nobody edits them."""
SILENT = (TOUCH, *AUTOMATIC)
"""Types of entries of which nobody spoke with anybody. A tuple, as a damaged record may hold anything as its type."""
TOUCHES = ("campaign", "event", "referral", "page", "form", "email")
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
        Field("type", Choice(*LOGGED, TOUCH, CHANGE, RULE), required=True, first=True, help="What it was."),
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
        Field("lead", Ref("lead"), help="The lead concerned."),
        Field("touch", Choice(*TOUCHES, open_ended=True), help="Of touches: what sort of touch it was."),
        Field("source", Text(), help="Of touches: what gets the credit, as the report sources names it."),
        Field("campaign", Text(), help="Of touches: the campaign behind it."),
        Field("page", Text(), help="Of touches: the address of the page."),
        Field("thread", Text(), help="In e-mails: the message that began the conversation."),
        Field("field", Text(), help="In automatic entries: the field that changed; or the rule that ran."),
        Field("before", Text(), help="In automatic entries: what it held before; or the record that the rule ran for."),
        Field("after", Text(), help="In automatic entries: what it held afterwards; or the user whom the rule chose."),
        Field("reason", Text(), help="In automatic entries: why a deal went back, or what it went on without."),
    ),
)
