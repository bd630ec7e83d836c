"""What gets installed: the wheel holds the program with its styles and themes, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("tuicrm-*.whl")
    return zipfile.ZipFile(wheel).namelist()


def test_every_module_style_and_theme_is_in_it(names: list[str]) -> None:
    package = {str(path.relative_to(ROOT)) for end in ("py", "tcss") for path in (ROOT / "tuicrm").rglob(f"*.{end}")}
    themes = {f"tuicrm/themes/{path.name}" for path in (ROOT / "themes").glob("*.toml")}
    assert themes
    assert package | themes <= set(names)


def test_nothing_else_is_in_it(names: list[str]) -> None:
    tops = {name.split("/")[0] for name in names}
    assert all(top == "tuicrm" or top.endswith(".dist-info") for top in tops)
    assert any(name.endswith("entry_points.txt") for name in names)
