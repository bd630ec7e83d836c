"""Companies: the organisations that buy."""

from __future__ import annotations

from tuicrm.records.field import Field, Kind
from tuicrm.records.kinds.shared import COMPLETENESS
from tuicrm.records.shaped import Country, Domain, Phone, TaxNumber, WebAddress
from tuicrm.records.types import Integer, LongText, Ref, Text
from tuicrm.records.values import Amount

COMPANY = Kind(
    name="company",
    plural="companies",
    help="An organisation that buys, or may buy.",
    example='tuicrm company add "Acme GmbH" --domain acme.example --city Berlin',
    columns=("name", "industry", "city", "country", "employees", "owner"),
    handles=("domain",),
    search=("name", "domain", "city", "country", "industry", "notes", "tags"),
    groups=(("address", "city", "country"),),
    fields=(
        Field("name", Text(), required=True, first=True, help="What people call it."),
        Field("domain", Domain(), first=True, useful=True, help="Its internet domain, as in acme.example."),
        Field("phone", Phone(), useful=True, help="The switchboard's number."),
        Field("industry", Text(), useful=True, help="What it does."),
        Field("employees", Integer(), help="How many people work there."),
        Field("annual_revenue", Amount(), label="annual revenue", help="Yearly turnover, in the base currency."),
        Field("founded", Integer(high=2199), help="The year in which it was founded."),
        Field("address", Text(), help="Street and number."),
        Field("city", Text(), useful=True, help="City."),
        Field("country", Country(), useful=True, help="Country, by name or code."),
        Field("territory", Text(), help="The sales territory that it belongs to."),
        Field("parent", Ref("company"), help="The company that owns this one."),
        Field("website", WebAddress(), help="Web address."),
        Field("tax_number", TaxNumber(), label="tax number", help="VAT or other tax number, as in DE136695976."),
        Field("notes", LongText(), help="Anything worth remembering."),
        COMPLETENESS,
    ),
)
