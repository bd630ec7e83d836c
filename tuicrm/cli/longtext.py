"""Long texts on a command line: as an option, from a file or the standard input, or from the user's editor."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from tuicrm.cli.noun_write import add_command, edit_command
from tuicrm.cli.paths import FilePath
from tuicrm.errors import Invalid, UsageProblem

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.cli.lazy import Command
    from tuicrm.cli.state import State
    from tuicrm.records.field import Kind

MOST = 1_000_000
"""Bytes of a file beyond which it is no text that somebody wrote."""
_NOT_TYPED = ("refs", "where", "form", "named_")


def adding(kind: Kind, field: str, blank: str = "") -> Command:
    """Return the `add` of a kind whose `field` is a long text: from its option, a file, or the editor."""
    return _with_file(add_command(kind), field, lambda state, values: blank)


def editing(kind: Kind, field: str) -> Command:
    """Return the `edit` of a kind whose `field` is a long text; where nothing is given the editor opens it."""
    return _with_file(edit_command(kind), field, partial(_held, kind, field))


def _held(kind: Kind, field: str, state: State, values: dict[str, Any]) -> str | None:
    """Return the text of the one record that is named; None where something else is changed."""
    from tuicrm.crm.lookup import find
    from tuicrm.crm.shapes import word

    refs = values["refs"]
    if len(refs) != 1 or any(value for name, value in values.items() if name not in _NOT_TYPED):
        return None
    return word(find(state.session, kind.name, refs[0]).get(field))


def _with_file(command: Command, field: str, start: Callable[[State, dict[str, Any]], str | None]) -> Command:
    inner, name = command.callback, f"{field}_file"
    place = 1 + next(at for at, one in enumerate(command.params) if one.name == field)
    words = [f"--{field}-file", name]
    option = click.Option(words, type=FilePath(), metavar="FILE|-", help=f"Read the {field} from a file.")
    command.params.insert(place, option)

    def callback(**values: Any) -> None:
        state: State = click.get_current_context().obj
        source = values.pop(name)
        if values[field] is not None and source is not None:
            raise UsageProblem(f"--{field} and --{field}-file both give the text: use one of them")
        if source is not None:
            values[field] = read_text(str(source))
        elif values[field] is None:
            values[field] = _edited(state, start(state, values))
        assert inner is not None
        inner(**values)

    command.callback = callback
    return command


def _edited(state: State, text: str | None) -> str | None:
    """Return what the user makes of a text in an editor; None without a person at a terminal, or where it was left."""
    if text is None or not (sys.stdin is not None and sys.stdin.isatty() and state.on_terminal):
        return None
    try:
        found = click.edit(text, extension=".txt")
    except click.ClickException as problem:
        raise UsageProblem(problem.message) from None
    return found.rstrip("\n") if found is not None else None


def read_text(source: str) -> str:
    """Return the text of a file, which must be UTF-8 and of a size that people write."""
    name = "the standard input" if source == "-" else source
    try:
        with click.open_file(source, "rb") as file:
            data: bytes = file.read(MOST + 1)
    except OSError as problem:
        raise UsageProblem(f"{name} cannot be read: {(problem.strerror or str(problem)).lower()}") from None
    if len(data) > MOST:
        raise Invalid(f"{name} is longer than the {MOST:,} bytes that a text may have")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise Invalid(f"{name} is not UTF-8 (line {line})") from None
