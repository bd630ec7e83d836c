"""Commands that run a report: their options from its declaration, and what they print."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from tuicrm.cli.lazy import Command
from tuicrm.crm.report.registry import report_named
from tuicrm.records.registry import KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.cli.state import State
    from tuicrm.crm.report.declared import Ask, Report, Result

FORMATS = ("table", "json", "csv", "tsv")
WHOLE = "*"
"""What `--records` holds where no row is named."""


def built_in_command(name: str) -> Command:
    """Return the command of a built-in report."""
    report = report_named(name)
    return Command(
        name,
        help=f"{report.help} {report.counts}",
        callback=click.pass_obj(partial(_run, name)),
        params=_options(report),
        examples=[f"tuicrm report {name} {report.example}".rstrip(), f"tuicrm report {name} --explain"],
        json_names=partial(_json_names, report),
    )


def own_command(name: str) -> Command:
    """Return the command of a report that the team has defined, which is looked up when it runs."""
    from tuicrm.crm.report.own import SHAPE

    return Command(
        name,
        help="Run a report that the team has defined.",
        callback=click.pass_obj(partial(_run_own, name)),
        params=_options(SHAPE),
        examples=['tuicrm report "Won by rep" --period "this year"'],
        json_names=partial(_json_names, SHAPE),
    )


def _json_names(report: Report) -> list[str]:
    from tuicrm.crm.report.render import NAMES

    columns = [one.name for part in (report, *report.sections) for one in part.columns]
    return list(dict.fromkeys([*NAMES, *columns]))


def _options(report: Report) -> list[click.Parameter]:
    """Return the options that every report takes, with those of its own before them."""
    own: list[click.Parameter] = [
        click.Option([f"--{one.name}"], metavar=one.metavar, default=one.default, help=one.help, show_default=True)
        for one in report.choices
    ]
    asked = "deals" if report.subject in ("deal", "company") else "records"
    many = KINDS[report.kind].many
    rows = f"As {', '.join(report.within)}" if report.within else "As owner, team, stage, source, industry, month"
    return [
        *own,
        click.Option(["--by"], metavar="FIELD", default="", help=f"What the rows are. {rows}; {report.by} if absent."),
        click.Option(
            ["--period"], metavar="PERIOD", default="", help=f"As 2026-Q3 or last 90 days; {report.period} if absent."
        ),
        click.Option(
            ["--where"], metavar="QUERY", default="", help=f"Only {asked} that a query fits, as they are now."
        ),
        click.Option(["--owner"], metavar="WHO", default="", help="me, a user, or the name of a team."),
        click.Option(["--team"], metavar="NAME", default="", help="Only what belongs to people of this team."),
        click.Option(["--no-compare", "alone"], is_flag=True, help="Leave out the period before."),
        click.Option(
            ["--records", "row"],
            metavar="[ROW]",
            is_flag=False,
            flag_value=WHOLE,
            help=f"The records ({many}) behind a row or, without one, behind all of it; in JSON their ids.",
        ),
        click.Option(["--plot"], is_flag=True, help="Draw a chart, too."),
        click.Option(["--explain"], is_flag=True, help="Say how each figure is worked out, instead of the figures."),
        click.Option(["--format", "form"], type=click.Choice(FORMATS), help="How to print it."),
        click.Option(["--json", "form"], flag_value="json", help="Short for --format json."),
    ]


def _run(name: str, state: State, *, explain: bool, **typed: Any) -> None:
    report = report_named(name)
    if explain:
        _explain(state, report, typed["form"])
        return
    from tuicrm.crm.report.tabulate import compute

    _give(state, compute(state.session, _ask(report, typed), report), typed)


def _run_own(name: str, state: State, *, explain: bool, **typed: Any) -> None:
    from tuicrm.crm.report import own
    from tuicrm.crm.report.ownrun import declared

    report = declared(state.session, own.find(state.session, name))
    if explain:
        _explain(state, report, typed["form"])
        return
    from tuicrm.crm.report.tabulate import compute

    _give(state, compute(state.session, _ask(report, typed), report), typed)


def _ask(report: Report, typed: dict[str, Any]) -> Ask:
    from tuicrm.crm.report.declared import Ask

    return Ask(
        where=typed["where"],
        owner=typed["owner"],
        team=typed["team"],
        by=typed["by"],
        period=typed["period"],
        compare=not typed["alone"],
        choices={one.name: typed[one.name] for one in report.choices},
    )


def _give(state: State, found: Result, typed: dict[str, Any]) -> None:
    from tuicrm.crm.report import render

    form, row = typed["form"], typed["row"]
    if row is not None and row != WHOLE:
        found = render.only(found, row)
    if form == "json":
        from tuicrm.cli.output import give_json

        give_json(state, render.facts(found, ids=row is not None))
    elif row is not None:
        _give_records(state, found, form)
    elif form in ("csv", "tsv"):
        from tuicrm.cli.sheet import sheet

        heads, lines = render.sheet(found)
        numeric = set(range(2, len(heads)))
        state.give(sheet(heads, lines, delimiter="\t" if form == "tsv" else ",", numeric=numeric))
    else:
        from tuicrm.cli.report_page import page

        drawn = typed["plot"] or (found.report == "dashboard" and state.on_terminal)
        state.give(page(found, cells=state.width, plot=drawn, bold=state.colour))


def _give_records(state: State, found: Result, form: str | None) -> None:
    """Print the records behind a result, as `list` does."""
    from tuicrm.cli.output import give_list

    session = state.session
    held = session.ws.all(found.kind)
    records = [held[key] for key in found.total.ids if key in held]
    give_list(state, session.kind(found.kind), records, form)


def _explain(state: State, report: Report, form: str | None) -> None:
    from tuicrm.crm.report import render

    parts: Sequence[Report] = (report, *report.sections)
    if form == "json":
        from tuicrm.cli.output import give_json

        give_json(state, [render.definitions(one) for one in parts])
        return
    from tuicrm.cli.report_page import definitions_page

    state.give(definitions_page(parts, cells=state.width))
