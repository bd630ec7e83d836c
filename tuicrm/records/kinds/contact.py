"""Contacts: the people one talks to."""

from __future__ import annotations

from tuicrm.records.field import Field, Kind
from tuicrm.records.kinds.shared import COMPLETENESS
from tuicrm.records.shaped import Country
from tuicrm.records.types import Addresses, Choice, Flag, LongText, Ref, Text
from tuicrm.records.values import Day

CONTACT = Kind(
    name="contact",
    plural="contacts",
    help="A person at a customer or a prospect.",
    example='tuicrm contact add "Jane Roe" --email jane@acme.example --phone "+49 30 555 0142" --company Acme',
    columns=("name", "company", "title", "emails", "phones", "owner"),
    handles=("emails", "phones"),
    search=("name", "emails", "phones", "title", "city", "notes", "tags"),
    groups=(("address", "city", "country"),),
    fields=(
        Field("name", Text(), required=True, first=True, help="Full name."),
        Field("company", Ref("company"), first=True, useful=True, help="Where the person works."),
        Field(
            "emails",
            Addresses("e-mail"),
            label="e-mails",
            first=True,
            useful=True,
            help="E-mail addresses, the main one first.",
        ),
        Field("phones", Addresses("phone"), first=True, useful=True, help="Phone numbers, the main one first."),
        Field("title", Text(), useful=True, help="Role at the company, such as CTO."),
        Field("address", Text(), help="Street and number."),
        Field("city", Text(), help="City."),
        Field("country", Country(), help="Country, by name or code."),
        Field(
            "status",
            Choice("active", "left", "bounced", "changed", open_ended=True),
            help="Whether the person can still be reached like this: left, bounced (e-mails come back) or changed.",
        ),
        Field("last_verified", Day(), label="last verified", help="When somebody last checked these details."),
        Field("do_not_contact", Flag(), label="do not contact", help="Asked not to be contacted."),
        Field("source", Text(), help="Where the contact came from."),
        Field("notes", LongText(), help="Anything worth remembering."),
        COMPLETENESS,
    ),
)
