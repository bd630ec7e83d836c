"""Deals: what may be sold, to whom, for how much, and how far it has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.records.field import Field, Kind
from tuicrm.records.kinds.shared import COMPLETENESS
from tuicrm.records.types import Choice, Flag, Integer, LongText, Ref, Refs, Text
from tuicrm.records.values import Amount, Currency, Day, Instant, Nested, Stage, When

if TYPE_CHECKING:
    from tuicrm.records.types import Stored


class Discounts(Nested):
    """Discounts by what they are on."""

    def text(self, value: Stored) -> str:
        said = []
        for _, one in sorted(value.items()):
            held = one if isinstance(one, dict) else {}
            for name, before in (("discount", ""), ("asked", "asked for ")):
                if held.get(name):
                    said.append(f"{before}{held[name]} % ({held.get(f'{name}_reason', '')})")
        return ", ".join(dict.fromkeys(said))


STATUSES = ("open", "won", "lost")

DEAL = Kind(
    name="deal",
    plural="deals",
    help="A possible sale on its way through a pipeline.",
    example='tuicrm deal add "Acme renewal" --company Acme --value 12k --close "end of next month"',
    columns=("name", "company", "stage", "value", "currency", "expected_close", "owner"),
    naming=("name",),
    search=("name", "company", "contacts", "product", "next_step", "notes", "tags", "external_id"),
    groups=(("value", "currency"), ("pipeline", "stage")),
    listed="is:open",
    fields=(
        Field("name", Text(), first=True, help="What people call it; company and product where empty."),
        Field("company", Ref("company"), first=True, useful=True, help="Who buys."),
        Field("contacts", Refs("contact"), useful=True, help="The people involved."),
        Field("pipeline", Ref("pipeline"), help="The pipeline that it moves through."),
        Field("stage", Stage(), help="How far it has come."),
        Field("value", Amount(), first=True, useful=True, help="What it is worth, as in 12k or €12,000.50."),
        Field("currency", Currency(), help="The value's currency, an ISO code."),
        Field(
            "expected_close",
            Day(),
            label="expected close",
            short=("close",),
            useful=True,
            help="When it should be won.",
        ),
        Field("probability", Integer(0, 100, "%"), help="Chance of winning in percent; the stage's where empty."),
        Field("category", Choice("commit", "best_case", "pipeline", "omitted"), help="Forecast category."),
        Field("source", Text(), help="Where it came from."),
        Field("next_step", Text(), label="next step", help="What has to happen next."),
        Field("product", Ref("product"), help="The product sold: the short way to one line item."),
        Field("items", Nested(), help="Line items: product, quantity, price."),
        Field(
            "opened_on",
            Day(),
            label="opened",
            short=("opened",),
            help="The day it was opened; the record's where empty.",
        ),
        Field("closed_on", Day(), label="closed", short=("closed",), help="The day it was won or lost."),
        Field("lost_reason", Text(), label="lost reason", help="Why it was lost."),
        Field("notes", LongText(), help="Anything worth remembering."),
        Field(
            "discounts", Discounts(), help="Its discount as a whole, and those that wait for a yes: percent and reason."
        ),
        Field("checks", Nested(), help="The boxes of its checklist that are ticked: who ticked them, and when."),
        Field("status", Choice(*STATUSES), computed=True, help="open, won or lost: the kind of its stage."),
        Field("weighted", Amount(), computed=True, help="Value times probability."),
        Field(
            "age_days", Integer(unit="d"), label="age", short=("age",), computed=True, help="Days since it was opened."
        ),
        Field("stage_days", Integer(unit="d"), label="days in stage", computed=True, help="Days in its present stage."),
        Field("rotting", Flag(), computed=True, help="Longer without a touch than its stage allows."),
        Field("last_activity_at", Instant(), label="last activity", computed=True, help="The last entry in the log."),
        Field("next_due", When(), label="next due", computed=True, help="When its next follow-up is due."),
        Field("needs", Text(), computed=True, help="What the next stage asks for and the deal does not have."),
        COMPLETENESS,
    ),
)
