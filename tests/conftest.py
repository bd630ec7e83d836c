"""What holds for every test, however the tests are started."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import sys
import tempfile

import pytest
from hypothesis import settings

MEMORY = "/dev/shm"
ENOUGH = 2 << 30
"""Bytes that must be free in memory: what the tests write at most, with much to spare."""


settings.register_profile("brief", max_examples=40)
settings.load_profile("brief")


def pytest_configure(config: pytest.Config) -> None:
    """Before anything runs."""
    _keep_what_is_compiled()
    _write_into_memory()


def pytest_collection_finish() -> None:
    """Spare the collector thousands of tests and their modules each time that it looks at everything."""
    gc.collect()
    gc.freeze()


def _keep_what_is_compiled() -> None:
    """Keep bytecode, whatever the surroundings say: else each program that a test starts compiles all of itself."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def _write_into_memory() -> None:
    """Keep what tests write in memory where there is room: confirming each write takes a disk a third of their time."""
    if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH:
        os.environ["TMPDIR"] = tempfile.tempdir = MEMORY


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c_counts() -> None:
    """A shell that starts the tests in the background lets them, and all that they start, ignore ctrl+c."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
