"""`merge`: two records of a kind that are one thing become one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from tuicrm.cli.lazy import Command
from tuicrm.cli.outcome import carry_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.cli.state import State
    from tuicrm.records.field import Kind

_EXAMPLES = {
    "company": '"Acme GmbH" "ACME Ltd." --take phone=B',
    "contact": "jane@acme.example 7KQ2 --take title=B",
    "lead": "7KQ2 M4TX",
    "deal": '"Acme renewal" M4TX --take value=B',
}


def merge_command(kind: Kind) -> Command:
    """Return the command that merges two records."""
    from tuicrm.cli.noun_read import json_names

    return Command(
        "merge",
        help=f"Make one {kind.one} of two. A stays, everything that names B leads to A, and one undo takes it back. A "
        "keeps its values and gets those that only B has; tags, e-mails, phones and notes are kept of both.",
        callback=click.pass_obj(partial(_merge, kind.name)),
        params=[
            click.Argument(["first"], metavar="A"),
            click.Argument(["second"], metavar="B"),
            take_option(),
            click.Option(["--json", "form"], flag_value="json", help="Print the record as JSON instead of its id."),
        ],
        examples=[f"tuicrm {kind.name} merge {_EXAMPLES[kind.name]}"],
        json_names=partial(json_names, kind),
    )


def take_option() -> click.Option:
    """Return `--take`."""
    words = "Whose value a field gets: A or B, or both for tags, e-mails, phones and notes. Several times."
    return click.Option(["--take"], multiple=True, metavar="FIELD=A|B", help=words)


def chosen(take: Sequence[str]) -> dict[str, str]:
    """Return field -> whose value, of `--take`."""
    from tuicrm.errors import UsageProblem

    found = {}
    for one in take:
        name, equals, whose = one.partition("=")
        if not equals:
            raise UsageProblem(f"--take {one!r} does not say whose value: write --take {name or 'phone'}=B")
        found[name] = whose
    return found


def _merge(kind: str, state: State, *, first: str, second: str, take: Sequence[str], form: str | None) -> None:
    from tuicrm.crm.merging import find_pair, merge

    keep, gone = find_pair(state.session, kind, first, second)
    carry_out(state, merge(state.session, kind, keep, gone, chosen(take)), kind, form)
