"""What gave way on this machine before a sync, as the store has noted it: which of it belongs into the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.store.segments import DATA, home
from tuicrm.sync.byhand import holds
from tuicrm.sync.losing import Lost

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tuicrm.store.lost import Lost as Noted
    from tuicrm.sync.content import Content, Contents


def unseen(contents: Contents, noted: Iterable[Noted], head: str, synced: Content | None) -> list[Lost]:
    """Return what gave way; of doubled lines, only what neither the last sync left (`synced`) nor HEAD's past knew."""
    found = []
    for one in noted:
        path = f"{DATA}/{one.kind}/{home(one.kind, one.id)}"
        told = contents.as_held(head, path, Lost(one.kind, one.id, one.path, one.version, one.value))
        shared = synced is not None and holds([contents.segment(synced, path).records.get(one.id)], told)
        if one.known or not (shared or contents.is_past(head, path, told)):
            found.append(told)
    return found
