"""One sync, by `tuicrm sync` in a process of its own, so that no key ever waits for it; and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from subprocess import Popen
    from threading import Event
    from typing import IO

    from tuicrm.tui.pane import Ref

LOOK_SECONDS = 0.05
"""How often it is looked whether the process has ended."""
PATIENCE_SECONDS = 5.0
"""How long a process that was asked to end is given before it is made to."""
MOST = 4 << 20
"""Bytes of output that are read."""
CANCELLED = 130
NO_REMOTE = "there is no remote yet: `tuicrm sync --remote URL` names one"
FAILED = "failed"
SHORT = {"unreachable": "offline", "needs_credentials": "asks you", "decision": "asks you", "refused": "refused"}
"""Codes of problems to a word or two for the status line."""


@dataclass(frozen=True)
class Outcome:
    """How a sync ended."""

    ok: bool
    said: str
    """One sentence: what came and went, or why it did not, and what to do."""
    short: str = ""
    """Why it did not, in a word or two for the status line."""
    remote: str = ""
    """Where it went to; empty where there is no remote, or nothing is known of it."""
    changed: tuple[Ref, ...] = ()
    """The records that came from others."""
    conflicts: int = 0
    """Values that gave way."""
    notes: tuple[str, ...] = ()
    """What was left alone, in sentences."""


def command(root: Path, *words: str) -> list[str]:
    """Return the command line of a sync of the workspace in a folder."""
    import sys

    # Never with the folder at hand in the module path: what lies there is data, and may be from anybody.
    return [sys.executable, "-P", "-m", "tuicrm", "--workspace", str(root), "sync", *words]


def surroundings(env: Mapping[str, str], user: str) -> dict[str, str]:
    """Return the environment of a sync: this program's, and who acts in it."""
    return {**env, "TUICRM_USER": user}


def sync(words: list[str], env: Mapping[str, str], stop: Event, leave: Event) -> Outcome | None:
    """Run a sync and wait for its end; None where `leave` was set, which lets it go on by itself.

    `stop` ends it: whatever it has not done by then, the next one does.
    """
    from subprocess import DEVNULL, Popen
    from tempfile import TemporaryFile

    # Files, not pipes: they never fill up, and nothing breaks where this program ends first.
    with TemporaryFile() as out, TemporaryFile() as err:
        try:
            child = Popen(words, stdin=DEVNULL, stdout=out, stderr=err, env=dict(env), start_new_session=True)
        except OSError as error:
            return Outcome(False, f"sync cannot be started: {(error.strerror or str(error)).lower()}", FAILED)
        while child.poll() is None:
            if leave.is_set():
                return None
            if stop.wait(LOOK_SECONDS):
                _end(child)
        return outcome(child.returncode, _read(out), _read(err), stopped=stop.is_set())


def _end(child: Popen[bytes]) -> None:
    """Ask a process to end, as ctrl+c does, and make it end where it does not."""
    from signal import SIGINT, SIGKILL
    from subprocess import TimeoutExpired

    for signal in (SIGINT, SIGKILL):
        _signal(child, signal)
        try:
            child.wait(PATIENCE_SECONDS)
            return
        except TimeoutExpired:
            continue


def _signal(child: Popen[bytes], signal: int) -> None:
    import os
    from contextlib import suppress

    with suppress(OSError):
        os.killpg(child.pid, signal)


def _read(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read(MOST)


def outcome(code: int, out: bytes, err: bytes, *, stopped: bool = False) -> Outcome:
    """Return what a sync came to, by its exit code and what it wrote."""
    if stopped or code == CANCELLED:
        return Outcome(False, "sync stopped: the next one goes on from there", "stopped")
    report, problem = _json(out), _json(err).get("error")
    if not report:
        return _refused(problem if isinstance(problem, dict) else _last_line(err, code))
    said = _text(report, "said")
    conflicts = report.get("conflicts")
    notes = report.get("notes")
    trouble = report.get("problem")
    told = Outcome(
        ok=not trouble,
        said=said or "synced",
        remote=_text(report, "remote"),
        changed=tuple(_refs(report.get("changed"))),
        conflicts=conflicts if isinstance(conflicts, int) else 0,
        notes=tuple(one for one in notes if isinstance(one, str)) if isinstance(notes, list) else (),
    )
    if not trouble:
        return told if told.remote else replace(told, said=f"{told.said}; {NO_REMOTE}")
    why = _refused(trouble if isinstance(trouble, dict) else {"message": str(trouble)})
    return replace(told, said=why.said, short=why.short)


def _refused(problem: Mapping[str, Any]) -> Outcome:
    """Return why a sync could not do all it should, with what to do about it."""
    code, message, hint = (_text(problem, name) for name in ("code", "message", "hint"))
    message = message.rstrip(".") or "no reason was given"
    if code == "needs_credentials":
        hint = "Run `tuicrm sync` in a shell, where it can ask"
    elif code == "unreachable":
        hint = hint or "What you change is kept, and goes with the next sync"
    asks = message.endswith("?")
    hint = (f" {hint}" if asks else f"; {hint[:1].lower()}{hint[1:]}") if hint else ""
    return Outcome(False, f"not synced: {message}{hint.rstrip('.')}", SHORT.get(code, FAILED))


def _last_line(err: bytes, code: int) -> dict[str, str]:
    """Return as a problem what a process wrote last that wrote no JSON."""
    lines = [one for one in err.decode("utf-8", "replace").splitlines() if one.strip()]
    return {"message": lines[-1].removeprefix("tuicrm: ") if lines else f"it ended with code {code}"}


def _json(data: bytes) -> dict[str, Any]:
    """Return the object that was written, also after other lines; empty where there is none."""
    import json

    for text in (data, data.strip().rpartition(b"\n")[2]):
        try:
            held = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if isinstance(held, dict):
            return held
    return {}


def _text(held: Mapping[str, Any], name: str) -> str:
    value = held.get(name)
    return value if isinstance(value, str) else ""


def _refs(held: object) -> list[Ref]:
    found = [one for one in held if isinstance(one, dict)] if isinstance(held, list) else []
    return [(_text(one, "kind"), _text(one, "id")) for one in found if _text(one, "kind") and _text(one, "id")]
