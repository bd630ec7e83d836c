"""Handing a draft to the user's own mail program, and the files that it opens; nothing is sent from here."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

from tuicrm.crm.letters import Letter, eml, link
from tuicrm.errors import NotFound, TuicrmError, UsageProblem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

MAILER = "TUICRM_MAILER"
"""The variable with the command that opens a draft; the file's name goes behind it."""
KEPT_DAYS = 7
"""How long a draft that was opened stays on the disk: mail programs read it when they please."""


def open_letter(letter: Letter, env: Mapping[str, str]) -> str:
    """Open a draft in $TUICRM_MAILER, else in the desktop's own mail program; return what was done."""
    import shutil

    held = env.get(MAILER, "").strip()
    if held:
        _start([*_words(held), str(_kept(letter, env))])
        return f"opened in {_words(held)[0]}"
    opener = "open" if sys.platform == "darwin" else "xdg-open"
    if not shutil.which(opener, path=env.get("PATH")):
        raise NotFound(
            "there is no mail program here to open a draft in",
            hint=f"set {MAILER} to its command; --out FILE.eml writes the draft, and without either it is printed",
        )
    _start([opener, link(letter) or str(_kept(letter, env))])
    return "opened in the mail program"


def _words(text: str) -> list[str]:
    import shlex

    try:
        return shlex.split(text)
    except ValueError:
        raise UsageProblem(f"${MAILER} cannot be read: {text!r} has a quote that does not end") from None


def _start(command: Sequence[str]) -> None:
    """Start a program of the user's own beside this one, without a shell."""
    import subprocess

    null = subprocess.DEVNULL
    try:
        subprocess.Popen(command, stdin=null, stdout=null, stderr=null, start_new_session=True)
    except OSError as problem:
        raise TuicrmError(f"{command[0]!r} did not start: {(problem.strerror or str(problem)).lower()}") from None


def _kept(letter: Letter, env: Mapping[str, str]) -> Path:
    """Return the file of a draft, in a folder that is this user's alone; drafts of last week go."""
    from contextlib import suppress

    from tuicrm.crm.memory import PRIVATE_FILE, state_folder
    from tuicrm.errors import ReadOnly
    from tuicrm.store.files import make_path

    folder = state_folder(env) / "drafts"
    path = folder / f"{time.time_ns():x}-{os.getpid()}.eml"
    try:
        make_path(str(folder))
        for old in folder.glob("*.eml"):
            with suppress(OSError):
                if time.time() - old.lstat().st_mtime > KEPT_DAYS * 86_400:
                    old.unlink()
        place = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, PRIVATE_FILE)
        with os.fdopen(place, "wb") as file:
            file.write(eml(letter))
    except OSError as problem:
        raise ReadOnly(f"{path} cannot be written: {(problem.strerror or str(problem)).lower()}") from None
    return path
