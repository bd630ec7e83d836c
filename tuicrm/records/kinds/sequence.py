"""Sequences: steps over days that are taken with a person, one after the other, and who is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.records.field import Field, Kind
from tuicrm.records.types import Ref, Text
from tuicrm.records.values import Instant, Nested

if TYPE_CHECKING:
    from tuicrm.records.types import Stored


class Steps(Nested):
    """Steps by key."""

    def text(self, value: Stored) -> str:
        held = [one for one in value.values() if isinstance(one, dict) and type(one.get("day")) is int]
        days = sorted((one["day"], str(one.get("order")), str(one.get("what"))) for one in held)
        return ", ".join(f"{day} {what}" for day, _, what in days)


SEQUENCE = Kind(
    name="sequence",
    plural="sequences",
    help="Steps over days that are taken with a lead or a contact: call, e-mail, wait, to-do.",
    example='tuicrm sequence add Outbound --step "0 email Intro" --step "3 call Any questions?" --step "10 wait"',
    columns=("name", "steps", "owner"),
    search=("name", "tags"),
    fields=(
        Field("name", Text(), required=True, first=True, help="What to call it by."),
        Field("steps", Steps(), help="By key: day, what (call, email, wait, todo), text, template, order."),
    ),
)

ENROLMENT = Kind(
    name="enrolment",
    plural="enrolments",
    help="A lead or a contact in a sequence.",
    columns=("sequence", "contact", "lead", "started_at", "ended_at", "reason", "owner"),
    naming=("reason",),
    search=("reason",),
    groups=(("ended_at", "reason"),),
    fields=(
        Field("sequence", Ref("sequence"), required=True, help="The sequence."),
        Field("contact", Ref("contact"), help="The contact who is in it."),
        Field("lead", Ref("lead"), help="The lead who is in it."),
        Field("started_at", Instant(), label="started", help="When it was started."),
        Field("ended_at", Instant(), label="ended", help="When it was stopped, or was through."),
        Field("reason", Text(), help="Why it ended."),
    ),
)
