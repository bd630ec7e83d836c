"""The query language of lists, boards and the filter bar: `stage:proposal value>10k owner:me -tag:cold`."""

from __future__ import annotations

from tuicrm.crm.query.compile import compile_query, names_states
from tuicrm.crm.query.parser import parse

__all__ = ["compile_query", "names_states", "parse"]
