"""What the welcome screen does in the background: making, fetching and opening workspaces."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tuicrm.crm.session import Session


def folder_of(text: str) -> Path:
    """Return the folder that a text names, from the current one on."""
    return (Path.cwd() / Path(text).expanduser()).absolute()


def create(folder: Path, name: str, currency: str, env: Mapping[str, str]) -> Session:
    """Make a workspace and open it."""
    from tuicrm.crm.opening import create_workspace

    return create_workspace(folder, name=name, currency=currency, user="", env=env)


def sample(env: Mapping[str, str]) -> Session:
    """Open the sample workspace, made where it is not there yet."""
    from tuicrm.crm.demoplace import is_there, make_sample, sample_folder
    from tuicrm.crm.opening import open_session

    path = sample_folder(env)
    if not is_there(path):
        make_sample(path, "small", env)
    return open_session(path, env)


def clone_name(url: str) -> str:
    """Return the folder that a URL suggests; Invalid where it is no URL."""
    from tuicrm.sync.clone import target_name
    from tuicrm.sync.urls import checked_url

    return target_name(checked_url(url)) or "sales"


def fetch(
    url: str, folder: Path, env: Mapping[str, str], said: Callable[[str], None], cancelled: Callable[[], bool]
) -> Session:
    """Clone a workspace and open it."""
    from tuicrm.crm.opening import open_session
    from tuicrm.sync.clone import clone

    return open_session(clone(url, folder, environ=env, said=said, cancelled=cancelled), env)


def team(session: Session) -> list[tuple[str, str]]:
    """Return (handle, name and handle) of the active users."""
    held = [one for one in session.ws.all("user").values() if one.get("active") is not False and one.get("handle")]
    return [(str(one["handle"]), f"{one.get('name', one['handle'])} ({one['handle']})") for one in held]


def act_as(session: Session, handle: str, env: Mapping[str, str]) -> Session:
    """Let this machine act as a user of the workspace from here on, and open it again as that user."""
    from tuicrm.crm.opening import open_session
    from tuicrm.store.local import Local

    Local(session.ws.private).set("user", handle)
    session.ws.close()
    return open_session(session.ws.root, {**env, "TUICRM_USER": handle})
