"""stub"""

from __future__ import annotations

from tuicrm.cli.lazy import Command


def erase_command(kind: object) -> Command:
    """stub"""
    return Command("erase")
