"""The boundary around every command: what it raises becomes one sentence and an exit code."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from tuicrm.cli.root import build_root
from tuicrm.cli.state import State
from tuicrm.errors import Cancelled, TuicrmError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

COMPLETE = "_TUICRM_COMPLETE"


def run(args: Sequence[str], env: Mapping[str, str] | None = None) -> int:
    """Run one command line and return its exit code; never raises."""
    state = State(env)
    try:
        try:
            code = _invoke(list(args), state)
        finally:
            state.close()
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        _drop_stdout()
        return 0
    except (KeyboardInterrupt, click.Abort):
        return _refuse(Cancelled("cancelled"), args)
    except (TuicrmError, click.ClickException, OSError) as error:
        return _refuse(error, args)
    except Exception as error:  # noqa: BLE001  the last resort: a report instead of a traceback
        return _unexpected(error, args, state)
    return code


def _invoke(args: list[str], state: State) -> int:
    root = build_root()
    if COMPLETE in state.env:
        root.main(args=args, prog_name="tuicrm", complete_var=COMPLETE, obj=state)
    try:
        with root.make_context("tuicrm", args, obj=state) as ctx:
            root.invoke(ctx)
    except click.exceptions.Exit as done:
        return done.exit_code
    return 0


def _refuse(error: TuicrmError | click.ClickException | OSError, args: Sequence[str]) -> int:
    from tuicrm.cli.failure import asks_for_json, describe

    if isinstance(error, OSError):
        _flush_or_drop()
    code, text = describe(error, as_json=asks_for_json(args))
    _narrate(text)
    return code


def _unexpected(error: Exception, args: Sequence[str], state: State) -> int:
    from tuicrm.cli.failure import asks_for_json, crash

    _narrate(crash(error, args, state.env, as_json=asks_for_json(args)))
    return 1


def _narrate(text: str) -> None:
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
    except OSError:
        return


def _flush_or_drop() -> None:
    """Keep what can still be written; a full disk behind stdout must not fail a second time at exit."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        _drop_stdout()


def _drop_stdout() -> None:
    """Point stdout at nothing, so that the interpreter's own last flush is silent."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except (OSError, ValueError, AttributeError):
        return
