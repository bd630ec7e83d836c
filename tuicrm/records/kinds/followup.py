"""Follow-ups: things to do, with the day or the time they are due."""

from __future__ import annotations

from tuicrm.records.field import Field, Kind
from tuicrm.records.types import Choice, Ref, Refs, Text
from tuicrm.records.values import Instant, Repeat, When

FOLLOWUP = Kind(
    name="followup",
    plural="followups",
    spoken="follow-up",
    help="Something to do: a task or a reminder.",
    example='tuicrm followup add "Send the revised quote" --due "tomorrow 10am" --deal "Acme renewal"',
    columns=("due", "subject", "contacts", "deal", "priority", "owner"),
    naming=("subject",),
    search=("subject", "tags"),
    aliases=("task",),
    listed="is:undone",
    fields=(
        Field("subject", Text(), required=True, first=True, help="What to do."),
        Field("due", When(), first=True, help="A day, or a time in words: tomorrow 10am."),
        Field("repeat", Repeat(), help="How often it comes back: every 2 weeks."),
        Field("priority", Choice("low", "normal", "high"), help="How much it matters."),
        Field("contacts", Refs("contact"), help="The people concerned."),
        Field("company", Ref("company"), help="The company concerned."),
        Field("deal", Ref("deal"), first=True, help="The deal concerned."),
        Field("lead", Ref("lead"), help="The lead concerned."),
        Field("done_at", Instant(), label="done", short=("done",), help="When it was done."),
        Field("snoozed_until", When(), label="snoozed until", help="Out of sight until then."),
    ),
)
