"""The user's configuration: one TOML file, read once at the start, and never needed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE = "config.toml"
TABLES = ("theme", "keys", "notify", "sync")
MOST = 1 << 20
"""Bytes; a larger file is no configuration."""
MOST_MINUTES = 24 * 60


@dataclass(frozen=True)
class SyncWish:
    """When to sync without being asked: never, unless the file says so."""

    every_minutes: int = 0
    at_exit: bool = False
    is_set: bool = False
    """Whether the file says anything about it, be it that it is not wanted."""


@dataclass(frozen=True)
class UserConfig:
    """What the file says; `problems` are sentences about what it should not say."""

    theme: str = ""
    keys: Mapping[str, Any] = field(default_factory=dict)
    """Command ids to what was written for them: a key, or a list of keys."""
    notify: Mapping[str, Any] = field(default_factory=dict)
    """What to do when a follow-up falls due: due, bell, desktop, each true or false."""
    sync: SyncWish = SyncWish()
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
    sync = _sync(held.get("sync"), path, problems)
    return UserConfig(theme=theme, keys=keys, notify=notify, sync=sync, problems=tuple(problems))


def _sync(held: object, path: Path, problems: list[str]) -> SyncWish:
    """Return what the table `[sync]` asks for; what it says wrongly is off."""
    if held is None:
        return SyncWish()
    if not isinstance(held, dict):
        problems.append(f"{path}: sync must be a table: a line [sync], and below it every_minutes = 10")
        return SyncWish()
    from tuicrm.folding import nearest

    for name in held:
        if name not in ("every_minutes", "at_exit"):
            near = nearest(name, ("every_minutes", "at_exit")) or "every_minutes or at_exit"
            problems.append(f"{path}: [sync] has no setting {name!r}; did you mean {near}?")
    minutes, at_exit = held.get("every_minutes", 0), held.get("at_exit", False)
    if type(minutes) is not int or not 0 <= minutes <= MOST_MINUTES:
        problems.append(
            f"{path}: every_minutes must be a whole number of minutes, 0 for never, as in every_minutes = 10"
        )
        minutes = 0
    if not isinstance(at_exit, bool):
        problems.append(f"{path}: at_exit must be true or false")
        at_exit = False
    return SyncWish(every_minutes=minutes, at_exit=at_exit, is_set=True)
