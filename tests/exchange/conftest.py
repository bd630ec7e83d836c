"""A workspace and a way to run commands in it, as a script would."""

from __future__ import annotations

import io
import json
import os
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

MAVEN = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "maven"


class Shell:
    """Runs tuicrm commands in this process; keeps what the last one wrote."""

    def __init__(self) -> None:
        self.out = ""
        self.err = ""

    def run(self, *words: str) -> int:
        """Run one command and return its exit code."""
        from tuicrm.__main__ import main

        raw, err = io.BytesIO(), io.StringIO()
        out = io.TextIOWrapper(raw, "utf-8")
        with redirect_stdout(out), redirect_stderr(err):
            code = main(list(words))
        out.flush()
        self.out, self.err = raw.getvalue().decode(), err.getvalue()
        return code

    def ok(self, *words: str) -> str:
        """Run a command that has to work and return what it printed."""
        code = self.run(*words)
        assert code == 0, self.err
        return self.out

    def rows(self, *words: str) -> list[dict[str, Any]]:
        """Run a command with `--json` and return its rows."""
        found: list[dict[str, Any]] = json.loads(self.ok(*words, "--json"))
        return found


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder to work in, with a home and a fixed clock of its own."""
    folder = tmp_path_factory.mktemp("import")
    before, env = Path.cwd(), dict(os.environ)
    os.environ.update(
        {
            "HOME": str(folder),
            "XDG_STATE_HOME": str(folder / "state"),
            "TUICRM_NOW": "2018-01-01T09:00:00Z",
            "TZ": "UTC",
        }
    )
    for name in ("TUICRM_WORKSPACE", "TUICRM_USER"):
        os.environ.pop(name, None)
    os.chdir(folder)
    yield folder
    os.chdir(before)
    os.environ.clear()
    os.environ.update(env)


@pytest.fixture(scope="module")
def shell(place: Path) -> Shell:
    """Commands in a fresh workspace."""
    shell = Shell()
    shell.ok("init", "work", "--name", "Work", "--currency", "USD", "--user", "me")
    os.chdir(place / "work")
    return shell


@pytest.fixture
def clean(shell: Shell) -> Iterator[None]:
    """Let a test begin with an empty workspace: what one does is undone."""
    yield
    while shell.run("undo") == 0:
        pass


COMPANIES = "account=name sector=industry revenue=annual_revenue employees=employees year_established=founded"
DEALS = (
    "opportunity_id=external_id sales_agent=owner product=product account=company deal_stage=stage "
    "engage_date=opened_on close_date=closed_on close_value=value"
)


def maps(text: str) -> list[str]:
    """Return `--map` options for pairs."""
    return [word for pair in text.split() for word in ("--map", pair)]


@pytest.fixture(scope="module")
def maven(place: Path) -> Shell:
    """Commands in a workspace that holds the public data set."""
    shell = Shell()
    shell.ok("init", "maven", "--name", "Maven", "--currency", "USD", "--user", "me")
    os.chdir(place / "maven")
    more = " office_location=country subsidiary_of=parent"
    shell.ok("import", str(MAVEN / "accounts.csv"), "--as", "companies", *maps(COMPANIES + more))
    assert "rejected" not in shell.err
    shell.ok(
        "import", str(MAVEN / "products.csv"), "--as", "products", *maps("product=name series=family sales_price=price")
    )
    team = maps("sales_agent=name manager=manager regional_office=territory")
    shell.ok("import", str(MAVEN / "sales_teams.csv"), "--as", "users", *team)
    assert "rejected" not in shell.err
    pipeline = [str(MAVEN / "sales_pipeline.csv"), "--as", "deals", "--dates", "mdy"]
    shell.ok("import", *pipeline, "--create-missing", *maps(DEALS))
    assert "'GTXPro', which looks like GTX Pro" in shell.err
    assert "rejected" not in shell.err
    return shell
