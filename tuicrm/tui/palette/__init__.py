"""The palette: every command, record, view and theme, found by a few letters."""

from __future__ import annotations
