"""Leads: the common verbs, and erasing one for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.cli.lazy import LazyGroup, Verb
from tuicrm.cli.noun import noun
from tuicrm.records.kinds.lead import LEAD

if TYPE_CHECKING:
    import click


def build(name: str) -> LazyGroup:
    """Return the group of lead commands."""
    return noun(LEAD, {"erase": Verb("Erase a person for good.", _erase)})


def _erase() -> click.Command:
    from tuicrm.cli.erasing import erase_command

    return erase_command(LEAD)
