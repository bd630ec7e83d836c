"""The programs that are measured side by side, each told how to do the same things."""

from __future__ import annotations

from tests.benchmarks.programs.abook import Abook
from tests.benchmarks.programs.khard import Khard
from tests.benchmarks.programs.ours import Ours
from tests.benchmarks.programs.program import ACTIONS, Program
from tests.benchmarks.programs.stock import Stock
from tests.benchmarks.programs.taskwarrior import Taskwarrior
from tests.benchmarks.programs.todoman import Todoman

PROGRAMS: tuple[type[Program], ...] = (Ours, Stock, Khard, Abook, Taskwarrior, Todoman)

__all__ = ["ACTIONS", "PROGRAMS", "Program"]
