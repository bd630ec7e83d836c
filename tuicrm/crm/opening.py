"""From a folder to a session: which workspace is meant, who acts in it, what time it is."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from tuicrm.crm.memory import recall, remember
from tuicrm.errors import Invalid, NotFound, TuicrmError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuicrm.crm.session import Session
    from tuicrm.store.ulid import Clock
    from tuicrm.store.workspace import Workspace

MARKER = "tuicrm.json"
LAST = "last"
"""What the workspace last opened is remembered under."""
HINT = "tuicrm init makes a workspace here; tuicrm demo opens a sample one."


def find_workspace(flag: str, env: Mapping[str, str], cwd: Path) -> Path:
    """Return the folder of the workspace that is meant: named, around the current folder, or last opened."""
    for named, how in ((flag, "--workspace"), (env.get("TUICRM_WORKSPACE", ""), "TUICRM_WORKSPACE")):
        if named:
            path = (cwd / Path(named).expanduser()).absolute()
            if not (path / MARKER).is_file():
                raise NotFound(f"{how} names {path}, which is no workspace (it has no {MARKER})", hint=HINT)
            return path
    for folder in (cwd, *cwd.parents):
        if (folder / MARKER).is_file():
            return folder
    last = _last_opened(env)
    if last is not None:
        return last
    raise NotFound(f"there is no workspace in or above {cwd}", hint=HINT)


def _last_opened(env: Mapping[str, str]) -> Path | None:
    path = Path(recall(env, LAST) or ".")
    return path if path.is_absolute() and (path / MARKER).is_file() else None


def remember_last(path: Path, env: Mapping[str, str]) -> None:
    """Keep the workspace as the one last opened; nothing happens where that cannot be written."""
    remember(env, LAST, str(path))


def open_session(path: Path, env: Mapping[str, str]) -> Session:
    """Open the workspace in a folder for whoever acts."""
    from tuicrm.records.registry import groups
    from tuicrm.store.workspace import Workspace

    ws = Workspace.open(path, clock=_clock(env), groups=groups)
    return _session(ws, acting_user(ws, env), env)


def create_workspace(folder: Path, *, name: str, currency: str, user: str, env: Mapping[str, str]) -> Session:
    """Make a workspace with its first records: the default pipeline, the user, the base currency."""
    from tuicrm.crm.parsing import refuse_unstorable
    from tuicrm.crm.setup import first_records
    from tuicrm.records.registry import groups
    from tuicrm.store.local import Local
    from tuicrm.store.workspace import Workspace

    if currency:
        from tuicrm.money import valid_currency

        currency = valid_currency(currency)
    handle = user.strip() or env.get("TUICRM_USER", "").strip() or _login(env)
    refuse_unstorable(handle, "user")
    refuse_unstorable(name, "name")
    clock, there = _clock(env), os.path.lexists(folder / MARKER)
    try:
        Workspace.create(folder, name=name or folder.name).close()
        ws = Workspace.open(folder, clock=clock, groups=groups)
        session = _session(ws, handle, env)
        session.commit(first_records(session, currency=currency, user=handle))
        if user.strip():
            Local(ws.private).set("user", handle)
    except TuicrmError:
        if not there:
            _unmake(folder)
        raise
    return session


def _unmake(folder: Path) -> None:
    """Let a folder be no workspace again where setting it up failed, so that it can simply be tried again."""
    from contextlib import suppress

    with suppress(OSError):
        (folder / MARKER).unlink(missing_ok=True)


def acting_user(ws: Workspace, env: Mapping[str, str]) -> str:
    """Return who acts: TUICRM_USER, this machine's user, the team's only active one, or the login name."""
    from tuicrm.store.local import Local

    named = env.get("TUICRM_USER", "").strip() or Local(ws.private).get("user")
    if named:
        return named
    active = [one for one in ws.all("user").values() if one.get("active") is not False]
    if len(active) == 1:
        only = active[0]
        return str(only.get("handle") or only.get("name") or only["id"])
    return _login(env)


def _login(env: Mapping[str, str]) -> str:
    for name in ("LOGNAME", "USER"):
        if env.get(name):
            return env[name]
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return "me"


def _session(ws: Workspace, user: str, env: Mapping[str, str]) -> Session:
    from tuicrm.crm.session import Session
    from tuicrm.when.clock import local_zone, now

    return Session(ws, user=user, now=now(env), zone=lambda: local_zone(env), env=env)


def _clock(env: Mapping[str, str]) -> Clock | None:
    """Return a clock that stands where TUICRM_NOW says, so that ids agree with what `today` means."""
    if not env.get("TUICRM_NOW"):
        return None
    from tuicrm.store.ulid import Clock
    from tuicrm.when.clock import now

    fixed = round(now(env).timestamp() * 1000)
    if fixed < 0:
        raise Invalid(f"TUICRM_NOW is {env['TUICRM_NOW']!r}, a time before 1970")
    return Clock(now_ms=lambda: fixed, rand=_in_order)


def _in_order() -> int:
    """Return 80 bits that rise with real time: ids of one fixed instant sort in the order of their making."""
    from time import time_ns

    return time_ns() << 16 | int.from_bytes(os.urandom(2), "big")
