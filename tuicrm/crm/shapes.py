"""Stored values in the shape that is counted on, whatever a line edited by hand may hold instead."""

from __future__ import annotations

from typing import Any


def word(value: object) -> str:
    """Return a text as it is, and nothing for anything else."""
    return value if isinstance(value, str) else ""


def words(value: object) -> list[str]:
    """Return the texts of a set; a single text counts as a set of one, a map as the set of its keys."""
    if not value:
        return []
    if isinstance(value, str):
        return [value]
    # A tuple of types, since `list | dict` would be made anew for each of many thousand records.
    return [one for one in value if isinstance(one, str)] if isinstance(value, (list, dict)) else []


def table(value: object) -> dict[str, dict[str, Any]]:
    """Return the entries of a map of maps; what is no map in it is left out."""
    return {key: one for key, one in value.items() if isinstance(one, dict)} if isinstance(value, dict) else {}
