"""Every command of the registry can be run where it says, and done from the command line too."""

from __future__ import annotations

import shlex
from importlib import import_module

import click
import pytest

from tuicrm.cli.root import build_root
from tuicrm.tui.app import TuicrmApp
from tuicrm.tui.commands import ANYWHERE, COMMANDS, RECORD, Command
from tuicrm.tui.commands.command import CONFLICTS, DEALS, DUPLICATES, NEXT, REPORTS
from tuicrm.tui.panes.conflicts import Conflicts
from tuicrm.tui.panes.deals import Deals
from tuicrm.tui.panes.duplicates import Duplicates
from tuicrm.tui.panes.nextstep import NextStep
from tuicrm.tui.panes.record import RecordPane
from tuicrm.tui.panes.reports import Reports
from tuicrm.tui.tabs import TABS

SCREEN_ONLY = {"cursor", "area", "mark", "period", "go", "app", "screen"}
"""What begins so only moves about the screen or ends the program."""
SCREEN_ONLY_TOO = {"list.preview", "list.fold", "theme.choose"}


def owners() -> dict[str, type]:
    """Return the class whose actions a place runs."""
    tabs = {one.place: getattr(import_module(f"tuicrm.tui.panes.{one.module}"), one.pane) for one in TABS}
    over = {DEALS: Deals, REPORTS: Reports, RECORD: RecordPane, CONFLICTS: Conflicts, DUPLICATES: Duplicates}
    return {**tabs, **over, NEXT: NextStep, ANYWHERE: TuicrmApp}


@pytest.mark.parametrize("one", COMMANDS, ids=lambda one: one.id)
def test_every_command_has_its_action_in_every_place(one: Command) -> None:
    for place in one.where:
        owner = owners()[place]
        assert callable(getattr(owner, f"action_{one.action}", None)), f"{owner.__name__}.action_{one.action}"


@pytest.mark.parametrize("one", COMMANDS, ids=lambda one: one.id)
def test_every_command_has_one_on_the_command_line(one: Command) -> None:
    if not one.cli:
        assert one.id.partition(".")[0] in SCREEN_ONLY or one.id in SCREEN_ONLY_TOO
        return
    program, *words = shlex.split(one.cli)
    assert program == "tuicrm"
    found: click.Command = build_root()
    while isinstance(found, click.Group) and words and not words[0].startswith("-"):
        name = words.pop(0)
        inner = found.get_command(click.Context(found), name)
        assert inner is not None, f"{one.cli}: no command {name}"
        found = inner
    options = {opt for param in found.params for opt in (*param.opts, *param.secondary_opts)} | {"--help"}
    assert {word for word in words if word.startswith("--")} <= options, one.cli
    assert not isinstance(found, click.Group) or words == ["--help"], one.cli


def test_ids_and_help_are_one_of_a_kind() -> None:
    assert len({one.id for one in COMMANDS}) == len(COMMANDS)
    assert len({one.help for one in COMMANDS}) == len(COMMANDS)
    assert all(one.help and one.label for one in COMMANDS)
