"""What the forecast pane shows: its figures, where its cursor is, and the lines that are drawn from both."""

from __future__ import annotations
