"""One module per record kind; `tuicrm.records.registry` lists them."""

from __future__ import annotations
