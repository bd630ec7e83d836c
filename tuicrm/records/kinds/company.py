"""Companies: the organisations that buy."""

from __future__ import annotations

from tuicrm.records.field import Field, Kind
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
        Field("domain", Text(), first=True, help="Its internet domain, as in acme.example."),
        Field("phone", Text(), help="The switchboard's number."),
        Field("industry", Text(), help="What it does."),
        Field("employees", Integer(), help="How many people work there."),
        Field("annual_revenue", Amount(), label="annual revenue", help="Yearly turnover, in the base currency."),
        Field("founded", Integer(high=2199), help="The year in which it was founded."),
        Field("address", Text(), help="Street and number."),
        Field("city", Text(), help="City."),
        Field("country", Text(), help="Country."),
        Field("territory", Text(), help="The sales territory that it belongs to."),
        Field("parent", Ref("company"), help="The company that owns this one."),
        Field("website", Text(), help="Web address."),
        Field("notes", LongText(), help="Anything worth remembering."),
    ),
)
