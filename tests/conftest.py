"""What holds for every test, however the tests are started."""

from __future__ import annotations

import signal

import pytest


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c_counts() -> None:
    """A shell that starts the tests in the background lets them, and all that they start, ignore ctrl+c."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
