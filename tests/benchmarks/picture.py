"""The picture of the board in the README, from the running program: `python -m tests.benchmarks.picture [FILE]`."""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.measure import environment
from tuicrm.crm.demo import sample
from tuicrm.crm.opening import create_workspace
from tuicrm.tui.app import TuicrmApp

NOW = "2026-10-08T09:00:00Z"
SIZE = (100, 28)
KEYS = ("l", "l", "j", "j", "j", "j", "space", "j", "space", "g")


async def picture(folder: Path) -> str:
    """Return the board of the sample workspace as SVG."""
    env = environment(folder, TUICRM_NOW=NOW, TUICRM_USER="ann", TUICRM_THEME="dark")
    session = create_workspace(folder / "acme-sales", name="acme-sales", currency="EUR", user="ann", env=env)
    for plan in sample(session, "small"):
        session.commit(plan)
    app = TuicrmApp(session, env=env)
    async with app.run_test(size=SIZE) as pilot:
        for _ in range(3):
            await app.workers.wait_for_complete()
            await pilot.pause()
        await pilot.press(*KEYS)
        await pilot.pause()
        drawn = app.export_screenshot(title="tuicrm")
    session.ws.close()
    # No fonts from elsewhere: the picture shows with the reader's own.
    drawn = re.sub(r"\s*@font-face \{.*?\}|<!-- .*? -->", "", drawn, flags=re.DOTALL)
    return "\n".join(line.rstrip() for line in drawn.splitlines() if line.strip()) + "\n"


def main() -> int:
    """Write the picture."""
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/img/board.svg")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="tuicrm-picture-") as folder:
        target.write_text(asyncio.run(picture(Path(folder))), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
