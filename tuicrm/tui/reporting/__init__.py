"""What the pane of reports shows: the figures, where its cursor can be, and the lines drawn from both."""

from __future__ import annotations
