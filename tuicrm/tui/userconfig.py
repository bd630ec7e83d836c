"""The user's configuration: one TOML file, read once at the start, and never needed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE = "config.toml"
TABLES = ("theme", "keys", "notify")
MOST = 1 << 20
"""Bytes; a larger file is no configuration."""


@dataclass(frozen=True)
class UserConfig:
    """What the file says; `problems` are sentences about what it should not say."""

    theme: str = ""
    keys: Mapping[str, Any] = field(default_factory=dict)
    """Command ids to what was written for them: a key, or a list of keys."""
    notify: Mapping[str, Any] = field(default_factory=dict)
    """What to do when a follow-up falls due: due, bell, desktop, each true or false."""
    problems: tuple[str, ...] = ()


def config_file(env: Mapping[str, str]) -> Path:
    """Return where the file is, or would be."""
    from tuicrm.crm.memory import config_folder

    return config_folder(env) / FILE


def read(env: Mapping[str, str]) -> UserConfig:
    """Return the user's configuration; what cannot be understood is left out, and said."""
    path = config_file(env)
    try:
        with path.open("rb") as file:
            data = file.read(MOST)
    except FileNotFoundError:
        return UserConfig()
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        return UserConfig(problems=(f"{path} cannot be read ({why}), so the usual settings are used",))
    import tomllib

    try:
        return _understood(tomllib.loads(data.decode("utf-8-sig")), path)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return UserConfig(problems=(f"{path} is not valid TOML, so none of it is used: {error}",))


def _understood(held: Mapping[str, Any], path: Path) -> UserConfig:
    from tuicrm.folding import nearest

    problems = []
    for name in held:
        if name not in TABLES:
            near = nearest(name, TABLES)
            guess = f"did you mean {near}?" if near else f"it knows {' and '.join(TABLES)}"
            problems.append(f"{path}: there is no setting {name!r}; {guess}")
    theme, keys = held.get("theme", ""), held.get("keys", {})
    if not isinstance(theme, str):
        problems.append(f'{path}: theme must be a name in quotes, as in theme = "dark"')
        theme = ""
    if not isinstance(keys, dict):
        problems.append(f'{path}: keys must be a table: a line [keys], and below it lines such as "deal.win" = "W"')
        keys = {}
    notify = held.get("notify", {})
    if not isinstance(notify, dict):
        problems.append(f"{path}: notify must be a table: a line [notify], and below it due = true")
        notify = {}
    return UserConfig(theme=theme, keys=keys, notify=notify, problems=tuple(problems))
