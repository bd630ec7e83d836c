"""Territories: which companies, leads and deals are whose."""

from __future__ import annotations

from tuicrm.records.field import Field, Kind
from tuicrm.records.types import Integer, Refs, Text

TERRITORY = Kind(
    name="territory",
    plural="territories",
    help="Whose companies, leads and deals are: the first territory that a record fits decides.",
    example='tuicrm territory add "Retail Germany" --if "country:de industry:retail" --rep ann --rep bob',
    columns=("order", "name", "condition", "companies", "reps"),
    search=("name", "tags"),
    fields=(
        Field("name", Text(), required=True, first=True, help="What to call it by."),
        Field(
            "order",
            Integer(0, 1_000_000),
            first=True,
            help="Territories are asked from the lowest number on; last if absent.",
        ),
        Field(
            "condition",
            Text(),
            short=("if",),
            first=True,
            help="The query that a company or a lead must fit; any if there is none.",
        ),
        Field(
            "companies", Refs("company"), first=True, help="Companies that belong to it whatever the condition says."
        ),
        Field(
            "reps",
            Refs("user"),
            first=True,
            help="Who works there; of several, whoever has least open gets what comes in.",
        ),
    ),
)
