"""Proof that a team's data survives its tools: run by `make prove`, in small by `make test`."""

from __future__ import annotations
