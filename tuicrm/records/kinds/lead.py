"""Leads: people or companies that nobody has qualified yet."""

from __future__ import annotations

from tuicrm.records.field import Field, Kind
from tuicrm.records.kinds.shared import COMPLETENESS
from tuicrm.records.types import Addresses, Choice, Integer, LongText, Text

LEAD = Kind(
    name="lead",
    plural="leads",
    help="A person or a company not yet qualified.",
    example='tuicrm lead add "Jane Roe" --company-name Acme --email jane@acme.example --source website',
    columns=("name", "company_name", "emails", "phones", "status", "score", "owner"),
    handles=("emails", "phones"),
    search=("name", "company_name", "emails", "phones", "notes", "tags"),
    fields=(
        Field("name", Text(), required=True, first=True, help="Full name of the person, or the company's name."),
        Field(
            "company_name",
            Text(),
            label="company name",
            first=True,
            useful=True,
            help="Where the person works, as they say it.",
        ),
        Field(
            "emails",
            Addresses("e-mail"),
            label="e-mails",
            first=True,
            useful=True,
            help="E-mail addresses, the main one first.",
        ),
        Field("phones", Addresses("phone"), first=True, useful=True, help="Phone numbers, the main one first."),
        Field("source", Text(), useful=True, help="Where the lead came from."),
        Field(
            "status",
            Choice("new", "contacted", "qualified", "unqualified", open_ended=True),
            default="new",
            help="How far it is.",
        ),
        Field("score", Integer(high=1000), help="How promising it is, the higher the better."),
        Field("notes", LongText(), help="Anything worth remembering."),
        COMPLETENESS,
    ),
)
