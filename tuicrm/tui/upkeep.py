"""What a program that stays open all day does about memory."""

from __future__ import annotations

import gc


def settle() -> None:
    """Take what was loaded as here to stay: the collector would look through it all at some key, and find nothing."""
    gc.freeze()
    give_back()


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
