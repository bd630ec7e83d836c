"""Where this user's own files are, and the single words that the program remembers there from one run to the next."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

PRIVATE_FILE = 0o600


def state_folder(env: Mapping[str, str]) -> Path:
    """Return the folder for what this program remembers about this user."""
    return _xdg(env, "XDG_STATE_HOME", ".local/state")


def data_folder(env: Mapping[str, str]) -> Path:
    """Return the folder for data that has no place of its own, such as the sample workspace."""
    return _xdg(env, "XDG_DATA_HOME", ".local/share")


def config_folder(env: Mapping[str, str]) -> Path:
    """Return the folder for what this user has written: the configuration and themes."""
    return _xdg(env, "XDG_CONFIG_HOME", ".config")


def _xdg(env: Mapping[str, str], name: str, default: str) -> Path:
    held = env.get(name, "")
    base = Path(held) if held.startswith("/") else Path(env.get("HOME") or Path.home()) / default
    return base / "tuicrm"


def recall(env: Mapping[str, str], name: str) -> str:
    """Return what was remembered under a name; empty where nothing was, or it cannot be read."""
    try:
        return (state_folder(env) / name).read_text("utf-8", "surrogateescape").removesuffix("\n")
    except OSError:
        return ""


def remember(env: Mapping[str, str], name: str, text: str) -> None:
    """Keep one line under a name; nothing happens where that cannot be written."""
    from tuicrm.store.files import make_path

    if recall(env, name) == text:
        return
    folder = state_folder(env)
    temporary = folder / f"{name}.{os.getpid()}"
    try:
        make_path(str(folder))
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
        with os.fdopen(handle, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(f"{text}\n")
        temporary.replace(folder / name)
    except OSError:
        return
