"""The commands that every kind of record has: one factory, from the declaration of the kind."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tuicrm.cli.lazy import LazyGroup, Verb
from tuicrm.records.merged import MERGEABLE
from tuicrm.records.registry import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import click

    from tuicrm.records.field import Kind

ALIASES = {"create": "add", "new": "add", "ls": "list", "view": "show", "delete": "rm", "remove": "rm"}


def build(name: str) -> LazyGroup:
    """Return the group of a kind that has no commands beyond the common ones."""
    return noun(KINDS[name])


def noun(
    kind: Kind,
    extra: Mapping[str, Verb] | None = None,
    *,
    aliases: Mapping[str, str] | None = None,
    without: tuple[str, ...] = (),
) -> LazyGroup:
    """Return add, list, show, edit, rm and restore for a kind, with its `extra` verbs behind them."""
    verbs = {
        name: verb for name, verb in {**_common(kind), **_merging(kind), **(extra or {})}.items() if name not in without
    }
    known = {alias: name for alias, name in {**ALIASES, **(aliases or {})}.items() if name in verbs}
    return LazyGroup(kind.name, verbs, aliases=known, help=kind.help)


def _merging(kind: Kind) -> dict[str, Verb]:
    if kind.name not in MERGEABLE:
        return {}
    return {"merge": Verb(f"Make one {kind.one} of two that are the same.", partial(_merge, kind))}


def _merge(kind: Kind) -> click.Command:
    from tuicrm.cli.merge import merge_command

    return merge_command(kind)


def _common(kind: Kind) -> dict[str, Verb]:
    said = kind.name if kind.name != "followup" else "follow-up"
    every = kind.plural if kind.name != "followup" else "follow-ups"
    return {
        "add": Verb(f"Add a {said}.", partial(_write, "add", kind)),
        "list": Verb(f"List {every}.", partial(_read, "list", kind)),
        "show": Verb(f"Show one {said} or several.", partial(_read, "show", kind)),
        "edit": Verb(f"Change {every}.", partial(_write, "edit", kind)),
        "rm": Verb(f"Remove {every}; restore brings them back.", partial(_write, "rm", kind)),
        "restore": Verb(f"Bring back removed {every}.", partial(_write, "restore", kind)),
    }


def _read(verb: str, kind: Kind) -> click.Command:
    from tuicrm.cli import noun_read

    return noun_read.list_command(kind) if verb == "list" else noun_read.show_command(kind)


def _write(verb: str, kind: Kind) -> click.Command:
    from tuicrm.cli import noun_write

    makers = {
        "add": noun_write.add_command,
        "edit": noun_write.edit_command,
        "rm": noun_write.rm_command,
        "restore": noun_write.restore_command,
    }
    return makers[verb](kind)
