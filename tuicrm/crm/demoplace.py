"""Where the sample workspace is kept, and how it is made there: whole, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.errors import Invalid, ReadOnly

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SIZES = ("small", "large")


def sample_folder(env: Mapping[str, str], size: str = "small") -> Path:
    """Return the folder of the sample workspace of a size, in the user's data folder."""
    from tuicrm.crm.memory import data_folder

    return data_folder(env) / ("demo" if size == "small" else f"demo-{size}")


def is_there(path: Path) -> bool:
    """Tell whether a workspace was made in the folder."""
    return (path / "tuicrm.json").is_file()


def make_sample(path: Path, size: str, env: Mapping[str, str]) -> None:
    """Make the sample beside its place and move it there when it is whole, so that no half of one is found again."""
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise Invalid(f"{path} exists and is no workspace", hint="Name another folder with --dir.")
    try:
        _make(path, size, env)
    except OSError as problem:
        raise ReadOnly(f"the sample workspace cannot be made in {path}: {problem.strerror}") from problem


def _make(path: Path, size: str, env: Mapping[str, str]) -> None:
    import os
    import shutil

    from tuicrm.crm.demo import sample
    from tuicrm.crm.opening import create_workspace
    from tuicrm.store.files import make_path

    make_path(str(path.parent))
    making = path.with_name(f".{path.name}.making-{os.getpid()}")
    try:
        session = create_workspace(making, name="Demo", currency="EUR", user="ann", env=env)
        with session.ws:
            for plan in sample(session, size):
                session.commit(plan)
        if path.is_dir():
            path.rmdir()
        making.rename(path)
    finally:
        shutil.rmtree(making, ignore_errors=True)
