"""Reports: each declared once, with the definition of every figure, and computed from what the workspace holds."""

from __future__ import annotations
