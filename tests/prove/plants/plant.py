"""What a planted defect is."""

from __future__ import annotations

from typing import NamedTuple


class Plant(NamedTuple):
    """One defect: a text of the program replaced by another, and what must fail once that is done."""

    name: str
    """What is wrong then, as the page says it."""
    file: str
    """The module, below `tuicrm/`."""
    text: str
    """What is replaced; it must be there exactly once, else the plant itself has rotted."""
    into: str
    check: str
    """Tests as pytest names them, or `-m` and a module of the proof with its words; parted by spaces."""
