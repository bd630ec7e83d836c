"""The reference pages follow the commands; every command explains itself."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from tuicrm.cli.lazy import Command, LazyGroup
from tuicrm.cli.reference import PAGES, walk
from tuicrm.cli.table import SECTIONS
from tuicrm.records.registry import KINDS

DOCS = Path(__file__).resolve().parents[2] / "docs"
COMMANDS = {ctx.command_path: (ctx, command) for ctx, command in walk()}


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_fresh(page: str) -> None:
    assert (DOCS / page).read_text("utf-8") == PAGES[page](), f"python -m tuicrm.cli.reference docs/{page}"


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_has_help_and_an_example(path: str) -> None:
    ctx, command = COMMANDS[path]
    assert command.help
    assert command.help.rstrip()[-1] in ".!?"
    if isinstance(command, LazyGroup):
        assert command.verbs
        return
    assert isinstance(command, Command)
    assert command.examples, "an example is missing"
    assert all(line.startswith("tuicrm ") for line in command.examples)
    for param in command.params:
        if isinstance(param, click.Option) and not param.hidden:
            assert param.help, f"{param.opts[0]} says nothing"
    assert command.get_help(ctx)


def test_every_verb_is_told_of_as_it_is_listed() -> None:
    told = {name for _, rows in SECTIONS for name, _, _ in rows}
    assert told == {path.split()[1] for path in COMMANDS}


@pytest.mark.parametrize("kind", ["company", "contact", "deal", "product", "followup", "user"])
def test_options_cover_every_writable_field(kind: str) -> None:
    _, command = COMMANDS[f"tuicrm {kind} add"]
    flags = {flag for param in command.params for flag in param.opts}
    wanted = {f"--{field.option}" for field in KINDS[kind].writable if field.type.name != "map"}
    assert wanted <= flags


def test_every_example_parses() -> None:
    """An example that names an option which does not exist would teach a mistake."""
    import shlex

    for _, command in COMMANDS.values():
        for line in getattr(command, "examples", ()):
            words = shlex.split(line.split(" >")[0].split(" | ")[0]) if "completion" in line else shlex.split(line)
            path, rest = _resolve(words)
            ctx, named = COMMANDS[path]
            ctx.ignore_unknown_options = bool(named.context_settings.get("ignore_unknown_options"))
            named.make_parser(ctx).parse_args(list(rest))


def _resolve(words: list[str]) -> tuple[str, list[str]]:
    for size in (4, 3, 2):
        path = " ".join(words[:size])
        if path in COMMANDS and not isinstance(COMMANDS[path][1], click.Group):
            return path, words[size:]
    raise AssertionError(f"no command in {words}")
