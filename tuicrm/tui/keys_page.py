"""docs/keys.md, made from the registry: `python -m tuicrm.tui.keys_page docs/keys.md [--check]`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tuicrm.tui.commands import PLACES, commands_in, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

HEAD = """# Keys

One key means one thing wherever it works. `?` shows the keys of the screen that you are on, and the palette (`ctrl+p`
or `P`) finds any command by a word of it, also those without a key. Every key can be changed by the command's name:
see [configuration](configuration.md).
This page is made from the program's own table: `python -m tuicrm.tui.keys_page docs/keys.md`.
"""


def page() -> str:
    """Return the whole page as Markdown."""
    parts = [HEAD]
    for place, heading in PLACES.items():
        rows = ["| key | does | from the command line | name |", "|---|---|---|---|"]
        for one in commands_in(place):
            keys = " ".join(f"`{shown(key)}`" for key in one.keys)
            rows.append(f"| {keys} | {one.help} | {f'`{one.cli}`' if one.cli else ''} | `{one.id}` |")
        parts.append(f"\n## {heading}\n\n" + "\n".join(rows) + "\n")
    return "".join(parts)


def main(argv: Sequence[str] | None = None) -> int:
    """Write the page to a file, or with `--check` tell whether the file is up to date."""
    words = list(sys.argv[1:] if argv is None else argv)
    check = "--check" in words
    target = Path(next((word for word in words if not word.startswith("--")), "docs/keys.md"))
    wanted = page()
    if check:
        held = target.read_text(encoding="utf-8") if target.exists() else ""
        if held == wanted:
            return 0
        sys.stderr.write(f"{target} is out of date; run: python -m tuicrm.tui.keys_page {target}\n")
        return 1
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
