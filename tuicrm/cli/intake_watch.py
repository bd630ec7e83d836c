"""`intake --watch`: goes on until it is told to end, and then ends between two files."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tuicrm.cli import intake

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from threading import Event

    from tuicrm.cli.state import State
    from tuicrm.exchange.intake.watching import Watched

_PAUSE = 0.25
"""Seconds between two looks where nothing but files that are still being written is waited for."""


def watch_folder(state: State, path: Path, *, source: str, owner: str, every: float, once: bool, as_json: bool) -> None:
    """Take each file that appears in a folder, one undo step each; with `once` those that are there."""
    from tuicrm.exchange.intake.watching import watched
    from tuicrm.text import clean_line

    state.session.kind("lead")  # A workspace that is not there is told before anything is waited for.
    if owner.strip():
        from tuicrm.crm.lookup import find

        find(state.session, "user", owner)
    state.close()
    taken = failed = 0
    with watched(path) as folder, _until_told() as ended:
        if not once:
            state.tell(f"watching {path}; Ctrl-C ends it")
        while not ended.is_set():
            for name, why in _look(state, folder, ended, source=source, owner=owner, as_json=as_json):
                taken, failed = taken + (not why), failed + bool(why)
                first, more, _ = why.partition("\n")
                state.tell(
                    f"{clean_line(name)}: "
                    + (f"moved to failed/: {first}{' ...' if more else ''}" if why else "moved to done/")
                )
            if once and not folder.waiting:
                break
            ended.wait(_PAUSE if once else every)
    state.tell(f"{taken:,} taken, {failed:,} failed")
    if once and failed:
        from tuicrm.errors import Invalid

        raise Invalid(
            f"{failed:,} {'file' if failed == 1 else 'files'} of {path} could not be taken whole: see failed/"
        )


def _look(
    state: State, folder: Watched, ended: Event, *, source: str, owner: str, as_json: bool
) -> Iterator[tuple[str, str]]:
    """Yield what became of the files that are fully written; a workspace that cannot be written is tried again."""
    from tuicrm.errors import TuicrmError
    from tuicrm.exchange.intake.watching import retried

    def take(data: bytes, name: str) -> str:
        done = intake.take(state, data, name, source=source, owner=owner)
        intake.give(state, done, as_json=as_json)
        return done.reasons()

    try:
        for one in folder.look(take):
            yield one
            if ended.is_set():
                return
    except TuicrmError as problem:
        if not retried(problem):
            raise
        state.tell(f"tuicrm: {problem}; trying again")
    finally:
        # Each look sees the workspace as it is by then, and nothing is held between two of them.
        state.close()


@contextmanager
def _until_told() -> Iterator[Event]:
    """Give what is set once the program is told to end, so that a file is never left half taken."""
    import signal
    from threading import Event

    ended = Event()
    before = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    for one, held in before.items():
        if held is not signal.SIG_IGN or one == signal.SIGINT:
            signal.signal(one, lambda *_: ended.set())
    try:
        yield ended
    finally:
        for one, held in before.items():
            signal.signal(one, held)
