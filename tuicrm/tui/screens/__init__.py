"""Dialogs that stand above the panes for a moment."""

from __future__ import annotations
