"""Long texts in the user's own editor."""

from __future__ import annotations

import stat
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tuicrm.errors import TuicrmError
from tuicrm.tui import editor


def program(tmp_path: Path, script: str, **env: str) -> Any:
    """Return what stands for the app, with a shell script as the editor."""
    path = tmp_path / "my editor"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    return SimpleNamespace(env={"EDITOR": f"'{path}' -x", **env}, suspend=nullcontext)


def test_the_text_comes_back_as_it_was_edited(tmp_path: Path) -> None:
    app = program(tmp_path, 'cp "$2" "$0.seen"; printf "two\\r\\nlines [/\\n" > "$2"')
    assert editor.edit_text(app, "before", ".md") == "two\nlines [/"
    assert (tmp_path / "my editor.seen").read_text() == "before"


def test_a_text_left_alone_gives_nothing(tmp_path: Path) -> None:
    assert editor.edit_text(program(tmp_path, 'echo >> "$2"'), "before") is None


def test_the_file_is_private_and_goes_away(tmp_path: Path) -> None:
    app = program(tmp_path, 'stat -c "%a %n" "$2" "$(dirname "$2")" > "$0.stat"; touch "$2.swp"')
    editor.edit_text(app, "secret", ".txt")
    (file_mode, path), (folder_mode, folder) = (
        line.split(" ", 1) for line in (tmp_path / "my editor.stat").read_text().splitlines()
    )
    assert (int(file_mode, 8), int(folder_mode, 8)) == (stat.S_IRUSR | stat.S_IWUSR, stat.S_IRWXU)
    assert path.endswith(".txt")
    assert not Path(folder).exists()


def test_visual_wins_over_editor(tmp_path: Path) -> None:
    app = program(tmp_path, "exit 1")
    app.env["VISUAL"] = "sh -c 'printf good > \"$0\"'"
    assert editor.edit_text(app, "") == "good"


@pytest.mark.parametrize(
    ("script", "said"),
    [("exit 3", "exit code 3"), ('rm "$2"', "left no text"), ('printf "\\377" > "$2"', "not UTF-8")],
)
def test_a_failure_is_one_sentence(tmp_path: Path, script: str, said: str) -> None:
    with pytest.raises(TuicrmError, match=said):
        editor.edit_text(program(tmp_path, script), "before")


@pytest.mark.parametrize(("command", "said"), [("'vi", "quote"), ("/nowhere/vi", "did not start")])
def test_a_command_that_is_none_is_refused(tmp_path: Path, command: str, said: str) -> None:
    with pytest.raises(TuicrmError, match=said):
        editor.edit_text(program(tmp_path, "", VISUAL=command), "before")
