"""What a use case returns: changes to be committed as one step, and what to tell the user."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuicrm.store.changes import Change

Record = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """Changes that belong together: committed, undone and redone as one step."""

    changes: tuple[Change, ...]
    note: str
    """What the step does, for the status line, the undo list and the commit message: `moved Acme renewal to Demo`."""
    ids: tuple[str, ...] = ()
    """The records that the step is about, as commands print them."""
    said: tuple[str, ...] = ()
    """What was understood of typed text, to be echoed."""
    expect: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    """Versions, by (kind, id, path), that must still hold when the plan is committed."""
    group: str = ""
    """Steps with the same group undo as one."""
    does: str = "do"
    """`do`, `undo` or `redo`."""
    of: tuple[str, ...] = ()
    """The transactions that an undo or a redo is about."""
    final: bool = False
    """Whether nothing is kept to undo it with: what is erased must not live on in a list of steps."""
    settled: bool = False
    """Whether rules have had their say, or are to be left out: what is imported happened elsewhere."""
