"""What a team keeps beside its customers: pipelines, saved views, settings, fields of its own."""

from __future__ import annotations

from tuicrm.records.field import Field, Kind
from tuicrm.records.types import Choice, Flag, Tags, Text
from tuicrm.records.values import Nested

STAGE_KINDS = ("open", "won", "lost")

PIPELINE = Kind(
    name="pipeline",
    plural="pipelines",
    help="The ordered stages that deals move through.",
    example='tuicrm pipeline add Renewals --stage "Due 20%" --stage "Offer 60%"',
    columns=("name", "stages"),
    fields=(
        Field("name", Text(), required=True, first=True, help="What the team calls it."),
        Field(
            "stages",
            Nested(),
            help="By key: name, kind, probability, rotting_days, requires, activities, checks, order.",
        ),
        Field("back_reasons", Nested(), label="reasons for going back", help="Why deals go back; asked for where any."),
        Field("gone", Nested(), label="removed stages", help="By key: name, and the stage its deals went to."),
    ),
)

VIEW = Kind(
    name="view",
    plural="views",
    help="A saved filter with its order and columns, shared with the team.",
    example='tuicrm view add "Big ones" --of deal --where "value>50k owner:me"',
    columns=("name", "of", "where", "sort", "owner"),
    fields=(
        Field("name", Text(), required=True, first=True, help="What to call it by."),
        Field("of", Text(), required=True, help="The kind of records that it lists."),
        Field("where", Text(), help="The query."),
        Field("sort", Text(), help="The field to order by; a leading minus reverses."),
        Field("columns", Text(), help="The columns to show, with commas."),
        Field("screen", Text(), help="How the TUI arranges it, in its own words: order, groups, columns."),
    ),
)

SETTING = Kind(
    name="setting",
    plural="settings",
    help="One setting of the workspace.",
    columns=("key", "value"),
    naming=("key",),
    search=("key",),
    fields=(
        Field("key", Text(), required=True, help="The setting's name."),
        Field("value", Text(), help="Its value."),
    ),
)

MAPPING = Kind(
    name="mapping",
    plural="mappings",
    help="How the files of one origin are imported: which column fills which field.",
    example="tuicrm import people.csv --map Firm=company.name --save-mapping fair",
    columns=("name", "of", "match", "owner"),
    fields=(
        Field("name", Text(), required=True, first=True, help="What to call it by."),
        Field("of", Text(), required=True, help="The kind of records that the rows are."),
        Field("maps", Nested(), help="Column to field."),
        Field("values", Nested(), help="A field and a value in the file, with a colon between, to what it becomes."),
        Field("match", Text(), help="The fields, with commas, that tell which record a row is."),
        Field("options", Nested(), help="Date order, separator and the like, as the command names them."),
    ),
)

CUSTOM_TYPES = ("text", "long_text", "number", "money", "date", "time", "yes_no", "choice", "words")

CUSTOM_FIELD = Kind(
    name="field",
    plural="fields",
    help="A field that the team added to a kind of record.",
    example="tuicrm field add region --of deal --type choice --choice emea --choice apac",
    columns=("name", "of", "type", "label", "choices", "required"),
    search=("name", "of"),
    fields=(
        Field("name", Text(), required=True, first=True, help="Lower-case letters, digits and underscores."),
        Field("of", Text(), required=True, first=True, help="The kind of records that have it."),
        Field("type", Choice(*CUSTOM_TYPES), first=True, default="text", help="What it holds."),
        Field("label", Text(), help="What people read."),
        Field("explains", Text(), help="What it means, shown as help."),
        Field("choices", Tags(), help="The words to choose from."),
        Field("required", Flag(), help="Whether a record needs it."),
    ),
)
