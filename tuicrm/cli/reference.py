"""Renders docs/commands.md from the command tree, docs/records.md from the kinds, docs/metrics.md from the reports.

`python -m tuicrm.cli.reference docs/commands.md docs/records.md docs/metrics.md` writes them; `--check` only compares.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from tuicrm.cli.lazy import Command, LazyGroup
from tuicrm.cli.root import build_root
from tuicrm.cli.table import INTRO, SECTIONS
from tuicrm.crm.report.declared import NOW
from tuicrm.crm.report.registry import reports
from tuicrm.records.registry import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tuicrm.crm.report.declared import Report
    from tuicrm.records.field import Field, Kind

TOP = "<!-- Made by `python -m tuicrm.cli.reference`; edit the declarations instead. -->\n"
SUBJECTS = {"stage": "stage of the pipeline"}


def walk() -> Iterator[tuple[click.Context, click.Command]]:
    """Yield every command with its context, groups before what is in them."""
    root = build_root()
    ctx = click.Context(root, info_name="tuicrm")
    for name in root.list_commands(ctx):
        yield from _walk(root.get_command(ctx, name), name, ctx)


def _walk(
    command: click.Command | None, name: str, parent: click.Context
) -> Iterator[tuple[click.Context, click.Command]]:
    assert command is not None, f"{name} is listed but cannot be built"
    ctx = click.Context(command, info_name=name, parent=parent)
    yield ctx, command
    if isinstance(command, LazyGroup):
        for inner in command.list_commands(ctx):
            yield from _walk(command.get_command(ctx, inner), inner, ctx)


def commands_page() -> str:
    """Return docs/commands.md."""
    by_name: dict[str, list[tuple[click.Context, click.Command]]] = {}
    for ctx, command in walk():
        by_name.setdefault(ctx.command_path.split()[1], []).append((ctx, command))
    parts = [
        f"# Commands\n\n{TOP}\n{INTRO} `tuicrm help exit-codes`, `help query` and `help dates` explain the rest.\n"
    ]
    for title, rows in SECTIONS:
        parts.append(f"\n## {title}\n")
        for name, _, _ in rows:
            parts += [_command_part(ctx, command) for ctx, command in by_name[name]]
    return "".join(parts)


def _command_part(ctx: click.Context, command: click.Command) -> str:
    if isinstance(command, LazyGroup):
        verbs = ", ".join(f"`{name}`" for name in command.verbs)
        also = ", ".join(f"`{alias}` = `{name}`" for alias, name in command.aliases.items())
        return f"\n### {ctx.command_path}\n\n{command.help} Verbs: {verbs}.{f' Also: {also}.' if also else ''}\n"
    usage = " ".join([ctx.command_path, *command.collect_usage_pieces(ctx)])
    level = "#" * (len(ctx.command_path.split()) + 1)
    lines = [f"\n{level} {ctx.command_path}\n\n{command.help}\n\n```\n{usage}\n```\n"]
    options = [param.get_help_record(ctx) for param in command.get_params(ctx) if isinstance(param, click.Option)]
    shown = [one for one in options if one is not None and "--help" not in one[0]]
    if shown:
        lines.append("\n| option | |\n|---|---|\n")
        lines += [f"| `{_cell(names)}` | {_cell(text)} |\n" for names, text in shown]
    if isinstance(command, Command):
        if command.examples:
            examples = "\n".join(command.examples)
            lines.append(f"\n```sh\n{examples}\n```\n")
        if command.json_names():
            names = " ".join(f"`{name}`" for name in command.json_names())
            lines.append(f"\nJSON: {names}\n")
    return "".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def records_page() -> str:
    """Return docs/records.md."""
    parts = [f"# Records\n\n{TOP}\nEvery record has an `id`, which is made by the program. The fields of each kind:\n"]
    parts += [_kind_part(kind) for kind in KINDS.values()]
    return "".join(parts)


def _kind_part(kind: Kind) -> str:
    lines = [f"\n## {kind.name}\n\n{kind.help}\n"]
    if kind.example:
        lines.append(f"\n```sh\n{kind.example}\n```\n")
    lines.append("\n| field | holds | |\n|---|---|---|\n")
    for field in kind.all_fields:
        other = f" Also: {', '.join(f'`{name}`' for name in field.names[1:])}." if len(field.names) > 1 else ""
        flags = (" Required." if field.required else "") + (" Worked out, not written." if field.computed else "")
        lines.append(f"| `{field.name}` | {_cell(_holds(field))} | {_cell(field.help + flags + other)} |\n")
    if kind.groups:
        groups = "; ".join(" + ".join(f"`{name}`" for name in group) for group in kind.groups)
        lines.append(f"\nWritten together, so that a merge never mixes two edits: {groups}.\n")
    return "".join(lines)


def _holds(field: Field) -> str:
    kind = field.type
    if kind.refers:
        what = SUBJECTS.get(kind.refers, kind.refers)
        return f"several {what} ids" if kind.many else f"{what}" if kind.refers == "stage" else f"{what} id"
    if kind.name == "choice":
        return ", ".join(kind.choices) + (", or other words" if getattr(kind, "open_ended", False) else "")
    return kind.name


def metrics_page() -> str:
    """Return docs/metrics.md: the definition of every figure of every report."""
    parts = [
        f"# Metrics\n\n{TOP}\nEvery figure of every built-in [report](reports.md), as `tuicrm report NAME --explain` "
        "says it. Money is in base currency; percents go from 0 to 100.\n"
    ]
    return "".join([*parts, *(_report_part(one) for one in reports()), _forecast_part()])


def _forecast_part() -> str:
    """Return the figures, the methods and the scores of the forecast, as `tuicrm forecast --explain` says them."""
    from tuicrm.crm import forecastwords as words

    head = "\n## forecast\n\nThe figures of `tuicrm forecast`; its methods, and how `--backtest` scores them.\n"
    tables = (
        (("figure", "what it is"), words.FIGURES),
        (("method", "what it is", "source"), words.METHODS),
        (("score", "what it is", "source"), words.BACKTEST),
    )
    lines = [head]
    for heads, rows in tables:
        lines.append(f"\n| {' | '.join(heads)} |\n{'|---' * len(heads)}|\n")
        lines += [f"| {' | '.join(map(_cell, row))} |\n" for row in rows]
    return "".join(lines)


def _report_part(report: Report) -> str:
    rows = f"by {report.by}"
    when = f"{report.period}, at most today" if report.about == NOW else report.period
    lines = [f"\n## {report.name}\n\n{report.help} {report.counts}\n\nWithout options: {rows}, {when}.\n"]
    for part in (report, *report.sections):
        if part is not report:
            lines.append(f"\n### {report.name}: {part.name}\n\n{part.help} {part.counts}\n")
        lines.append("\n| figure | type | what it is | formula | source |\n|---|---|---|---|---|\n")
        for one in part.columns:
            cells = (f"`{one.name}`", one.type, one.means, one.formula, one.source)
            lines.append(f"| {' | '.join(map(_cell, cells))} |\n")
    return "".join(lines)


PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands_page,
    "records.md": records_page,
    "metrics.md": metrics_page,
}


def main(argv: Sequence[str]) -> int:
    """Write or check the pages named; return 1 where `--check` finds a stale one."""
    from pathlib import Path

    check = "--check" in argv
    stale = [path for path in map(Path, argv) if path.name in PAGES and not _settle(path, check=check)]
    for path in stale:
        sys.stderr.write(f"{path} is stale: python -m tuicrm.cli.reference {path}\n")
    return 1 if stale else 0


def _settle(path: Path, *, check: bool) -> bool:
    """Write a page, or tell whether it is as it would be written."""
    text = PAGES[path.name]()
    if check:
        return path.exists() and path.read_text("utf-8") == text
    path.write_text(text, "utf-8")
    return True


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
