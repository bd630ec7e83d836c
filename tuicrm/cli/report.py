"""`report`: a command for each built-in report, made from its declaration, and those that the team has defined."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from tuicrm.cli.lazy import LazyGroup, Verb, workspace_option
from tuicrm.cli.noun import noun
from tuicrm.crm.report.registry import LINES
from tuicrm.errors import UsageProblem
from tuicrm.records.kinds.report import REPORT

if TYPE_CHECKING:
    from tuicrm.cli.state import State


def build(name: str) -> LazyGroup:
    """Return the group of reports."""
    own = noun(REPORT, {"add": Verb("Define a report of the team's own.", _add_command)}, without=("edit",))
    return ReportGroup(
        "report",
        {**{name: Verb(line, partial(_built_in, name)) for name, line in LINES.items()}, **own.verbs},
        aliases=own.aliases,
        help="Figures to steer by. Without a name it lists the reports, the team's own among them, which "
        "`tuicrm report NAME` runs like the others. With --explain each says how its figures are worked out.",
        invoke_without_command=True,
        callback=click.pass_context(_start),
        params=[workspace_option(hidden=True), click.Option(["--json", "form"], flag_value="json", help="As JSON.")],
    )


class ReportGroup(LazyGroup):
    """The reports, where a name that is none of the program's may be one that the team has given."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = self.aliases.get(args[0], args[0])
        if name in self.verbs or args[0].startswith("-") or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        from tuicrm.cli.report_run import own_command

        return args[0], own_command(args[0]), args[1:]


def _built_in(name: str) -> click.Command:
    from tuicrm.cli.report_run import built_in_command

    return built_in_command(name)


def _add_command() -> click.Command:
    from tuicrm.cli.report_own import add

    return add


def _start(ctx: click.Context, form: str | None) -> None:
    """List the reports where none is named."""
    if ctx.invoked_subcommand is None:
        _list(ctx.obj, form)
    elif form:
        raise UsageProblem("--json goes behind the name of the report")


def _list(state: State, form: str | None) -> None:
    from tuicrm.crm.report.own import listing

    found = [(name, line, "") for name, line in LINES.items()]
    found += [(own.name, own.line, own.id) for own in listing(state.session)]
    if form == "json":
        from tuicrm.cli.output import give_json

        give_json(state, [{"name": name, "help": line, "id": key or None} for name, line, key in found])
        return
    from tuicrm.cli.grid import grid

    heads = ("REPORT", "WHAT IT SAYS")
    state.give(grid(heads, [row[:2] for row in found], cells=state.width, bold=state.colour)[0])
