"""Fetching a team's workspace with `git clone`: into place only once it proved to be a workspace."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tuicrm.errors import Invalid, NotFound, ReadOnly, TuicrmError
from tuicrm.sync.git import PROTOCOLS
from tuicrm.sync.trust import checked_url, without_password

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from subprocess import Popen

__all__ = ["checked_url", "clone", "target_name", "without_password"]

PAUSE = 0.2
"""Seconds between looks at whether the user gave up."""
NO_CREDENTIALS = "Set up a credential helper or an ssh key for it, then try again: git cannot ask for a password here."


def target_name(url: str) -> str:
    """Return the folder that a URL suggests: its last part without `.git`; empty where there is none."""
    last = url.strip().rstrip("/").replace(":", "/").rpartition("/")[2].removesuffix(".git")
    return last if last not in ("", ".", "..", "~") and not last.startswith("-") and "\\" not in last else ""


def clone(
    url: str,
    target: Path,
    *,
    environ: Mapping[str, str],
    said: Callable[[str], None] = lambda line: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Path:
    """Clone a workspace into a folder that is empty or missing, and return it.

    `said` gets git's progress, cleaned; `cancelled` is asked again and again. Raises Invalid, NotFound or ReadOnly,
    and then leaves nothing behind.
    """
    import shutil

    url = checked_url(url)
    _refuse_taken(target)
    making = target.with_name(f".{target.name}.cloning-{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _run(url, making, environ, said, cancelled)
        _refuse_no_workspace(making, url)
        if target.is_dir():
            target.rmdir()
        making.rename(target)
    except OSError as problem:
        why = (problem.strerror or str(problem)).lower()
        raise ReadOnly(f"{target} cannot be made: {why}") from problem
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return target


def _refuse_taken(target: Path) -> None:
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise Invalid(f"{target} is there already, and is no folder", hint="Name another folder.")
    if target.is_dir() and any(target.iterdir()):
        raise Invalid(f"{target} is there already, and is not empty", hint="Name another folder.")


def _refuse_no_workspace(folder: Path, url: str) -> None:
    """Raise Invalid where what was cloned is no workspace, or brings files that belong to one machine alone."""
    from tuicrm.store.manifest import NAME, read
    from tuicrm.store.private import PLAIN

    shown = without_password(url)
    try:
        read(str(folder))
    except NotFound:
        raise Invalid(
            f"{shown} is no workspace: it has no {NAME}",
            hint="tuicrm init makes a workspace, which can then be pushed there.",
        ) from None
    if any(one.casefold() == PLAIN for one in os.listdir(folder)):
        raise Invalid(
            f"{shown} carries a folder {PLAIN}, which belongs to one machine and must not be committed",
            hint=f"Whoever committed it can take it out: git rm -r --cached {PLAIN}",
        )


def _run(
    url: str, making: Path, environ: Mapping[str, str], said: Callable[[str], None], cancelled: Callable[[], bool]
) -> None:
    import subprocess

    words = ["git", "-c", "core.hooksPath=/dev/null", "clone", "--progress", "--template=", "--", url, str(making)]
    try:
        # A session of its own has no terminal: neither git nor ssh can ask there for a password.
        process = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=_environment(environ),
            start_new_session=True,
        )
    except FileNotFoundError:
        raise NotFound(
            "git is not installed here", hint="Install git, or ask whoever looks after this machine."
        ) from None
    try:
        last = _follow(process, said, cancelled)
    finally:
        _stop(process)
    if process.returncode:
        raise _failed(url, last)


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in environ.items() if not name.startswith("GIT_") or name in _KEPT}
    return {**kept, "GIT_TERMINAL_PROMPT": "0", "GIT_ALLOW_PROTOCOL": PROTOCOLS}


_KEPT = ("GIT_SSH", "GIT_SSH_COMMAND", "GIT_ASKPASS", "GIT_SSL_CAINFO", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM")


def _follow(process: Popen[bytes], said: Callable[[str], None], cancelled: Callable[[], bool]) -> list[str]:
    """Pass on git's progress until it ends, and return its last lines."""
    import re
    import select

    from tuicrm.text import clean_line

    assert process.stderr is not None
    pipe, rest = process.stderr.fileno(), b""
    lines: list[str] = []
    while True:
        if cancelled():
            raise TuicrmError("cloning was cancelled")
        ready, _, _ = select.select([pipe], [], [], PAUSE)
        if not ready:
            continue
        data = os.read(pipe, 65_536)
        if not data:
            break
        *whole, rest = re.split(rb"[\r\n]+", rest + data)
        found = [clean_line(without_password(one.decode("utf-8", "replace").strip())) for one in whole]
        lines = [*lines, *(one for one in found if one)][-8:]
        if lines:
            said(lines[-1])
    tail = clean_line(without_password(rest.decode("utf-8", "replace").strip()))
    process.wait()
    return [*lines, tail] if tail else lines


def _stop(process: Popen[bytes]) -> None:
    """End git and what it started, where that is still running."""
    import contextlib
    import signal
    import subprocess

    if process.poll() is None:
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stderr is not None:
        process.stderr.close()


def _failed(url: str, lines: list[str]) -> TuicrmError:
    """Return git's refusal as one sentence, without its prefix."""
    told = next((one for one in reversed(lines) if one.startswith(("fatal:", "error:"))), lines[-1] if lines else "")
    why = told.partition(": ")[2] if told.startswith(("fatal:", "error:")) else told
    asks = any(
        word in one for one in lines for word in ("terminal prompts disabled", "Permission denied", "Authentication")
    )
    return Invalid(f"git could not clone {without_password(url)}: {why.rstrip('.') or 'it did not say why'}",
                   hint=NO_CREDENTIALS if asks else "")  # fmt: skip
