"""Panes: what is shown between the bars."""

from __future__ import annotations
