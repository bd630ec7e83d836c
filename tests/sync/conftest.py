"""A team of its own for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sync.repos import Team

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def team(tmp_path: Path) -> Team:
    """An empty bare repository, and nobody who works with it yet."""
    return Team(tmp_path)
