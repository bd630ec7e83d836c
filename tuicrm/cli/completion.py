"""`completion`: the script that makes a shell complete tuicrm's commands and options."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tuicrm.cli.lazy import command

if TYPE_CHECKING:
    from tuicrm.cli.state import State

SHELLS = ("bash", "zsh", "fish")


def build(name: str) -> click.Command:
    """Return `completion`."""
    return completion


@command(
    "completion",
    help="Print the completion script for a shell; it belongs into the shell's start-up file.",
    examples=[
        "tuicrm completion bash >> ~/.bashrc",
        "tuicrm completion zsh >> ~/.zshrc",
        "tuicrm completion fish > ~/.config/fish/completions/tuicrm.fish",
    ],
)
@click.argument("shell", type=click.Choice(SHELLS), metavar="|".join(SHELLS))
def completion(state: State, *, shell: str) -> None:
    """Print the script."""
    from click.shell_completion import get_completion_class

    from tuicrm.cli.root import build_root
    from tuicrm.cli.run import COMPLETE

    maker = get_completion_class(shell)
    assert maker is not None, "click knows these three shells"
    made = maker(build_root(), {}, "tuicrm", COMPLETE)
    # `source()` of bash starts a bash to ask for its version; the template alone is all that is needed.
    state.give(made.source_template % made.source_vars() + "\n")
