"""Quotes: what is offered in writing for a deal, as it stood when it was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.records.field import Field, Kind
from tuicrm.records.figures import Percent
from tuicrm.records.types import Choice, Integer, LongText, Ref, Text
from tuicrm.records.values import Amount, Currency, Day, Nested

if TYPE_CHECKING:
    from tuicrm.records.types import Stored

DRAFT, SENT, ACCEPTED, DECLINED = "draft", "sent", "accepted", "declined"
EXPIRED, REVISED = "expired", "revised"
STATUSES = (DRAFT, SENT, ACCEPTED, DECLINED, EXPIRED, REVISED)
"""The first four are stored; expired and revised follow from the date and from a later version."""


class Lines(Nested):
    """Line items by key, in their order."""

    def text(self, value: Stored) -> str:
        held = [(key, one) for key, one in value.items() if isinstance(one, dict)]
        held.sort(key=lambda pair: (str(pair[1].get("order", "")), pair[0]))
        return ", ".join(f"{one.get('quantity', 1)} x {one.get('name', key)}" for key, one in held)


QUOTE = Kind(
    name="quote",
    plural="quotes",
    help="What is offered in writing for a deal: items, prices and terms as they were when it was made.",
    example='tuicrm quote add "Acme renewal" --valid-until "in 30 days"',
    columns=("number", "deal", "date", "valid_until", "gross", "currency", "status"),
    naming=("number",),
    search=("number", "deal", "contact", "recipient", "tags", "external_id"),
    groups=(("status", "decided_on", "reason"),),
    fields=(
        Field("number", Text(), required=True, help="What it is called by: Q-2026-0012; a later version ends in /2."),
        Field("version", Integer(1, 9_999), computed=True, help="1 for the first; each revision is one more."),
        Field("deal", Ref("deal"), required=True, help="The deal that it is for."),
        Field("contact", Ref("contact"), first=True, help="Whom it is for; the deal's first person where not said."),
        Field("recipient", LongText(), help="Name and address as they are printed."),
        Field("date", Day(), first=True, help="The day on it; today where not said."),
        Field("valid_until", Day(), label="valid until", short=("valid",), first=True, help="The last day of it."),
        Field("currency", Currency(), computed=True, help="The currency of all prices, the deal's."),
        Field("items", Lines(), help="By key: product, name, quantity, price, discount, discount_reason, tax, order."),
        Field("tax_rate", Percent(), label="tax rate", help="Tax on items that name none of their own, in percent."),
        Field("terms", LongText(), first=True, help="What else holds: delivery, payment."),
        Field("replaces", Ref("quote"), computed=True, help="The version before this one."),
        Field("sent_on", Day(), label="sent", computed=True, help="The day on which it was sent."),
        Field("decided_on", Day(), label="decided", computed=True, help="The day it was accepted or declined."),
        Field("reason", Text(), computed=True, help="Why it was declined."),
        Field("status", Choice(*STATUSES), computed=True, help="How it stands; expired and revised by themselves."),
        Field("net", Amount(), computed=True, help="What the items come to, discounts taken off."),
        Field("tax", Amount(), computed=True, help="The tax on that."),
        Field("gross", Amount(), computed=True, help="What is to be paid."),
    ),
)
