"""A workspace that notes what is committed to it."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tuicrm.store.changes import Change, Receipt


class Recorded:
    """A workspace by another name: `commits` lists the changes handed to it, `kind` is one that nothing else uses."""

    def __init__(self, workspace: Workspace, kind: str) -> None:
        self.workspace = workspace
        self.kind = kind
        self.commits: list[list[Change]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.workspace, name)

    def commit(self, changes: Sequence[Change], /, **options: Any) -> Receipt:
        receipt = self.workspace.commit(changes, **options)
        self.commits.append(list(changes))
        return receipt


@pytest.fixture
def make_records(tmp_path: Path) -> Iterator[Callable[[], Recorded]]:
    """Each call gives the same workspace with another empty kind."""
    kinds = (f"kind{n}" for n in count())
    with Workspace.create(tmp_path / "acme", name="Acme") as workspace:
        yield lambda: Recorded(workspace, next(kinds))


@pytest.fixture
def records(make_records: Callable[[], Recorded]) -> Recorded:
    return make_records()
