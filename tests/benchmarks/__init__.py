"""Measurements of tuicrm beside its peers; `make bench` runs them all and prints one table."""

from __future__ import annotations
