"""Command options made from the declaration of a record kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tuicrm.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tuicrm.records.field import Field, Kind

TAKEN = "take_"
SET = "set_"
_METAVARS = {
    "money": "AMOUNT",
    "date": "DATE",
    "date or time": "WHEN",
    "time": "WHEN",
    "repeat rule": "RULE",
    "number": "NUMBER",
    "currency": "CODE",
    "stage": "STAGE",
    "words": "WORD",
    "e-mail": "ADDRESS",
    "e-mails": "ADDRESS",
    "phones": "NUMBER",
    "lead status": "STATUS",
    "percent": "PERCENT",
}


def typed_fields(kind: Kind) -> list[Field]:
    """Return the fields that one option each fills in; maps of maps have commands of their own."""
    return [field for field in kind.writable if not field.custom and field.type.name != "map"]


def field_options(kind: Kind, *, removing: bool) -> list[click.Parameter]:
    """Return an option per field, `--un…` for those that hold several values, and `--set` for the team's own."""
    made: list[click.Parameter] = []
    for field in typed_fields(kind):
        flags = [f"--{field.option}", *[f"--{short}" for short in field.short], field.name]
        many = field.type.many
        text = field.help + (" May be repeated." if many else "")
        made.append(click.Option(flags, multiple=many, help=text, metavar=_metavar(field)))
        if many and removing:
            made.append(
                click.Option(
                    [f"--un{field.option}", f"{TAKEN}{field.name}"],
                    multiple=True,
                    help=f"Take one away from the {field.title}.",
                    metavar=_metavar(field),
                )
            )
    made.append(
        click.Option(["--set", SET], multiple=True, metavar="NAME=VALUE", help="Fill in a field that the team added.")
    )
    return made


def _metavar(field: Field) -> str:
    kind = field.type
    if kind.name == "choice" and len("|".join(kind.choices)) <= 40:
        return "|".join(kind.choices)
    if kind.name == "yes/no":
        return "yes|no"
    if kind.refers and kind.name != "stage":
        return kind.refers.upper()
    return _METAVARS.get(kind.name, "TEXT")


def typed_values(kind: Kind, values: Mapping[str, Any]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return what was typed and what is to be taken away, by field, from the values of `field_options`."""
    typed: dict[str, list[str]] = {}
    removed: dict[str, list[str]] = {}
    for field in typed_fields(kind):
        value = values.get(field.name)
        if field.type.many:
            if value:
                typed[field.name] = list(value)
            if values.get(TAKEN + field.name):
                removed[field.name] = list(values[TAKEN + field.name])
        elif value is not None:
            typed[field.name] = [value]
    for name, text in _assignments(values.get(SET) or ()):
        typed.setdefault(name, []).append(text)
    return typed, removed


def _assignments(texts: Sequence[str]) -> list[tuple[str, str]]:
    found = []
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise UsageProblem(f"--set takes NAME=VALUE, not {text!r}")
        found.append((name.strip().replace("-", "_"), value))
    return found


def refs_argument(*, required: bool = True) -> click.Argument:
    """Return the argument that names one or more records."""
    return click.Argument(["refs"], nargs=-1, required=required, metavar="REF..." if required else "[REF]...")
