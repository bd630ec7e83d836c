"""The pictures of the documentation, from the running program: `python -m tests.benchmarks.picture [FOLDER]`."""

from __future__ import annotations

import asyncio
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.measure import environment
from tests.tui.losers import lose_some
from tuicrm.crm.demo import sample
from tuicrm.crm.opening import create_workspace, open_session
from tuicrm.tui import themes
from tuicrm.tui.app import TuicrmApp

NOW = "2026-10-08T09:00:00Z"
MARKED = ("l", "l", "j", "j", "j", "j", "space", "j", "space", "g")


@dataclass(frozen=True)
class Picture:
    """One picture: the keys that lead to it, and how it looks."""

    name: str
    keys: tuple[str, ...]
    size: tuple[int, int] = (80, 24)
    theme: str = themes.DEFAULT
    lost: bool = False
    """Whether some values gave way before."""


PICTURES = (
    Picture("board", MARKED, (100, 28)),
    Picture("activity", ("2", "j", "j")),
    Picture("follow-ups", ("3",)),
    Picture("forecast", ("4",), (100, 28)),
    Picture("record", ("l", "l", "enter"), (100, 28)),
    Picture("quick-add", ("colon", *"call jane tomorrow 10am re acme renewal".replace(" ", "~"))),
    Picture("log-a-call", ("l", "l", "c", *"wants SOC2 first".replace(" ", "~"), "tab", "1", "tab", *"3d")),
    Picture("conflicts", ("exclamation_mark", "enter", "j"), lost=True),
    *(Picture(f"theme-{name}", MARKED, theme=name) for name in themes.names()),
)


async def drawn(one: Picture, folder: Path, env: dict[str, str]) -> str:
    """Return a picture of the sample workspace as SVG."""
    session = open_session(folder, env)
    if one.lost:
        lose_some(session)
    app = TuicrmApp(session, env={**env, "TUICRM_THEME": one.theme})
    async with app.run_test(size=one.size) as pilot:
        while one.lost and not (app.syncing is not None and app.syncing.conflicts):
            await pilot.pause(0.02)
        for key in ("", *one.keys):
            if key:
                await pilot.press("space" if key == "~" else key)
            await app.workers.wait_for_complete()
            await pilot.pause()
        made = app.export_screenshot(title="tuicrm")
    session.ws.close()
    # No fonts from elsewhere: the picture shows with the reader's own.
    made = re.sub(r"\s*@font-face \{.*?\}|<!-- .*? -->", "", made, flags=re.DOTALL)
    return "\n".join(line.rstrip() for line in made.splitlines() if line.strip()) + "\n"


def sample_workspace(folder: Path) -> tuple[Path, dict[str, str]]:
    """Make the sample workspace; return it and the environment to open it in."""
    env = environment(folder, TUICRM_NOW=NOW, TUICRM_USER="ann")
    session = create_workspace(folder / "acme-sales", name="acme-sales", currency="EUR", user="ann", env=env)
    for plan in sample(session, "small"):
        session.commit(plan)
    session.ws.close()
    return folder / "acme-sales", env


def main() -> int:
    """Write the pictures."""
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/img")
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="tuicrm-picture-") as home:
        made, env = sample_workspace(Path(home))
        for one in PICTURES:
            copy = Path(home) / one.name / made.name
            shutil.copytree(made, copy)
            (target / f"{one.name}.svg").write_text(asyncio.run(drawn(one, copy, env)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
