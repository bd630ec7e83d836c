"""Templates: e-mails that are written again and again, with the fields that each of them fills in."""

from __future__ import annotations

from tuicrm.records.field import Field, Kind
from tuicrm.records.types import Choice, LongText, Text

LETTERED = ("contact", "lead", "deal", "company")
"""The kinds of records that a template can be filled from."""

TEMPLATE = Kind(
    name="template",
    plural="templates",
    help="An e-mail to write again and again: {field} is looked up in the record that it is filled from.",
    example='tuicrm template add Intro --subject "Hello {first_name}" --body-file intro.txt',
    columns=("name", "of", "subject", "owner"),
    search=("name", "subject", "body", "tags"),
    fields=(
        Field("name", Text(), required=True, first=True, help="What to call it by."),
        Field(
            "of", Choice(*LETTERED), required=True, default="contact", help="The kind of record that it is filled from."
        ),
        Field("subject", Text(), first=True, help="The subject, with fields as in {first_name}."),
        Field("body", LongText(), first=True, help="The text, with fields as in {company.name} or {first_name|there}."),
    ),
)
