"""Leads: people or companies that nobody has qualified yet."""

from __future__ import annotations

from tuicrm.records.field import Field, Kind
from tuicrm.records.kinds.shared import COMPLETENESS
from tuicrm.records.shaped import Country
from tuicrm.records.status import StatusChoice
from tuicrm.records.types import Addresses, Integer, LongText, Ref, Text
from tuicrm.records.values import Instant, When

LEAD = Kind(
    name="lead",
    plural="leads",
    help="A person or a company not yet qualified.",
    example='tuicrm lead add "Jane Roe" --company-name Acme --email jane@acme.example --source website',
    columns=("name", "company_name", "emails", "phones", "status", "score", "owner"),
    handles=("emails", "phones"),
    search=("name", "company_name", "emails", "phones", "notes", "tags"),
    groups=(("status", "reason"), ("converted_at", "contact", "company", "deal")),
    listed="is:open",
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
            StatusChoice(),
            default="new",
            help="How far it is: `tuicrm lead status list` says what counts as what.",
        ),
        Field(
            "score",
            Integer(-1000, 1000, signed=True),
            help="How promising it is, the higher the better: what the team's rules add up to, unless one is given.",
        ),
        Field("title", Text(), help="Role at the company, such as CTO."),
        Field("country", Country(), help="Country, by name or code."),
        Field("industry", Text(), help="What the company does."),
        Field("employees", Integer(), help="How many people work there."),
        Field("notes", LongText(), help="Anything worth remembering."),
        Field("reason", Text(), help="Why it was disqualified."),
        Field("snoozed_until", When(), label="snoozed until", help="Not now: out of the triage list until then."),
        Field("converted_at", Instant(), label="converted", short=("converted",), help="When it became a customer."),
        Field("contact", Ref("contact"), help="The contact that it became."),
        Field("company", Ref("company"), help="The company that it belongs to."),
        Field("deal", Ref("deal"), help="The deal that it became."),
        COMPLETENESS,
    ),
)
