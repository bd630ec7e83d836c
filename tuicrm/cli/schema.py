"""`schema`: what the JSON of a kind of record looks like, as JSON Schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tuicrm.cli.lazy import command
from tuicrm.records.registry import KINDS, kind_named

if TYPE_CHECKING:
    from tuicrm.cli.state import State
    from tuicrm.records.field import Field, Kind

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def build(name: str) -> click.Command:
    """Return `schema`."""
    return schema


@command(
    "schema",
    help="Print the JSON Schema of a kind of record, with the team's own fields; of all kinds without a name.",
    examples=["tuicrm schema deal"],
)
@click.argument("kind", required=False, metavar="[KIND]")
@click.option("--json", "form", flag_value="json", expose_value=False, help="Always so; taken for uniformity.")
def schema(state: State, *, kind: str | None) -> None:
    """Print one schema, or all."""
    from tuicrm.cli.output import give_json

    names = [kind_named(kind).name] if kind else list(KINDS)
    found = {name: schema_of(_with_custom(state, name)) for name in names}
    give_json(state, found[names[0]] if kind else {"$schema": DRAFT, "$defs": found})


def _with_custom(state: State, name: str) -> Kind:
    """Return a kind as the workspace knows it; as declared where there is no workspace."""
    from tuicrm.errors import NotFound

    try:
        return state.session.kind(name)
    except NotFound:
        if state.workspace:
            raise
        return KINDS[name]


def schema_of(kind: Kind) -> dict[str, Any]:
    """Return the schema of one record as `show --json` prints it."""
    properties: dict[str, Any] = {"id": {"type": "string", "pattern": "^[0-9A-HJKMNP-TV-Z]{26}$"}}
    for field in kind.all_fields:
        properties[field.name] = _property(field)
        if field.type.refers:
            texts = {"type": "array", "items": {"type": "string"}} if field.type.many else {"type": ["string", "null"]}
            properties[f"{field.name}_name"] = {**texts, "readOnly": True}
    return {
        "$schema": DRAFT,
        "title": kind.name,
        "description": kind.help,
        "type": "object",
        "properties": properties,
        "required": ["id", *[field.name for field in kind.fields if field.required]],
    }


def _property(field: Field) -> dict[str, Any]:
    found = {"title": field.title, "description": field.help, **field.type.schema()}
    if not field.required and isinstance(found.get("type"), str) and found["type"] != "array":
        found["type"] = [found["type"], "null"]
        if "enum" in found:
            found["enum"] = [*found["enum"], None]
    if field.computed:
        found["readOnly"] = True
    return found
