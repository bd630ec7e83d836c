"""Workspaces and git: fetching a team's data."""

from __future__ import annotations
