"""The folder that a backup is restored into: made beside its place, moved there when it is whole."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tuicrm.errors import ReadOnly, UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tuicrm.store.workspace import Workspace


def refuse_taken(folder: Path) -> None:
    """Raise UsageProblem unless nothing is at a path, or an empty folder."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise UsageProblem(f"{folder} is there already and is no folder", hint="Name a new folder.")
    try:
        is_empty = not folder.exists() or not any(folder.iterdir())
    except OSError as problem:
        raise ReadOnly(f"{folder} cannot be read: {(problem.strerror or str(problem)).lower()}") from None
    if not is_empty:
        what = "is a workspace" if os.path.lexists(folder / "tuicrm.json") else "is not empty"
        raise UsageProblem(f"{folder} {what}, and nothing is restored over what is there", hint="Name a new folder.")


@contextmanager
def restored(folder: Path, id_: str, name: str) -> Iterator[Workspace]:
    """Give a new workspace to fill; when all went well it stands at `folder`, else nothing is left of it."""
    from tuicrm.records.registry import groups
    from tuicrm.store.files import make_path
    from tuicrm.store.workspace import Workspace

    refuse_taken(folder)
    beside = folder.with_name(f".{folder.name[:100]}.{os.getpid()}.part")
    try:
        make_path(str(folder.parent))
        with Workspace.create(beside, name=name, id_=id_, groups=groups) as workspace:
            yield workspace
        refuse_taken(folder)
        beside.replace(folder)
    except OSError as problem:
        raise ReadOnly(
            f"{folder} cannot be made: {(problem.strerror or str(problem)).lower()}", hint="Nothing was restored."
        ) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
