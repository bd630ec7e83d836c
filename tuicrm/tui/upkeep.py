"""What a program that stays open all day does about memory."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def loading() -> Iterator[None]:
    """Take what is loaded meanwhile as here to stay: the collector would look through it all, and find nothing."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if enabled:
            gc.enable()


def give_back() -> None:
    """Return to the system what loading needed for a moment, where the C library can.

    Files are parsed in a thread; glibc keeps what such a thread freed, which is as much again as the records take.
    """
    import ctypes

    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError, TypeError):
        # Another C library, or another system.
        return
    trim(0)
