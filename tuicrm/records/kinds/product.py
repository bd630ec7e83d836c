"""Products: what is sold."""

from __future__ import annotations

from tuicrm.records.field import Field, Kind
from tuicrm.records.types import Flag, Text
from tuicrm.records.values import Amount, Currency

PRODUCT = Kind(
    name="product",
    plural="products",
    help="Something that is sold, with its list price.",
    example='tuicrm product add "Team plan" --price 49 --sku TP-1',
    columns=("name", "sku", "family", "price", "currency", "active"),
    handles=("sku",),
    search=("name", "sku", "family", "tags"),
    groups=(("price", "currency"),),
    fields=(
        Field("name", Text(), required=True, first=True, help="What it is called."),
        Field("sku", Text(), label="SKU", first=True, help="Article number."),
        Field("family", Text(), help="The line of products that it belongs to."),
        Field("price", Amount(), first=True, help="List price for one."),
        Field("currency", Currency(), help="The price's currency, an ISO code."),
        Field("active", Flag(), default="yes", help="Whether it is still sold."),
    ),
)
