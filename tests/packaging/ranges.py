"""The dependencies at both ends of their ranges: the tests that lean on them run with the lowest and with the newest.

`python -m tests.packaging.ranges lowest` (or `highest`) makes an environment of its own under build/ and runs them
there; `audit` asks pip-audit for known holes in the versions that are installed here and in the lowest ones.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.requirements import Requirement

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / "build" / "ranges"
EXTRAS = ("pdf",)
"""What users may install along; the tools of those who work on the program are theirs alone."""
ENDS = ("lowest", "highest")
LEANING = (
    *("tests/unit/test_codec.py", "tests/unit/test_leaves.py", "tests/unit/test_charts.py", "tests/unit/test_text.py"),
    *("tests/unit/test_when_parse.py", "tests/unit/test_when_repeats.py", "tests/unit/test_layers.py"),
    *("tests/store/test_tinydb_api.py", "tests/store/test_tinydb_laws.py", "tests/store/disk/test_workspace.py"),
    *("tests/exchange/test_ical.py", "tests/exchange/test_json.py", "tests/exchange/test_vcard.py"),
    *("tests/crm/test_forecast_history.py", "tests/crm/test_pricing.py"),
    *("tests/cli/test_reference.py", "tests/cli/test_errors.py", "tests/cli/test_quote.py", "tests/cli/test_output.py"),
    *("tests/snapshots", "tests/tui/test_board.py", "tests/tui/test_forms.py", "tests/tui/test_palette.py"),
    *("tests/tui/test_themes.py", "tests/tui/test_crash.py", "tests/packaging"),
)
"""For each dependency some tests that use much of it."""
PATIENCE = "600"
"""Seconds for a test: this may go on beside other work."""
AUDIT = (sys.executable, "-m", "pip_audit", "--strict", "--no-deps", "--disable-pip", "--progress-spinner", "off")
"""Strict: a package that could not be looked up is a failure, and not one that is fine."""


def requirements() -> list[Requirement]:
    """What the program needs to run, with its extras for users."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *(one for extra in EXTRAS for one in project["optional-dependencies"][extra])]
    return [Requirement(line) for line in lines]


def lowest() -> list[str]:
    """The lower end of each range, pinned; ValueError where one has none."""
    pins = []
    for one in requirements():
        found = [spec.version for spec in one.specifier if spec.operator == ">="]
        if len(found) != 1:
            raise ValueError(f"{one} names no lowest version")
        pins.append(f"{one.name}=={found[0]}")
    return pins


def installed(wanted: Iterable[Requirement]) -> list[str]:
    """The versions installed here of some requirements and of all that these need in turn, pinned."""
    pins: dict[str, str] = {}
    waiting, seen = list(wanted), set()
    while waiting:
        one = waiting.pop()
        name, extras = re.sub(r"[-_.]+", "-", one.name).lower(), ("", *sorted(one.extras))
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        held = metadata.distribution(name)
        pins[name] = f"{name}=={held.version}"
        needed = [Requirement(line) for line in held.requires or ()]
        waiting += [need for need in needed if any(_applies(need, extra) for extra in extras)]
    return sorted(pins.values())


def _applies(need: Requirement, extra: str) -> bool:
    return need.marker is None or need.marker.evaluate({"extra": extra})


def try_out(end: str) -> int:
    """Make an environment with one end of the ranges, and run the tests that lean on dependencies there."""
    place = PLACE / end
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    pins = place / "pins.txt"
    pins.write_text("".join(f"{pin}\n" for pin in (lowest() if end == ENDS[0] else ())), encoding="utf-8")
    python, uv = str(place / "venv" / "bin" / "python"), shutil.which("uv")
    if uv:
        _do([uv, "venv", "--quiet", "--python", sys.executable, str(place / "venv")])
        install = [uv, "pip", "install", "--quiet", "--python", python]
    else:
        _do([sys.executable, "-m", "venv", str(place / "venv")])
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _do([*install, "--editable", f"{ROOT}[dev]", "--constraint", str(pins)])
    names = [one.name for one in requirements()]
    told = "from importlib.metadata import version; import sys; print(*(f'{n} {version(n)}' for n in sys.argv[1:]))"
    _do([python, "-c", told, *names])
    words = [python, "-m", "pytest", "-n", str(os.cpu_count() or 1), "-m", "not slow", "--timeout", PATIENCE, *LEANING]
    return subprocess.run(words, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False).returncode


def audit(command: Sequence[str] = AUDIT) -> int:
    """Ask for known holes in what is installed and in what may be; 1 where there are any, or nobody could be asked."""
    code = 0
    for what, pins in (("installed", installed(requirements())), ("lowest", lowest())):
        with tempfile.TemporaryDirectory() as folder:
            listed = Path(folder) / "requirements.txt"
            listed.write_text("".join(f"{pin}\n" for pin in pins), encoding="utf-8")
            _say(f"{what}: {', '.join(pins)}")
            if subprocess.run([*command, "--requirement", str(listed)], cwd=folder, check=False).returncode:
                _say(f"{what}: NOT known to be free of holes; see above")
                code = 1
    return code


def _do(words: Sequence[str]) -> None:
    subprocess.run(words, cwd=ROOT, check=True)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main(words: list[str]) -> int:
    """Do what is asked for."""
    if words == ["audit"]:
        return audit()
    if len(words) == 1 and words[0] in ENDS:
        return try_out(words[0])
    _say(f"one of {', '.join(ENDS)}, audit")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
