"""Long texts in the user's own editor: the program stands aside, and a private file carries the text there and back."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tuicrm.errors import Invalid, TuicrmError, UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tuicrm.tui.program import Program

USUAL = ("sensible-editor", "nano", "vi")
"""What is tried where neither VISUAL nor EDITOR is set."""


class NoEditor(TuicrmError):
    """The editor could not do its work."""

    code = "editor"


def edit_text(app: Program, text: str, suffix: str = ".txt") -> str | None:
    """Return what the user made of a text in $VISUAL or $EDITOR; None where it was left as it is.

    Raises one clear sentence where there is no editor, where it fails, and where its file is no text.
    """
    from tempfile import TemporaryDirectory

    command = words(app.env)
    # A folder of its own, closed to others: editors leave swap and backup files beside what they edit.
    with TemporaryDirectory(prefix="tuicrm-", ignore_cleanup_errors=True) as folder:
        path = _private_file(folder, suffix, text)
        _run(app, [*command, str(path)])
        found = _read(path, command[0])
    if not text.endswith("\n"):
        # Most editors end the last line, whether it was ended before or not.
        found = found.removesuffix("\n")
    return None if found == text else found


def words(env: Mapping[str, str]) -> list[str]:
    """Return the editor's command and its options; UsageProblem where there is none or it is badly quoted."""
    import shlex
    import shutil

    for name in ("VISUAL", "EDITOR"):
        held = env.get(name, "").strip()
        if not held:
            continue
        try:
            return shlex.split(held)
        except ValueError:
            raise UsageProblem(f"${name} cannot be read: {held!r} has a quote that does not end") from None
    for name in USUAL:
        if shutil.which(name):
            return [name]
    raise UsageProblem("there is no editor here: set EDITOR to the one to use")


def _private_file(folder: str, suffix: str, text: str) -> Path:
    import os
    from pathlib import Path

    path = Path(folder) / f"text{suffix}"
    place = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(place, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    return path


def _run(app: Program, command: list[str]) -> None:
    """Run the editor in the foreground, without a shell, and wait for it."""
    import subprocess

    from textual.app import SuspendNotSupported

    try:
        with app.suspend(), _deaf():
            code = subprocess.run(command, check=False).returncode  # the user's own command
    except SuspendNotSupported:
        raise NoEditor("an editor cannot be opened in this terminal") from None
    except OSError as problem:
        raise NoEditor(f"the editor {command[0]!r} did not start: {problem.strerror or problem}") from None
    if code:
        raise NoEditor(f"the editor {command[0]!r} gave up (exit code {code}); the text stays as it was")


@contextmanager
def _deaf() -> Iterator[None]:
    """Leave ctrl+c to the editor; a function is forgotten when a command starts, which SIG_IGN would not be."""
    import signal

    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _read(path: Path, editor: str) -> str:
    try:
        data = path.read_bytes()
    except OSError:
        raise NoEditor(f"the editor {editor!r} left no text behind") from None
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as problem:
        raise Invalid(f"what the editor saved is not UTF-8 (byte {problem.start}); the text stays as it was") from None
