"""Defects to be put into the program one at a time, each with the check that has to notice it."""

from __future__ import annotations

from tests.prove.plants import disk, doors, joining, sharing

PLANTS = (*disk.PLANTS, *sharing.PLANTS, *joining.PLANTS, *doors.PLANTS)
