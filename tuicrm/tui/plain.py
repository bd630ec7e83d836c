"""What `--accessible` changes: a visible cursor that stands on the chosen item, and no lines drawn around things."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.driver import Driver

SHOW_CURSOR = "\x1b[?25h"
BOXES = dict.fromkeys(range(0x2500, 0x2580), " ")
"""Lines and corners, which a screen reader would read out one by one."""


def plain_driver(base: type[Driver]) -> type[Driver]:
    """Return a driver that shows the terminal's cursor and sends blanks for drawn lines."""

    class PlainDriver(base):  # type: ignore[valid-type, misc]  # the base is known at run time only
        def start_application_mode(self) -> None:
            super().start_application_mode()
            self.write(SHOW_CURSOR)
            self.flush()

        def write(self, data: str) -> None:
            super().write(data.translate(BOXES))

    return PlainDriver
