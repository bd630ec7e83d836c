"""The sample workspace, for the welcome screen: made on the first call, found again on the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.errors import ReadOnly

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tuicrm.crm.session import Session


def sample_session(env: Mapping[str, str]) -> Session:
    """Open the sample workspace in the user's data folder, the same one that `tuicrm demo` opens."""
    from tuicrm.crm.opening import data_folder, open_session

    path = data_folder(env) / "demo"
    if not (path / "tuicrm.json").is_file():
        try:
            _make(path, env)
        except OSError as error:
            raise ReadOnly(f"the sample workspace cannot be made in {path}: {error.strerror}") from error
    return open_session(path, env)


def _make(path: Path, env: Mapping[str, str]) -> None:
    """Make the sample beside its place and move it there when it is whole, so that no half of one is found again."""
    import os
    import shutil

    from tuicrm.crm.demo import sample
    from tuicrm.crm.opening import create_workspace

    path.parent.mkdir(parents=True, exist_ok=True)
    making = path.with_name(f".{path.name}.making-{os.getpid()}")
    try:
        session = create_workspace(making, name="Demo", currency="EUR", user="ann", env=env)
        for plan in sample(session, "small"):
            session.commit(plan)
        session.ws.close()
        making.rename(path)
    finally:
        shutil.rmtree(making, ignore_errors=True)
